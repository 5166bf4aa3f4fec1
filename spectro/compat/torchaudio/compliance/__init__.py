"""`torchaudio.compliance`: Kaldi's features."""

from __future__ import annotations

from ... import fallback as _fallback
from . import kaldi

__all__ = ["kaldi"]

__getattr__ = _fallback.fall_through(__name__, "torchaudio.compliance")
