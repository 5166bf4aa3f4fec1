"""`torch.signal.windows`: computed in float64, rounded once.

Symmetric by default, as scipy's; `torch.hann_window` and its like are periodic. The library of the result is
that of `dtype` or `device`, else `spectro.settings().arrays`.

Parameters of all of them:

M : int
    Length.
sym : bool
    Symmetric, or periodic for spectral analysis.
dtype : dtype, optional
    float32 or float64. Default: torch's default dtype.
layout, device, requires_grad
    As for `torch.hann_window`.

They raise ValueError for a negative length, another dtype or layout, a parameter out of range; GradientError
for `requires_grad` where the result is no torch tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ....arrays import dtype_name, kind_asked, new_array
from ....errors import GradientError
from ....framing import windows
from ....typing import Array
from ... import fallback as _fallback
from ...registry import caller_kind, mirrors
from .._windows import default_dtype

__all__ = [
    "bartlett",
    "blackman",
    "cosine",
    "exponential",
    "gaussian",
    "general_cosine",
    "general_hamming",
    "hamming",
    "hann",
    "kaiser",
    "nuttall",
]


def _make(
    name: str,
    length: Any,
    samples: Callable[[int], np.ndarray],
    dtype: Any,
    layout: Any,
    device: Any,
    requires_grad: bool,
    checks: Iterable[tuple[bool, str]] = (),
) -> Array:
    """Check the arguments in the reference's order and return the window."""
    kind = caller_kind((dtype, device))
    if length < 0:
        raise ValueError(f"{name} needs a length of 0 or more, got M={length}")
    if layout is not None and str(layout) != "torch.strided":
        raise ValueError(f"{name} makes strided tensors only, got layout {layout}")
    if dtype is not None and kind_asked(dtype) is None:
        raise ValueError(f"{name} makes float32 or float64 windows, got dtype {dtype!r}")
    wanted = default_dtype(kind) if dtype is None else dtype_name(dtype)
    if wanted not in ("float32", "float64"):
        raise ValueError(f"{name} makes float32 or float64 windows, got dtype {wanted}")
    for right, message in checks:
        if not right:
            raise ValueError(f"{name}: {message}")
    if requires_grad and kind != "torch":
        raise GradientError(f"requires_grad=True is for torch windows, and this one is of {kind}")
    if kind == "torch":
        _fallback.load("torch")
    place = device if kind == "torch" or isinstance(device, str) else None
    window = new_array(samples(length), kind, wanted, place)
    return window.requires_grad_() if requires_grad else window


def _coefficients(a: Any) -> tuple[float, ...]:
    if not isinstance(a, Iterable):
        raise TypeError(f"a must be a list or tuple of coefficients, got {type(a).__name__}")
    values = tuple(float(v) for v in a)
    if not values:
        raise ValueError("a must hold at least one coefficient")
    return values


def _cosines(a: Any, sym: bool) -> Callable[[int], np.ndarray]:
    # Of a window of one sample the coefficients are not looked at.
    return lambda n: np.ones(n) if n <= 1 else windows.cosine(n, _coefficients(a), not sym)


@mirrors("torch.signal.windows.bartlett", tier=1)
def bartlett(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Triangular window [M]: mirrors `torch.signal.windows.bartlett`."""
    return _make("bartlett", M, lambda n: windows.bartlett(n, not sym), dtype, layout, device, requires_grad)


@mirrors("torch.signal.windows.blackman", tier=1)
def blackman(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Blackman window [M]: mirrors `torch.signal.windows.blackman`."""
    return _make(
        "blackman", M, _cosines(windows.COSINE_SUMS["blackman"], sym), dtype, layout, device, requires_grad
    )


@mirrors("torch.signal.windows.cosine", tier=1)
def cosine(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Half a sine [M]: mirrors `torch.signal.windows.cosine`."""
    return _make("cosine", M, lambda n: windows.sine(n, not sym), dtype, layout, device, requires_grad)


@mirrors("torch.signal.windows.exponential", tier=1)
def exponential(
    M: int,
    *,
    center: float | None = None,
    tau: float = 1.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """exp(-|n - center| / tau) [M]: mirrors `torch.signal.windows.exponential`.

    `center` can be given for a periodic window only.
    """
    checks = [
        (tau > 0, f"tau must be positive, got {tau}"),
        (not sym or center is None, "a symmetric window has no other center"),
    ]
    return _make(
        "exponential",
        M,
        lambda n: windows.exponential(n, tau, not sym, center),
        dtype,
        layout,
        device,
        requires_grad,
        checks,
    )


@mirrors("torch.signal.windows.gaussian", tier=1)
def gaussian(
    M: int,
    *,
    std: float = 1.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Gaussian window [M]: mirrors `torch.signal.windows.gaussian`."""
    checks = [(std > 0, f"std must be positive, got {std}")]
    return _make(
        "gaussian",
        M,
        lambda n: windows.gaussian(n, std, not sym),
        dtype,
        layout,
        device,
        requires_grad,
        checks,
    )


@mirrors("torch.signal.windows.general_cosine", tier=1)
def general_cosine(
    M: int,
    *,
    a: Iterable[float],
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Sum of cosines [M], a[0] - a[1] cos + a[2] cos 2 ...: mirrors the torch function.

    TypeError if `a` is no list of numbers.
    """
    return _make("general_cosine", M, _cosines(a, sym), dtype, layout, device, requires_grad)


@mirrors("torch.signal.windows.general_hamming", tier=1)
def general_hamming(
    M: int,
    *,
    alpha: float = 0.54,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Alpha - (1 - alpha) cos [M]: mirrors `torch.signal.windows.general_hamming`."""
    return _make(
        "general_hamming", M, _cosines((alpha, 1.0 - alpha), sym), dtype, layout, device, requires_grad
    )


@mirrors("torch.signal.windows.hamming", tier=1)
def hamming(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Hamming window [M]: mirrors `torch.signal.windows.hamming`."""
    return _make("hamming", M, _cosines((0.54, 1.0 - 0.54), sym), dtype, layout, device, requires_grad)


@mirrors("torch.signal.windows.hann", tier=1)
def hann(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Hann window [M]: mirrors `torch.signal.windows.hann`."""
    return _make("hann", M, _cosines(windows.COSINE_SUMS["hann"], sym), dtype, layout, device, requires_grad)


@mirrors("torch.signal.windows.kaiser", tier=1)
def kaiser(
    M: int,
    *,
    beta: float = 12.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Kaiser window [M]: mirrors `torch.signal.windows.kaiser`."""
    checks = [(beta >= 0, f"beta must not be negative, got {beta}")]
    return _make(
        "kaiser", M, lambda n: windows.kaiser(n, beta, not sym), dtype, layout, device, requires_grad, checks
    )


@mirrors("torch.signal.windows.nuttall", tier=1)
def nuttall(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Array:
    """Nuttall window [M], of least first sidelobe: mirrors `torch.signal.windows.nuttall`."""
    return _make("nuttall", M, _cosines(windows.NUTTALL, sym), dtype, layout, device, requires_grad)


__getattr__ = _fallback.fall_through(__name__, "torch.signal.windows")
