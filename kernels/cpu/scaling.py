"""Decibels and logarithms of numpy arrays by the native kernel (``scale_values`` in ``filtered.h``)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .calls import Call, Make, new_numpy
from .filtering import Scale, scale_array
from .plans import real_type, require_library

__all__ = ["scale_values"]


def scale_values(x: np.ndarray, scale: Scale, axes: int = 0, *, make: Make = new_numpy) -> Any:
    """Apply the scale, from ``factor`` on, to values x of any shape.

    With a `range`, the peak is that of the last `axes` axes together (0: of all of them). If the last two
    axes are swapped in memory, they are so in the result.
    """
    kind, library = real_type(x.dtype), require_library()
    turned = x.ndim > 1 and not x.flags.c_contiguous and x.swapaxes(-1, -2).flags.c_contiguous
    values = x.swapaxes(-1, -2) if turned else np.asarray(x, order="C")
    parts = math.prod(x.shape[: x.ndim - axes]) if axes else 1
    count = x.size // max(1, parts)

    if x.size:
        call = Call(
            function=library.spectro_scale_values,
            before=(kind.itemsize, scale_array(scale)),
            between=(parts, count),
            shape=values.shape,
            dtype=kind,
        )
        y = call(values, make)
    else:
        y = np.empty(values.shape, kind)
    return y.swapaxes(-1, -2) if turned else y
