"""Argument checks in torch's words: TypeError for a wrong type, RuntimeError for a wrong value."""

from __future__ import annotations

import numbers
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ...arrays import Received, downcast, dtype_name, kind_of, loaded_torch, receive
from ...callers import forbid_repeating, warn
from ...typing import Array

__all__ = [
    "HALVES",
    "array",
    "boolean",
    "integer",
    "number",
    "promote",
    "require",
    "warn_once",
    "window_array",
]

HALVES = ("float16", "bfloat16")

_warned: set[str] = set()


def require(condition: bool, message: str) -> None:
    """Raise RuntimeError with `message` unless `condition` holds."""
    if not condition:
        raise RuntimeError(message)


def warn_once(message: str) -> None:
    """Warn once in the life of the process, as torch's C++ code does; always if it is told to."""
    torch = loaded_torch()
    if message not in _warned or (torch is not None and torch.is_warn_always_enabled()):
        _warned.add(message)
        warn(message)
    else:
        forbid_repeating()  # torch may be told to warn always


def _typed(name: str, value: Any, types: Any, wanted: str, optional: bool) -> Any:
    # bool is an int in Python, never in torch; numpy's bool is neither.
    wrong_bool = isinstance(value, bool) and types is not bool
    if (value is None and optional) or (isinstance(value, types) and not wrong_bool):
        return value
    raise TypeError(f"argument {name!r} must be {wanted}, not {type(value).__name__} ({value!r})")


def integer(name: str, value: Any, optional: bool = False) -> Any:
    """Return `value` if it is an int (or None, with `optional`), else raise TypeError.

    An array of one integer and no dimensions is one to torch.
    """
    if kind_of(value) is not None and not value.shape and "int" in dtype_name(value):
        return int(value)
    return _typed(name, value, numbers.Integral, "int", optional)


def number(name: str, value: Any) -> float:
    """Return `value` if it is a real number, else raise TypeError."""
    return float(_typed(name, value, numbers.Real, "float", False))


def boolean(name: str, value: Any, optional: bool = False) -> Any:
    """Return `value` if it is a bool (or None, with `optional`), else raise TypeError."""
    return _typed(name, value, bool, "bool", optional)


def array(name: str, x: Any) -> Received:
    """Receive an array of any supported library; TypeError for anything else, lists included."""
    return receive(x, name)


def window_array(window: Any, x: Any, win_length: int) -> Array | None:
    """Return a window [win_length] as numpy or mlx data, None for none.

    Raises
    ------
    RuntimeError
        For a wrong shape, another torch device than that of `x`, or half precision on both
        sides (torch has no FFT of half precision on the CPU).
    """
    given = dtype_name(x)
    half = given in HALVES
    if window is None:
        if half:
            raise RuntimeError(f"there is no FFT of {given}: give a float32 window or convert the input")
        return None
    if len(window.shape) != 1 or window.shape[0] != win_length:
        shape = tuple(window.shape)
        raise RuntimeError(f"window must be 1-D with win_length={win_length} samples, got {shape}")
    if kind_of(x) == kind_of(window) == "torch" and x.device != window.device:
        raise RuntimeError(f"input is on {x.device} and window on {window.device}")
    if half:
        own = dtype_name(window)
        if "complex" not in own and (own == given or "float" not in own):
            raise RuntimeError(f"there is no FFT of {given}: give a float32 window")
    return receive(window, "window").data


def promote(xp: ModuleType, data: Array, window: Array | None) -> Array:
    """Return `data` in double precision if the window is; MLX cannot, and warns."""
    if not isinstance(window, np.ndarray) or window.dtype not in (np.float64, np.complex128):
        return data
    if xp is mx:
        downcast("window", window.dtype, "single precision")
        return data
    return data.astype(np.complex128 if data.dtype.kind == "c" else np.float64, copy=False)
