"""`librosa.feature.utils`: features of features."""

from __future__ import annotations

from ... import fallback as _fallback
from . import _stacks
from ._stacks import *  # noqa: F403

__all__ = [*_stacks.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.feature.utils")
