"""Harmonic-percussive separation: tones are ridges along time in a spectrogram, clicks along frequency.

A median over time keeps ridges along time and removes what is short; a median over frequency does the
opposite. What either keeps, compared by a soft mask, divides the spectrogram (Fitzgerald 2010; margins:
Driedger, Mueller & Disch 2014).
"""

from __future__ import annotations

import math
from types import ModuleType

import numpy as np

from ..arithmetic.medians import median_filter
from ..errors import ParameterError
from ..typing import Array

__all__ = ["harmonic_percussive_masks", "soft_mask"]


def soft_mask(xp: ModuleType, x: Array, reference: Array, power: float, split_zeros: bool = False) -> Array:
    """Return x^p / (x^p + reference^p) of two non-negative arrays of one shape: each value in [0, 1].

    Both are divided by the greater first, so no power overflows. Where both are 0 the mask is 1/2 with
    `split_zeros`, else 0. An infinite `power` gives the hard mask x > reference, of bools.
    """
    return _masks(xp, x, reference, power, split_zeros)[0]


def _masks(xp: ModuleType, x: Array, y: Array, power: float, split_zeros: bool) -> tuple[Array, Array]:
    """Return the masks of `x` against `y` and of `y` against `x`, which share all but a division."""
    if power <= 0:
        raise ParameterError(f"power must be strictly positive, got {power!r}")
    if math.isinf(power):
        return x > y, y > x
    tiny = float(np.finfo(np.float64 if x.dtype == np.float64 else np.float32).tiny)
    greater = xp.maximum(x, y)
    both_zero = greater < tiny
    greater = xp.where(both_zero, xp.ones_like(greater), greater)
    a, b = _raise(xp, x / greater, power), _raise(xp, y / greater, power)
    total = a + b
    total = xp.where(both_zero, xp.ones_like(total), total)
    neither = xp.array(0.5 if split_zeros else 0.0, dtype=total.dtype)
    return xp.where(both_zero, neither, a / total), xp.where(both_zero, neither, b / total)


def _raise(xp: ModuleType, x: Array, power: float) -> Array:
    return x if power == 1 else x * x if power == 2 else xp.power(x, power)


def harmonic_percussive_masks(
    xp: ModuleType,
    magnitude: Array,
    sizes: tuple[int, int] = (31, 31),
    power: float = 2.0,
    margins: tuple[float, float] = (1.0, 1.0),
) -> tuple[Array, Array]:
    """Return the masks of the harmonic and of the percussive part of `magnitude` [..., F, N].

    Parameters
    ----------
    magnitude : non-negative array [..., F, N]
    sizes : (int, int)
        Frames of the median along time, and bins of that along frequency.
    power : float
        Of the soft masks; infinite for hard ones.
    margins : (float, float)
        How many times stronger than the other a part must be, at least 1 each. Above 1 the masks leave a
        residual: they sum to less than 1.

    Raises
    ------
    ParameterError
    """
    if min(margins) < 1:
        raise ParameterError(f"margins must be at least 1, got {margins}")
    harmonic = median_filter(xp, magnitude, sizes[0], -1)
    percussive = median_filter(xp, magnitude, sizes[1], -2)
    split_zeros = margins[0] == 1 and margins[1] == 1
    if split_zeros:
        return _masks(xp, harmonic, percussive, power, True)
    return (
        soft_mask(xp, harmonic, percussive * margins[0], power),
        soft_mask(xp, percussive, harmonic * margins[1], power),
    )
