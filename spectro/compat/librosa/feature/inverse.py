"""`librosa.feature.inverse`: from features back to spectra and audio."""

from __future__ import annotations

from ... import fallback as _fallback

__all__: list[str] = []

__getattr__ = _fallback.fall_through(__name__, "librosa.feature.inverse")
