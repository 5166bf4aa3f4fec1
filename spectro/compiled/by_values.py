"""Operations on MLX's CPU whose result numpy or a native kernel computes sooner than MLX's own operations.

The values are looked at, so what they come of is evaluated; MLX still traces, maps and differentiates such
an operation, by its own ones.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ..arrays import is_traced
from ..config import settings
from ..kernels import cpu
from ..kernels.cpu import mlx_arrays
from ..typing import Array

__all__ = [
    "by_kernel",
    "by_numpy",
    "by_values",
    "has_kernel",
    "only",
    "serves_values",
    "values_of",
    "where_followed",
]

Operation = Callable[..., Any]


def serves_values(x: mx.array, *dtypes: mx.Dtype) -> bool:
    """Return whether `by_values` is for `x`: of these dtypes (float32), where MLX computes on the CPU."""
    on_cpu = mx.default_device().type == mx.DeviceType.cpu
    return on_cpu and x.dtype in (dtypes or (mx.float32,)) and settings().backend in ("auto", "cpu")


def has_kernel(x: Array) -> bool:
    """Return whether the native CPU kernels take the values of `x`, real, of numpy or on MLX's CPU."""
    if cpu.current() is None:
        return False
    if isinstance(x, np.ndarray):
        return x.dtype in (np.float32, np.float64) and settings().backend in ("auto", "cpu")
    return serves_values(x)


def values_of(x: mx.array) -> np.ndarray | None:
    """Return the values of x without a copy, or None while MLX traces and there are none."""
    try:
        return mlx_arrays.view(x)
    except ValueError:
        return None


def only(argument: Any) -> mx.array:
    """Return the one array that a rule of custom_function is passed, as itself or in a list."""
    return argument if isinstance(argument, mx.array) else argument[0]  # type: ignore[no-any-return]


def by_kernel(x: Array, compute: Operation, plain: Operation) -> Any:
    """Return compute(x) of numpy, and of an `mx.array` what ``compute(values, make=...)`` makes: plain(x)."""
    if isinstance(x, np.ndarray):
        return compute(x)
    return by_values(lambda values: compute(values, make=mlx_arrays.filled), plain)(x)


def by_numpy(
    function: Callable[[ModuleType, Array], Array], xp: ModuleType, x: Array, *dtypes: mx.Dtype
) -> Array:
    """Return function(xp, x), computed by function(np, values) where `serves_values(x, *dtypes)`."""
    if xp is np or not serves_values(x, *dtypes):
        return function(xp, x)
    return by_values(lambda values: mx.array(function(np, values)), lambda x: function(mx, x))(x)


def by_values(compute: Callable[[np.ndarray], Any], plain: Callable[[mx.array], Any]) -> Operation:
    """Return `plain` with its result computed by `compute` from the values.

    MLX differentiates `plain`; where it traces and there are no values, `plain` computes too.
    """

    def operation(x: mx.array) -> Any:
        values = values_of(x)
        return plain(x) if values is None else compute(values)

    def followed(x: mx.array) -> Any:
        function = mx.custom_function(operation)
        function.vjp(lambda x, cotangent, _: mx.vjp(plain, [only(x)], [only(cotangent)])[1][0])
        function.jvp(lambda x, tangent: mx.jvp(plain, [only(x)], [only(tangent)])[1][0])
        return function(x)

    return where_followed(followed, operation)


def where_followed(followed: Operation, otherwise: Operation) -> Operation:
    """Return what does `followed` where MLX traces its argument, and `otherwise` where it does not.

    The result of a custom function would be evaluated by MLX, in a thread of its own.
    """
    return lambda x: (followed if is_traced(x) else otherwise)(x)
