"""Deltas: the slope of features in time, by regression over a few frames (Furui 1986)."""

from __future__ import annotations

from types import ModuleType

from ..framing.padding import PadMode, pad
from ..typing import Array

__all__ = ["deltas"]


def deltas(xp: ModuleType, x: Array, reach: int, mode: PadMode = "edge") -> Array:
    """Return the slope of x [..., N] per frame: d[t] = sum_k k (x[t + k] - x[t - k]) / (2 sum_k k^2).

    k runs from 1 to `reach`; x is extended by `mode` (padding.py).
    """
    frames = x.shape[-1]
    extended = pad(xp, x, reach, reach, mode)
    total = xp.zeros_like(x)
    for k in range(1, reach + 1):
        later = extended[..., reach + k : reach + k + frames]
        total = total + k * (later - extended[..., reach - k : reach - k + frames])
    return total / (reach * (reach + 1) * (2 * reach + 1) / 3)
