"""What is done to a signal before it is analysed: smoothing, gain, channels, sample rate, silence."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...fallback import load
from ...registry import mirrors

__all__ = [
    "adjust_gain",
    "attenuate",
    "normalize",
    "remix",
    "resample",
    "rescale",
    "smooth",
    "trim",
]


@mirrors("madmom.audio.signal.smooth")
def smooth(signal: np.ndarray, kernel: int | np.ndarray | None) -> np.ndarray:
    """Return a signal [T], or each column of [T, C], convolved with a kernel: as long as before.

    Parameters
    ----------
    signal : array
    kernel : int, array or None
        The kernel, or the length of a Hamming window to use; None and 0 do nothing.

    Raises
    ------
    ValueError
        For a length of 1, another type of kernel, or a signal of more dimensions.
    """
    if kernel is None or (isinstance(kernel, (int, np.integer)) and kernel == 0):
        return signal
    if isinstance(kernel, (int, np.integer)):
        if kernel <= 1:
            raise ValueError(f"can't create a smoothing kernel of size {kernel}")
        kernel = np.hamming(kernel)
    elif not isinstance(kernel, np.ndarray):
        raise ValueError(f"can't smooth signal with {kernel}")
    if signal.ndim == 1:
        return np.convolve(signal, kernel, "same")
    if signal.ndim != 2:
        raise ValueError("signal must be either 1D or 2D")
    # "same" is the middle of the full convolution, as long as the signal even where the kernel is longer.
    begin = (len(kernel) - 1) // 2
    full = [np.convolve(column, kernel)[begin : begin + len(signal)] for column in signal.T]
    return np.stack(full, axis=1)


@mirrors("madmom.audio.signal.adjust_gain")
def adjust_gain(signal: np.ndarray, gain: float) -> np.ndarray:
    """Return the signal louder by `gain` dB, in its dtype.

    Raises
    ------
    ValueError
        For a positive gain of integers, which might not hold the result.
    """
    factor = np.power(np.sqrt(10.0), 0.1 * gain)
    if factor > 1 and np.issubdtype(signal.dtype, np.integer):
        raise ValueError("positive gain adjustments are only supported for float dtypes.")
    return np.asanyarray(signal * factor, dtype=signal.dtype)


@mirrors("madmom.audio.signal.attenuate")
def attenuate(signal: np.ndarray, attenuation: float) -> np.ndarray:
    """Return the signal quieter by `attenuation` dB, in its dtype."""
    return signal if attenuation == 0 else adjust_gain(signal, -attenuation)


@mirrors("madmom.audio.signal.normalize")
def normalize(signal: np.ndarray) -> np.ndarray:
    """Return the signal with its peak at full scale: 1, or the largest number of an integer dtype.

    Raises
    ------
    ValueError
        For dtypes other than floats, int16 and int32.
    """
    scaling = float(np.max(np.abs(signal)))
    if np.issubdtype(signal.dtype, np.integer):
        if signal.dtype not in (np.int16, np.int32):
            raise ValueError(f"only float and np.int16/32 dtypes supported, not {signal.dtype}.")
        scaling /= np.iinfo(signal.dtype).max
    return np.asanyarray(signal / scaling, dtype=signal.dtype)


@mirrors("madmom.audio.signal.remix")
def remix(signal: np.ndarray, num_channels: int | None, channel: int | None = None) -> np.ndarray:
    """Return a signal [T] or [T, C] with another number of channels.

    Parameters
    ----------
    signal : array
    num_channels : int or None
        1 for the mean of all channels; more for copies of a mono signal; None for no change.
    channel : int, optional
        The channel to take instead of the mean.

    Raises
    ------
    NotImplementedError
        For another number of several channels.
    """
    if num_channels is None or num_channels == signal.ndim:
        return signal
    if num_channels == 1 and signal.ndim > 1:
        return np.mean(signal, axis=-1).astype(signal.dtype) if channel is None else signal[:, channel]
    if num_channels > 1 and signal.ndim == 1:
        return np.tile(signal[:, np.newaxis], num_channels)
    raise NotImplementedError(f"{num_channels} channels cannot be made of {signal.shape[1]}")


@mirrors("madmom.audio.signal.rescale")
def rescale(signal: np.ndarray, dtype: Any = np.float32) -> np.ndarray:
    """Return the signal as floats, those of an integer dtype divided by its largest number.

    Raises
    ------
    ValueError
        If `dtype` is not floating, or the signal is neither integer nor floating.
    """
    if not np.issubdtype(dtype, np.floating):
        raise ValueError(f"only float dtypes are supported, not {dtype}.")
    if np.issubdtype(signal.dtype, np.floating):
        return signal.astype(dtype)
    if np.issubdtype(signal.dtype, np.integer):
        return signal.astype(dtype) / np.iinfo(signal.dtype).max
    raise ValueError(f"unsupported signal dtype: {signal.dtype}.")


@mirrors("madmom.audio.signal.trim")
def trim(signal: np.ndarray, where: str = "fb") -> np.ndarray:
    """Return the signal without the silence at its front ("f" in `where`) and back ("b").

    Silent is a sample, of several channels their sum, that is 0.
    """
    sums = signal if signal.ndim == 1 else np.sum(signal, axis=tuple(range(1, signal.ndim)))
    sounding = np.flatnonzero(np.asarray(sums))
    first, last = 0, len(signal)
    if "f" in where.lower():
        first = int(sounding[0]) if len(sounding) else len(signal)
    if "b" in where.lower():
        last = int(sounding[-1]) + 1 if len(sounding) else 0
    return signal[first:last]


def resample(signal: Any, sample_rate: float, **kwargs: Any) -> Any:
    """Return a `Signal` at another sample rate, by soxr ("HQ"); madmom leaves that to ffmpeg.

    Parameters
    ----------
    signal : Signal
    sample_rate : float
        Hz.
    dtype, num_channels : optional
        Of the result; default the signal's own.

    Raises
    ------
    ValueError
        If it is not a `Signal`, which knows its sample rate.
    """
    from .signal import Signal

    if not isinstance(signal, Signal):
        raise ValueError(f"only Signals can resampled, not {type(signal)}")
    if signal.sample_rate == sample_rate:
        return signal
    data = remix(np.asarray(signal), kwargs.get("num_channels", signal.num_channels))
    own = data.dtype if data.dtype in (np.float32, np.float64, np.int16, np.int32) else np.dtype(np.float64)
    data = load("soxr").resample(data.astype(own, copy=False), signal.sample_rate, sample_rate)
    dtype = np.dtype(kwargs.get("dtype") or signal.dtype)
    if dtype.kind == "f" and own.kind == "i":
        data = rescale(data, dtype)
    elif dtype.kind == "i" and own.kind == "f":
        limit = np.iinfo(dtype).max
        data = np.clip(np.round(data * limit), -limit - 1, limit)
    return Signal(data.astype(dtype, copy=False), sample_rate=sample_rate)
