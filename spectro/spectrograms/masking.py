"""Masks over a run of bins or frames (SpecAugment, Park et al. 2019)."""

from __future__ import annotations

from types import ModuleType

import mlx.core as mx
import numpy as np

from ..typing import Array

__all__ = ["mask_range"]


def mask_range(
    xp: ModuleType, x: Array, start: np.ndarray | int, end: np.ndarray | int, axis: int, value: Array | float
) -> Array:
    """Return `x` with `value` at the positions start .. end - 1 of `axis` (negative, counted from the end).

    `start` and `end` are integers, or int arrays that stand for the axes before the last two: one mask for
    each example.
    """
    shape = [1, 1]
    shape[axis] = x.shape[axis]
    position = np.arange(x.shape[axis]).reshape(shape)
    low, high = (np.asarray(edge)[..., None, None] for edge in (start, end))
    inside = (position >= low) & (position < high)
    if xp is mx:
        return mx.where(mx.array(inside), mx.array(value, dtype=x.dtype), x)
    return np.where(inside, np.asarray(value, x.dtype), x)
