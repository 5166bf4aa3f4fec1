"""`amplitude_to_DB` and `DB_to_amplitude`."""

from __future__ import annotations

import numpy as np

from ....arrays import dtype_name
from ....backends.repeats import repeatable
from ....spectrum.scales import decibels, from_db
from ....typing import Array
from ...registry import mirrors
from ...torch._checks import array
from ._arrays import answer, floating

__all__ = ["DB_to_amplitude", "amplitude_to_DB"]


@mirrors("torchaudio.functional.amplitude_to_DB", tier=1)
@repeatable()
def amplitude_to_DB(
    x: Array, multiplier: float, amin: float, db_multiplier: float, top_db: float | None = None
) -> Array:
    """Decibels, multiplier (log10(max(x, amin)) - db_multiplier): mirrors the torchaudio function.

    Parameters
    ----------
    x : real array [..., F, N]
        Of any shape without top_db.
    multiplier : float
        10 for power, 20 for amplitude.
    amin, db_multiplier : float
        Floor of `x`, and log10 of what becomes 0 dB.
    top_db : float, optional
        Lowest value kept below the peak of the last three axes together.

    Raises
    ------
    NotImplementedError
        For complex input.
    RuntimeError, IndexError
        With top_db: for empty input, for less than two dimensions.
    """
    first = array("x", x)
    # In float16 a floor of 1e-10 is 0, so that torch's silence is -inf.
    floor = float(np.float16(amin)) if dtype_name(x) == "float16" else amin
    values = floating(first)
    if "complex" in dtype_name(values):
        raise NotImplementedError(f"the input must be real, got {values.dtype}")
    axes = () if top_db is None else peak_axes(values)
    return answer(first, x, decibels(first.xp, values, multiplier, floor, db_multiplier, top_db, axes))


def peak_axes(x: Array) -> tuple[int, ...]:
    """Return the axes that share a peak, or raise for a shape that torchaudio refuses with top_db."""
    if x.ndim < 2:
        raise IndexError(f"the input must have at least 2 dimensions, got shape {tuple(x.shape)}")
    if 0 in x.shape:
        raise RuntimeError(f"the input is empty: shape {tuple(x.shape)}")
    return tuple(range(-min(x.ndim, 3), 0))


@mirrors("torchaudio.functional.DB_to_amplitude", tier=1)
def DB_to_amplitude(x: Array, ref: float, power: float) -> Array:
    """Values of decibels, ref 10^(power x / 10): mirrors `torchaudio.functional.DB_to_amplitude`.

    Parameters
    ----------
    x : real array
    ref : float
        What 0 dB is.
    power : float
        1 for power, 0.5 for amplitude.
    """
    first = array("x", x)
    y = from_db(first.xp, floating(first), float(ref), float(power))
    # A power of a number is contiguous in torch, whatever the exponents' layout.
    return answer(first, x, np.ascontiguousarray(y) if first.xp is np else y)
