"""`torchaudio.transforms.AmplitudeToDB`."""

from __future__ import annotations

import math

from ....backends.repeats import repeatable
from ....typing import Array
from ...registry import mirrors
from .._module import Module
from ..functional import amplitude_to_DB

__all__ = ["AmplitudeToDB"]


@mirrors("torchaudio.transforms.AmplitudeToDB", tier=1)
class AmplitudeToDB(Module):
    """Decibels of a power or amplitude spectrogram: mirrors `torchaudio.transforms.AmplitudeToDB`.

    Parameters
    ----------
    stype : str
        "power" for 10 log10, anything else for 20 log10.
    top_db : float, optional
        Lowest value kept below the peak of the last three axes together.

    Raises
    ------
    ValueError
        For a negative top_db.

    Attributes
    ----------
    multiplier, amin, ref_value, db_multiplier : float
    """

    def __init__(self, stype: str = "power", top_db: float | None = None) -> None:
        super().__init__()
        self.stype = stype
        if top_db is not None and top_db < 0:
            raise ValueError(f"top_db must not be negative, got {top_db}")
        self.top_db = top_db
        self.multiplier = 10.0 if stype == "power" else 20.0
        self.amin = 1e-10
        self.ref_value = 1.0
        self.db_multiplier = math.log10(max(self.amin, self.ref_value))

    @repeatable()
    def forward(self, x: Array) -> Array:
        """Return the decibels of x [..., F, N] (without top_db: of any shape)."""
        return amplitude_to_DB(x, self.multiplier, self.amin, self.db_multiplier, self.top_db)
