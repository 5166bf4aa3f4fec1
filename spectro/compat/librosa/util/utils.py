"""`librosa.util.utils`."""

from __future__ import annotations

from ... import fallback as _fallback
from . import _peaks, _shapes, _values
from ._peaks import *  # noqa: F403
from ._shapes import *  # noqa: F403
from ._values import *  # noqa: F403

__all__ = [*_peaks.__all__, *_shapes.__all__, *_values.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.util.utils")
