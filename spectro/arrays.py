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
import threading
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

import mlx.core as mx
import numpy as np

from .callers import warn
from .config import settings
from .errors import ArrayTypeError, BackendError, DowncastWarning, GradientError
from .typing import Array

__all__ = [
    "Received",
    "as_numpy",
    "cast",
    "constant",
    "downcast",
    "dtype_name",
    "from_torch",
    "is_traced",
    "kind_asked",
    "kind_of",
    "loaded_torch",
    "new_array",
    "receive",
    "same_kind",
    "to_torch",
    "torch_dtype",
    "wants_gradient",
]

# What numpy code here computes with as it is.
_NUMPY_TYPES = frozenset(map(np.dtype, "fdFD"))
_MX_FLOAT = (mx.float32, mx.float16, mx.bfloat16, mx.float64)


class Received(NamedTuple):
    """A caller's array as the core sees it, and the way back to the caller's kind."""

    xp: ModuleType
    data: Array
    give_back: Callable[[Array], Array]


def loaded_torch() -> ModuleType | None:
    """Return torch if its owner imported it, wholly: not what stands in for it (compat/hook/absent.py)."""
    torch = sys.modules.get("torch")
    return torch if torch is None or "Tensor" in torch.__dict__ else None


def kind_of(x: Any) -> str | None:
    """Return "numpy", "torch" or "mlx", or None for anything else."""
    if isinstance(x, np.ndarray):
        return "numpy"
    if isinstance(x, mx.array):
        return "mlx"
    torch = loaded_torch()
    if torch is not None and isinstance(x, torch.Tensor):
        return "torch"
    return None


def dtype_name(x: Any) -> str:
    """Return the name of an array's or a dtype's type, "float32" say, whatever its library."""
    return _dtype_name(x if isinstance(x, type) else getattr(x, "dtype", x))


@lru_cache(maxsize=64)
def _dtype_name(dtype: Any) -> str:
    if isinstance(dtype, (type, np.dtype)):
        return np.dtype(dtype).name
    return str(dtype).rpartition(".")[2]


def kind_asked(option: Any) -> str | None:
    """Return the library whose dtype or device `option` is, None if it is neither."""
    if isinstance(option, (mx.Dtype, mx.Device, mx.DeviceType)):
        return "mlx"
    torch = loaded_torch()
    if torch is not None and isinstance(option, (torch.dtype, torch.device)):
        return "torch"
    numeric = isinstance(option, type) and issubclass(option, (np.generic, float, int, complex))
    return "numpy" if numeric or isinstance(option, np.dtype) else None


def wants_gradient(x: Any) -> bool:
    """Return whether `x` is a torch tensor whose gradient autograd would follow."""
    return kind_of(x) == "torch" and bool(x.requires_grad and sys.modules["torch"].is_grad_enabled())


def _pass_on(x: mx.array) -> mx.array:
    _tracing.by_python = True
    return x


class _Tracing(threading.local):
    """Whether this thread last ran `look_through` by its Python code.

    A function of each thread's own: MLX keeps what it compiled with the thread, and lets go of Python objects
    there when the thread is over, too late if the process ends as well. So it goes before, as Python's does.
    """

    def __init__(self) -> None:
        self.by_python = False
        self.look_through = mx.compile(_pass_on, shapeless=True)


_tracing = _Tracing()


def is_traced(x: mx.array) -> bool:
    """Return whether `x` stands inside `mx.grad`, `mx.jvp`, `mx.vmap` or `mx.compile`.

    MLX tells nobody. But of a compiled function it runs the Python code only to trace it: once for each kind
    of array, and whenever the array is being traced itself. So what does not run Python is not traced, and
    of the rest MLX's refusal to schedule it tells.
    """
    _tracing.by_python = False
    _tracing.look_through(x)
    if not _tracing.by_python:
        return False
    try:
        # An array is not scheduled twice: had `x` been evaluated, there would be nothing to refuse.
        mx.async_eval(mx.stop_gradient(x))  # type: ignore[no-untyped-call] # so in MLX's stub
    except ValueError:
        return True
    return False


def downcast(what: str, given: Any, used: Any) -> None:
    """Warn that a value loses bits, or raise where strict mode forbids it."""
    message = (
        f"{what} is {given}, computed as {used}: MLX has no wider type here. Pass numpy for full precision"
    )
    if settings().strict:
        raise BackendError(message)
    warn(message, DowncastWarning)


def _receive_numpy(x: np.ndarray, name: str) -> np.ndarray:
    if x.dtype in _NUMPY_TYPES:
        return np.asarray(x)
    if x.dtype == np.float16:
        return x.astype(np.float32)
    if x.dtype.kind == "f" and x.dtype.itemsize > 8:
        downcast(name, x.dtype, "float64")
        return x.astype(np.float64)
    if x.dtype == np.clongdouble and x.dtype.itemsize > 16:
        downcast(name, x.dtype, "complex128")
        return x.astype(np.complex128)
    return np.asarray(x) if x.dtype.isnative else x.astype(x.dtype.newbyteorder("="))


def _receive_mlx(x: mx.array, name: str) -> mx.array:
    if x.dtype == mx.float64:
        downcast(name, "float64", "float32")
    return x.astype(mx.float32) if x.dtype in _MX_FLOAT and x.dtype != mx.float32 else x


def _as_it_is(y: Array) -> Array:
    return y


def _receive_torch(x: Any, name: str) -> Received:
    torch: Any = loaded_torch()
    device, host = x.device, x.detach()
    in_memory = device.type == "cpu"
    if not in_memory:
        host = host.to("cpu")
    if host.dtype in (torch.float16, torch.bfloat16):
        host = host.float()
    if host.is_conj() or host.is_neg():
        host = host.resolve_conj().resolve_neg()

    def give_back(y: np.ndarray) -> Any:
        answer = torch.from_numpy(np.ascontiguousarray(y) if min(y.strides, default=0) < 0 else y)
        return answer if in_memory else answer.to(device)

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
    if kind == "numpy":
        return Received(np, _receive_numpy(x, name), _as_it_is)
    if kind == "mlx":
        return Received(mx, _receive_mlx(x, name), _as_it_is)
    if kind == "torch":
        if not wants_gradient(x):
            return _receive_torch(x, name)
        if autograd:
            return Received(sys.modules["torch"], x, _as_it_is)
        raise GradientError(
            f"{name} requires grad, which this function cannot follow through torch: pass {name}.detach(), "
            "use an mx.array with mx.grad, or call the torch library's own function"
        )
    raise ArrayTypeError(f"{name} must be a numpy, torch or mlx array, got {type(x).__name__}")


def as_numpy(x: Any, name: str = "x") -> np.ndarray:
    """Return `x` as a numpy array, sharing memory where that is possible.

    Under `mx.compile` and `mx.vmap` an `mx.array` has no values yet and MLX raises ValueError.
    """
    received = receive(x, name)
    return np.asarray(received.data)


def constant(values: np.ndarray, xp: ModuleType, like: Any) -> Array:
    """Return the float64 or complex128 table `values` in namespace `xp` and the precision of `like`.

    `like` is an array or dtype of `xp`: float64 and complex128 keep the table's precision,
    float32 and complex64 round it once.
    """
    dtype = getattr(like, "dtype", like)
    wide = xp is np and np.dtype(dtype) in (np.dtype(np.float64), np.dtype(np.complex128))
    narrow = np.complex64 if values.dtype.kind == "c" else np.float32
    rounded = values if wide else values.astype(narrow, copy=False)
    return rounded if xp is np else mx.array(rounded)


def same_kind(x: Any, like: Any) -> Array:
    """Convert array `x` to the library of the array `like` (its values; dtype kept where it exists)."""
    kind = kind_of(like)
    if kind_of(x) == kind:
        return x
    values = as_numpy(x)
    if kind == "mlx":
        return mx.array(values)
    if kind == "torch":
        torch: Any = loaded_torch()
        return torch.from_numpy(np.array(values)).to(like.device)
    return np.array(values)


def new_array(values: np.ndarray, kind: str, dtype: str, device: Any = None) -> Array:
    """Make an array of library `kind` and real dtype `dtype`, "float32" say, from a float64 table.

    Raises
    ------
    ArrayTypeError
        If the library has no such dtype.
    """
    if kind == "torch":
        torch: Any = loaded_torch()
        return torch.from_numpy(np.array(values)).to(dtype=getattr(torch, dtype), device=device)
    if kind == "mlx":
        return mx.array(values, dtype=getattr(mx, dtype))
    if dtype == "bfloat16":
        raise ArrayTypeError("numpy has no bfloat16")
    return values.astype(dtype)


def cast(x: Array, dtype: str) -> Array:
    """Return an array of any library in `dtype`, "float16" say (mlx stays lazy)."""
    if kind_of(x) == "torch":
        return x.to(torch_dtype(dtype))
    return x.astype(getattr(mx, dtype) if isinstance(x, mx.array) else dtype)


# Conversions to and from the torch reference keep every bit: no dtype changes, or an error is raised.


def to_torch(x: Any, device: Any = None) -> Any:
    """Return an array of any library as a torch tensor of the same dtype (torch must be loaded)."""
    torch: Any = loaded_torch()
    if kind_of(x) == "torch":
        return x
    if isinstance(x, mx.array) and x.dtype == mx.bfloat16:
        return torch.from_numpy(np.array(x.astype(mx.float32))).to(torch.bfloat16).to(device)
    # An array of MLX may keep the order of what it was made of: nobody sees it, but torch sums by it.
    values = np.array(x, order="C" if isinstance(x, mx.array) else "K")
    return torch.from_numpy(values.astype(values.dtype.newbyteorder("="), copy=False)).to(device)


def torch_dtype(option: Any) -> Any:
    """Return the torch dtype of a numpy or mlx dtype, or of that name (torch must be loaded)."""
    return getattr(loaded_torch(), dtype_name(option))


def from_torch(x: Any, kind: str) -> Array:
    """Return a torch tensor as an array of `kind` of the same dtype.

    Raises
    ------
    BackendError
        If the library has no such dtype, as MLX has no complex128.
    """
    if kind == "torch":
        return x
    name = dtype_name(x)
    host = x.detach().cpu().resolve_conj().resolve_neg()
    values = host.float().numpy() if name == "bfloat16" else host.numpy()
    if kind == "numpy" and name != "bfloat16":
        return values
    name = "bool_" if name == "bool" else name
    if kind == "mlx" and hasattr(mx, name):
        return mx.array(values, dtype=getattr(mx, name))
    raise BackendError(f"the reference's result is {name}, which {kind} does not have")
