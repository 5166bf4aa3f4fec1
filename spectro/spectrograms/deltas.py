"""Deltas: the slope of features in time, by regression over a few frames (Furui 1986)."""

from __future__ import annotations

from types import ModuleType

from ..compiled.by_values import by_numpy
from ..framing.padding import PadMode, pad
from ..typing import Array

__all__ = ["deltas"]


def deltas(xp: ModuleType, x: Array, reach: int, mode: PadMode = "edge") -> Array:
    """Return the slope of x [..., N] per frame: d[t] = sum_k k (x[t + k] - x[t - k]) / (2 sum_k k^2).

    k runs from 1 to `reach`; x is extended by `mode` (padding.py).
    """
    return by_numpy(lambda xp, x: _deltas(xp, x, reach, mode), xp, x)


def _deltas(xp: ModuleType, x: Array, reach: int, mode: PadMode) -> Array:
    frames = x.shape[-1]
    extended = pad(xp, x, reach, reach, mode)
    differences = (
        k * (extended[..., reach + k : reach + k + frames] - extended[..., reach - k : reach - k + frames])
        for k in range(1, reach + 1)
    )
    total = next(differences)
    for difference in differences:
        total += difference
    total /= reach * (reach + 1) * (2 * reach + 1) / 3
    return total
