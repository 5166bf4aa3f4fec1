"""`librosa.core.pitch`: pitch and tuning."""

from __future__ import annotations

from ... import fallback as _fallback

__all__: list[str] = []

__getattr__ = _fallback.fall_through(__name__, "librosa.core.pitch")
