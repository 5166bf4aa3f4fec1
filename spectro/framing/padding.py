"""Extending a signal beyond its ends, by index.

Every mode maps a position p of the padded axis, counted from the signal's first
sample (so p < 0 on the left), to a sample of x[0 .. T-1]:

    reflect   x[|p|], mirrored about the first and the last sample: period 2(T - 1)
    edge      x[clip(p, 0, T - 1)]
    wrap      x[p mod T]
    constant  0
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Literal

import mlx.core as mx
import numpy as np

from ..errors import ParameterError
from ..typing import Array

__all__ = ["PadMode", "check_pad", "pad", "source_index"]

PadMode = Literal["constant", "reflect", "edge", "wrap"]


def source_index(position: np.ndarray, length: int, mode: PadMode) -> np.ndarray:
    """Return which sample stands at each `position` of the extended signal (modes other than constant)."""
    if mode == "edge":
        return np.clip(position, 0, length - 1)
    if mode == "wrap":
        return position % length
    period = max(2 * (length - 1), 1)
    folded = np.abs(position) % period
    return np.minimum(folded, period - folded) if length > 1 else np.zeros_like(position)


def check_pad(length: int, left: int, right: int, mode: PadMode) -> None:
    """Refuse a reflection longer than the signal.

    Raises
    ------
    ParameterError
        If `mode` is "reflect" and a side needs `length` samples or more.
    """
    if mode == "reflect" and max(left, right) >= length > 0:
        raise ParameterError(
            f"x has {length} samples, too few to reflect {max(left, right)} at its ends: "
            "pass a longer x, a smaller n_fft, center=False or constant padding"
        )


def pad(xp: ModuleType, x: Array, left: int, right: int, mode: PadMode) -> Array:
    """Extend the last axis of `x` by `left` and `right` samples."""
    if left == 0 and right == 0:
        return x
    length = x.shape[-1]
    if mode == "constant":
        return xp.pad(x, [(0, 0)] * (x.ndim - 1) + [(left, right)])
    before, after = _extensions(length, left, right, mode)
    parts = [_samples(xp, x, before), x, _samples(xp, x, after)]
    return xp.concatenate([part for part in parts if part.shape[-1]], axis=-1)


@lru_cache(maxsize=256)
def _extensions(length: int, left: int, right: int, mode: PadMode) -> tuple[slice | np.ndarray, ...]:
    """Return which samples stand before and after the signal.

    Usually that is a run of samples, there or back: a slice, whose gradient is a slice too. Otherwise,
    beyond a second turn or for repeated samples, it is an index array.
    """

    def samples(position: np.ndarray) -> slice | np.ndarray:
        source = source_index(position, length, mode)
        steps = np.diff(source)
        if len(source) < 2 or abs(steps[0]) != 1 or (steps != steps[0]).any():
            return source.astype(np.int32)
        step, end = int(steps[0]), int(source[-1] + steps[0])
        return slice(int(source[0]), end if end >= 0 else None, step)

    return samples(np.arange(-left, 0)), samples(np.arange(length, length + right))


def _samples(xp: ModuleType, x: Array, which: slice | np.ndarray) -> Array:
    if isinstance(which, slice):
        return x[..., which]
    return xp.take(x, mx.array(which) if xp is mx else which, axis=-1)
