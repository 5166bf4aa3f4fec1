"""Memory for large numpy outputs, used again once nobody holds them.

The system hands out memory page by page, zeroed, on first touch; for a large spectrum that takes as long as
computing it. malloc keeps what is freed below 32 MB for the next call, and above asks the system each time.
There the memory of the last output that was dropped is kept here, marked as free (``MADV_FREE``): whoever is
short of memory gets the pages at once, and only if nobody was are they still ours. It is one piece of at
most `MOST` bytes, and dropped when the next large output does not fit it, so it never adds to one.
"""

from __future__ import annotations

import math
import mmap
from collections import deque
from typing import Any

import numpy as np

LEAST = 32 << 20
MOST = 128 << 20
_FREE = getattr(mmap, "MADV_FREE", None)
_HUGE = getattr(mmap, "MADV_HUGEPAGE", None)
# Operations of a deque are atomic, as a finalizer needs: it may run inside any line of this file.
_kept: deque[mmap.mmap] = deque(maxlen=1)


class _Lease:
    """What an output stands on: numpy keeps it as long as the array or a view of it lives."""

    def __init__(self, memory: mmap.mmap, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.memory = memory
        address = np.frombuffer(memory, np.uint8).__array_interface__["data"][0]
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": dtype.str,
            "data": (address, False),
        }

    def __del__(self, kept: deque[mmap.mmap] = _kept, free: int | None = _FREE) -> None:
        self.memory.madvise(free)
        kept.append(self.memory)


def empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """Return an array of any content, large ones in memory that was used before if it fits."""
    size = math.prod(shape) * dtype.itemsize
    if _FREE is None or not LEAST <= size <= MOST:
        return np.empty(shape, dtype)
    return np.asarray(_Lease(_memory(size), shape, dtype))


def release() -> None:
    """Give the memory that is kept back to the system."""
    _kept.clear()


def _memory(size: int) -> mmap.mmap:
    """Return the memory that is kept, if it is large enough and not twice as large, or new memory."""
    try:
        memory = _kept.pop()
        if size <= len(memory) <= 2 * size:
            return memory
        del memory  # given back before more is asked for
    except IndexError:
        pass
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if _HUGE is not None:
        memory.madvise(_HUGE)
    return memory
