"""mu-law companding (ITU-T G.711): y = sign(x) ln(1 + mu |x|) / ln(1 + mu), for x in [-1, 1]."""

from __future__ import annotations

import math
from functools import partial
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..arrays import cast
from ..compiled.by_values import by_kernel, by_numpy, has_kernel
from ..kernels import cpu
from ..spectrum.scales import affine_log
from ..typing import Array

__all__ = ["mu_compress", "mu_decode", "mu_encode", "mu_expand"]

_LEVELS = (mx.float32, mx.uint8, mx.int16, mx.int32, mx.int64)


def mu_compress(xp: ModuleType, x: Array, mu: float) -> Array:
    """Return the compressed values of x, in [-1, 1] where x is."""
    return xp.sign(x) * xp.log1p(mu * xp.abs(x)) / math.log1p(mu)


def mu_expand(xp: ModuleType, y: Array, mu: float) -> Array:
    """Return the values that `mu_compress` makes y of."""
    return xp.sign(y) * (xp.exp(xp.abs(y) * math.log1p(mu)) - 1.0) / mu


def mu_encode(xp: ModuleType, x: Array, mu: float) -> Array:
    """Return the nearest of the levels 0 .. mu to the compressed values of x, int64."""
    if not has_kernel(x):
        return _encode(xp, x, mu)
    return by_kernel(x, partial(cpu.mu_encode, mu=mu), lambda x: _encode(mx, x, mu))


def _encode(xp: ModuleType, x: Array, mu: float) -> Array:
    # ln(1 + mu |x|) has to be exact to a small part of a level, not relative to itself near 0.
    size = affine_log(xp, xp.abs(x), -math.inf, mu, 1.0) * (mu / 2 / math.log1p(mu))
    levels = (np.copysign(size, x) if xp is np else xp.sign(x) * size) + (mu / 2 + 0.5)
    return levels.astype(mx.int64 if xp is mx else np.int64)


def mu_decode(xp: ModuleType, levels: Array, mu: float, dtype: str) -> Array:
    """Return the values in [-1, 1] of levels 0 .. mu, in the real `dtype`."""
    return by_numpy(lambda xp, levels: _decode(xp, levels, mu, dtype), xp, levels, *_LEVELS)


def _decode(xp: ModuleType, levels: Array, mu: float, dtype: str) -> Array:
    many = xp is np and levels.dtype.kind in "iu" and levels.size > mu
    if many and levels.min() >= 0 and levels.max() <= mu:
        table: Array = _decode(np, np.arange(math.floor(mu) + 1.0), mu, dtype)
        return table[levels]
    return mu_expand(xp, cast(levels, dtype) / mu * 2 - 1.0, mu)
