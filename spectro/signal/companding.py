"""mu-law companding (ITU-T G.711): y = sign(x) ln(1 + mu |x|) / ln(1 + mu), for x in [-1, 1]."""

from __future__ import annotations

import math
from types import ModuleType

from ..typing import Array

__all__ = ["mu_compress", "mu_expand"]


def mu_compress(xp: ModuleType, x: Array, mu: float) -> Array:
    """Return the compressed values of x, in [-1, 1] where x is."""
    return xp.sign(x) * xp.log1p(mu * xp.abs(x)) / math.log1p(mu)


def mu_expand(xp: ModuleType, y: Array, mu: float) -> Array:
    """Return the values that `mu_compress` makes y of."""
    return xp.sign(y) * (xp.exp(xp.abs(y) * math.log1p(mu)) - 1.0) / mu
