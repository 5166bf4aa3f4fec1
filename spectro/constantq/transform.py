"""The forward transforms: `vqt`, `cqt`, `pseudo_cqt`, and the hybrid of the last two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ..arrays import Received
from ..backends.dispatch import project, respond
from ..errors import ParameterError
from ..framing.padding import PadMode, pad
from ..framing.windows import Window, cosine
from ..signal.octaves import downsample
from ..spectrum.plan import StftPlan
from ..spectrum.scales import LINEAR
from ..typing import Array
from ..validation import check_audio
from .arguments import batch_of, check_pad_mode, make_options, widen
from .plan import Options, Stage, hybrid_stages, pseudo_stage, vqt_stages
from .windows import WindowSpec

__all__ = ["cqt", "hybrid_magnitude", "pseudo_cqt", "vqt"]


@lru_cache(maxsize=64)
def _window(n_fft: int, hann: bool) -> Window:
    return Window(cosine(n_fft, (0.5, 0.5)) if hann else np.ones(n_fft))


def _prepare(
    received: Received, stage: Stage, pad_mode: PadMode, hann: bool
) -> tuple[StftPlan, Window, Received]:
    """Return the centred STFT of one stage, and the audio that it takes."""
    xp, x = received.xp, received.data
    half = stage.n_fft // 2
    ready = half
    if pad_mode == "reflect" and x.shape[-1] <= half:
        # At the low rates little is left of a short signal, which then is reflected more than once.
        x, ready = pad(xp, x, half, half, pad_mode), 0
    plan = StftPlan(stage.n_fft, stage.hop, pad=ready, pad_mode=pad_mode)
    return plan, _window(stage.n_fft, hann), Received(xp, x, received.give_back)


def _vqt(received: Received, stages: Iterable[Stage], pad_mode: PadMode, res_type: str) -> Array:
    """Return the variable-Q transform [B, n_bins, N] of audio [B, T]."""
    xp, x = received.xp, received.data
    responses: list[Array] = []
    for stage in stages:
        if x.shape[-1] < 2**stage.halvings:
            raise ParameterError(f"x has {received.data.shape[-1]} samples, too few for the lowest octave")
        x = downsample(xp, x, stage.halvings, res_type)
        x = x if stage.gain == 1.0 else x * stage.gain
        prepared = _prepare(Received(xp, x, received.give_back), stage, pad_mode, hann=False)
        responses.insert(0, respond(*prepared, stage.basis))
    return _stack(xp, responses)


def _stack(xp: Any, responses: list[Array]) -> Array:
    # Rounded lengths can leave the octaves with different numbers of frames.
    frames = min(response.shape[-1] for response in responses)
    return xp.concatenate([response[..., :frames] for response in responses], axis=1)


def _pseudo(received: Received, stage: Stage, pad_mode: PadMode) -> Array:
    """Return the pseudo-CQT magnitudes [B, n_bins, N] of audio [B, T]."""
    return project(*_prepare(received, stage, pad_mode, hann=True), 1.0, stage.basis, LINEAR)


def hybrid_magnitude(received: Received, options: Options, pad_mode: PadMode, res_type: str) -> Array:
    """Return the hybrid CQT [B, n_bins, N] of audio [B, T]: |CQT| below, pseudo-CQT above."""
    octaves, short = hybrid_stages(options)
    parts = [received.xp.abs(_vqt(received, octaves, pad_mode, res_type))] if octaves else []
    if short is not None:
        parts.append(_pseudo(received, short, pad_mode))
    return _stack(received.xp, parts)


def _finish(received: Received, x: Any, y: Array, dtype: Any) -> Array:
    if dtype is not None and received.xp is np:
        kind = np.dtype(dtype)
        y = y.astype(kind if np.iscomplexobj(y) else np.zeros(0, kind).real.dtype, copy=False)
    return received.give_back(y[0] if x.ndim == 1 else y)


def vqt(
    x: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int = 84,
    intervals: str | Sequence[float] | np.ndarray = "equal",
    gamma: float | None = None,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1.0,
    norm: float | None = 1.0,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    res_type: str = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Variable-Q transform (Schoerkhuber, Klapuri, Holighaus & Doerfler 2014), as `librosa.vqt`.

    Parameters
    ----------
    x : array [T] or [B, T]
        float32 or float64 audio.
    sr : float
        Its sample rate, Hz.
    hop_length : int
        Samples between frames. Each factor of 2 in it lets one more octave run at half the rate.
    fmin : float, optional
        Frequency of the lowest bin, Hz; default C1, 32.7 Hz.
    n_bins : int
    intervals : {"equal", "pythagorean", "ji3", "ji5", "ji7"} or ratios in [1, 2)
        The bins of an octave; ratios set `bins_per_octave` too.
    gamma : float, optional
        Bandwidth added to every filter, Hz; None follows the ear's critical bands, 0 is the CQT.
    bins_per_octave : int
    tuning : float, optional
        Deviation of the bins from `fmin`, in bins; None estimates it from `x`.
    filter_scale : float
        Scales the filters' lengths.
    norm : float, optional
        Norm that each filter is divided by: None, 0, positive, inf or -inf.
    sparsity : float
        Share of each filter's magnitude that may be dropped, in [0, 1).
    window : str, (str, parameter), float or callable
        Shape of the filters.
    scale : bool
        Divide each response by the square root of the filter's length.
    pad_mode : {"constant", "reflect", "edge", "wrap"}
    res_type : str
        How lower rates are made. "soxr_hq" needs no library, and is differentiable inside a trace; outside
        one the soxr library makes it where it is installed. What else there is needs a library and host
        memory: see `spectro.signal.octaves`.
    dtype : complex dtype, optional
        Of the result; default that of the precision of `x`.

    Returns
    -------
    complex array [n_bins, N] or [B, n_bins, N]

    Raises
    ------
    ParameterError
        For a value out of range, or filters beyond Nyquist.
    LibraryImportError
        If `res_type` or `window` needs a library that is not installed.
    GradientError
        For a torch tensor that requires grad; for a traced `mx.array` with another `res_type`.

    Examples
    --------
    >>> import numpy as np
    >>> vqt(np.zeros(22050, np.float32), n_bins=36, intervals="ji5").shape
    (36, 44)
    """
    received = check_audio(x)
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
        window=window,
        scale=scale,
        gamma=gamma,
        intervals=intervals,
    )
    y = _vqt(widen(batch_of(received), dtype), vqt_stages(options), check_pad_mode(pad_mode), res_type)
    return _finish(received, received.data, y, dtype)


def cqt(
    x: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1.0,
    norm: float | None = 1.0,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    res_type: str = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Constant-Q transform (Brown & Puckette 1992; Schoerkhuber & Klapuri 2010), as `librosa.cqt`.

    Parameters, result and errors as `vqt`, with equal temperament and ``gamma=0``.

    Examples
    --------
    >>> import numpy as np
    >>> cqt(np.zeros((2, 22050), np.float32)).shape
    (2, 84, 44)
    """
    return vqt(
        x,
        sr=sr,
        hop_length=hop_length,
        fmin=fmin,
        n_bins=n_bins,
        intervals="equal",
        gamma=0.0,
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


def pseudo_cqt(
    x: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1.0,
    norm: float | None = 1.0,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    dtype: Any = None,
) -> Array:
    """Constant-Q magnitudes from the magnitudes of one STFT, as `librosa.pseudo_cqt`.

    Parameters and errors as `vqt`; `dtype` is complex, and the result real of the same precision.

    Returns
    -------
    real array [n_bins, N] or [B, n_bins, N]

    Examples
    --------
    >>> import numpy as np
    >>> pseudo_cqt(np.zeros(22050, np.float32), fmin=220.0, n_bins=24).shape
    (24, 44)
    """
    received = check_audio(x)
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
        window=window,
        scale=scale,
    )
    y = _pseudo(widen(batch_of(received), dtype), pseudo_stage(options), check_pad_mode(pad_mode))
    return _finish(received, received.data, y, dtype)
