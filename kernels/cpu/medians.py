"""Running medians of numpy arrays by the native kernel (``median.h``)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .calls import Make, address, new_numpy
from .library import num_threads
from .plans import real_type, require_library

__all__ = ["median_filter"]


def median_filter(x: np.ndarray, size: int, axis: int, *, make: Make = new_numpy) -> Any:
    """Median of `size` neighbours along `axis`, of an even number the upper; x is mirrored at its ends."""
    kind, library = real_type(x.dtype), require_library()
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    x = np.ascontiguousarray(x)
    axis %= x.ndim
    outer, length, inner = math.prod(x.shape[:axis]), x.shape[axis], math.prod(x.shape[axis + 1 :])

    def fill(out: int) -> None:
        args = (kind.itemsize, address(x), outer, length, inner, size, out, num_threads())
        if library.spectro_median_filter(*args):
            raise MemoryError("no memory for the scratch space of a native CPU kernel")

    return make(x.shape, kind, fill) if x.size else np.empty(x.shape, kind)
