"""numpy views of `mx.array`, and `mx.array`s that native kernels fill.

Looking into an evaluated CPU array is free. The way back is not: ``mx.array(numpy_array)`` copies, which for
a large spectrum costs more than computing it. So large results are written where they will be: into memory
that an earlier one had (mlx_reuse.py), or into memory that MLX has just made (mlx_loading.py).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np

from . import mlx_loading, mlx_reuse

# Below this a copy is cheaper: the other ways wake threads of MLX's.
WORTH_PLACING = 3 << 20


def view(x: mx.array) -> np.ndarray:
    """Return the values of x without a copy (evaluates x; ValueError while MLX traces and there are none)."""
    mx.eval(x)
    return np.array(x, copy=False)


class _Scratch(threading.local):
    """A thread's memory for results that are copied at once: new memory each time would cost page faults."""

    memory = np.empty(0, np.uint8)
    start = 0

    def address(self, size: int) -> int:
        """Return where `size` bytes may be written, until the next call in this thread."""
        if self.memory.size < size:
            self.memory = np.empty(size, np.uint8)
            self.start = self.memory.__array_interface__["data"][0]
        return self.start


_scratch = _Scratch()


def filled(shape: tuple[int, ...], dtype: np.dtype[Any], fill: Callable[[int], None]) -> mx.array:
    """A new `mx.array` in whose memory `fill(address)` has written values of a dtype that MLX has."""
    size = math.prod(shape) * dtype.itemsize
    if size < WORTH_PLACING:
        fill(_scratch.address(size))
        return mx.array(_scratch.memory[:size].view(dtype).reshape(shape))
    if mlx_loading.can_load():
        return mlx_loading.load(shape, dtype, fill)
    out = np.empty(shape, dtype)
    fill(out.__array_interface__["data"][0])
    return mx.array(out)


def filled_again(shape: tuple[int, ...], dtype: np.dtype[Any], fill: Callable[[int], None]) -> mx.array:
    """The same for a call that is made again and again: in memory of an earlier result, if that is free."""
    if math.prod(shape) * dtype.itemsize < WORTH_PLACING:
        return filled(shape, dtype, fill)
    if (place := mlx_reuse.reused(shape, dtype)) is not None:
        out, address = place
        fill(address)
    else:
        out = filled(shape, dtype, fill)
        mlx_reuse.keep(out)
    return out
