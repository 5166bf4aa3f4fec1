"""Random numbers as torch's CPU generator draws them.

Functions that draw (masks, Griffin-Lim, Kaldi's dither) take their numbers from torch itself where the caller
has imported it, so that `torch.manual_seed` and `torch.set_rng_state` mean what they always did, whatever
library the arrays are of. Without torch they come from the same Mersenne Twister (Matsumoto & Nishimura
1998), which `manual_seed` here seeds in the same way: the same seed gives the same masks with torch or
without.

Under `mx.compile` a draw is made once, while the function is traced, and is part of it from then on.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ...arrays import as_numpy, kind_of
from ...typing import Array

__all__ = ["manual_seed", "normal", "uniform"]

_generator = np.random.RandomState()


def manual_seed(seed: int) -> Any:
    """Seed the draws of the compat namespaces, and torch's own where it is imported.

    Returns torch's default generator, None without torch.

    Raises
    ------
    RuntimeError
        If the seed does not fit into 64 bits.
    """
    if not -(2**63) <= int(seed) < 2**64:
        raise RuntimeError(f"seed must fit into 64 bits, got {seed}")
    _generator.seed(int(seed) & 0xFFFFFFFF)
    torch: Any = sys.modules.get("torch")
    return None if torch is None else torch.manual_seed(seed)


def uniform(shape: tuple[int, ...], dtype: str, like: Array = None) -> np.ndarray:
    """Return numbers in [0, 1) as `torch.rand` draws them, on the device of `like` if it is torch's."""
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        device = like.device if kind_of(like) == "torch" else "cpu"
        return as_numpy(torch.rand(shape, dtype=getattr(torch, dtype), device=device))
    if dtype.startswith("complex"):
        parts = uniform((*shape, 2), {"complex64": "float32", "complex128": "float64"}[dtype])
        return parts[..., 0] + 1j * parts[..., 1]
    count = int(np.prod(shape))
    if dtype == "float64":
        words = _words(2 * count).reshape(-1, 2)
        bits = (words[:, 0] << np.uint64(32) | words[:, 1]) & np.uint64(2**53 - 1)
        return (bits * 2.0**-53).reshape(shape)
    digits = {"float16": 11, "bfloat16": 8}.get(dtype, 24)
    values = (_words(count) & np.uint64(2**digits - 1)) * 2.0**-digits
    return values.astype(np.float32).reshape(shape)


def normal(shape: tuple[int, ...], dtype: str, like: Array = None) -> np.ndarray:
    """Return normal deviates as `torch.randn` draws them; without torch, of the same distribution."""
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        device = like.device if kind_of(like) == "torch" else "cpu"
        return as_numpy(torch.randn(shape, dtype=getattr(torch, dtype), device=device))
    return _generator.standard_normal(shape).astype(dtype)


def _words(count: int) -> np.ndarray:
    """Return `count` words of 32 bits, as uint64."""
    return _generator.randint(0, 2**32, count, dtype=np.uint64)
