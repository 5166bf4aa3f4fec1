"""`librosa.core.pitch`: pitch and tuning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....callers import warn
from ....errors import ParameterError
from ....features import pitch, tuning
from ....typing import Array
from ... import fallback as _fallback
from ...registry import mirrors
from .._arrays import audio
from ._deprecated import DEPRECATED, Deprecated
from ._spectrogram import spectrogram

__all__ = ["estimate_tuning", "piptrack", "pitch_tuning", "yin"]


@mirrors("librosa.yin", tier=2, numpy=True)
def yin(
    y: Array,
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    frame_length: int = 2048,
    win_length: Any = DEPRECATED,
    hop_length: int | None = None,
    trough_threshold: float = 0.1,
    center: bool = True,
    pad_mode: Any = "constant",
) -> np.ndarray:
    """Return the fundamental frequency of each frame by YIN: mirrors `librosa.yin`.

    Parameters
    ----------
    y : real array [..., n]
    fmin, fmax, sr : float
        Range of pitch, and sample rate, Hz.
    frame_length, hop_length : int
        `hop_length` is a quarter of `frame_length` by default.
    win_length
        Has no effect.
    trough_threshold : float
        What the normalised difference must fall below to be taken for periodic.
    center : bool
        Whether frame i is centred on sample i hop_length.
    pad_mode : str
        As for `numpy.pad`.

    Returns
    -------
    float64 array [..., N], Hz

    Raises
    ------
    ParameterError
        For a range that is empty, beyond Nyquist, or too low for the frames.
    """
    if fmin is None or fmax is None:
        raise ParameterError("fmin and fmax are needed")
    if not isinstance(win_length, Deprecated):
        warn("win_length is deprecated: it has had no effect since librosa 0.11", FutureWarning)
    _check_range(sr, fmin, fmax, frame_length)
    audio(y)
    if center:
        y = np.pad(y, [(0, 0)] * (y.ndim - 1) + [(frame_length // 2, frame_length // 2)], mode=pad_mode)
    hop = frame_length // 4 if hop_length is None else hop_length
    if hop < 1 or y.shape[-1] < frame_length:
        raise ParameterError(
            f"frames of {frame_length} samples every {hop} do not fit into {y.shape[-1]} samples"
        )
    f0 = pitch.yin(y.reshape(-1, y.shape[-1]), sr, fmin, fmax, frame_length, hop, trough_threshold)
    return f0.reshape(*y.shape[:-1], -1)


def _check_range(sr: float, fmin: float, fmax: float, frame_length: int) -> None:
    if fmax > sr / 2:
        raise ParameterError(f"fmax must be at most the Nyquist frequency {sr / 2}, got {fmax}")
    if fmin >= fmax or fmin <= 0:
        raise ParameterError(f"fmin must be greater than 0 and less than fmax={fmax}, got {fmin}")
    if sr / fmin >= frame_length - 1:
        raise ParameterError(
            f"fmin must be at least {sr / (frame_length - 1):.3f} for frames of {frame_length} samples, "
            f"or these longer than {int(np.ceil(sr / fmin)) + 1}; got {fmin}"
        )
    if sr / fmin >= frame_length // 2:
        warn(
            f"frames of {frame_length} samples hold less than two periods of fmin={fmin}: detection may fail"
        )


@mirrors("librosa.piptrack", tier=2, numpy=True)
def piptrack(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int | None = 2048,
    hop_length: int | None = None,
    fmin: float = 150.0,
    fmax: float = 4000.0,
    threshold: float = 0.1,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: str = "constant",
    ref: float | Callable[..., Any] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return pitches and magnitudes of spectral peaks: mirrors `librosa.piptrack`.

    Parameters
    ----------
    y : real array [..., n]; or `S`, a spectrogram [..., F, N]
    sr : float
    n_fft, hop_length, win_length, window, center, pad_mode
        As for `stft`.
    fmin, fmax : float
        Range of pitch, Hz.
    threshold : float
        Peaks are above this times `ref`.
    ref : float or callable, optional
        A value (of peaks themselves, `threshold` aside), or a function of the spectrogram and its frequency
        axis; the frame's maximum by default.

    Returns
    -------
    pitches, magnitudes : arrays [..., F, N]
        0 where there is no peak.

    Raises
    ------
    ParameterError
        If neither `y` nor `S` is given.
    """
    received, n_fft = spectrogram(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    s = np.abs(received.data)
    if ref is None:
        limit = threshold * s.max(axis=-2, keepdims=True)
    elif callable(ref):
        limit = np.expand_dims(threshold * ref(s, axis=-2), -2)
    else:
        limit = np.abs(ref)
    first, end = tuning.bin_range(s.shape[-2], sr, n_fft, fmin, fmax)
    where, bins, heights = pitch.spectral_peaks(s, first, end, limit)
    pitches, magnitudes = np.zeros_like(s), np.zeros_like(s)
    pitches[where] = bins * float(sr) / n_fft
    magnitudes[where] = heights
    return pitches, magnitudes


@mirrors("librosa.estimate_tuning", tier=2, numpy=True)
def estimate_tuning(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int | None = 2048,
    resolution: float = 0.01,
    bins_per_octave: int = 12,
    **kwargs: Any,
) -> float:
    """Return how far audio is tuned from A = 440 Hz, in bins: mirrors `librosa.estimate_tuning`.

    Parameters
    ----------
    y, sr, S, n_fft, **kwargs
        As for `piptrack`.
    resolution : float
        Of the answer.
    bins_per_octave : int
    """
    pitches, magnitudes = piptrack(y=y, sr=sr, S=S, n_fft=n_fft, **kwargs)
    found = pitches > 0
    threshold = np.median(magnitudes[found]) if found.any() else 0.0
    voting = pitches[found & (magnitudes >= threshold)]
    return pitch_tuning(voting, resolution=resolution, bins_per_octave=bins_per_octave)


@mirrors("librosa.pitch_tuning", tier=2, numpy=True)
def pitch_tuning(frequencies: Array, *, resolution: float = 0.01, bins_per_octave: int = 12) -> float:
    """Return how far frequencies in Hz are tuned from A = 440 Hz: mirrors `librosa.pitch_tuning`.

    In fractions of a bin, [-0.5, 0.5); 0 with a warning if no frequency is positive.
    """
    return tuning.common_deviation(np.atleast_1d(frequencies), bins_per_octave, resolution)


__getattr__ = _fallback.fall_through(__name__, "librosa.core.pitch")
