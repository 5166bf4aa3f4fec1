"""`librosa.filters`: windows, filterbanks and wavelets."""

from __future__ import annotations

from .. import fallback as _fallback
from . import _filterbanks, _wavelets, _window_sums
from ._filterbanks import *  # noqa: F403
from ._wavelets import *  # noqa: F403
from ._window_sums import *  # noqa: F403
from ._windows import get_window

__all__ = ["get_window", *_filterbanks.__all__, *_wavelets.__all__, *_window_sums.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.filters")
