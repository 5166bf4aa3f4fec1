"""`mx.array`s in whose memory a native kernel writes its result, without a copy.

`mx.load` accepts a file-like object, allocates MLX's own buffer and has the object read *into* it, so an
object that computes instead of reading fills the buffer in place. MLX does not promise this, so it is tried
once on a small array; where it does not work, arrays are copied (mlx_arrays.py).
"""

from __future__ import annotations

import atexit
import ctypes
import struct
import sys
import time
import weakref
from collections.abc import Callable
from functools import cache
from typing import Any

import mlx.core as mx
import numpy as np

# Fresh memory of this size is asked for in huge pages, as numpy does for its own: page by page, the kernel's
# work on first touch would exceed ours.
WORTH_HUGE_PAGES = 1 << 22
_MADV_HUGEPAGE = 14
_PAGE = 4096


class _ComputedFile:
    """A .npy file whose header is real and whose data are computed at the moment they are read."""

    closed = False

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any], fill: Callable[[int], None]) -> None:
        text = f"{{'descr': '{dtype.str}', 'fortran_order': False, 'shape': {tuple(shape)}, }}\n".encode()
        self.header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
        self.fill = fill
        self.position = 0
        self.filled = False
        self.error: BaseException | None = None

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = 0) -> None:
        self.position = offset

    def readinto(self, buffer: memoryview) -> int:
        size = len(buffer)
        if self.position < len(self.header):
            buffer[:] = self.header[self.position : self.position + size]
            self.position += size
            return size
        try:
            address = ctypes.addressof(ctypes.c_char.from_buffer(buffer))
            prefer_huge_pages(address, size)
            self.fill(address)
            self.filled = True
        except BaseException as error:
            self.error = error
        return size


@cache
def _madvise() -> Callable[[ctypes.c_void_p, ctypes.c_size_t, int], int] | None:
    return getattr(ctypes.CDLL(None), "madvise", None) if sys.platform == "linux" else None


def prefer_huge_pages(address: int, size: int) -> None:
    """Tell Linux that this memory will be used as a whole. Only a hint; elsewhere it does nothing."""
    advise = _madvise() if size >= WORTH_HUGE_PAGES else None
    if advise is not None:
        begin = (address + _PAGE - 1) & -_PAGE
        advise(ctypes.c_void_p(begin), ctypes.c_size_t((address + size - begin) & -_PAGE), _MADV_HUGEPAGE)


_held_by_mlx: weakref.WeakSet[_ComputedFile] = weakref.WeakSet()


@atexit.register
def _wait_until_let_go() -> None:
    """Wait for MLX's reading thread: it needs Python to let go of a file, and without it aborts the process.

    A graph that is kept for a derivative holds its files as long; those are let go by the thread that ends.
    """
    end = time.monotonic() + 0.1
    while _held_by_mlx and time.monotonic() < end:
        time.sleep(0.001)


def load(shape: tuple[int, ...], dtype: np.dtype[Any], fill: Callable[[int], None]) -> mx.array:
    """Return a new array filled by ``fill(address)``, which runs in a thread of MLX's."""
    file = _ComputedFile(shape, dtype, fill)
    _held_by_mlx.add(file)
    with mx.stream(mx.cpu):
        out = mx.load(file, format="npy")
        mx.eval(out)
    error, filled = file.error, file.filled
    if error is not None:
        raise error
    if not filled:
        raise RuntimeError("mx.load did not ask for the data")
    return out


@cache
def can_load() -> bool:
    """Whether `mx.load` fills its array by this means, seen from a small one."""
    expected = np.arange(24, dtype=np.float32).reshape(2, 3, 4)

    def fill(address: int) -> None:
        ctypes.memmove(address, expected.ctypes.data, expected.nbytes)

    try:
        found = load(expected.shape, expected.dtype, fill)
        return found.dtype == mx.float32 and np.array_equal(np.array(found), expected)
    except Exception:  # MLX promises none of this, so it may fail in any way; arrays are copied then
        return False
