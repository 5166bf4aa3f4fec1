"""Running medians: what stands in the middle of a neighbourhood, whatever its extremes are."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..backends.dispatch import choose
from ..compiled.by_values import by_values
from ..errors import ParameterError
from ..kernels import cpu as native
from ..kernels.cpu import mlx_arrays
from ..typing import Array
from .extrema import mirrored

__all__ = ["median_filter"]

_BLOCK = 1 << 20  # values sorted at once by numpy


def median_filter(xp: ModuleType, x: Array, size: int, axis: int) -> Array:
    """Return the median of `size` neighbours along `axis` (negative) of real `x`, lazily for an `mx.array`.

    The neighbours of position i are i - size // 2 .. i - size // 2 + size - 1; of an even number the upper
    middle one is taken, and beyond an end the array is mirrored, its end value twice. That is what
    `scipy.ndimage.median_filter` does.
    """
    if size < 1:
        raise ParameterError(f"size must be at least 1, got {size}")
    if choose(x).backend != "cpu":
        return _plain(xp, x, size, axis)
    return native.median_filter(x, size, axis) if xp is np else _on_mlx(size, axis)(x)


def _plain(xp: ModuleType, x: Array, size: int, axis: int) -> Array:
    length = x.shape[axis]
    window = mirrored(np.arange(length)[:, None] + np.arange(size) - size // 2, length)
    lines = xp.moveaxis(x, axis, -1)
    if xp is mx:
        medians = mx.sort(mx.take(lines, mx.array(window.astype(np.int32)), axis=-1), axis=-1)[..., size // 2]
        return mx.moveaxis(medians, -1, axis)
    rows = lines.reshape(-1, length)
    medians = np.empty_like(rows)
    step = max(1, _BLOCK // window.size)
    for i in range(0, len(rows), step):
        medians[i : i + step] = np.partition(rows[i : i + step, window], size // 2, axis=-1)[..., size // 2]
    return np.moveaxis(medians.reshape(lines.shape), -1, axis)


@lru_cache(maxsize=32)
def _on_mlx(size: int, axis: int) -> Callable[[mx.array], mx.array]:
    """Return the native kernel as an operation that MLX can trace and differentiate."""
    return by_values(
        lambda values: native.median_filter(values, size, axis, make=mlx_arrays.filled),
        lambda x: _plain(mx, x, size, axis),
    )
