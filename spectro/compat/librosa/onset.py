"""`librosa.onset`: where notes begin."""

from __future__ import annotations

from .. import fallback as _fallback
from . import _onset_detect, _onset_strength
from ._onset_detect import *  # noqa: F403
from ._onset_strength import *  # noqa: F403

__all__ = [*_onset_detect.__all__, *_onset_strength.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.onset")
