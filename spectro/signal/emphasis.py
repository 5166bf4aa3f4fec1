"""First-order filters: pre-emphasis y[n] = x[n] - c x[n - 1], and back, y[n] = x[n] + c y[n - 1]."""

from __future__ import annotations

import math
from functools import partial
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..arithmetic.products import product
from ..arrays import constant
from ..compiled.by_values import by_kernel, by_numpy, has_kernel
from ..kernels import cpu
from ..typing import Array

__all__ = ["deemphasis", "preemphasis", "recursion"]

_BLOCK = 64


def preemphasis(xp: ModuleType, x: Array, coefficient: float) -> Array:
    """Return x[n] - c x[n - 1] along the last axis; the first sample stays."""
    if not has_kernel(x):
        return _emphasized(xp, x, coefficient)
    compute = partial(cpu.preemphasis, coefficient=coefficient)
    return by_kernel(x, compute, lambda x: _emphasized(mx, x, coefficient))


def _emphasized(xp: ModuleType, x: Array, c: float) -> Array:
    return xp.concatenate([x[..., :1], x[..., 1:] - c * x[..., :-1]], axis=-1)


def deemphasis(xp: ModuleType, x: Array, coefficient: float) -> Array:
    """Return y[n] = x[n] + c y[n - 1] along the last axis, from y[-1] = 0."""
    rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
    return by_numpy(lambda xp, x: recursion(xp, x, coefficient), xp, rows).reshape(x.shape)


def recursion(xp: ModuleType, x: Array, c: float) -> Array:
    """Return y[n] = x[n] + c y[n - 1] of x [B, T].

    Within a block of n = 64 samples y is a product with the triangular matrix c^(i - j); what a block adds is
    c^(i + 1) times the last y of the block before. These last values obey the same recursion, with c^n:
    log_n T matrix products instead of T steps.
    """
    batch, length = x.shape
    if length <= _BLOCK:
        return product(xp, x, constant(_powers(c, length), xp, x))
    blocks = -(-length // _BLOCK)
    x = xp.pad(x, [(0, 0), (0, blocks * _BLOCK - length)]).reshape(batch, blocks, _BLOCK)
    y = product(xp, x, constant(_powers(c, _BLOCK), xp, x))
    carried = recursion(xp, y[:, :, -1], c**_BLOCK)[:, :-1]
    decay = constant(_decay(c, _BLOCK), xp, x)
    carried = xp.pad(carried, [(0, 0), (1, 0)])
    return (y + carried[:, :, None] * decay).reshape(batch, blocks * _BLOCK)[:, :length]


def _decay(c: float, size: int) -> np.ndarray:
    return np.float64(c) ** np.arange(1, size + 1)


def _powers(c: float, size: int) -> np.ndarray:
    """Return P[j, i] = c^(i - j) for i >= j, else 0."""
    lag = np.arange(size)[None, :] - np.arange(size)[:, None]
    return np.where(lag >= 0, np.float64(c) ** np.maximum(lag, 0), 0.0)
