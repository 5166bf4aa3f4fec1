"""Frequencies that belong to the rows of a feature."""

from __future__ import annotations

import numpy as np

from ..filterbanks.mel import hz_to_mel, mel_to_hz

__all__ = ["bin_hz", "mel_hz"]


def bin_hz(n_fft: int, rate: int) -> np.ndarray:
    """Return the frequencies of the n_fft // 2 + 1 bins, Hz."""
    return np.fft.rfftfreq(n_fft, 1 / rate)


def mel_hz(n_mels: int, f_min: float, f_max: float, mel_scale: str) -> np.ndarray:
    """Return the centres of mel filters, Hz [n_mels]."""
    ends = hz_to_mel(np.array([f_min, f_max]), mel_scale)
    return mel_to_hz(np.linspace(ends[0], ends[1], n_mels + 2)[1:-1], mel_scale)
