"""`mask_along_axis` and `mask_along_axis_iid`: see compat/torch/_random.py for what they draw."""

from __future__ import annotations

import numpy as np

from ....arrays import dtype_name
from ....spectrograms.masking import Run, mask_runs
from ....typing import Array
from ...registry import mirrors
from ...torch._random import uniform
from ...torch._windows import default_dtype
from ._arrays import answer, received, second

__all__ = ["draw_run", "draw_runs", "mask_along_axis", "mask_along_axis_iid"]


@mirrors("torchaudio.functional.mask_along_axis", tier=1)
def mask_along_axis(specgram: Array, mask_param: int, mask_value: float, axis: int, p: float = 1.0) -> Array:
    """Mask one random run of bins or frames, in all channels: mirrors the torchaudio function.

    Parameters
    ----------
    specgram : array [..., F, N]
    mask_param : int
        The run has a length below this, uniform.
    mask_value : float
    axis : int
        That of F or of N, counted from the front.
    p : float
        Largest part of the axis that may be masked.

    Raises
    ------
    ValueError
        For less than 2 dimensions, another axis, p outside 0 .. 1.
    """
    first = received("specgram", specgram)
    run = draw_run(first.data, mask_param, axis, p)
    if run is None:
        return specgram
    return answer(first, specgram, mask_runs(first.xp, first.data, [run], mask_value))


@mirrors("torchaudio.functional.mask_along_axis_iid", tier=1)
def mask_along_axis_iid(
    specgrams: Array, mask_param: int, mask_value: float | Array, axis: int, p: float = 1.0
) -> Array:
    """Mask a random run of bins or frames in each example and channel: mirrors the torchaudio function.

    Parameters, errors: as `mask_along_axis`, for at least 3 dimensions; `mask_value` may be an array of one
    number.
    """
    first = received("specgrams", specgrams)
    run = draw_runs(first.data, specgrams, mask_param, axis, p)
    if run is None:
        return specgrams
    number = isinstance(mask_value, (int, float, np.floating))
    value = mask_value if number else second("mask_value", mask_value, first)
    return answer(first, specgrams, mask_runs(first.xp, first.data, [run], value))


def draw_run(x: Array, mask_param: int, axis: int, p: float) -> Run | None:
    """Return the run that `mask_along_axis` masks of x, None where it leaves x as it is."""
    longest = _longest(x, 2, mask_param, axis, p)
    if longest < 1:
        return None
    dtype = default_dtype("numpy")
    length = uniform((1,), dtype) * np.asarray(longest, dtype)
    begin = int((uniform((1,), dtype) * (np.asarray(x.shape[axis], dtype) - length))[0])
    end = begin + int(length[0])
    if end - begin >= longest:
        raise ValueError(f"the mask has {end - begin} columns, not below mask_param={longest}")
    return Run(begin, end, axis - x.ndim)


def draw_runs(x: Array, given: Array, mask_param: int, axis: int, p: float) -> Run | None:
    """Return the runs that `mask_along_axis_iid` masks of x, which was `given`, or None."""
    longest = _longest(x, 3, mask_param, axis, p)
    if longest < 1:
        return None
    shape, dtype = tuple(x.shape[:-2]), dtype_name(given)
    length = uniform(shape, dtype, given) * longest
    begin = (uniform(shape, dtype, given) * (x.shape[axis] - length)).astype(np.int64)
    return Run(begin, begin + length.astype(np.int64), axis - x.ndim)


def _longest(x: Array, least: int, mask_param: int, axis: int, p: float) -> int:
    if x.ndim < least:
        raise ValueError(f"the spectrogram must have at least {least} dimensions, got shape {tuple(x.shape)}")
    if axis not in (x.ndim - 2, x.ndim - 1):
        raise ValueError(
            f"Only Frequency and Time masking are supported: axis {x.ndim - 2} or {x.ndim - 1}, got {axis}"
        )
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p must be between 0 and 1, got {p}")
    return mask_param if p == 1.0 else min(mask_param, int(x.shape[axis] * p))
