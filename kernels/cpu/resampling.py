"""Polyphase filters over numpy arrays by the native kernel (``polyphase.h``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .calls import Call, Make, address, new_numpy
from .plans import real_type, require_library

__all__ = ["WIDEST_VECTOR", "polyphase"]

WIDEST_VECTOR = 16  # lanes: what the taps of a filter are filled up to a multiple of


def polyphase(
    x: np.ndarray, down: int, first: np.ndarray, taps: np.ndarray, length: int, *, make: Make = new_numpy
) -> Any:
    """Return y[n up + p] = sum_j taps[p, j] x[n down + first[p] + j] ``[batch, length]`` of x ``[batch, T]``.

    x is zero outside its samples; taps ``[up, J]`` of its dtype, with J a multiple of WIDEST_VECTOR, and
    `first`, int64 ``[up]``, are contiguous.
    """
    kind, library = real_type(x.dtype), require_library()
    if x.ndim != 2 or taps.dtype != kind or taps.shape[1] % WIDEST_VECTOR or first.shape != taps.shape[:1]:
        raise ValueError(f"taps {taps.dtype}, {taps.shape} do not fit signals {x.dtype}, {x.shape}")
    x = np.asarray(x, order="C")

    call = Call(
        function=library.spectro_polyphase,
        before=(kind.itemsize, down, len(taps), taps.shape[1], address(first), address(taps)),
        between=x.shape,
        after=(length,),
        shape=(len(x), length),
        dtype=kind,
        owners=(first, taps),
    )
    return call(x, make)
