"""`librosa.util`: framing, normalising, peaks and checks of arrays."""

from __future__ import annotations

from ... import fallback as _fallback
from . import exceptions, utils
from .utils import *  # noqa: F403

__all__ = ["exceptions", *utils.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.util")
