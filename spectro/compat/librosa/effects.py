"""`librosa.effects`: changes to waveforms."""

from __future__ import annotations

from .. import fallback as _fallback
from ._emphasis import deemphasis, preemphasis
from ._separated import harmonic, hpss, percussive
from ._silence import split, trim
from ._speed import pitch_shift, time_stretch

__all__ = [
    "deemphasis",
    "harmonic",
    "hpss",
    "percussive",
    "pitch_shift",
    "preemphasis",
    "split",
    "time_stretch",
    "trim",
]

__getattr__ = _fallback.fall_through(__name__, "librosa.effects")
