"""Reassignment: the energy of a bin belongs to where its phase says, not to the middle of its frame and band.

With X_w the STFT by a window w, w' the window's derivative and t w the window times time (Auger & Flandrin
1995),

    frequency of (k, i) = f_k - Im(X_w' / X_w) sr / (2 pi)
    time of (k, i)      = t_i + Re(X_tw / X_w) / sr
"""

from __future__ import annotations

import numpy as np

__all__ = ["centred_times", "frequency_shift", "slope", "time_shift"]


def slope(window: np.ndarray) -> np.ndarray:
    """Return the derivative of a window [n] that goes around: half the difference of both neighbours."""
    return (np.roll(window, -1) - np.roll(window, 1)) / 2


def centred_times(n: int) -> np.ndarray:
    """Return the times of n samples about their middle, in samples: float64 [n]."""
    return np.arange(n) - (n - 1) / 2


def frequency_shift(by_slope: np.ndarray, spectrum: np.ndarray, sr: float) -> np.ndarray:
    """Return how far from the bin's frequency its energy lies, Hz: NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.imag(by_slope / spectrum) * (0.5 * sr / np.pi)


def time_shift(by_time: np.ndarray, spectrum: np.ndarray, sr: float) -> np.ndarray:
    """Return how far from the frame's middle its energy lies, seconds: NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.real(by_time / spectrum) / sr
