"""`librosa.core.audio`: waveforms."""

from __future__ import annotations

from ... import fallback as _fallback
from . import _files, _signals, _waveforms
from ._files import *  # noqa: F403
from ._signals import *  # noqa: F403
from ._waveforms import *  # noqa: F403

__all__ = [*_files.__all__, *_signals.__all__, *_waveforms.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.core.audio")
