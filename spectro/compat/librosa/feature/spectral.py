"""`librosa.feature.spectral`: what describes a frame's spectrum."""

from __future__ import annotations

from ... import fallback as _fallback
from . import _chroma, _constantq, _frames, _mel, _polynomials, _shape
from ._chroma import *  # noqa: F403
from ._constantq import *  # noqa: F403
from ._frames import *  # noqa: F403
from ._mel import *  # noqa: F403
from ._polynomials import *  # noqa: F403
from ._shape import *  # noqa: F403

__all__ = [
    *_chroma.__all__,
    *_constantq.__all__,
    *_frames.__all__,
    *_mel.__all__,
    *_polynomials.__all__,
    *_shape.__all__,
]

__getattr__ = _fallback.fall_through(__name__, "librosa.feature.spectral")
