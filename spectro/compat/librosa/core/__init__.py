"""`librosa.core`: conversions, spectrograms, audio and pitch; all of it is at the top level too."""

from __future__ import annotations

from ... import fallback as _fallback
from . import audio, constantq, convert, harmonic, pitch, spectrum
from .audio import *  # noqa: F403
from .constantq import *  # noqa: F403
from .convert import *  # noqa: F403
from .harmonic import *  # noqa: F403
from .pitch import *  # noqa: F403
from .spectrum import *  # noqa: F403

__all__ = [
    *audio.__all__,
    *constantq.__all__,
    *convert.__all__,
    *harmonic.__all__,
    *pitch.__all__,
    *spectrum.__all__,
]

__getattr__ = _fallback.fall_through(__name__, "librosa.core")
