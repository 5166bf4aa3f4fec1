"""How long the filters of a constant-Q or variable-Q transform are, and how far up they reach.

A bin at f whose neighbours stand 1/b octaves away on average has the relative bandwidth

    alpha = (2^(2/b) - 1) / (2^(2/b) + 1)

and, with Q = filter_scale / alpha, a filter of Q sr / (f + gamma / alpha) samples: constant Q for gamma = 0
(Brown & Puckette 1992), for gamma > 0 shorter at low frequencies (Schoerkhuber, Klapuri, Holighaus & Doerfler
2014). gamma = None follows the ear's bandwidths, 24.7 (1 + f / 228.7) Hz: gamma = alpha 24.7 / 0.108.
"""

from __future__ import annotations

import numpy as np

from ..errors import ParameterError
from .windows import WindowSpec, bandwidth

__all__ = ["C1", "filter_lengths", "relative_bandwidth"]

C1 = 440.0 * 2.0 ** ((24 - 69) / 12)


def relative_bandwidth(frequencies: np.ndarray, bins_per_octave: int) -> np.ndarray:
    """Return alpha of each of the ascending `frequencies`; a single one is taken for equal temperament."""
    if len(frequencies) == 1:
        r = 2 ** (1 / bins_per_octave)
        return np.atleast_1d((r**2 - 1) / (r**2 + 1))
    position = np.log2(frequencies)
    density = np.empty_like(frequencies)
    density[0] = 1 / (position[1] - position[0])
    density[-1] = 1 / (position[-1] - position[-2])
    density[1:-1] = 2 / (position[2:] - position[:-2])
    return (2.0 ** (2 / density) - 1) / (2.0 ** (2 / density) + 1)


def filter_lengths(
    frequencies: np.ndarray,
    sr: float,
    filter_scale: float,
    window: WindowSpec,
    gamma: float | None,
    alpha: np.ndarray,
) -> tuple[np.ndarray, float]:
    """Return the filters' lengths in samples, fractional [n_bins], and the highest frequency they pass."""
    if np.any(frequencies[:-1] > frequencies[1:]) or np.any(frequencies <= 0):
        raise ParameterError("the bins' frequencies must be positive and ascending")
    offset = alpha * 24.7 / 0.108 if gamma is None else gamma
    q = float(filter_scale) / alpha
    cutoff = float(max(frequencies * (1 + 0.5 * bandwidth(window) / q) + 0.5 * offset))
    return q * sr / (frequencies + offset / alpha), cutoff
