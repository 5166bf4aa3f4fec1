"""How far audio is tuned from A = 440 Hz, in fractions of a bin."""

from __future__ import annotations

import mlx.core as mx
import numpy as np

from ..arrays import Received, as_numpy, is_traced
from ..backends.dispatch import analyze
from ..errors import GradientError
from ..plan import StftPlan
from ..windows import Window, cosine

__all__ = ["estimate_tuning"]

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
    magnitude = np.abs(analyze(plan, Window(cosine(_N_FFT, (0.5, 0.5))), host, "bfn"))
    bins, peaks, heights = _peaks(magnitude, sr)
    if not bins.size:
        return 0.0
    loud = heights >= np.median(heights)
    pitches = peaks[loud] * sr / _N_FFT
    octaves = np.log2(pitches / (440.0 / 16))
    residual = np.mod(bins_per_octave * octaves, 1.0)
    residual[residual >= 0.5] -= 1.0
    edges = np.linspace(-0.5, 0.5, int(np.ceil(1.0 / _RESOLUTION)) + 1)
    counts, edges = np.histogram(residual, edges)
    return float(edges[np.argmax(counts)])


def _peaks(s: np.ndarray, sr: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return bins, interpolated bins and interpolated heights of the local maxima of `s` [B, F, N]."""
    loud = np.where(s > _PEAK * s.max(axis=1, keepdims=True), s, 0)
    below = np.pad(loud, [(0, 0), (1, 0), (0, 0)], mode="edge")[:, :-1]
    above = np.pad(loud, [(0, 0), (0, 1), (0, 0)], mode="edge")[:, 1:]
    frequency = np.arange(s.shape[1]) * sr / _N_FFT
    inside = (frequency >= _PITCH_RANGE[0]) & (frequency < min(_PITCH_RANGE[1], sr / 2))
    batch, k, frame = np.nonzero((loud > below) & (loud >= above) & inside[None, :, None])
    left, middle = s[batch, np.maximum(k - 1, 0), frame], s[batch, k, frame]
    right = s[batch, np.minimum(k + 1, s.shape[1] - 1), frame]
    slope, curve = (right - left) / 2, right + left - 2 * middle
    # A parabola that hardly bends has its top nowhere near.
    shift = np.where(np.abs(slope) >= np.abs(curve), 0, -slope / np.where(curve == 0, 1, curve))
    return k, k + shift, middle + 0.5 * slope * shift
