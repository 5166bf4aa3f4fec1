"""`torchaudio.transforms.AmplitudeToDB`."""

from __future__ import annotations

import math
from types import ModuleType

import numpy as np

from ....arrays import cast, dtype_name
from ....scales import to_db
from ....typing import Array
from ...registry import mirrors
from ...torch._checks import HALVES, array
from .._module import Module

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

    def forward(self, x: Array) -> Array:
        """Return the decibels of x [..., F, N] (without top_db: of any shape)."""
        received, dtype = array("x", x), dtype_name(x)
        # In float16 the floor amin is 0, so that torch's silence is -inf.
        floor = float(np.float16(self.amin)) if dtype == "float16" else self.amin
        db = received.give_back(self.compute(received.xp, received.data, floor))
        return cast(db, dtype) if dtype in HALVES else db

    def compute(self, xp: ModuleType, x: Array, floor: float | None = None) -> Array:
        """Return the decibels of `x` in namespace `xp`, of `floor` (default `amin`) at least.

        Raises
        ------
        NotImplementedError
            For complex input.
        RuntimeError, IndexError
            With top_db: for empty input, for less than two dimensions.
        """
        if "complex" in dtype_name(x):
            raise NotImplementedError(f"the input must be real, got {x.dtype}")
        if "float" not in dtype_name(x):
            x = x.astype(xp.float32)
        if self.top_db is not None and x.ndim < 2:
            raise IndexError(f"the input must have at least 2 dimensions, got shape {tuple(x.shape)}")
        if self.top_db is not None and 0 in x.shape:
            raise RuntimeError(f"the input is empty: shape {tuple(x.shape)}")
        axes = tuple(range(-min(x.ndim, 3), 0))
        floor = self.amin if floor is None else floor
        db = to_db(xp, x, self.multiplier, floor, 10.0**self.db_multiplier, self.top_db, axes)
        return np.asarray(db) if xp is np else db  # of one number numpy makes a scalar
