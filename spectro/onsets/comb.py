"""Comb filters: a signal plus itself, delayed, in float64; along the first axis, numpy only."""

from __future__ import annotations

import numpy as np

__all__ = ["comb_feed_back", "comb_feed_forward"]


def comb_feed_forward(x: np.ndarray, delay: int, gain: float) -> np.ndarray:
    """Return y[n] = x[n] + gain x[n - delay]."""
    y = x.astype(np.float64)
    y[delay:] += gain * x[:-delay]
    return y


def comb_feed_back(x: np.ndarray, delay: int, gain: float) -> np.ndarray:
    """Return y[n] = x[n] + gain y[n - delay].

    `delay` samples at a time depend on those before only.

    Examples
    --------
    >>> comb_feed_back(np.array([1, 0, 0, 0, 0, 0, 0]), 3, 0.5).tolist()
    [1.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.25]
    """
    y = x.astype(np.float64)
    for n in range(delay, len(y), delay):
        block = y[n : n + delay]
        block += gain * y[n - delay : n - delay + len(block)]
    return y
