"""Frequencies that belong to the rows of a feature, and madmom's log-frequency bands."""

from __future__ import annotations

import math

import numpy as np

from ..errors import ParameterError
from ..filterbanks import hz_to_mel, mel_to_hz, triangles

__all__ = ["bin_hz", "log_bands", "mel_hz"]


def bin_hz(n_fft: int, rate: int) -> np.ndarray:
    """Return the frequencies of the n_fft // 2 + 1 bins, Hz."""
    return np.fft.rfftfreq(n_fft, 1 / rate)


def mel_hz(n_mels: int, f_min: float, f_max: float, mel_scale: str) -> np.ndarray:
    """Return the centres of mel filters, Hz [n_mels]."""
    ends = hz_to_mel(np.array([f_min, f_max]), mel_scale)
    return mel_to_hz(np.linspace(ends[0], ends[1], n_mels + 2)[1:-1], mel_scale)


def log_bands(
    n_fft: int, rate: int, per_octave: int = 12, f_min: float = 30.0, f_max: float = 17000.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return madmom's logarithmic filters [n_fft // 2, bands] and their centres in Hz [bands], float64.

    Notes 440 * 2**(k / per_octave) Hz between f_min and f_max are moved to the nearest bin,
    double ones are dropped, and each three neighbours span a triangle of area 1 over the bins
    below Nyquist (Boeck et al. 2016).
    """
    low, high = (per_octave * math.log2(f / 440.0) for f in (f_min, min(f_max, rate / 2)))
    notes = 440.0 * 2.0 ** (np.arange(math.ceil(low), math.floor(high) + 1) / per_octave)
    bins = np.arange(n_fft // 2)
    corners = np.unique(np.rint(notes * n_fft / rate))
    corners = corners[corners < bins.size]
    if corners.size < 3:
        raise ParameterError(f"n_fft={n_fft} at {rate} Hz has too few bins for log-frequency bands")
    bank = triangles(bins, corners) * (2.0 / (corners[2:] - corners[:-2]))
    return bank, corners[1:-1] * rate / n_fft
