"""Operations on MLX's CPU whose result numpy or a native kernel computes sooner than MLX's own operations.

The values are looked at, so what they come of is evaluated; MLX still traces, maps and differentiates such
an operation, by its own ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mlx.core as mx
import numpy as np

from ..config import settings
from ..kernels.cpu import mlx_arrays

__all__ = ["by_values", "only", "serves_values", "values_of"]


def serves_values(x: mx.array) -> bool:
    """Return whether `by_values` is for `x`: float32 where MLX computes on the CPU, by what it likes."""
    on_cpu = mx.default_device().type == mx.DeviceType.cpu
    return on_cpu and bool(x.dtype == mx.float32) and settings().backend in ("auto", "cpu")


def values_of(x: mx.array) -> np.ndarray | None:
    """Return the values of x without a copy, or None while MLX traces and there are none."""
    try:
        return mlx_arrays.view(x)
    except ValueError:
        return None


_Argument = mx.array | Sequence[mx.array]


def only(argument: Any) -> mx.array:
    """Return the one array that a rule of custom_function is passed, as itself or in a list."""
    return argument if isinstance(argument, mx.array) else argument[0]  # type: ignore[no-any-return]


def by_values(
    compute: Callable[[np.ndarray], mx.array], plain: Callable[[mx.array], mx.array]
) -> Callable[[mx.array], mx.array]:
    """Return `plain` with its result computed by `compute` from the values, and its own derivatives.

    Where MLX traces and there are no values, `plain` computes.
    """

    @mx.custom_function
    def operation(x: mx.array) -> mx.array:
        values = values_of(x)
        return plain(x) if values is None else compute(values)

    @operation.vjp
    def _(x: _Argument, cotangent: _Argument, _: mx.array) -> mx.array:
        return mx.vjp(plain, [only(x)], [only(cotangent)])[1][0]

    @operation.jvp
    def _(x: _Argument, tangent: _Argument) -> mx.array:
        return mx.jvp(plain, [only(x)], [only(tangent)])[1][0]

    function: Callable[..., Any] = operation
    return function
