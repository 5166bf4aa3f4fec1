"""numpy, torch and mlx arrays in; the same kind out.

This is the one module that knows three array libraries. `receive` turns a
caller's array into one that the core computes with, together with the way back:

    numpy.ndarray  -> numpy, computed by numpy code in float32 or float64
    torch.Tensor   -> numpy (a CPU tensor shares its memory), answered as a torch tensor on its device
    mlx.core.array -> mlx, lazy: nothing is evaluated here

Above this module code is written once over a namespace ``xp`` that is `numpy`
or `mlx.core`. torch is never imported: a torch tensor can only exist if its
owner imported torch already.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from .config import settings
from .errors import ArrayTypeError, BackendError, DowncastWarning, GradientError
from .typing import Array

__all__ = ["Received", "as_numpy", "constant", "kind_of", "receive", "same_kind", "wants_gradient"]

_MX_FLOAT = (mx.float32, mx.float16, mx.bfloat16, mx.float64)


@dataclass(frozen=True)
class Received:
    """A caller's array as the core sees it, and the way back to the caller's kind."""

    xp: ModuleType
    data: Array
    give_back: Callable[[Array], Array]


def _torch() -> ModuleType | None:
    return sys.modules.get("torch")


def kind_of(x: Any) -> str | None:
    """Return "numpy", "torch" or "mlx", or None for anything else."""
    if isinstance(x, np.ndarray):
        return "numpy"
    if isinstance(x, mx.array):
        return "mlx"
    torch = _torch()
    if torch is not None and isinstance(x, torch.Tensor):
        return "torch"
    return None


def wants_gradient(x: Any) -> bool:
    """Return whether `x` is a torch tensor whose gradient autograd would follow."""
    torch = _torch()
    return torch is not None and isinstance(x, torch.Tensor) and x.requires_grad and torch.is_grad_enabled()


def downcast(what: str, given: Any, used: Any) -> None:
    """Warn that a value loses bits, or raise where strict mode forbids it."""
    message = (
        f"{what} is {given}, computed as {used}: MLX has no wider type here. Pass numpy for full precision"
    )
    if settings().strict:
        raise BackendError(message)
    warnings.warn(message, DowncastWarning, stacklevel=4)


def _receive_numpy(x: np.ndarray, name: str) -> np.ndarray:
    if x.dtype == np.float16:
        return x.astype(np.float32)
    if x.dtype.kind == "f" and x.dtype.itemsize > 8:
        downcast(name, x.dtype, "float64")
        return x.astype(np.float64)
    if x.dtype == np.clongdouble and x.dtype.itemsize > 16:
        downcast(name, x.dtype, "complex128")
        return x.astype(np.complex128)
    return np.asarray(x, dtype=x.dtype.newbyteorder("="))


def _receive_mlx(x: mx.array, name: str) -> mx.array:
    if x.dtype == mx.float64:
        downcast(name, "float64", "float32")
    return x.astype(mx.float32) if x.dtype in _MX_FLOAT and x.dtype != mx.float32 else x


def _receive_torch(x: Any, name: str) -> Received:
    torch: Any = _torch()
    device = x.device
    host = x.detach().to("cpu")
    if host.dtype in (torch.float16, torch.bfloat16):
        host = host.float()
    host = host.resolve_conj().resolve_neg()

    def give_back(y: np.ndarray) -> Any:
        return torch.from_numpy(np.ascontiguousarray(y) if any(s < 0 for s in y.strides) else y).to(device)

    return Received(np, host.numpy(), give_back)


def receive(x: Any, name: str = "x", autograd: bool = False) -> Received:
    """Accept an array of any supported library.

    With `autograd`, a torch tensor that requires grad is passed through as it is (``xp`` is
    then torch), for the one backend that can follow it.

    Raises
    ------
    ArrayTypeError
        If `x` is not a numpy, torch or mlx array.
    GradientError
        If `x` is a torch tensor that requires grad and `autograd` is False.
    """
    kind = kind_of(x)
    if wants_gradient(x):
        if autograd:
            return Received(sys.modules["torch"], x, lambda y: y)
        raise GradientError(
            f"{name} requires grad, which this function cannot follow through torch: pass {name}.detach(), "
            "use an mx.array with mx.grad, or call the torch library's own function"
        )
    if kind == "numpy":
        return Received(np, _receive_numpy(x, name), lambda y: y)
    if kind == "mlx":
        return Received(mx, _receive_mlx(x, name), lambda y: y)
    if kind == "torch":
        return _receive_torch(x, name)
    raise ArrayTypeError(f"{name} must be a numpy, torch or mlx array, got {type(x).__name__}")


def as_numpy(x: Any, name: str = "x") -> np.ndarray:
    """Return `x` as a numpy array, sharing memory where that is possible.

    Under `mx.compile` and `mx.vmap` an `mx.array` has no values yet and MLX raises ValueError.
    """
    received = receive(x, name)
    return np.asarray(received.data)


def constant(values: np.ndarray, xp: ModuleType, like: Any) -> Array:
    """Return the float64 table `values` in namespace `xp` with the real dtype that goes with `like`.

    `like` is an array or dtype of `xp`: float64 and complex128 keep the table's precision,
    float32 and complex64 round it once.
    """
    dtype = getattr(like, "dtype", like)
    if xp is np:
        wide = np.dtype(dtype) in (np.dtype(np.float64), np.dtype(np.complex128))
        return values.astype(np.float64 if wide else np.float32, copy=False)
    return mx.array(values.astype(np.float32))


def same_kind(x: Any, like: Any) -> Array:
    """Convert array `x` to the library of the array `like` (its values; dtype kept where it exists)."""
    kind = kind_of(like)
    if kind_of(x) == kind:
        return x
    values = as_numpy(x)
    if kind == "mlx":
        return mx.array(values)
    if kind == "torch":
        torch: Any = _torch()
        return torch.from_numpy(np.array(values)).to(like.device)
    return np.array(values)
