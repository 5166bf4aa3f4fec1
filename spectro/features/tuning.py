"""Tuning: how far, in fractions of a bin, the pitches of a recording lie from the bins of A = 440 Hz."""

from __future__ import annotations

import numpy as np

__all__ = ["bin_range", "common_deviation"]


def common_deviation(frequencies: np.ndarray, bins_per_octave: int, resolution: float) -> float:
    """Return the most frequent deviation of `frequencies` (Hz) from the nearest bin, in [-0.5, 0.5).

    Counted in ceil(1 / resolution) equal classes; the lower edge of the fullest is returned.
    """
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
