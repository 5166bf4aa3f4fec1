"""Memory of large `mx.array`s, used again once nobody holds them: for MLX what outputs.py is for numpy.

MLX's CPU gives an array's memory back to the system, which zeroes it before it hands it out again; for a
large spectrum that takes as long as computing it. So where a call is made again and again, a view of two
values is kept of its last results, and with it their memory, of which the next result is made.

First it must be certain that nobody else holds that:

- The array itself must be gone. It may have been given other memory in place (``z += 1``), and a numpy view
  of what it had before still holds the array only.
- So must all other arrays in that memory, and operations still to come. MLX knows, since it *donates*: the
  result of an operation takes over the memory of its input if nothing else needs that, and otherwise lies
  elsewhere. A softmax takes it over whatever its size; so one of the two values is made, and where it lies
  tells.

MLX promises none of this; it is tried once on small arrays. At most `MOST` bytes are kept.
"""

from __future__ import annotations

import math
import weakref
from collections import deque
from functools import cache
from typing import Any

import mlx.core as mx
import numpy as np

MOST = 128 << 20


class _Memory:
    """The memory of an array that is evaluated and contiguous."""

    def __init__(self, x: mx.array) -> None:
        self.address, self.size = _address(x), x.nbytes
        self.array = weakref.ref(x)
        # In a list, to be taken out of it: a name would be one more that holds it.
        self.first = [_strided(x.reshape(-1, stream=mx.cpu).view(mx.float32, stream=mx.cpu), (2,))]
        mx.eval(self.first)  # here, since MLX refuses a thread what another has left to do

    def again(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> mx.array | None:
        """Return another array of any content that is made of it, or None if somebody still holds it."""
        size = math.prod(shape) * dtype.itemsize
        first = mx.softmax(self.first.pop(), axis=0, stream=mx.cpu)
        whole = _strided(first, (size // 4,)).view(getattr(mx, dtype.name), stream=mx.cpu)
        made = whole.reshape(shape, stream=mx.cpu)
        del whole
        mx.eval(first, made)
        if not self.address == _address(first) == _address(made):
            return None
        self.first.append(first)
        self.array = weakref.ref(made)
        return made


# Two, so that a loop may hold its last result while it makes the next. Operations of a deque are atomic:
# whoever takes memory out of it has it alone.
_kept: deque[_Memory] = deque(maxlen=2)


def _address(x: mx.array) -> int:
    return np.array(x, copy=False).__array_interface__["data"][0]  # type: ignore[no-any-return]


def _strided(x: mx.array, shape: tuple[int]) -> mx.array:
    """Return so many values from where x begins."""
    return mx.as_strided(x, shape, (1,), stream=mx.cpu)


def keep(x: mx.array) -> None:
    """Keep the memory of x, evaluated and contiguous, for arrays to come."""
    if x.nbytes > MOST or x.itemsize % 4 or not can_reuse():
        return
    if sum(memory.size for memory in tuple(_kept)) + x.nbytes > MOST:
        release()
    _kept.append(_Memory(x))


def reused(shape: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[mx.array, int] | None:
    """Return an array in memory that is kept, and will go on being kept, with its address; or None.

    What is free and does not fit is let go, so that it does not add to what is made instead.
    """
    size = math.prod(shape) * dtype.itemsize
    for _ in range(len(_kept)):
        try:
            memory = _kept.popleft()
        except IndexError:
            break
        if memory.array() is not None:
            _kept.append(memory)
        elif size <= memory.size <= 2 * size:
            made = memory.again(shape, dtype)
            if made is not None:
                _kept.append(memory)
                return made, memory.address
    return None


def release() -> None:
    """Give the memory that is kept back to MLX."""
    _kept.clear()


@cache
def can_reuse() -> bool:
    """Whether MLX donates as described, seen from small arrays."""
    values = np.arange(1 << 13, dtype=np.float32)
    try:
        x = mx.array(values)
        memory, part = _Memory(x), x[2:]
        mx.eval(part)
        del x
        if memory.again((2, 1 << 12), values.dtype) is not None:  # `part` needs it
            return False
        x = mx.array(values)
        memory = _Memory(x)
        del x
        made = memory.again((2, 1 << 12), values.dtype)
        return made is not None and np.array_equal(np.array(made).flat[2:], values[2:])
    except Exception:  # it may fail in any way; memory is not kept then
        return False
