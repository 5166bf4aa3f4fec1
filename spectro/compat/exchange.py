"""Arrays on their way to a reference and back: it takes torch tensors, or numpy arrays.

Two callers need that: strict mode, where the reference itself computes, bit for bit; and a mirror
whose body is written for numpy alone, since what it computes is small or sequential.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mlx.core as mx
import numpy as np

from ..arrays import (
    dtype_name,
    from_torch,
    is_traced,
    kind_asked,
    kind_of,
    receive,
    to_torch,
    torch_dtype,
)
from ..config import settings
from ..errors import BackendError, GradientError

__all__ = [
    "caller_kind",
    "compute_in_numpy",
    "from_reference",
    "leaves",
    "mapped",
    "takes_numpy",
    "to_reference",
]

_NUMPY_LIBRARIES = ("librosa", "madmom")
_NARROW = {"float64": mx.float32, "complex128": mx.complex64}


def takes_numpy(library: str) -> bool:
    """Return whether a reference library takes numpy arrays, rather than torch tensors."""
    return library in _NUMPY_LIBRARIES


def leaves(value: Any) -> Iterator[Any]:
    """Yield what the tuples, lists and dicts of `value` hold."""
    if not isinstance(value, (tuple, list, dict)):
        yield value
        return
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, (tuple, list, dict)):
            yield from leaves(item)
        else:
            yield item


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return `value` with `change` made to everything its tuples, lists and mappings hold."""
    if isinstance(value, Mapping):
        return {key: mapped(part, change) for key, part in value.items()}
    if type(value) in (tuple, list):
        return type(value)(mapped(part, change) for part in value)
    return change(value)


def caller_kind(values: Any) -> str:
    """Return the library of the answer: that of the first array, dtype or device, else the setting's."""
    found = list(leaves(values))
    for find in (kind_of, kind_asked):
        kind = next((kind for kind in map(find, found) if kind is not None), None)
        if kind is not None:
            return kind
    return settings().arrays


def device_of(values: Any) -> Any:
    """Return the device of the first torch tensor among `values`."""
    return next((leaf.device for leaf in leaves(values) if kind_of(leaf) == "torch"), None)


def to_reference(value: Any, library: str, mirror: Callable[[Any], Any] = lambda item: item) -> Any:
    """Return `value` with arrays, dtypes and devices as `library` takes them, other things by `mirror`."""
    device = device_of(value)
    numpy = takes_numpy(library)

    def change(item: Any) -> Any:
        if kind_of(item) is not None:
            return _to_numpy(item) if numpy else to_torch(item, device)
        if isinstance(item, (mx.Device, mx.DeviceType)):
            return "cpu"  # where the reference computes for MLX's arrays
        asked = kind_asked(item)
        if numpy and asked in ("mlx", "torch"):
            return np.dtype(dtype_name(item))
        if not numpy and asked in ("numpy", "mlx"):
            return torch_dtype(item)
        return mirror(item)

    return mapped(value, change)


def _to_numpy(x: Any) -> np.ndarray:
    if isinstance(x, np.ndarray):
        return x
    if isinstance(x, mx.array):
        return np.array(x.astype(mx.float32) if x.dtype == mx.bfloat16 else x)
    values: np.ndarray = receive(x).data
    return values


def from_reference(answer: Any, kind: str, device: Any = None, exactly: bool = True) -> Any:
    """Return a reference's answer with its arrays, numpy or torch, as arrays of `kind`.

    Raises
    ------
    BackendError
        If the answer must be kept `exactly` and the library has no such dtype, as MLX has no complex128.
    """

    def change(item: Any) -> Any:
        if kind_of(item) == "torch":
            return from_torch(item, kind)
        if kind == "numpy" or not isinstance(item, (np.ndarray, np.generic)):
            return item
        if kind == "torch":
            return to_torch(np.asarray(item), device)
        if np.dtype(item.dtype).kind not in "biufc":
            return item  # text
        return _to_mlx(np.asarray(item), exactly)

    return mapped(answer, change)


def _to_mlx(values: np.ndarray, exactly: bool) -> mx.array:
    name = values.dtype.name
    if not exactly:
        return mx.array(values, dtype=_NARROW.get(name))
    dtype = getattr(mx, "bool_" if name == "bool" else name, None)
    if dtype is None:
        raise BackendError(f"the reference's result is {name}, which mlx does not have")
    return mx.array(values, dtype=dtype)


def compute_in_numpy(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Call `function` with every array as numpy, and answer in the caller's kind of array.

    MLX gets float64 answers in float32, which is what it has.

    Raises
    ------
    GradientError
        If autograd follows an argument, whose gradient would be lost.
    """
    found = [leaf for leaf in leaves((args, kwargs)) if kind_of(leaf) is not None]
    kind = kind_of(found[0]) if found else "numpy"
    if all(kind_of(leaf) == "numpy" for leaf in found):
        return function(*args, **kwargs)
    if any(isinstance(leaf, mx.array) and is_traced(leaf) for leaf in found):
        name = getattr(function, "__name__", "this function")
        raise GradientError(
            f"{name} needs the values of its arrays: MLX can neither differentiate nor compile it"
        )
    args, kwargs = to_reference((args, kwargs), "librosa")
    return from_reference(function(*args, **kwargs), str(kind), device_of(found), exactly=False)
