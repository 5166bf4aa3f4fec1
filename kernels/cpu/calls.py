"""What a native call is handed: addresses, a description of the signal, and the memory of its output.

`make` decides where an output lives: it gets shape, dtype and a function that fills the memory at an
address, and returns the array. The default makes numpy arrays; ``mlx_arrays.filled`` makes `mx.array`
without a copy.
"""

from __future__ import annotations

import ctypes
import operator
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from . import outputs
from .library import num_threads
from .plans import Plan

PAD_MODES = {"constant": 0, "reflect": 1, "edge": 2, "replicate": 2, "wrap": 3, "circular": 3}
LAYOUTS = {"bfn": 0, "bnf": 1}
Fill = Callable[[int], None]
Form = tuple["np.dtype[Any]", tuple[int, ...], tuple[int, ...]]  # dtype, shape and strides
Make = Callable[[tuple[int, ...], "np.dtype[Any]", Fill], Any]
_Byte = ctypes.c_char
_Shape = ctypes.c_int64 * 6


def new_numpy(shape: tuple[int, ...], dtype: np.dtype[Any], fill: Fill) -> np.ndarray:
    """Make a numpy array."""
    out = outputs.empty(shape, dtype)
    fill(address(out))
    return out


def address(array: np.ndarray) -> int:
    """Return where the first element lies (several times faster than ``array.ctypes.data``)."""
    try:
        return ctypes.addressof(_Byte.from_buffer(array))
    except (TypeError, ValueError, BufferError):  # read-only, empty or not contiguous
        return array.__array_interface__["data"][0]  # type: ignore[no-any-return]


_memcmp = ctypes.CDLL(None).memcmp
_memcmp.argtypes = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t


def same_bytes(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two contiguous arrays of one size hold the same bytes, without copying them."""
    return _memcmp(address(a), address(b), a.nbytes) == 0


@dataclass(frozen=True)
class Padding:
    """Samples before and after the signal, and what they are: a key of PAD_MODES."""

    left: int = 0
    right: int = 0
    mode: str = "constant"

    def __post_init__(self) -> None:
        if self.left < 0 or self.right < 0:
            raise ValueError(f"padding must not be negative, got {self.left} and {self.right}")
        if self.mode not in PAD_MODES:
            raise ValueError(f"unknown pad mode {self.mode!r}; known: {', '.join(PAD_MODES)}")


NO_PADDING = Padding()


def check(code: int) -> None:
    """Raise for what a native function returned."""
    if code:
        raise MemoryError("no memory for the scratch space of a native CPU kernel")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A native function with all its arguments but two: where the input lies, and where the output goes.

    Preparing it costs more than a short transform, so it serves every array of one shape and strides.
    """

    function: Callable[..., int]
    before: tuple[Any, ...]  # the arguments before the input's address
    between: tuple[Any, ...]  # after it, before the output's
    after: tuple[Any, ...] = ()  # after that, but for the number of threads, which is the last
    shape: tuple[int, ...]  # of the output
    dtype: np.dtype[Any]
    owners: tuple[object, ...] = ()  # whose handles or memory must live as long

    @property
    def strides(self) -> tuple[int, ...]:
        """Of the output, in bytes."""
        sizes = (self.dtype.itemsize, *reversed(self.shape[1:]))
        return tuple(accumulate(sizes, operator.mul))[::-1]

    def __call__(self, x: np.ndarray, make: Make = new_numpy) -> Any:
        """Return the output of x, whose form the call was prepared for."""
        return self.at(address(x), make)

    def at(self, source: int, make: Make = new_numpy) -> Any:
        """Return the output of the array at an address."""

        def fill(out: int) -> None:
            args = (*self.before, source, *self.between, out, *self.after, num_threads())
            check(self.function(*args))

        out = make(self.shape, self.dtype, fill)
        if (made := _recorded.get()) is not None:
            made.append((self, source, out))
        return out


_recorded: ContextVar[list[tuple[Call, int, Any]] | None] = ContextVar("spectro_calls", default=None)


class recording:  # noqa: N801 - a `with` block
    """Collect the prepared calls made in the block: each with where its input lay, and what it made."""

    def __enter__(self) -> list[tuple[Call, int, Any]]:
        self._made: list[tuple[Call, int, Any]] = []
        self._token = _recorded.set(self._made)
        return self._made

    def __exit__(self, *error: object) -> None:
        _recorded.reset(self._token)
        if (around := _recorded.get()) is not None:
            around.extend(self._made)


def samples_adjacent(x: np.ndarray) -> np.ndarray:
    """Return signals [batch, length] as the kernels take them: samples adjacent, rows any distance apart."""
    size = x.itemsize
    if x.ndim == 2 and ((x.strides[1] != size and x.shape[1] > 1) or x.strides[0] % size):
        return np.ascontiguousarray(x)
    return x


def form_of(x: np.ndarray) -> Form:
    """Return all that a prepared call depends on of its input."""
    return x.dtype, x.shape, x.strides


def describe_signal(x: np.ndarray, plan: Plan, padding: Padding) -> tuple[np.ndarray, Any]:
    """Return x as the kernels take it, and its description."""
    x = samples_adjacent(x)
    return x, describe_form(form_of(x), plan, padding)


def describe_form(form: Form, plan: Plan, padding: Padding) -> Any:
    """Return the description of signals of one form; ValueError or TypeError if they do not fit the plan."""
    dtype, shape, strides = form
    if len(shape) != 2:
        raise ValueError(f"signal must be [batch, length], got shape {shape}")
    if dtype != plan.dtype:
        raise TypeError(f"signal must be {plan.dtype} like the plan, got {dtype}")
    return describe(*shape, strides[0] // dtype.itemsize, padding)


def describe(batch: int, length: int, stride: int, padding: Padding) -> Any:
    """Return signals, rows `stride` samples apart, as the kernels take a description."""
    return _Shape(batch, length, stride, padding.left, padding.right, PAD_MODES[padding.mode])


def frame_count(plan: Plan, frames: int | None, length: int, padding: Padding) -> int:
    """Return `frames`, or as many as fit."""
    return plan.frames_in(padding.left + length + padding.right) if frames is None else frames


def output_shape(layout: str, batch: int, bins: int, frames: int) -> tuple[int, int, int]:
    """Return the shape of a spectrum in one of LAYOUTS."""
    return (batch, bins, frames) if layout == "bfn" else (batch, frames, bins)
