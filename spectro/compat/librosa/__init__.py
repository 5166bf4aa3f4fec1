"""`librosa`, for numpy, torch and mlx arrays.

Mirrored are the spectral functions of librosa 0.11, where librosa has them: those of `core` here too,
and the modules `feature`, `onset`, `beat`, `filters`, `util`, `effects` and `decompose`. Every other name
(`segment`, `sequence`, `display`, ...) is librosa's own.

A module has its own `__all__`; a package's is made of those of its modules.

Examples
--------
>>> from spectro.compat import librosa
>>> librosa.hz_to_note(440.0)
'A4'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import fallback as _fallback
from . import beat, core, decompose, effects, feature, filters, onset, util
from .core import *  # noqa: F403
from .util.exceptions import STAND_IN as _STAND_IN

if TYPE_CHECKING:
    from .util.exceptions import LibrosaError, ParameterError

__all__ = [
    "LibrosaError",
    "ParameterError",
    "beat",
    "core",
    "decompose",
    "effects",
    "feature",
    "filters",
    "onset",
    "util",
    *core.__all__,
]

__getattr__ = _fallback.fall_through(__name__, "librosa", exceptions=_STAND_IN)
