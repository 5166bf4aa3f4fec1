"""`torch.signal`: window functions."""

from __future__ import annotations

from ... import fallback as _fallback
from . import windows

__all__ = ["windows"]

__getattr__ = _fallback.fall_through(__name__, "torch.signal")
