"""Audio to bands by one fused kernel, where a transform's filterbank is a plain table."""

from __future__ import annotations

import mlx.core as mx
import numpy as np

from ....arithmetic.products import product_from_left
from ....arrays import as_numpy, dtype_name, is_traced
from ....filterbanks.bank import Filterbank
from ....spectrum.scales import Scale
from ....typing import Array
from .._module import Module, checked_table
from ..functional._spectrogram import Framed

__all__ = ["banded"]


def banded(owner: Module, buffer: str, frames: Framed, power: float | None, scale: Scale) -> Array:
    """Return scale(|STFT|^power @ bank) [..., M, N] for the buffer of `owner` [F, M], without its range."""
    xp, table = frames.batch.xp, getattr(owner, buffer)
    dtype = dtype_name(frames.batch.data)
    plain = frames.divisor is None and frames.plan.onesided and power is not None and "float" in dtype
    agree = (xp is mx or dtype_name(table) == dtype) and frames.plan.bins == table.shape[0]
    bank = _bank(owner, buffer) if plain and agree else None
    if bank is not None and power is not None:
        return frames.bands(power, bank, scale)
    s = frames.spectrogram(power)
    weights = checked_table(xp, s, dtype_name(s), table)
    return scale.map_values(xp, product_from_left(xp, weights.T, s))


def _bank(owner: Module, buffer: str) -> Filterbank | None:
    """Return the buffer as a table that a kernel knows again, None if it is part of a graph."""
    table = getattr(owner, buffer)
    if isinstance(table, mx.array) and is_traced(table):
        return None
    # By its values, since an array may be changed in place.
    values = as_numpy(table)
    name = f"_bank_{buffer}"
    known = owner.__dict__.get(name)
    if known is None or known[0].dtype != values.dtype or not np.array_equal(known[0], values):
        known = owner.__dict__[name] = np.array(values), Filterbank(values.astype(np.float64))
    bank: Filterbank = known[1]
    return bank
