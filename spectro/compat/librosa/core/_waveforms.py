"""`librosa.core.audio`: operations on waveforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....errors import ParameterError
from ....features import autocorrelation
from ....features.prediction import burg
from ....signal import companding
from ....signal.octaves import change_rate
from ....typing import Array
from ...registry import mirrors
from .._arrays import audio
from ..util.utils import fix_length, is_positive_int

__all__ = ["autocorrelate", "lpc", "mu_compress", "mu_expand", "resample", "to_mono", "zero_crossings"]


@mirrors("librosa.to_mono", tier=2)
def to_mono(y: Array) -> Array:
    """Average the channels of audio [..., n] to [n]: mirrors `librosa.to_mono`.

    Raises
    ------
    ParameterError
        If `y` is not real, finite audio.
    """
    received = audio(y)
    data = received.data
    if data.ndim == 1:
        return y
    return received.give_back(data.mean(axis=tuple(range(data.ndim - 1))))


@mirrors("librosa.resample", tier=2, numpy=True)
def resample(
    y: Array,
    *,
    orig_sr: float,
    target_sr: float,
    res_type: str = "soxr_hq",
    fix: bool = True,
    scale: bool = False,
    axis: int = -1,
    **kwargs: Any,
) -> Array:
    """Change the sample rate of audio: mirrors `librosa.resample`.

    Parameters
    ----------
    y : real array [..., n, ...]
    orig_sr, target_sr : float
        Rates in Hz.
    res_type : str
        "soxr_hq" and its like by soxr, "fft" and "polyphase" by scipy, "kaiser_best" by resampy, "sinc_best"
        by samplerate; the library must be installed.
    fix : bool
        Whether to cut or pad to ceil(n target_sr / orig_sr) samples, options as for `util.fix_length`.
    scale : bool
        Whether to keep the energy, rather than the level.
    axis : int

    Returns
    -------
    array, dtype of `y`

    Raises
    ------
    ParameterError
        If `y` is not real, finite audio; for an unknown `res_type`, or rates that it cannot do.
    """
    audio(y)
    if orig_sr == target_sr or y.shape[axis] == 0:
        return y
    ratio = float(target_sr) / orig_sr
    made = np.moveaxis(change_rate(np.moveaxis(y, axis, -1), orig_sr, target_sr, res_type), -1, axis)
    if fix:
        made = fix_length(made, size=int(np.ceil(y.shape[axis] * ratio)), axis=axis, **kwargs)
    if scale:
        made = made / np.sqrt(ratio)
    return np.asarray(made, dtype=y.dtype)


@mirrors("librosa.autocorrelate", tier=2, numpy=True)
def autocorrelate(y: Array, *, max_size: int | None = None, axis: int = -1) -> np.ndarray:
    """Correlate an array with itself along an axis: mirrors `librosa.autocorrelate`.

    Parameters
    ----------
    y : array [..., n, ...]
    max_size : int, optional
        Lags to return, n at most and by default.
    axis : int
    """
    lags = y.shape[axis] if max_size is None else int(min(max_size, y.shape[axis]))
    return np.moveaxis(autocorrelation.autocorrelate(np.moveaxis(y, axis, -1), lags), -1, axis)


@mirrors("librosa.lpc", tier=2, numpy=True)
def lpc(y: Array, *, order: int, axis: int = -1) -> np.ndarray:
    """Return linear prediction coefficients by Burg's method, the first of them 1: mirrors `librosa.lpc`.

    Parameters
    ----------
    y : real array [..., n, ...]
    order : int
    axis : int

    Returns
    -------
    array [..., order + 1, ...], dtype of `y`

    Raises
    ------
    ParameterError
        For an order below 1, or if `y` is not real, finite audio.
    """
    if not is_positive_int(order):
        raise ParameterError(f"order must be an integer greater than 0, got {order}")
    audio(y)
    return np.moveaxis(burg(np.moveaxis(y, axis, -1), order), -1, axis).astype(y.dtype)


@mirrors("librosa.zero_crossings", tier=2, numpy=True)
def zero_crossings(
    y: Array,
    *,
    threshold: float = 1e-10,
    ref_magnitude: float | Callable[..., Any] | None = None,
    pad: bool = True,
    zero_pos: bool = True,
    axis: int = -1,
) -> np.ndarray:
    """Return where the sign differs from that of the value before, bools: mirrors `librosa.zero_crossings`.

    Parameters
    ----------
    y : real array [..., n, ...]
    threshold : float
        Magnitudes up to it count as 0.
    ref_magnitude : float or callable, optional
        What `threshold` is relative to, or a function of |y| that says so.
    pad : bool
        The answer for the first value.
    zero_pos : bool
        Whether 0 is positive, or has a sign of its own.
    axis : int
    """
    if callable(ref_magnitude):
        threshold = threshold * ref_magnitude(np.abs(y))
    elif ref_magnitude is not None:
        threshold = threshold * ref_magnitude
    data = y if y.dtype in (np.float32, np.float64) else y.astype(np.float64)
    limit = np.asarray(threshold, data.dtype)
    x = np.moveaxis(np.where((-limit <= data) & (data <= limit), data.dtype.type(0), data), axis, -1)
    sign = np.signbit(x) if zero_pos else np.sign(x)
    crossing = np.empty(y.shape, bool)
    along = np.moveaxis(crossing, axis, -1)
    along[..., 0] = pad
    along[..., 1:] = sign[..., 1:] != sign[..., :-1]
    return crossing


@mirrors("librosa.mu_compress", tier=2, numpy=True)
def mu_compress(x: Array | float, *, mu: float = 255, quantize: bool = True) -> Any:
    """Compress values in [-1, 1] by the mu-law: mirrors `librosa.mu_compress`.

    Parameters
    ----------
    x : real array
    mu : float
        Greater than 0; of a quantised signal, one less than the number of levels.
    quantize : bool
        Whether to return integers -ceil(mu / 2) .. floor(mu / 2), rather than values in [-1, 1].

    Raises
    ------
    ParameterError
        For mu <= 0, or values outside [-1, 1].
    """
    _check_mu_law(x, mu)
    y = companding.mu_compress(np, np.asarray(x, np.float64)[()], mu)
    if not quantize:
        return y
    levels = np.linspace(-1, 1, num=int(1 + mu), endpoint=True)
    return np.digitize(y, levels, right=True) - int(mu + 1) // 2


@mirrors("librosa.mu_expand", tier=2, numpy=True)
def mu_expand(x: Array | float, *, mu: float = 255.0, quantize: bool = True) -> Any:
    """Undo `mu_compress`, with the same options: mirrors `librosa.mu_expand`.

    Raises
    ------
    ParameterError
        For mu <= 0, or values out of range.
    """
    if quantize and mu > 0:
        x = x * 2.0 / (1 + mu)
    _check_mu_law(x, mu)
    return companding.mu_expand(np, x, mu)


def _check_mu_law(x: Any, mu: float) -> None:
    if mu <= 0:
        raise ParameterError(f"mu must be greater than 0, got {mu}")
    if np.any(x < -1) or np.any(x > 1):
        raise ParameterError("x must lie in [-1, 1]; of a quantised signal, in that many levels")
