"""`madmom.io`: reading and writing; here audio and `open_file`, all else is madmom's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ... import fallback as _fallback
from . import audio
from .audio import load_audio_file

__all__ = ["audio", "load_audio_file", "open_file"]


@contextmanager
def open_file(filename: Any, mode: str = "r") -> Iterator[Any]:
    """Open a file by name for the block, or pass an open one through and leave it open."""
    if isinstance(filename, str):
        with open(filename, mode) as file:
            yield file
    else:
        yield filename


__getattr__ = _fallback.fall_through(__name__, "madmom.io")
