"""Argument checks of the native API: each names the argument and the value it got."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from typing import Any

import mlx.core as mx
import numpy as np

from .arrays import Received, receive
from .config import settings
from .errors import ArrayTypeError, ParameterError
from .kernels import cpu as native

__all__ = [
    "check_audio",
    "check_choice",
    "check_fraction",
    "check_int",
    "check_number",
    "check_spectrum",
    "is_finite",
    "is_kind",
]


def check_int(name: str, value: Any, minimum: int | None = None) -> int:
    """Return `value` as an int no less than `minimum`; a float or bool is refused, not truncated."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise ArrayTypeError(f"{name} must be an integer, got {value!r}")
    if minimum is not None and value < minimum:
        raise ParameterError(f"{name} must be at least {minimum}, got {value}")
    return int(value)


def check_number(name: str, value: Any, minimum: float | None = None, above: float | None = None) -> float:
    """Return `value` as a finite float, at least `minimum` or greater than `above`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ArrayTypeError(f"{name} must be a number, got {value!r}")
    number = float(value)
    if not math.isfinite(number):
        raise ParameterError(f"{name} must be finite, got {value!r}")
    if minimum is not None and number < minimum:
        raise ParameterError(f"{name} must be at least {minimum:g}, got {value!r}")
    if above is not None and number <= above:
        raise ParameterError(f"{name} must be greater than {above:g}, got {value!r}")
    return number


def check_fraction(name: str, value: Any) -> float:
    """Return `value` as a float if it lies strictly between 0 and 1."""
    number = check_number(name, value)
    if not 0.0 < number < 1.0:
        raise ParameterError(f"{name} must lie between 0 and 1, got {value!r}")
    return number


def check_choice(name: str, value: Any, choices: Iterable[Any]) -> Any:
    """Return `value` if it is one of `choices`."""
    known = tuple(choices)
    if isinstance(value, str) and value in known:
        return value
    if not any(value is choice for choice in known):
        raise ParameterError(f"{name} must be one of {', '.join(map(repr, known))}, got {value!r}")
    return value


def is_finite(data: np.ndarray) -> bool:
    """Return whether no element is NaN or infinite."""
    if data.dtype.char in "fdFD" and data.flags.c_contiguous and native.current() is not None:
        return native.all_finite(data)
    # NaN and infinity survive a sum, which costs a fraction of np.isfinite (and, unlike BLAS's, wakes no
    # threads that would go on spinning); a sum that overflows alone needs the second look.
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.add.reduce(data, axis=None)
    return math.isfinite(total) or bool(np.isfinite(data).all())


def is_kind(received: Received, kind: str) -> bool:
    """Return whether the data is real floating point ("f") or complex ("c")."""
    data = received.data
    if received.xp is np:
        return bool(data.dtype.kind == kind)
    if received.xp is mx:
        return bool(data.dtype == (mx.float32 if kind == "f" else mx.complex64))
    return bool(data.is_floating_point() if kind == "f" else data.is_complex())


def check_audio(x: Any, name: str = "x", autograd: bool = False) -> Received:
    """Receive real audio [T] or [B, T] in float32 or float64.

    Raises
    ------
    ArrayTypeError
        For anything but a floating-point numpy, torch or mlx array.
    ParameterError
        For a wrong rank, no samples, or (numpy and torch) NaN and infinity.
    GradientError
        For a torch tensor that requires grad, unless `autograd`.
    """
    received = receive(x, name, autograd)
    data = received.data
    if not is_kind(received, "f"):
        raise ArrayTypeError(
            f"{name} must hold floating-point audio, got {data.dtype}; scale integers to [-1, 1) first"
        )
    if data.ndim not in (1, 2):
        raise ParameterError(f"{name} must have shape [T] or [B, T], got {tuple(data.shape)}")
    if 0 in data.shape:
        raise ParameterError(f"{name} is empty: shape {tuple(data.shape)}")
    if received.xp is np and settings().check_finite and not is_finite(data):
        raise ParameterError(
            f"{name} holds NaN or infinity (spectro.config(check_finite=False) lets it through)"
        )
    return received


def check_spectrum(
    z: Any, bins: tuple[int, ...], axis: int, name: str = "z", autograd: bool = False
) -> Received:
    """Receive a complex spectrogram of rank 2 or 3 whose `axis` (negative) has one of `bins` entries."""
    received = receive(z, name, autograd)
    data = received.data
    if not is_kind(received, "c"):
        raise ArrayTypeError(f"{name} must be complex, got {data.dtype}")
    if data.ndim not in (2, 3):
        raise ParameterError(f"{name} must have rank 2 or 3, got shape {tuple(data.shape)}")
    if data.shape[axis] not in bins:
        raise ParameterError(
            f"{name} must have {' or '.join(map(str, bins))} bins on axis {axis}, "
            f"got shape {tuple(data.shape)}; is the layout ('bfn' or 'bnf') right?"
        )
    return received
