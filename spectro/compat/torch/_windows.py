"""torch's window functions: computed in float64, rounded once.

With no array to go by, the library of the result is that of `dtype` or `device`
(an object of numpy, torch or mlx), else `spectro.settings().arrays`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import mlx.core as mx
import numpy as np

from ...arrays import dtype_name, kind_asked, loaded_torch, new_array
from ...config import settings
from ...errors import GradientError
from ...framing import windows
from ...typing import Array
from .. import fallback
from ..registry import caller_kind, mirrors
from ._checks import boolean, integer, number, require

__all__ = [
    "bartlett_window",
    "blackman_window",
    "default_dtype",
    "hamming_window",
    "hann_window",
    "kaiser_window",
]

F = TypeVar("F", bound=Callable[..., Any])

FLOATS = ("float16", "bfloat16", "float32", "float64")
DEVICES = ("cpu", "cuda", "mps", "xpu", "meta", "hip", "mtia", "hpu", "xla", "gpu")


def _overloaded(function: F) -> F:
    """Refuse a shape parameter without those before it: torch has no overload for that."""
    parameters = inspect.signature(function).parameters.values()
    shape = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = [name in kwargs for name in shape[len(args) :]]
        if given != sorted(given, reverse=True):
            missing = shape[len(args) + given.index(False)]
            raise TypeError(f"{function.__name__}() needs {missing!r} too, for the arguments after it")
        return function(*args, **kwargs)

    return call  # type: ignore[return-value] # the same signature


@mirrors("torch.hann_window", tier=1)
@_overloaded
def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Array:
    """Hann window [window_length], (1 - cos(2 pi n / N)) / 2: mirrors `torch.hann_window`.

    Parameters
    ----------
    window_length : int
    periodic : bool
        N is window_length, else window_length - 1 (symmetric).
    dtype : torch, numpy or mlx dtype, optional
        A floating-point one. Default: torch's default dtype.
    layout : torch.strided, optional
    device : torch or mlx device, or a name, optional
        A name is for torch alone: elsewhere MLX's default device and host memory are used.
    pin_memory, requires_grad : bool
        For a torch window.

    Raises
    ------
    RuntimeError
        For a negative length, a dtype that is not floating point, a layout that is not strided.
    TypeError
        For an argument of a wrong type; NotImplementedError for a complex dtype.
    GradientError
        For `requires_grad` where the result is no torch tensor.
    """
    options = _Options(window_length, periodic, dtype, layout, device, pin_memory, requires_grad)
    return options.make(lambda n: windows.cosine(n, windows.COSINE_SUMS["hann"], periodic))


@mirrors("torch.hamming_window", tier=1)
@_overloaded
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Array:
    """Hamming window [window_length], alpha - beta cos(2 pi n / N): mirrors `torch.hamming_window`.

    Parameters, errors: as `hann_window`; as in torch `alpha` needs `periodic` to be given, and
    `beta` needs both.
    """
    options = _Options(window_length, periodic, dtype, layout, device, pin_memory, requires_grad)
    shape = number("alpha", alpha), number("beta", beta)
    return options.make(lambda n: windows.cosine(n, shape, periodic))


@mirrors("torch.blackman_window", tier=1)
@_overloaded
def blackman_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Array:
    """Blackman window [window_length], 0.42 - 0.5 cos + 0.08 cos 2: mirrors `torch.blackman_window`.

    Parameters, errors: as `hann_window`.
    """
    options = _Options(window_length, periodic, dtype, layout, device, pin_memory, requires_grad)
    return options.make(lambda n: windows.cosine(n, windows.COSINE_SUMS["blackman"], periodic))


@mirrors("torch.bartlett_window", tier=1)
@_overloaded
def bartlett_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Array:
    """Triangular window [window_length], 1 - |2n / N - 1|: mirrors `torch.bartlett_window`.

    Parameters, errors: as `hann_window`.
    """
    options = _Options(window_length, periodic, dtype, layout, device, pin_memory, requires_grad)
    return options.make(lambda n: windows.bartlett(n, periodic))


@mirrors("torch.kaiser_window", tier=1)
@_overloaded
def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Array:
    """Kaiser window [window_length], I0(beta sqrt(1 - t^2)) / I0(beta): mirrors `torch.kaiser_window`.

    t = 2n / N - 1.

    Parameters, errors: as `hann_window`; as in torch `beta` needs `periodic` to be given.
    """
    options = _Options(window_length, periodic, dtype, layout, device, pin_memory, requires_grad)
    width = number("beta", beta)
    return options.make(lambda n: windows.kaiser(n, width, periodic))


class _Options:
    """The checked arguments that the window functions share."""

    def __init__(
        self, length: Any, periodic: Any, dtype: Any, layout: Any, device: Any, pin: Any, gradient: Any
    ) -> None:
        self.length = int(integer("window_length", length))
        boolean("periodic", periodic)
        self.pin = boolean("pin_memory", pin)
        self.gradient = boolean("requires_grad", gradient)
        self.kind = caller_kind((dtype, device))
        self.device = _check_device(device)
        if dtype is not None and kind_asked(dtype) is None:
            raise TypeError(f"argument 'dtype' must be a dtype, not {type(dtype).__name__} ({dtype!r})")
        require(
            layout is None or str(layout) == "torch.strided",
            f"windows are not implemented for sparse types: layout must be torch.strided, got {layout}",
        )
        self.dtype = default_dtype(self.kind) if dtype is None else dtype_name(dtype)
        if self.dtype.startswith("complex"):
            raise NotImplementedError(f"a window of {self.dtype} is not implemented")
        require(self.dtype in FLOATS, f"a window must be floating point, got dtype {self.dtype}")
        require(self.length >= 0, f"window_length must not be negative, got {length}")
        if self.gradient and self.kind != "torch":
            raise GradientError(
                f"requires_grad=True is for torch windows, and this is one of {self.kind}: differentiate "
                "with mx.grad, or pass a torch dtype or device"
            )

    def make(self, samples: Callable[[int], np.ndarray]) -> Array:
        if self.kind == "torch":
            fallback.load("torch")
        window = new_array(samples(self.length), self.kind, self.dtype, self.device)
        if self.kind == "torch" and self.pin:
            window = window.pin_memory()
        return window.requires_grad_() if self.gradient else window


def default_dtype(kind: str) -> str:
    """Return the name of the dtype that torch's functions make arrays in, here for arrays of `kind`."""
    wanted = settings().default_dtype
    if kind == "mlx":
        return "float32"
    if wanted != "auto":
        return wanted
    torch: Any = loaded_torch()
    return "float32" if torch is None else dtype_name(torch.get_default_dtype())


def _check_device(device: Any) -> Any:
    """Return `device` if torch could make something of it: its own object, a name, or a number."""
    if device is None or isinstance(device, (mx.Device, mx.DeviceType)):
        return None
    if isinstance(device, str):
        require(
            device.partition(":")[0] in DEVICES, f"device must be one of {', '.join(DEVICES)}, got {device!r}"
        )
    elif kind_asked(device) != "torch" and (isinstance(device, bool) or not isinstance(device, int)):
        raise TypeError(f"argument 'device' must be a device, not {type(device).__name__} ({device!r})")
    return device
