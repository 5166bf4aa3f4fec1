"""How far audio is tuned from A = 440 Hz, in fractions of a bin."""

from __future__ import annotations

import mlx.core as mx
import numpy as np

from ..arrays import Received, as_numpy, is_traced
from ..backends.dispatch import analyze
from ..errors import GradientError
from ..framing.windows import Window, cosine
from ..spectrum.plan import StftPlan

__all__ = ["estimate_tuning", "tuning_of_spectra"]

_N_FFT = 2048
_PITCH_RANGE = (150.0, 4000.0)  # Hz
_PEAK = 0.1  # of a frame's maximum
_RESOLUTION = 0.01


def estimate_tuning(received: Received, sr: float, bins_per_octave: int) -> float:
    """Return the most frequent deviation of spectral peaks from the nearest bin, in [-0.5, 0.5).

    Peaks of an STFT are placed between bins by the parabola through three magnitudes (Smith & Serra 1987);
    the louder half of them votes. An `mx.array` is evaluated.

    Raises
    ------
    GradientError
        If an `mx.array` has no values, inside `mx.compile`, `mx.vmap` or a gradient.
    """
    if received.xp is mx and is_traced(received.data):
        raise GradientError(
            "tuning=None looks at the values of x, which are not there while tracing: pass a number"
        )
    x = as_numpy(received.data)
    plan = StftPlan(_N_FFT, _N_FFT // 4, pad=_N_FFT // 2, pad_mode="constant")
    host = Received(np, x, lambda y: y)
    magnitude = np.abs(analyze(plan, Window(cosine(_N_FFT, (0.5, 0.5))), host, "bnf"))
    return tuning_of_spectra(magnitude, sr, _N_FFT, bins_per_octave)


def tuning_of_spectra(s: np.ndarray, sr: float, n_fft: int, bins_per_octave: int) -> float:
    """Return the same of spectra that are given, [B, N, F]."""
    peaks, heights = _peaks(s, sr, n_fft)
    pitches = (peaks * (sr / n_fft)).astype(s.dtype)
    pitches = pitches[heights >= np.median(heights)] if heights.size else pitches
    pitches = pitches[pitches > 0]
    if not pitches.size:
        return 0.0
    residual = np.mod(bins_per_octave * np.log2(pitches / (440.0 / 16)), 1.0)
    residual[residual >= 0.5] -= 1.0
    edges = np.linspace(-0.5, 0.5, int(np.ceil(1.0 / _RESOLUTION)) + 1)
    counts, edges = np.histogram(residual, edges)
    return float(edges[np.argmax(counts)])


def _peaks(s: np.ndarray, sr: float, n_fft: int) -> tuple[np.ndarray, np.ndarray]:
    """Return interpolated bins and interpolated heights of the local maxima of `s` [B, N, F]."""
    bins = s.shape[-1]
    frequency = np.arange(bins) * sr / n_fft
    wanted = np.flatnonzero((frequency >= _PITCH_RANGE[0]) & (frequency < min(_PITCH_RANGE[1], sr / 2)))
    if not wanted.size:
        return np.zeros(0, s.dtype), np.zeros(0, s.dtype)
    # The lowest bin is no peak, having no neighbour to rise above; the highest may be one.
    first, end = max(1, int(wanted[0])), int(wanted[-1]) + 1
    threshold = (_PEAK * s.max(axis=-1, keepdims=True)).astype(s.dtype)
    middle, following = s[..., first:end], s[..., first + 1 : end + 1]
    is_peak = middle > s[..., first - 1 : end - 1]
    is_peak &= middle > threshold
    is_peak[..., : following.shape[-1]] &= middle[..., : following.shape[-1]] >= following
    frame, k = np.divmod(np.flatnonzero(is_peak), end - first)
    k += first
    values, start = s.reshape(-1), frame * bins
    lower, upper = (values[start + np.clip(k + step, 0, bins - 1)].astype(np.float64) for step in (-1, 1))
    height = values[start + k].astype(np.float64)
    slope, curve = (upper - lower) / 2, upper + lower - 2 * height
    # A parabola that hardly bends has its top nowhere near.
    shift = np.where(np.abs(slope) >= np.abs(curve), 0, -slope / np.where(curve == 0, 1, curve))
    shift = shift.astype(s.dtype)
    return k + shift, (height + 0.5 * slope * shift).astype(s.dtype)
