"""`madmom.audio.comb_filters`: a signal plus itself, delayed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....onsets.comb import comb_feed_back, comb_feed_forward
from ... import fallback as _fallback
from ...registry import mirrors
from ..processors import Processor

__all__ = [
    "CombFilterbankProcessor",
    "comb_filter",
    "feed_backward_comb_filter",
    "feed_forward_comb_filter",
]


@mirrors("madmom.audio.comb_filters.feed_forward_comb_filter")
def feed_forward_comb_filter(signal: np.ndarray, tau: int, alpha: float) -> np.ndarray:
    """Return y[n] = x[n] + alpha x[n - tau] along the first axis, float64.

    Raises
    ------
    ValueError
        If tau is not positive.
    """
    if tau <= 0:
        raise ValueError("`tau` must be greater than 0")
    return comb_feed_forward(signal, int(tau), float(alpha))


@mirrors("madmom.audio.comb_filters.feed_backward_comb_filter")
def feed_backward_comb_filter(signal: np.ndarray, tau: int, alpha: float) -> np.ndarray:
    """Return y[n] = x[n] + alpha y[n - tau] along the first axis of [T] or [T, C], float64.

    As in madmom, alpha counts in single precision.

    Raises
    ------
    ValueError
        If tau is not positive, or the signal has more dimensions.
    """
    if signal.ndim not in (1, 2):
        raise ValueError("signal must be 1d or 2d")
    if tau <= 0:
        raise ValueError("`tau` must be greater than 0")
    return comb_feed_back(signal, int(tau), float(np.float32(alpha)))


@mirrors("madmom.audio.comb_filters.comb_filter")
def comb_filter(signal: np.ndarray, filter_function: Any, tau: Any, alpha: Any) -> np.ndarray:
    """Return a signal [T] or [T, C] through a bank of comb filters, [T, M] or [T, C, M].

    Parameters
    ----------
    signal : array
    filter_function : {feed_forward_comb_filter, feed_backward_comb_filter}
    tau : int or array [M]
        Delays, samples.
    alpha : float or array [M]

    Raises
    ------
    ValueError
        If there are not as many of both, or the signal has more dimensions.
    """
    delays, factors = np.array(tau, dtype=int, ndmin=1), np.array(alpha, dtype=float, ndmin=1)
    if delays.ndim != 1:
        raise ValueError("`tau` must be a 1D numpy array")
    if len(factors) == 1:
        factors = np.repeat(factors, len(delays))
    if factors.ndim != 1:
        raise ValueError("`alpha` must be a 1D numpy array")
    if len(delays) != len(factors):
        raise ValueError("`tau` and `alpha` must have the same length")
    filtered = [filter_function(signal, t, a) for t, a in zip(delays, factors, strict=True)]
    if signal.ndim not in (1, 2):
        raise ValueError("only 1D and 2D signals supported")
    return np.stack(filtered, axis=-1)


@mirrors("madmom.audio.comb_filters.CombFilterbankProcessor")
class CombFilterbankProcessor(Processor):
    """A bank of comb filters.

    Parameters
    ----------
    filter_function : {"forward", "backward"} or one of the functions
    tau, alpha
        As for `comb_filter`.

    Raises
    ------
    ValueError
        For another function.
    """

    def __init__(self, filter_function: Any, tau: Any, alpha: Any) -> None:
        self.tau = np.array(tau, dtype=int, ndmin=1)
        self.alpha = np.array(alpha, dtype=float, ndmin=1)
        if filter_function in ("forward", feed_forward_comb_filter):
            self.filter_function = feed_forward_comb_filter
        elif filter_function in ("backward", feed_backward_comb_filter):
            self.filter_function = feed_backward_comb_filter
        else:
            raise ValueError(f"unknown `filter_function`: {filter_function}")

    def process(self, data: np.ndarray) -> np.ndarray:  # type: ignore[override]
        """Return data [T] or [T, C] through the bank: [T, M] or [T, C, M]."""
        return comb_filter(data, self.filter_function, self.tau, self.alpha)


__getattr__ = _fallback.fall_through(__name__, "madmom.audio.comb_filters")
