"""Pitch classes: filterbanks over an octave, and the tuning they need, after madmom 0.17.

A frequency f lies log2(f / f_ref) octaves from the reference, and so on class

    c = (n log2(f / f_ref)) mod n

of n classes, a real number. Each bin goes to its nearest class (Fujishima 1999), or to all classes within
half a window w, with weight cos^2(pi (c - k) / w) (Gómez 2006).
"""

from __future__ import annotations

import numpy as np

__all__ = ["pitch_class_weights", "tuning_from_histogram"]


def pitch_class_weights(
    bin_frequencies: np.ndarray,
    n_classes: int,
    f_min: float,
    f_max: float,
    f_ref: float = 440.0,
    window: float | None = None,
) -> np.ndarray:
    """Return weights [F, n_classes], float64, 0 for bins outside `f_min` to `f_max`.

    Examples
    --------
    >>> pitch_class_weights(np.array([0.0, 220.0, 330.0, 440.0]), 12, 100, 5000).argmax(axis=1).tolist()
    [0, 0, 7, 0]
    """
    frequencies = np.asarray(bin_frequencies, np.float64)
    used = np.flatnonzero((frequencies > 0) & (frequencies >= f_min) & (frequencies <= f_max))
    octaves = np.log2(frequencies[used] / f_ref)
    weights = np.zeros((len(frequencies), n_classes))
    if window is None:
        weights[used, (np.round(n_classes * octaves) % n_classes).astype(int)] = 1.0
        return weights
    offset = (n_classes * octaves % n_classes)[:, None] - np.arange(n_classes)
    distance = abs((offset + n_classes / 2) % n_classes - n_classes / 2)
    weights[used] = np.where(distance < window / 2, np.cos(offset * np.pi / window) ** 2, 0.0)
    return weights


def tuning_from_histogram(
    energy: np.ndarray, bin_frequencies: np.ndarray, n_bins: int = 15, f_ref: float = 440.0
) -> float:
    """Return the frequency, Hz, that f_ref has in a recording.

    The energy [F] of each bin is counted in a histogram of how far the bin lies from its semitone; the
    fullest of the `n_bins` bins, which the outermost share, is the tuning.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        semitones = 12.0 * np.log2(np.asarray(bin_frequencies, np.float64) / f_ref)
        deviation = semitones - np.round(semitones)
    edge = 0.5 + 0.5 / n_bins
    edges = np.linspace(-edge, edge, n_bins + 1)
    known = np.isfinite(deviation)  # 0 Hz lies nowhere
    counts, _ = np.histogram(deviation[known], weights=np.asarray(energy)[known], bins=edges)
    centres = (edges[:-1] + edges[1:]) / 2
    return float(f_ref * 2.0 ** (centres[np.argmax(counts)] / 12.0))
