"""`librosa.feature`: features of spectrograms and of rhythm."""

from __future__ import annotations

from ... import fallback as _fallback
from . import inverse, rhythm, spectral, utils
from .rhythm import *  # noqa: F403
from .spectral import *  # noqa: F403
from .utils import *  # noqa: F403

__all__ = ["inverse", *rhythm.__all__, *spectral.__all__, *utils.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.feature")
