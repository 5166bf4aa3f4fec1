"""`madmom.io`: reading and writing; here audio and `open_file`, all else is madmom's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ... import fallback as _fallback

__all__ = ["open_file"]


@contextmanager
def open_file(filename: Any, mode: str = "r") -> Iterator[Any]:
    """Open a file by name for the block, or pass an open one through and leave it open."""
    if isinstance(filename, str):
        with open(filename, mode) as file:
            yield file
    else:
        yield filename


_madmom = _fallback.fall_through(__name__, "madmom.io")


def __getattr__(name: str) -> Any:
    # Not imported with the module: io.audio needs audio.signal, which needs processors, which needs open_file.
    if name in ("load_audio_file", "audio"):
        from importlib import import_module

        audio = import_module(".audio", __name__)
        return audio if name == "audio" else audio.load_audio_file
    return _madmom(name)
