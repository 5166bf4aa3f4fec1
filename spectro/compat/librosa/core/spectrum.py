"""`librosa.core.spectrum`: spectrograms and their scales."""

from __future__ import annotations

from ... import fallback as _fallback
from . import _decibels, _pcen, _phase, _reassigned, _semitones, _stft
from ._decibels import *  # noqa: F403
from ._pcen import *  # noqa: F403
from ._phase import *  # noqa: F403
from ._reassigned import *  # noqa: F403
from ._semitones import *  # noqa: F403
from ._stft import *  # noqa: F403

__all__ = [
    *_decibels.__all__,
    *_pcen.__all__,
    *_phase.__all__,
    *_reassigned.__all__,
    *_semitones.__all__,
    *_stft.__all__,
]

__getattr__ = _fallback.fall_through(__name__, "librosa.core.spectrum")
