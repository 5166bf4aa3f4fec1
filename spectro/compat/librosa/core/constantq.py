"""`librosa.core.constantq`: constant-Q and variable-Q transforms."""

from __future__ import annotations

from ... import fallback as _fallback
from . import _constantq_back, _constantq_forward
from ._constantq_back import *  # noqa: F403
from ._constantq_forward import *  # noqa: F403

__all__ = [*_constantq_back.__all__, *_constantq_forward.__all__]

__getattr__ = _fallback.fall_through(__name__, "librosa.core.constantq")
