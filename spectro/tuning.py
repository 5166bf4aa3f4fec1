"""Tuning: how far, in fractions of a bin, the pitches of a recording lie from the bins of A = 440 Hz."""

from __future__ import annotations

import numpy as np

from .pitch import spectral_peaks

__all__ = ["bin_range", "common_deviation", "tuning_of_spectrum"]


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


def tuning_of_spectrum(
    s: np.ndarray,
    sr: float,
    n_fft: int,
    bins_per_octave: int,
    resolution: float = 0.01,
    frequency_range: tuple[float, float] = (150.0, 4000.0),
    threshold: float = 0.1,
) -> float:
    """Return the `common_deviation` of peaks of magnitudes `s` [..., F, N]: the louder half of them votes.

    Peaks lie in `frequency_range` and above `threshold` times the frame's maximum; 0 if there is none.
    """
    first, end = bin_range(s.shape[-2], sr, n_fft, *frequency_range)
    _, bins, heights = spectral_peaks(s, first, end, threshold * s.max(axis=-2, keepdims=True))
    audible = bins > 0
    bins, heights = bins[audible], heights[audible]
    if not bins.size:
        return 0.0
    loud = heights >= np.median(heights)
    return common_deviation(bins[loud] * sr / n_fft, bins_per_octave, resolution)


def bin_range(bins: int, sr: float, n_fft: int, fmin: float, fmax: float) -> tuple[int, int]:
    """Return the first FFT bin from `fmin` on, and the first from `fmax` or the Nyquist frequency on."""
    frequencies = np.arange(bins) * (sr / n_fft)
    first, end = np.searchsorted(frequencies, [max(fmin, 0.0), min(fmax, sr / 2)])
    return int(first), int(end)
