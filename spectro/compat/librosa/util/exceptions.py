"""`librosa.util.exceptions`: librosa's own classes where it is installed, else spectro's in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....errors import ParameterError as _ParameterError
from ....errors import SpectroError as _SpectroError
from ... import fallback as _fallback

if TYPE_CHECKING:
    LibrosaError = _SpectroError
    ParameterError = _ParameterError

__all__ = ["LibrosaError", "ParameterError"]

# Ours, by the names of librosa's that they stand for.
STAND_IN = {"LibrosaError": _SpectroError, "ParameterError": _ParameterError}

__getattr__ = _fallback.fall_through(__name__, "librosa.util.exceptions", exceptions=STAND_IN)
