"""`librosa.core.convert`: units of time and of frequency."""

from __future__ import annotations

from ... import fallback as _fallback
from . import _bins, _pitches, _time, _weighting
from ._bins import *  # noqa: F403
from ._pitches import *  # noqa: F403
from ._time import *  # noqa: F403
from ._weighting import *  # noqa: F403

__all__ = [*_bins.__all__, *_pitches.__all__, *_time.__all__, *_weighting.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.core.convert")
