"""Masks over runs of bins or frames (SpecAugment, Park et al. 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import NamedTuple

import mlx.core as mx
import numpy as np

from ..arithmetic.sums import mean
from ..compiled.by_values import by_numpy
from ..typing import Array

__all__ = ["Run", "mask_runs"]


class Run(NamedTuple):
    """The positions start .. end - 1 of `axis` (-2 or -1).

    `start` and `end` are integers, or int arrays that stand for the axes before the last two: a run for each
    example.
    """

    start: np.ndarray | int
    end: np.ndarray | int
    axis: int


def mask_runs(xp: ModuleType, x: Array, runs: Sequence[Run], value: Array | float | None) -> Array:
    """Return x [..., F, N] with `value`, None for the mean of x, in each of `runs`."""
    if isinstance(value, mx.array):  # part of the graph
        return _masked(xp, x, runs, value)
    return by_numpy(lambda xp, x: _masked(xp, x, runs, value), xp, x)


def _masked(xp: ModuleType, x: Array, runs: Sequence[Run], value: Array | float | None) -> Array:
    if xp is mx:
        value = mean(mx, x.reshape(-1)) if value is None else mx.array(value, dtype=x.dtype)
        inside = np.zeros((1, 1), bool)
        for run in runs:
            inside = inside | _inside(run, x.shape[run.axis])
        return mx.where(mx.array(inside), value, x)
    y = x.copy(order="K")
    value = x.mean() if value is None else value
    for start, end, axis in runs:
        for example in np.ndindex(np.shape(start)):
            low, high = (int(np.asarray(edge)[example]) for edge in (start, end))
            y[example].swapaxes(axis, -1)[..., low:high] = value
    return y


def _inside(run: Run, size: int) -> np.ndarray:
    """Return where the run is: [..., size, 1] or [..., 1, size]."""
    low, high = (np.asarray(edge)[..., None] for edge in (run.start, run.end))
    inside = (np.arange(size) >= low) & (np.arange(size) < high)
    return np.expand_dims(inside, -1 if run.axis == -2 else -2)
