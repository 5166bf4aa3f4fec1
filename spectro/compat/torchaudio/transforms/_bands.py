"""A transform's tables as filterbanks; audio to bands by one fused kernel, where the table is a plain one."""

from __future__ import annotations

from types import ModuleType

import mlx.core as mx
import numpy as np

from ....arrays import as_numpy, dtype_name, is_traced
from ....filterbanks.bank import Filterbank
from ....spectrum.scales import Scale
from ....typing import Array
from .._module import Module, check_table
from ..functional._spectrogram import Framed

__all__ = ["apply_buffer", "banded", "bank_of"]


def banded(owner: Module, buffer: str, frames: Framed, power: float | None, scale: Scale) -> Array:
    """Return scale(|STFT|^power @ bank) [..., M, N] for the buffer of `owner` [F, M].

    The range of the scale is below one peak, that of all channels.
    """
    xp, bank = frames.batch.xp, bank_of(owner, buffer)
    if power is not None and bank.is_constant and _is_fused(frames, getattr(owner, buffer)):
        return frames.bands(power, bank, scale)
    s = frames.spectrogram(power)
    bands = scale.map_values(xp, apply_buffer(xp, owner, buffer, s, dtype_name(s)))
    return scale.limit_range(xp, bands)


def _is_fused(frames: Framed, table: Array) -> bool:
    """Return whether one call applies the table [F, M] to spectra that are never written: they must fit."""
    dtype = dtype_name(frames.batch.data)
    agree = frames.batch.xp is mx or dtype_name(table) == dtype
    plain = frames.divisor is None and frames.plan.onesided and "float" in dtype
    return agree and plain and frames.plan.bins == table.shape[0]


def apply_buffer(xp: ModuleType, owner: Module, buffer: str, x: Array, dtype: str) -> Array:
    """Return the buffer of `owner` [K, M] applied to x [..., K, N], given in `dtype`: [..., M, N]."""
    check_table(xp, x, dtype, getattr(owner, buffer))
    return bank_of(owner, buffer).product(xp, x.swapaxes(-1, -2)).swapaxes(-1, -2)


def bank_of(owner: Module, buffer: str) -> Filterbank:
    """Return the buffer as a table that a kernel knows again, or as a part of the graph if it is one."""
    table = getattr(owner, buffer)
    if isinstance(table, mx.array) and is_traced(table):
        return Filterbank(table)
    # By its values, since an array may be changed in place.
    values = as_numpy(table)
    name = f"_bank_{buffer}"
    known = owner.__dict__.get(name)
    if known is None or known[0].dtype != values.dtype or not np.array_equal(known[0], values):
        known = owner.__dict__[name] = np.array(values), Filterbank(values.astype(np.float64))
    bank: Filterbank = known[1]
    return bank
