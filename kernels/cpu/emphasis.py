"""Pre-emphasis of numpy arrays by the native kernel (``emphasis.h``)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .calls import Call, Make, new_numpy
from .plans import real_type, require_library

__all__ = ["preemphasis"]


def preemphasis(x: np.ndarray, coefficient: float, *, make: Make = new_numpy) -> Any:
    """Return y[n] = x[n] - c x[n - 1] along the last axis of real x ``[..., T]``; y[0] is x[0]."""
    kind, library = real_type(x.dtype), require_library()
    x = np.asarray(x, order="C")
    rows = math.prod(x.shape[:-1]), x.shape[-1]

    call = Call(
        function=library.spectro_preemphasis,
        before=(kind.itemsize,),
        between=(*rows, coefficient),
        shape=x.shape,
        dtype=kind,
    )
    return call(x, make)
