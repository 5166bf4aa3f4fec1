"""The STFT of an `mx.array` in float64 by numpy, where a plan asks for it and no native kernel is there.

MLX transforms in float32 only, and then every bin is off by some 1e-7 of the loudest one: the logarithm of a
quiet bin shows it, and a reference that computes in float64 inside, as madmom does, has no such error. Like
the native kernels (cpu.py) this looks into the array, so it serves the CPU device outside of tracing.
Derivatives, and calls that MLX traces, take MLX's own operations.
"""

from __future__ import annotations

from functools import lru_cache

import mlx.core as mx
import numpy as np

from ..compiled.by_values import values_of
from ..framing.windows import Window
from ..spectrum.plan import StftPlan
from ..typing import Array
from . import portable
from .cpu import Operation, is_for_portable, is_real, linear, transposed

__all__ = ["analyze", "serves"]


def serves(plan: StftPlan, x: Array, window: Window) -> bool:
    """Return whether the STFT of x is to be computed, and can be, in more bits than MLX has."""
    return (
        plan.precision == "double"
        and isinstance(x, mx.array)
        and mx.default_device().type == mx.DeviceType.cpu
        and is_real(x)
        and not is_for_portable(window)
    )


def analyze(plan: StftPlan, x: mx.array, window: Window, layout: str) -> mx.array:
    """Return the STFT of x [B, T], complex64: each value of the float64 one rounded once."""
    return _function(plan, window, layout, x.shape[-1])(x)  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _function(plan: StftPlan, window: Window, layout: str, length: int) -> Operation:
    def plain(x: mx.array) -> mx.array:
        return portable.stft(mx, plan, x, window.array(mx, x), layout)

    def forward(x: mx.array) -> mx.array:
        values = values_of(x)
        return plain(x) if values is None else mx.array(portable.analyze(np, plan, values, window, layout))

    def backward(z: mx.array) -> mx.array:
        return transposed(plain, (z.shape[0], length), mx.float32, z)

    return linear(forward, backward)
