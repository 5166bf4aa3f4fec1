"""Overlap-add of chunks of a signal, differentiable: how separated chunks become one waveform."""

from __future__ import annotations

import functools
from typing import Any

import mlx.core as mx
import numpy as np

from . import launches, running
from .tables import Window
from .transforms import linear, only


@functools.lru_cache(maxsize=128)
def overlap_add(weights: Window, hop: int, count: int, length: int, least: float | None) -> Any:
    """The function x [B, count, size] -> y [B, length].

    y[q] = sum_c w[q - c hop] x_c[q - c hop], divided by the sum of the weights where its magnitude
    exceeds `least` (None: nowhere).
    """

    def forward(x: mx.array) -> mx.array:
        return running.run(launches.chunks(x, weights, hop, length, least))

    custom = linear(forward)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        return _adjoint(weights, hop, count, length, least)(only(cotangent))

    return custom


@functools.lru_cache(maxsize=128)
def _adjoint(weights: Window, hop: int, count: int, length: int, least: float | None) -> Any:
    size = weights.samples.size
    extent = (count - 1) * hop + size
    factor = None
    if least is not None:
        total = np.zeros(extent)
        for c in range(count):
            total[c * hop : c * hop + size] += weights.samples
        divided = np.abs(total) > least
        factor = mx.array((1.0 / np.where(divided, total, 1.0))[:length].astype(np.float32))

    def adjoint(y: mx.array) -> mx.array:
        y = y if factor is None else y * mx.pad(factor, [(0, max(0, length - extent))])
        y = mx.contiguous(mx.pad(y, [(0, 0), (0, max(0, extent - length))]))
        frames = mx.as_strided(y, (y.shape[0], count, size), (y.shape[1], hop, 1))
        return frames * weights.array[:size]

    custom = linear(adjoint)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        return overlap_add(weights, hop, count, length, least)(only(cotangent))

    return custom
