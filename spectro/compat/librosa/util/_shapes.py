"""`librosa.util`: frames, lengths, index sets and aggregation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import kind_of
from ....errors import ParameterError
from ....typing import Array
from ...exchange import compute_in_numpy
from ...registry import mirrors
from .._arrays import array

__all__ = [
    "expand_to",
    "fix_frames",
    "fix_length",
    "frame",
    "index_to_slice",
    "is_positive_int",
    "pad_center",
    "sync",
    "valid_int",
]


@mirrors("librosa.util.frame", tier=1)
def frame(
    x: Array,
    *,
    frame_length: int,
    hop_length: int,
    axis: int = -1,
    writeable: bool = False,
    subok: bool = False,
) -> Array:
    """Cut an axis into overlapping frames: mirrors `librosa.util.frame`.

    Parameters
    ----------
    x : array [..., n, ...]
    frame_length, hop_length : int
    axis : int
        Negative: the frames stand before their new axis, [..., frame_length, N]; else after it.
    writeable : bool
        Whether the view of a numpy array can be written to, and so changes `x`.
    subok : bool
        Whether a subclass of numpy.ndarray is kept.

    Returns
    -------
    array
        A view in numpy and torch; a lazy array in mlx.

    Raises
    ------
    ParameterError
        If `x` is shorter than a frame or hop_length < 1.
    """
    received = array(x)
    data = x if received.xp is np and kind_of(x) == "numpy" and subok else received.data
    length = data.shape[axis]
    if length < frame_length:
        raise ParameterError(f"the axis has {length} elements, too few for frame_length={frame_length:d}")
    if hop_length < 1:
        raise ParameterError(f"hop_length must be at least 1, got {hop_length:d}")
    frames = 1 + (length - frame_length) // hop_length
    if received.xp is mx:
        place = axis % data.ndim
        index = mx.arange(frames)[:, None] * hop_length + mx.arange(frame_length)
        index = index.T if axis < 0 else index
        shape = (*data.shape[:place], *index.shape, *data.shape[place + 1 :])
        return mx.take(data, index.reshape(-1), axis=place).reshape(shape)
    place = axis % data.ndim
    step = data.strides[place]
    sizes, strides = (frame_length, frames), (step, step * hop_length)
    if axis >= 0:
        sizes, strides = sizes[::-1], strides[::-1]
    view = np.lib.stride_tricks.as_strided(
        data,
        shape=(*data.shape[:place], *sizes, *data.shape[place + 1 :]),
        strides=(*data.strides[:place], *strides, *data.strides[place + 1 :]),
        subok=subok,
        writeable=writeable,
    )
    return received.give_back(view)


def _padded(x: Array, axis: int, before: int, after: int, kwargs: dict[str, Any]) -> Array:
    received = array(x)
    lengths = [(0, 0)] * received.data.ndim
    lengths[axis] = (before, after)
    if received.xp is mx and kwargs == {"mode": "constant"}:
        return mx.pad(received.data, lengths)
    return compute_in_numpy(np.pad, (x, lengths), kwargs)


@mirrors("librosa.util.pad_center", tier=1)
def pad_center(data: Array, *, size: int, axis: int = -1, **kwargs: Any) -> Array:
    """Pad an axis to `size` on both sides: mirrors `librosa.util.pad_center`.

    Parameters
    ----------
    data : array [..., n, ...]
    size : int
        An odd difference puts one element more at the end.
    axis : int
    **kwargs
        As for `numpy.pad`; zeros by default.

    Raises
    ------
    ParameterError
        If `size` is less than n.
    """
    length = data.shape[axis]
    before = int((size - length) // 2)
    if before < 0:
        raise ParameterError(f"size must be at least {length:d}, the length there is, got {size:d}")
    return _padded(data, axis, before, int(size - length - before), {"mode": "constant"} | kwargs)


@mirrors("librosa.util.fix_length", tier=1)
def fix_length(data: Array, *, size: int, axis: int = -1, **kwargs: Any) -> Array:
    """Cut or pad an axis at its end to `size`: mirrors `librosa.util.fix_length`.

    Parameters
    ----------
    data : array [..., n, ...]
    size : int
    axis : int
    **kwargs
        As for `numpy.pad`; zeros by default.
    """
    length = data.shape[axis]
    if length > size:
        cut: list[Any] = [slice(None)] * data.ndim
        cut[axis] = slice(0, size)
        return data[tuple(cut)]
    return data if length == size else _padded(data, axis, 0, size - length, {"mode": "constant"} | kwargs)


@mirrors("librosa.util.expand_to", tier=2)
def expand_to(x: Array, *, ndim: int, axes: int | slice | Sequence[int] | Sequence[slice]) -> Array:
    """Add axes of length 1, so that those of `x` become `axes` of `ndim`: mirrors `librosa.util.expand_to`.

    Raises
    ------
    ParameterError
        If `axes` are not as many as those of `x`, or `ndim` is less.
    """
    try:
        wanted = tuple(axes)  # type: ignore[arg-type]
    except TypeError:
        wanted = (axes,)
    if len(wanted) != x.ndim:
        raise ParameterError(f"axes must be {x.ndim}, as of shape {tuple(x.shape)}, got {wanted}")
    if ndim < x.ndim:
        raise ParameterError(f"ndim must be at least {x.ndim}, got {ndim}")
    shape: Any = [1] * ndim
    for place, length in zip(wanted, x.shape, strict=True):
        shape[place] = length
    return x.reshape(shape)


@mirrors("librosa.util.fix_frames", tier=1, numpy=True)
def fix_frames(
    frames: Array, *, x_min: int | None = 0, x_max: int | None = None, pad: bool = True
) -> np.ndarray:
    """Sort frame indices, drop doubles and keep them in a range: mirrors `librosa.util.fix_frames`.

    Parameters
    ----------
    frames : array or list [n]
    x_min, x_max : int, optional
        Least and greatest index kept.
    pad : bool
        Whether those two are indices too, and ones beyond them are moved there.

    Returns
    -------
    int array [m]

    Raises
    ------
    ParameterError
        For a negative index.
    """
    frames = np.asarray(frames)
    if np.any(frames < 0):
        raise ParameterError("frames must not be negative")
    ends = [limit for limit in (x_min, x_max) if limit is not None]
    if pad and ends:
        frames = np.concatenate([np.asarray(ends), np.clip(frames, x_min, x_max)])
    if x_min is not None:
        frames = frames[frames >= x_min]
    if x_max is not None:
        frames = frames[frames <= x_max]
    return np.unique(frames).astype(int)


@mirrors("librosa.util.index_to_slice", tier=2, numpy=True)
def index_to_slice(
    idx: Array,
    *,
    idx_min: int | None = None,
    idx_max: int | None = None,
    step: int | None = None,
    pad: bool = True,
) -> list[slice]:
    """Return the slices between neighbours of `fix_frames(idx)`: mirrors `librosa.util.index_to_slice`."""
    bounds = fix_frames(idx, x_min=idx_min, x_max=idx_max, pad=pad)
    return [slice(begin, end, step) for begin, end in pairwise(bounds)]


@mirrors("librosa.util.sync", tier=1, numpy=True)
def sync(
    data: Array,
    idx: Sequence[int] | Sequence[slice],
    *,
    aggregate: Callable[..., Any] | None = None,
    pad: bool = True,
    axis: int = -1,
) -> np.ndarray:
    """Aggregate the stretches of an axis between boundaries: mirrors `librosa.util.sync`.

    Parameters
    ----------
    data : array [..., n, ...]
    idx : sequence of int or of slice
        Boundaries (between beats, say), or the stretches themselves.
    aggregate : callable, optional
        ``aggregate(x, axis=axis)``; numpy.mean by default.
    pad : bool
        Whether the ends of the axis are boundaries too.
    axis : int

    Returns
    -------
    array [..., m, ...], dtype of `data`

    Raises
    ------
    ParameterError
        If `idx` holds neither integers nor slices.
    """
    aggregate = np.mean if aggregate is None else aggregate
    if all(isinstance(item, slice) for item in idx):
        slices = list(idx)
    elif all(isinstance(item, (int, np.integer)) and not isinstance(item, bool) for item in idx):
        slices = list(index_to_slice(np.asarray(idx), idx_min=0, idx_max=data.shape[axis], pad=pad))
    else:
        raise ParameterError(f"idx must hold integers or slices, got {idx}")
    shape = list(data.shape)
    shape[axis] = len(slices)
    result = np.empty(shape, data.dtype, order="F" if np.isfortran(data) else "C")
    source, target = np.moveaxis(data, axis, 0), np.moveaxis(result, axis, 0)
    within = axis % data.ndim
    for place, part in enumerate(slices):
        target[place] = aggregate(np.moveaxis(source[part], 0, within), axis=axis)
    return result


@mirrors("librosa.util.valid_int", tier=2)
def valid_int(x: float, *, cast: Callable[[float], float] | None = None) -> int:
    """Return `x` as an int, by `cast` (numpy.floor by default): mirrors `librosa.util.valid_int`.

    Raises
    ------
    ParameterError
        If `cast` is not callable.
    """
    cast = np.floor if cast is None else cast
    if not callable(cast):
        raise ParameterError("cast must be callable")
    return int(cast(x))


@mirrors("librosa.util.is_positive_int", tier=2)
def is_positive_int(x: Any) -> bool:
    """Return whether `x` is an integer above 0: mirrors `librosa.util.is_positive_int`."""
    return isinstance(x, (int, np.integer)) and bool(x > 0)
