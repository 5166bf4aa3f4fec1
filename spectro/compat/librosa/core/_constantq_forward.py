"""`librosa.vqt` and the transforms that it is the general case of."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from .... import constantq
from ....arrays import Received, dtype_name, kind_of
from ....callers import warn
from ....constantq.arguments import check_pad_mode, make_options, widen
from ....constantq.transform import hybrid_magnitude
from ....errors import ParameterError
from ....typing import Array
from ...registry import mirrors
from .._arrays import audio
from .._windows import WindowSpec

__all__ = ["cqt", "hybrid_cqt", "pseudo_cqt", "vqt"]


def _by_channel(y: Array, window: WindowSpec, transform: Callable[[Array], Array]) -> Array:
    """Return the transform [..., n_bins, N] of audio [..., n], given that of channels [B, n]."""
    check_window(window)
    received = audio(y)
    lead = received.data.shape[:-1]
    found = transform(received.data.reshape(math.prod(lead), received.data.shape[-1]))
    return received.give_back(found.reshape(*lead, *found.shape[1:]))


def check_window(window: WindowSpec) -> None:
    """Refuse the samples of a window, since filters differ in length."""
    if kind_of(window) is not None or isinstance(window, list):
        raise ParameterError("window must be a name, a tuple, a number or a function of the length")


@mirrors("librosa.vqt", tier=2)
def vqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int = 84,
    intervals: str | Collection[float] = "equal",
    gamma: float | None = None,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str | None = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Variable-Q transform: mirrors `librosa.vqt`.

    Parameters
    ----------
    y : real array [..., n]
    sr, fmin : float
        Hz; the lowest bin is C1 by default.
    hop_length, n_bins, bins_per_octave : int
    intervals : "equal", "pythagorean", "ji3", "ji5", "ji7" or ratios in [1, 2)
    gamma : float, optional
        Hz added to the bandwidth of every filter; None follows the ear's, 0 is the constant-Q transform.
    tuning : float, optional
        In bins; None estimates it.
    filter_scale : float
        Scales the filters' lengths.
    norm : float, optional
        As for `util.normalize`, of each filter.
    sparsity : float
        Share of each filter's magnitude that may be dropped, in [0, 1).
    window : str, tuple, number or callable
    scale : bool
        Whether to divide by the square root of the filters' lengths.
    pad_mode : {"constant", "reflect", "edge"}
    res_type : str
        As for `resample`.
    dtype : complex dtype, optional
        complex64 by default, complex128 for float64 audio.

    Returns
    -------
    complex array [..., n_bins, N]

    Raises
    ------
    ParameterError
        For an option out of range, or bins beyond Nyquist.
    """
    resampler = _resampler(res_type)

    def transform(x: Array) -> Array:
        return constantq.vqt(
            x,
            sr=sr,
            hop_length=hop_length,
            fmin=fmin,
            n_bins=n_bins,
            intervals=intervals,  # type: ignore[arg-type]
            gamma=gamma,
            bins_per_octave=bins_per_octave,
            tuning=tuning,
            filter_scale=filter_scale,
            norm=norm,
            sparsity=sparsity,
            window=window,
            scale=scale,
            pad_mode=_framing_pad(pad_mode),
            res_type=resampler,
            dtype=_numpy_dtype(dtype),
        )

    return _by_channel(y, window, transform)


def _resampler(res_type: str | None) -> str:
    if res_type is None:
        # Its first words are librosa's, which tests match.
        warn("Support for VQT with res_type=None ends with librosa 1.0; soxr_hq is used", FutureWarning)
    return res_type or "soxr_hq"


def _framing_pad(pad_mode: Any) -> Any:
    if pad_mode == "wrap":
        raise ParameterError("pad_mode='wrap' is not possible for an STFT")
    return check_pad_mode(pad_mode)


def _numpy_dtype(dtype: Any) -> Any:
    return None if dtype is None else np.dtype(dtype_name(dtype))


@mirrors("librosa.cqt", tier=2)
def cqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str | None = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Constant-Q transform: mirrors `librosa.cqt`. Parameters and errors as for `vqt`.

    Returns
    -------
    complex array [..., n_bins, N]
    """
    return vqt(
        y,
        sr=sr,
        hop_length=hop_length,
        fmin=fmin,
        n_bins=n_bins,
        intervals="equal",
        gamma=0,
        bins_per_octave=bins_per_octave,
        tuning=tuning,
        filter_scale=filter_scale,
        norm=norm,
        sparsity=sparsity,
        window=window,
        scale=scale,
        pad_mode=pad_mode,
        res_type=res_type,
        dtype=dtype,
    )


@mirrors("librosa.pseudo_cqt", tier=2)
def pseudo_cqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    dtype: Any = None,
) -> Array:
    """Constant-Q magnitudes from those of one STFT: mirrors `librosa.pseudo_cqt`. Parameters as for `vqt`.

    Returns
    -------
    real array [..., n_bins, N]
    """

    def transform(x: Array) -> Array:
        return constantq.pseudo_cqt(
            x,
            sr=sr,
            hop_length=hop_length,
            fmin=fmin,
            n_bins=n_bins,
            bins_per_octave=bins_per_octave,
            tuning=tuning,
            filter_scale=filter_scale,
            norm=norm,
            sparsity=sparsity,
            window=window,
            scale=scale,
            pad_mode=_framing_pad(pad_mode),
            dtype=_numpy_dtype(dtype),
        )

    return _by_channel(y, window, transform)


@mirrors("librosa.hybrid_cqt", tier=2)
def hybrid_cqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str | None = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Constant-Q magnitudes, by `pseudo_cqt` where filters are short: mirrors `librosa.hybrid_cqt`.

    Parameters and errors as for `vqt`.

    Returns
    -------
    real array [..., n_bins, N]
    """
    resampler = _resampler(res_type)

    def transform(x: Array) -> Array:
        received = Received(audio(x).xp, x, lambda y: y)
        options = make_options(
            received,
            sr=sr,
            hop_length=hop_length,
            fmin=fmin,
            n_bins=n_bins,
            bins_per_octave=bins_per_octave,
            tuning=tuning,
            filter_scale=filter_scale,
            norm=norm,
            sparsity=sparsity,
            window=window,  # type: ignore[arg-type]
            scale=scale,
        )
        found = hybrid_magnitude(
            widen(received, _numpy_dtype(dtype)), options, _framing_pad(pad_mode), resampler
        )
        if dtype is None or received.xp is not np:
            return found
        return found.astype(np.zeros(0, _numpy_dtype(dtype)).real.dtype, copy=False)

    return _by_channel(y, window, transform)
