"""librosa's exceptions, which are spectro's own: `except librosa.ParameterError` catches both."""

from __future__ import annotations

from ....errors import ParameterError
from ....errors import SpectroError as LibrosaError

__all__ = ["LibrosaError", "ParameterError"]
