"""Tuning: how far, in fractions of a bin, the pitches of a recording lie from the bins of A = 440 Hz."""

from __future__ import annotations

import mlx.core as mx
import numpy as np

from ..arrays import Received, as_numpy, is_traced
from ..backends.dispatch import analyze
from ..callers import warn
from ..errors import GradientError
from ..framing.windows import Window, cosine
from ..spectrum.plan import StftPlan
from .pitch import spectral_peaks

__all__ = ["bin_range", "common_deviation", "estimate_tuning", "tuning_of_spectra"]

_N_FFT = 2048
_PITCH_RANGE = (150.0, 4000.0)  # Hz
_PEAK = 0.1  # of a frame's maximum
_RESOLUTION = 0.01


def estimate_tuning(received: Received, sr: float, bins_per_octave: int) -> float:
    """Return the most frequent deviation of the pitches of audio [B, T] from the nearest bin, in [-0.5, 0.5).

    An `mx.array` is evaluated.

    Raises
    ------
    GradientError
        If an `mx.array` has no values, inside `mx.compile`, `mx.vmap` or a gradient.
    """
    if received.xp is mx and is_traced(received.data):
        raise GradientError(
            "tuning=None looks at the values of x, which are not there while tracing: pass a number"
        )
    host = Received(np, as_numpy(received.data), lambda y: y)
    plan = StftPlan(_N_FFT, _N_FFT // 4, pad=_N_FFT // 2, pad_mode="constant")
    magnitude = np.abs(analyze(plan, Window(cosine(_N_FFT, (0.5, 0.5))), host, "bnf"))
    return tuning_of_spectra(magnitude.swapaxes(-1, -2), sr, _N_FFT, bins_per_octave)


def tuning_of_spectra(s: np.ndarray, sr: float, n_fft: int, bins_per_octave: int) -> float:
    """Return the same of magnitudes that are given, [..., F, N]: the louder half of their peaks votes."""
    first, end = bin_range(s.shape[-2], sr, n_fft, *_PITCH_RANGE)
    threshold = _PEAK * s.max(axis=-2, keepdims=True)
    _, bins, heights = spectral_peaks(s, first, end, threshold)
    pitches, heights = (bins * (sr / n_fft)).astype(s.dtype), heights.astype(s.dtype)
    if heights.size:
        pitches = pitches[heights >= np.median(heights)]
    return common_deviation(pitches, bins_per_octave, _RESOLUTION)


def common_deviation(frequencies: np.ndarray, bins_per_octave: int, resolution: float) -> float:
    """Return the most frequent deviation of `frequencies` (Hz) from the nearest bin, in [-0.5, 0.5).

    Counted in ceil(1 / resolution) equal classes; the lower edge of the fullest is returned, and 0 with a
    warning if no frequency is positive.
    """
    frequencies = frequencies[frequencies > 0]
    if not frequencies.size:
        warn("Trying to estimate tuning from empty frequency set: none is positive, so 0 it is")
        return 0.0
    octaves = np.log2(frequencies / (440.0 / 16))
    residual = np.mod(bins_per_octave * octaves, 1.0)
    residual[residual >= 0.5] -= 1.0
    edges = np.linspace(-0.5, 0.5, int(np.ceil(1.0 / resolution)) + 1)
    counts, edges = np.histogram(residual, edges)
    return float(edges[np.argmax(counts)])


def bin_range(bins: int, sr: float, n_fft: int, fmin: float, fmax: float) -> tuple[int, int]:
    """Return the first FFT bin from `fmin` on, and the first from `fmax` or the Nyquist frequency on."""
    frequencies = np.arange(bins) * (sr / n_fft)
    first, end = np.searchsorted(frequencies, [max(fmin, 0.0), min(fmax, sr / 2)])
    return int(first), int(end)
