"""Sums over the last axis that stay exact to a few ulp in float32; small products that stay in one thread."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from ..typing import Array

__all__ = ["mean", "multiply", "total"]

_BLOCK = 16
# OpenBLAS starts threads for products of more than twice as many multiplications as this. Ours are so small
# that threads would mostly wait for each other, for long where other programs run, so they are cut.
_BLAS_ONE_THREAD = 2**17


def multiply(x: np.ndarray, w: np.ndarray, out: np.ndarray) -> None:
    """Set `out` [..., N, M] to x [..., N, K] @ w [K, M], all of numpy."""
    step = max(16, _BLAS_ONE_THREAD // max(1, w.size))
    for start in range(0, x.shape[-2], step):
        part = slice(start, start + step)
        np.matmul(x[..., part, :], w, out=out[..., part, :])


def total(xp: ModuleType, x: Array) -> Array:
    """Return the sum of `x` [..., F] over F.

    numpy adds pairwise, with an error that grows as log F. MLX adds one after another, with an
    error that grows as F; summing blocks, and then blocks of blocks, brings that down to log F too.
    """
    if xp is np:
        return x.sum(axis=-1)
    while x.shape[-1] > _BLOCK:
        missing = -x.shape[-1] % _BLOCK
        if missing:
            x = xp.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, missing)])
        x = x.reshape(*x.shape[:-1], -1, _BLOCK).sum(axis=-1)
    return x.sum(axis=-1)


def mean(xp: ModuleType, x: Array) -> Array:
    """Return the mean of `x` [..., F] over F."""
    return total(xp, x) * (1.0 / x.shape[-1])
