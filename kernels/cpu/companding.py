"""mu-law companding of numpy arrays by the native kernel (``companding.h``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .calls import Call, Make, new_numpy
from .plans import real_type, require_library

__all__ = ["mu_encode"]


def mu_encode(x: np.ndarray, mu: float, *, make: Make = new_numpy) -> Any:
    """Return the nearest levels 0 .. mu, int64, to the compressed values of real x."""
    kind, library = real_type(x.dtype), require_library()
    x = np.asarray(x, order="C")

    call = Call(
        function=library.spectro_mu_encode,
        before=(kind.itemsize,),
        between=(x.size, mu),
        shape=x.shape,
        dtype=np.dtype(np.int64),
    )
    return call(x, make)
