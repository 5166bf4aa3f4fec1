"""Filterbanks over numpy arrays of spectra by the native kernel (``banks.h``)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .calls import LAYOUTS, Call, Make, new_numpy
from .plans import FilterBank, real_type, require_library

__all__ = ["apply_bank"]


def apply_bank(
    bank: FilterBank,
    v: np.ndarray,
    *,
    centered: bool = False,
    by_frames: bool | None = None,
    make: Make = new_numpy,
) -> Any:
    """Return the bands ``[..., bands, frames]`` of real v ``[..., bins, frames]``, of the bank's dtype.

    `centered`, the mean of a frame's bins is taken apart and added times the sum of a band's weights, which
    keeps the last bits of bins that have much in common. In memory the bands of a frame lie side by side with
    `by_frames`, and if it is False the frames of a band; default as in `v`.
    """
    kind, library = real_type(v.dtype), require_library()
    if bank.is_complex or v.ndim < 2 or v.shape[-2] != bank.bins or kind != bank.dtype:
        raise ValueError(f"{v.dtype} spectra {v.shape} do not fit {bank.bins} bins, {bank.dtype}")
    turned = not v.flags.c_contiguous and v.swapaxes(-1, -2).flags.c_contiguous
    values = v.swapaxes(-1, -2) if turned else np.asarray(v, order="C")
    to_turned = turned if by_frames is None else by_frames
    *lead, _, frames = v.shape
    shape = (*lead, frames, bank.bands) if to_turned else (*lead, bank.bands, frames)

    if not math.prod(shape):
        y = np.empty(shape, kind)
    else:
        call = Call(
            function=library.spectro_apply_bank,
            before=(kind.itemsize, bank.handle),
            between=(LAYOUTS["bnf" if turned else "bfn"], math.prod(lead), frames, centered),
            after=(LAYOUTS["bnf" if to_turned else "bfn"],),
            shape=shape,
            dtype=kind,
            owners=(bank,),
        )
        y = call(values, make)
    return y.swapaxes(-1, -2) if to_turned else y
