"""Matrix products in full float32, where the GPU's own (TF32 on CUDA) keep 11 bits of each factor."""

from __future__ import annotations

from typing import Any

import mlx.core as mx

from . import launches, running


@mx.custom_function
def product(x: mx.array, w: mx.array) -> mx.array:
    """X [..., K] @ w [K, M]: [..., M], float32."""
    rows = x.reshape(-1, x.shape[-1])
    return running.run(launches.product(rows, w)).reshape(*x.shape[:-1], w.shape[1])


@product.vjp  # type: ignore[untyped-decorator]
def _vjp(primals: Any, cotangent: mx.array, output: Any) -> tuple[mx.array, mx.array]:
    x, w = primals
    rows, slopes = x.reshape(-1, x.shape[-1]), cotangent.reshape(-1, cotangent.shape[-1])
    return product(cotangent, w.T), product(rows.T, slopes)


@product.jvp  # type: ignore[untyped-decorator]
def _jvp(primals: Any, tangents: Any) -> mx.array:
    (x, w), (dx, dw) = primals, tangents
    parts = [product(dx, w)] if dx is not None else []
    return sum(parts[1:], parts[0]) if dw is None else sum(parts, product(x, dw))
