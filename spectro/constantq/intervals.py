"""Frequencies of the bins: one octave of intervals, repeated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np

from ..errors import ParameterError

__all__ = ["Intervals", "bin_frequencies", "just_ratios", "pythagorean_ratios"]

Intervals = str | tuple[float, ...]
_LIMITS = {"ji3": (3,), "ji5": (3, 5), "ji7": (3, 5, 7)}


def _into_octave(logs: np.ndarray) -> np.ndarray:
    """Return 2^logs, moved by whole octaves into [1, 2) and sorted."""
    fraction = np.modf(logs)[0]
    return 2.0 ** np.sort(np.where(fraction < 0, fraction + 1, fraction))


def pythagorean_ratios(count: int) -> np.ndarray:
    """Return `count` ratios in [1, 2): powers of 3/2, brought into one octave."""
    return _into_octave(np.arange(count) * np.log2(3))


def _harmonic_distance(a: tuple[int, ...], b: tuple[int, ...], logs: np.ndarray) -> float:
    """Return log2(ab / gcd(a, b)^2) of two ratios given by their primes' exponents (Tenney 2008).

    gcd(a, b) of ratios is gcd(numerators) / lcm(denominators). Rounded, so that equal distances tie.
    """
    one, two = np.array(a), np.array(b)
    gcd = np.minimum(np.maximum(one, 0), np.maximum(two, 0)) - np.maximum(
        np.maximum(-one, 0), np.maximum(-two, 0)
    )
    return float(np.around(logs @ (one + two - 2 * gcd), 6))


@lru_cache(maxsize=32)
def just_ratios(primes: tuple[int, ...], count: int) -> np.ndarray:
    """Return `count` ratios in [1, 2) of just intonation with `primes` (octaves aside).

    Crystal growth (Tenney 2008): from 1 on, the neighbour by one prime of the ratios chosen so far that
    lies nearest to all of them, by the sum of harmonic distances, is chosen next.
    """
    logs = np.log2(primes, dtype=np.float64)
    steps = []
    for axis, sign in product(range(len(primes)), (1, -1)):
        steps.append(tuple(sign if i == axis else 0 for i in range(len(primes))))
    chosen = [(0,) * len(primes)]
    frontier = list(steps)
    while len(chosen) < count:
        best, lowest = 0, math.inf
        for i, point in enumerate(frontier):
            total = sum(_harmonic_distance(point, other, logs) for other in chosen)
            tie = np.isclose(total, lowest) and logs @ np.abs(point) < logs @ np.abs(frontier[best])
            if total < lowest or tie:
                best, lowest = i, total
        point = frontier.pop(best)
        chosen.append(point)
        for step in steps:
            neighbour = tuple(p + s for p, s in zip(point, step, strict=True))
            if neighbour not in chosen and neighbour not in frontier:
                frontier.append(neighbour)
    ratios = _into_octave(np.array(chosen, float) @ logs)
    ratios.setflags(write=False)
    return ratios


def _octave(intervals: Intervals, bins_per_octave: int) -> np.ndarray:
    if not isinstance(intervals, str):
        return np.array(intervals)
    if intervals == "equal":
        return 2.0 ** (np.arange(bins_per_octave, dtype=float) / bins_per_octave)
    if intervals == "pythagorean":
        return pythagorean_ratios(bins_per_octave)
    if intervals in _LIMITS:
        return just_ratios(_LIMITS[intervals], bins_per_octave)
    raise ParameterError(
        f"intervals must be 'equal', 'pythagorean', 'ji3', 'ji5', 'ji7' or ratios, got {intervals!r}"
    )


def bin_frequencies(n_bins: int, fmin: float, bins_per_octave: int, intervals: Intervals) -> np.ndarray:
    """Return the frequencies of the bins in Hz, ascending, float64 [n_bins]."""
    ratios = _octave(intervals, bins_per_octave)
    octaves = 2.0 ** np.arange(-(-n_bins // len(ratios)))
    return np.sort((octaves[:, None] * ratios).ravel()[:n_bins]) * fmin


def as_intervals(intervals: str | Sequence[float] | np.ndarray) -> Intervals:
    """Return `intervals` as something hashable."""
    return intervals if isinstance(intervals, str) else tuple(float(r) for r in intervals)
