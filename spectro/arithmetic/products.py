"""Matrix products that keep every bit of float32, on each device.

On CUDA, MLX multiplies float32 matrices with factors cut to 11 bits (TF32) unless `MLX_ENABLE_TF32=0` is set
before its first product: errors of 1e-4 where a reference has 1e-7. There a kernel of ours takes the product.
On the CPU, outside macOS, its products take some twenty times as long as numpy's, which serves them instead.
"""

from __future__ import annotations

import math
import os
import sys
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..compiled.by_values import serves_values, values_of
from ..compiled.tracing import may_be_mapped
from ..kernels import gpu as native
from ..typing import Array
from .sums import multiply

__all__ = ["product", "product_from_left"]

# Multiplications; fewer are done sooner by MLX than numpy can look at the factors.
_WORTH_LEAVING = 2**14


def product(xp: ModuleType, x: Array, w: Array) -> Array:
    """Return x [..., K] @ w [K, M]: [..., M]; or of stacks of matrices that broadcast, as `@` does."""
    if xp is mx and _cuts_factors(x, w):
        try:
            if x.dtype == mx.complex64:
                return _by_parts(x, w)
            return native.product(x, w) if w.ndim == 2 else _one_by_one(x, w)
        except native.KernelError:  # without a compiler for it, MLX's own product is all there is
            pass
    if xp is mx and _is_slow(x, w):
        return _by_numpy(x, w)
    return x @ w


def _by_parts(x: mx.array, w: mx.array) -> mx.array:
    """Return the complex product as a real one of twice the size: (a, b) @ ((c, d), (-d, c))."""
    c, d = mx.real(w), mx.imag(w)
    parts = mx.concatenate([mx.real(x), mx.imag(x)], axis=-1)
    matrix = mx.concatenate([mx.concatenate([c, d], axis=-1), mx.concatenate([-d, c], axis=-1)], axis=-2)
    y = product(mx, parts, matrix)
    bands = w.shape[-1]
    return y[..., :bands] + 1j * y[..., bands:]


def _one_by_one(x: mx.array, w: mx.array) -> mx.array:
    """Return x [..., N, K] @ w [..., K, M]. The kernel takes one w, and stacks are short (rows of audio)."""
    lead = np.broadcast_shapes(x.shape[:-2], w.shape[:-2])
    if math.prod(w.shape[:-2]) == 1:
        return native.product(x, w.reshape(w.shape[-2:])).reshape(*lead, x.shape[-2], w.shape[-1])
    rows = mx.broadcast_to(x, (*lead, *x.shape[-2:])).reshape(-1, *x.shape[-2:])
    matrices = mx.broadcast_to(w, (*lead, *w.shape[-2:])).reshape(-1, *w.shape[-2:])
    parts = [native.product(one, matrix) for one, matrix in zip(rows, matrices, strict=True)]
    return mx.stack(parts).reshape(*lead, x.shape[-2], w.shape[-1])


def product_from_left(xp: ModuleType, w: Array, x: Array) -> Array:
    """Return w [M, K] @ x [..., K, N]: [..., M, N], with the column of each n side by side in memory."""
    return product(xp, x.swapaxes(-1, -2), w.T).swapaxes(-1, -2)


def _cuts_factors(x: mx.array, w: mx.array) -> bool:
    """Return whether MLX would multiply these in TF32, and the kernel can help."""
    return (
        native.target() == "cuda"
        and x.dtype == w.dtype
        and x.dtype in (mx.float32, mx.complex64)
        and mx.default_device().type == mx.DeviceType.gpu
        and os.environ.get("MLX_ENABLE_TF32", "1") != "0"
        and not may_be_mapped(x)
    )


def _is_slow(x: mx.array, w: mx.array) -> bool:
    """Return whether MLX would multiply these on the CPU without a library for it."""
    return (
        sys.platform != "darwin"
        and w.ndim == 2
        and x.ndim > 1
        and w.dtype == mx.float32
        and serves_values(x)
        and x.size * w.shape[1] > _WORTH_LEAVING
    )


@mx.custom_function
def _by_numpy(x: mx.array, w: mx.array) -> mx.array:
    left, right = values_of(x), values_of(w)
    if left is None or right is None:
        return x @ w
    out = np.empty((*left.shape[:-1], right.shape[1]), np.float32)
    multiply(left, right, out)
    return mx.array(out)


@_by_numpy.vjp
def _gradient(primals: list[mx.array], y: mx.array, _: mx.array) -> tuple[mx.array, mx.array]:
    x, w = primals
    rows = x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1])
    return product(mx, y, w.T), product(mx, rows[0].T, rows[1])


@_by_numpy.jvp
def _tangent(primals: list[mx.array], tangents: list[mx.array]) -> mx.array:
    (x, w), (dx, dw) = primals, tangents
    return product(mx, dx, w) + product(mx, x, dw)
