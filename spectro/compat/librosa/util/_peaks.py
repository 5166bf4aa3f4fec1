"""`librosa.util`: local extremes, and peaks that stand out."""

from __future__ import annotations

import numpy as np

from ....errors import ParameterError
from ....typing import Array
from ...registry import mirrors

__all__ = ["localmax", "localmin", "peak_pick"]


@mirrors("librosa.util.localmax", tier=1, numpy=True)
def localmax(x: Array, *, axis: int = 0) -> np.ndarray:
    """Return where x[i - 1] < x[i] >= x[i + 1]; an end that rises is one: mirrors `librosa.util.localmax`.

    Returns
    -------
    bool array, shape of `x`
        False at the start.
    """
    return _extreme(x, axis, 1)


@mirrors("librosa.util.localmin", tier=1, numpy=True)
def localmin(x: Array, *, axis: int = 0) -> np.ndarray:
    """Return where x[i - 1] > x[i] <= x[i + 1]; an end that falls is one: mirrors `librosa.util.localmin`."""
    return _extreme(x, axis, -1)


def _extreme(x: np.ndarray, axis: int, sign: int) -> np.ndarray:
    found = np.empty_like(x, dtype=bool)
    values, inside = x.swapaxes(-1, axis), found.swapaxes(-1, axis)
    after, before = (np.greater, np.greater_equal) if sign > 0 else (np.less, np.less_equal)
    inside[..., 0] = False
    inside[..., 1:-1] = after(values[..., 1:-1], values[..., :-2]) & before(
        values[..., 1:-1], values[..., 2:]
    )
    inside[..., -1] = after(values[..., -1], values[..., -2])
    return found


@mirrors("librosa.util.peak_pick", tier=1, numpy=True)
def peak_pick(
    x: Array,
    *,
    pre_max: int,
    post_max: int,
    pre_avg: int,
    post_avg: int,
    delta: float,
    wait: int,
    sparse: bool = True,
    axis: int = -1,
) -> np.ndarray:
    """Pick peaks of an onset envelope (Boeck et al. 2012): mirrors `librosa.util.peak_pick`.

    x[n] is one if it is the greatest of x[n - pre_max : n + post_max], is `delta` above the mean of
    x[n - pre_avg : n + post_avg], and comes more than `wait` after the peak before it.

    Parameters
    ----------
    x : array [n], or with ``sparse=False`` [..., n]
    pre_max, post_max, pre_avg, post_avg, wait : int
        Numbers of samples; fractions are rounded up.
    delta : float
    sparse : bool
        Whether to return indices, or True and False for each sample.
    axis : int

    Returns
    -------
    int array [m] or bool array, shape of `x`

    Raises
    ------
    ParameterError
        For an option out of range, or `sparse` with more than one axis.
    """
    sizes = (pre_max, post_max, pre_avg, post_avg)
    return _peak_pick(x, sizes, np.float32(delta), wait, sparse, "greedy", axis)


@mirrors("librosa.util.peak_pick", release="1.0")
def _peak_pick_1(
    x: Array,
    *,
    pre_max: int,
    post_max: int,
    pre_avg: int,
    post_avg: int,
    delta: float,
    wait: int,
    sparse: bool = True,
    method: str = "greedy",
    axis: int = -1,
) -> np.ndarray:
    """Mirror `peak_pick` of librosa 1.0.

    Of peaks that come too soon after each other `method` "dp_count" keeps as many, and "dp_value" those with
    the greatest sum.
    """
    if method not in ("greedy", "dp_count", "dp_value"):
        raise ParameterError(f"method must be 'greedy', 'dp_count' or 'dp_value', got {method!r}")
    return _peak_pick(x, (pre_max, post_max, pre_avg, post_avg), delta, wait, sparse, method, axis)


def _peak_pick(
    x: np.ndarray,
    sizes: tuple[float, float, float, float],
    delta: float | np.float32,
    wait: float,
    sparse: bool,
    method: str,
    axis: int,
) -> np.ndarray:
    pre_max, post_max, pre_avg, post_avg = sizes
    for name, value in (("pre_max", pre_max), ("pre_avg", pre_avg), ("delta", delta), ("wait", wait)):
        if value < 0:
            raise ParameterError(f"{name} must not be negative, got {value}")
    for name, value in (("post_max", post_max), ("post_avg", post_avg)):
        if value <= 0:
            raise ParameterError(f"{name} must be greater than 0, got {value}")
    if sparse and x.ndim != 1:
        raise ParameterError(f"sparse=True is for one axis, got shape {x.shape}: pass sparse=False")
    rows = x.swapaxes(axis, -1)
    peaks = np.zeros_like(x, dtype=bool)
    high = _stand_out(rows, [int(np.ceil(size)) for size in sizes], delta)
    marks = peaks.swapaxes(axis, -1)
    for row in np.ndindex(rows.shape[:-1]):
        candidates, apart = np.flatnonzero(high[row]), int(np.ceil(wait))
        if method == "greedy":
            marks[row][_apart(candidates, apart)] = True
        else:
            worth = rows[row][candidates] if method == "dp_value" else np.ones(len(candidates))
            marks[row][_most_apart(candidates, worth, apart)] = True
    return np.flatnonzero(peaks) if sparse else peaks


def _stand_out(x: np.ndarray, sizes: list[int], delta: float | np.float32) -> np.ndarray:
    """Return where x [..., n] is the maximum of its neighbours, and `delta` above their mean."""
    pre_max, post_max, pre_avg, post_avg = sizes
    length = x.shape[-1]
    largest, total = x.copy(), np.zeros_like(x)
    count = np.zeros(length, int)
    for offset in range(-min(pre_max, length), min(post_max, length)):
        here, there = _shifted(length, offset)
        np.maximum(largest[..., here], x[..., there], out=largest[..., here])
    # In the order of time and in x's own precision, since a constant must equal its mean as in the reference.
    for offset in range(-min(pre_avg, length), min(post_avg, length)):
        here, there = _shifted(length, offset)
        total[..., here] += x[..., there]
        count[here] += 1
    threshold = total / count.astype(np.float64) + delta
    return (x == largest) & (x >= threshold)


def _shifted(length: int, offset: int) -> tuple[slice, slice]:
    """Return the positions whose neighbour `offset` away exists, and those neighbours."""
    first, last = max(0, -offset), min(length, length - offset)
    return slice(first, last), slice(first + offset, last + offset)


def _apart(candidates: np.ndarray, wait: int) -> list[int]:
    """Return the candidates that come more than `wait` after the last one kept."""
    kept: list[int] = []
    for n in candidates.tolist():
        if not kept or n > kept[-1] + wait:
            kept.append(n)
    return kept


def _most_apart(candidates: np.ndarray, worth: np.ndarray, wait: int) -> list[int]:
    """Return the candidates, each more than `wait` after the one before it, whose worth has the greatest sum.

    By dynamic programming from the end on: the best from candidate i on is the best from i + 1 on, unless i
    with the best of what comes late enough after it is better.
    """
    after = np.searchsorted(candidates, candidates + wait + 1)
    best = np.zeros(len(candidates) + 1)
    taken = np.zeros(len(candidates), bool)
    for i in range(len(candidates) - 1, -1, -1):
        alone = best[after[i]] + worth[i]
        taken[i] = alone > best[i + 1]
        best[i] = max(alone, best[i + 1])
    kept, i = [], 0
    while i < len(candidates):
        if taken[i]:
            kept.append(int(candidates[i]))
        i = int(after[i]) if taken[i] else i + 1
    return kept
