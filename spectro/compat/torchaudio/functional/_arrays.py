"""How the functions take arrays and give them back."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import Received, as_numpy, cast, dtype_name, kind_of, new_array
from ....config import settings
from ....typing import Array
from ... import fallback
from ...torch._checks import HALVES, array, require
from ...torch._windows import default_dtype

__all__ = ["answer", "floating", "received", "rows", "second", "table"]


def received(name: str, x: Any) -> Received:
    """Receive an array; AttributeError for anything else, of which torchaudio would ask a tensor's method."""
    if kind_of(x) is None:
        raise AttributeError(f"{name} must be an array, got {type(x).__name__}")
    return array(name, x)


def second(name: str, x: Any, first: Received) -> Array:
    """Return a further array argument in the namespace of the first."""
    data = received(name, x).data
    if first.xp is np:
        return as_numpy(data)
    return data if isinstance(data, mx.array) else mx.array(data)


def floating(first: Received) -> Array:
    """Return the data, integers as torch promotes them: in the default dtype."""
    x, xp = first.data, first.xp
    if any(kind in dtype_name(x) for kind in ("float", "complex")):
        return x
    return x.astype(mx.float32 if xp is mx else default_dtype("numpy"))


def rows(x: Array, axes: int = 1) -> Array:
    """Return x with the axes before its last `axes` as one.

    Raises
    ------
    RuntimeError
        If one of the last axes is empty, as torch: it cannot tell how many rows there are.
    """
    last = tuple(x.shape[axis] for axis in range(-axes, 0))
    require(0 not in last, f"the input is empty: shape {tuple(x.shape)}")
    return x.reshape(-1, *last)


def answer(first: Received, given: Array, y: Array) -> Array:
    """Give a result back in the caller's kind; in half precision if the input was."""
    dtype = dtype_name(given)
    back = first.give_back(np.asarray(y) if first.xp is np else y)
    return cast(back, dtype) if dtype in HALVES and "float" in dtype_name(back) else back


def table(values: np.ndarray) -> Array:
    """Return a table computed in float64 as the array that the settings ask for."""
    kind = settings().arrays
    if kind == "torch":
        fallback.load("torch")
    return new_array(values, kind, default_dtype(kind))
