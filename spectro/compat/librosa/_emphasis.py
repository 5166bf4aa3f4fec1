"""`librosa.effects`: pre-emphasis and its inverse."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from ...arrays import constant, same_kind
from ...signal import emphasis
from ...typing import Array
from ..registry import mirrors
from ._arrays import array

__all__ = ["deemphasis", "preemphasis"]


def _state(zi: Any, y: Array) -> Array:
    """Return an initial state [..., 1], or one for all channels, as `y` is."""
    values = np.atleast_1d(np.asarray(zi))
    like = same_kind(values, y)
    return like.astype(y.dtype)


def _add_first(xp: ModuleType, y: Array, first: Array) -> Array:
    """Return `y` with `first` [..., 1] added to its first sample."""
    return xp.concatenate([y[..., :1] + first, y[..., 1:]], axis=-1)


@mirrors("librosa.effects.preemphasis", tier=2)
def preemphasis(y: Array, *, coef: float = 0.97, zi: Any = None, return_zf: bool = False) -> Any:
    """Filter audio by y[n] - coef y[n - 1]: mirrors `librosa.effects.preemphasis`.

    Parameters
    ----------
    y : real array [..., n]
    coef : float
        0 does nothing, 1 takes the difference.
    zi : float or array [..., 1], optional
        Added to the first sample; by default what continues the first two samples in a straight line.
    return_zf : bool
        Whether to return also what is to be added to the next block's first sample.

    Returns
    -------
    array [..., n], dtype of `y`; with `return_zf` also an array [..., 1]
    """
    received = array(y)
    xp, x = received.xp, received.data
    first = 2 * x[..., :1] - x[..., 1:2] if zi is None else _state(zi, x)
    filtered = received.give_back(_add_first(xp, emphasis.preemphasis(xp, x, coef), first))
    return (filtered, received.give_back(-coef * x[..., -1:])) if return_zf else filtered


@mirrors("librosa.effects.deemphasis", tier=2)
def deemphasis(y: Array, *, coef: float = 0.97, zi: Any = None, return_zf: bool = False) -> Any:
    """Undo `preemphasis`, with the same options: mirrors `librosa.effects.deemphasis`.

    Returns
    -------
    array [..., n], dtype of `y`; with `return_zf` also an array [..., 1]
    """
    received = array(y)
    xp, x = received.xp, received.data
    filtered = emphasis.deemphasis(xp, x if zi is None else _add_first(xp, x, _state(zi, x)), coef)
    final = received.give_back(coef * filtered[..., -1:])
    if zi is None:
        # Without what the filter makes of the state that preemphasis began with.
        start = ((2 - coef) * x[..., :1] - x[..., 1:2]) / (3 - coef)
        filtered = filtered - start * constant(_powers(coef, x.shape[-1]), xp, x)
    restored = received.give_back(filtered)
    return (restored, final) if return_zf else restored


def _powers(base: float, count: int) -> np.ndarray:
    """Return base^n [count]; 0 once it is below all normal numbers, where computing it takes long."""
    powers = np.zeros(count)
    used = count
    if 0 < abs(base) < 1:
        used = min(count, int(np.log(np.finfo(np.float64).tiny) / np.log(abs(base))) + 1)
    powers[:used] = base ** np.arange(used)
    return powers
