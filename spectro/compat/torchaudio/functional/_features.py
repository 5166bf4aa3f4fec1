"""`compute_deltas`, `sliding_window_cmn` and the mu-law functions."""

from __future__ import annotations

import mlx.core as mx

from ....arrays import dtype_name
from ....backends.repeats import repeatable
from ....callers import warn
from ....signal.companding import mu_decode, mu_encode
from ....spectrograms.deltas import deltas
from ....spectrograms.mean_normalization import cmn_windows, normalize_over
from ....typing import Array
from ...registry import mirrors
from ...torch._stft import PAD_MODES, check_padding
from ...torch._windows import default_dtype
from ._arrays import answer, floating, received, rows

__all__ = ["compute_deltas", "mu_law_decoding", "mu_law_encoding", "sliding_window_cmn"]


@mirrors("torchaudio.functional.compute_deltas", tier=1)
def compute_deltas(specgram: Array, win_length: int = 5, mode: str = "replicate") -> Array:
    """Slope of features in time, by regression over `win_length` frames: mirrors the torchaudio function.

    Parameters
    ----------
    specgram : real array [..., F, N]
    win_length : int
        At least 3; an even one counts as the odd one below.
    mode : {"replicate", "reflect", "constant", "circular"}
        How frames are made up at the ends.

    Raises
    ------
    ValueError
        For a shorter window; for other bad input as `torch.nn.functional.pad`.
    """
    first = received("specgram", specgram)
    x = first.data
    if win_length < 3:
        raise ValueError(f"win_length must be at least 3, got {win_length}")
    if "float" not in dtype_name(x) and "int" not in dtype_name(x):
        raise NotImplementedError(f"deltas of {x.dtype} are not implemented")
    reach = (win_length - 1) // 2
    check_padding(rows(x), reach, mode)
    return answer(first, specgram, deltas(first.xp, floating(first), reach, PAD_MODES[mode]))


@mirrors("torchaudio.functional.sliding_window_cmn", tier=1)
def sliding_window_cmn(
    specgram: Array,
    cmn_window: int = 600,
    min_cmn_window: int = 100,
    center: bool = False,
    norm_vars: bool = False,
) -> Array:
    """Take away the mean over a sliding window of frames: mirrors the torchaudio function.

    Parameters
    ----------
    specgram : real array [..., N, F]
        Frames before features.
    cmn_window : int
        Frames of the window: around the frame with `center`, else those before it.
    min_cmn_window : int
        Frames taken at the start, where there are fewer before; not with `center`.
    norm_vars : bool
        Divide by the standard deviation over the window too.
    """
    first = received("specgram", specgram)
    x = first.data
    if x.ndim < 2:
        raise ValueError(f"specgram must have the axes frame and feature, got shape {tuple(x.shape)}")
    if "float" not in dtype_name(x):
        raise RuntimeError(f"specgram must be floating point, got {x.dtype}")
    windows = cmn_windows(x.shape[-2], cmn_window, min_cmn_window, center)
    y = normalize_over(first.xp, rows(x, 2), *windows, norm_vars)
    return answer(first, specgram, y.reshape(x.shape))


@mirrors("torchaudio.functional.mu_law_encoding", tier=1)
@repeatable()
def mu_law_encoding(x: Array, quantization_channels: int) -> Array:
    """Code samples in [-1, 1] as integers 0 .. quantization_channels - 1: mirrors the torchaudio function.

    Returns
    -------
    int64 array
    """
    first = received("x", x)
    if "float" not in dtype_name(x):
        warn("the samples should be floating point")
    return first.give_back(mu_encode(first.xp, floating(first), quantization_channels - 1.0))


@mirrors("torchaudio.functional.mu_law_decoding", tier=1)
def mu_law_decoding(x_mu: Array, quantization_channels: int) -> Array:
    """Return the samples of codes 0 .. quantization_channels - 1: mirrors the torchaudio function."""
    first = received("x_mu", x_mu)
    given = dtype_name(first.data)
    dtype = given if "float" in given else default_dtype("mlx" if first.xp is mx else "numpy")
    return answer(first, x_mu, mu_decode(first.xp, first.data, float(quantization_channels) - 1.0, dtype))
