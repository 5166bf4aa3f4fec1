"""Maxima and minima over neighbourhoods, in plain array operations.

A filter of `size` takes, for position i, the extreme of positions i - a .. i - a + size - 1 with
a = size // 2 + origin; beyond an end the array is mirrored, its end value twice (d c b a | a b c d).
That is what `scipy.ndimage.maximum_filter1d` does.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..errors import ParameterError
from ..typing import Array

__all__ = ["maximum_filter", "minimum_filter", "mirrored", "range_minimum"]

Extreme = Callable[[Array, Array], Array]


def maximum_filter(xp: ModuleType, x: Array, size: int, axis: int, origin: int = 0) -> Array:
    """Return the maximum over `size` neighbours along `axis` (negative)."""
    return _filter(xp, x, size, axis, origin, xp.maximum)


def minimum_filter(xp: ModuleType, x: Array, size: int, axis: int, origin: int = 0) -> Array:
    """Return the minimum over `size` neighbours along `axis` (negative)."""
    return _filter(xp, x, size, axis, origin, xp.minimum)


def _filter(xp: ModuleType, x: Array, size: int, axis: int, origin: int, extreme: Extreme) -> Array:
    before = size // 2 + origin
    if size < 1 or not 0 <= before < size:
        raise ParameterError(f"origin must keep the filter of {size} about its position, got {origin}")
    length = x.shape[axis]
    y = _take(xp, x, mirrored(np.arange(-before, length + size - 1 - before), length), axis)
    # Maxima of 1, 2, 4, ... neighbours, each from two of the half width; then two that overlap.
    width = 1
    while 2 * width <= size:
        y = extreme(_cut(y, axis, 0, -width), _cut(y, axis, width, None))
        width *= 2
    rest = size - width
    return y if rest == 0 else extreme(_cut(y, axis, 0, -rest), _cut(y, axis, rest, None))


def range_minimum(xp: ModuleType, x: Array, begin: np.ndarray, end: np.ndarray) -> Array:
    """Return min(x[..., begin_m : end_m]) for each of M ranges, none of them empty: [..., M]."""
    # Level j holds the minimum of 2^j values from each position, so two of them cover any range
    # of 2^j to 2^(j+1) values.
    level = [int(np.log2(n)) for n in end - begin]
    parts, order = [], []
    y = x
    for j in range(max(level) + 1):
        ranges = np.flatnonzero(np.array(level) == j)
        if len(ranges):
            first = _take(xp, y, begin[ranges], -1)
            parts.append(xp.minimum(first, _take(xp, y, end[ranges] - 2**j, -1)))
            order.append(ranges)
        y = xp.minimum(y[..., : -(2**j)], y[..., 2**j :]) if y.shape[-1] > 2**j else y
    return _take(xp, xp.concatenate(parts, axis=-1), np.argsort(np.concatenate(order)), -1)


def mirrored(position: np.ndarray, length: int) -> np.ndarray:
    """Return which sample stands at each `position` of a signal that is mirrored, its end value twice."""
    folded = position % (2 * length)
    return np.minimum(folded, 2 * length - 1 - folded)


def _take(xp: ModuleType, x: Array, index: np.ndarray, axis: int) -> Array:
    where = index.astype(np.int32)
    return xp.take(x, mx.array(where) if xp is mx else where, axis=axis)


def _cut(x: Array, axis: int, start: int, stop: int | None) -> Array:
    return x[(..., slice(start, stop)) + (slice(None),) * (-1 - axis)]
