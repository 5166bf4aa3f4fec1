"""`amplitude_to_DB` and `DB_to_amplitude`."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from ....arrays import dtype_name, kind_of
from ....spectrum.scales import clip_below_peak, from_db
from ....typing import Array
from ...registry import mirrors
from ._arrays import answer, floating, received

__all__ = ["DB_to_amplitude", "amplitude_to_DB", "decibels"]


@mirrors("torchaudio.functional.amplitude_to_DB", tier=1)
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
    TypeError, NotImplementedError
        For what is no array, for complex input.
    RuntimeError, IndexError
        With top_db: for empty input, for less than two dimensions.
    """
    if kind_of(x) is None:
        raise TypeError(f"x must be an array, got {type(x).__name__}")
    first = received("x", x)
    # In float16 a floor of 1e-10 is 0, so that torch's silence is -inf.
    floor = float(np.float16(amin)) if dtype_name(x) == "float16" else amin
    db = decibels(first.xp, floating(first), multiplier, floor, db_multiplier, top_db)
    return answer(first, x, db)


def decibels(
    xp: ModuleType, x: Array, multiplier: float, amin: float, db_multiplier: float, top_db: float | None
) -> Array:
    """Return `amplitude_to_DB` in namespace `xp`."""
    if "complex" in dtype_name(x):
        raise NotImplementedError(f"the input must be real, got {x.dtype}")
    db = multiplier * xp.log10(xp.maximum(x, amin)) - multiplier * db_multiplier
    return db if top_db is None else clip_below_peak(xp, db, top_db, peak_axes(x))


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
    first = received("x", x)
    return answer(first, x, from_db(first.xp, floating(first), ref, power))
