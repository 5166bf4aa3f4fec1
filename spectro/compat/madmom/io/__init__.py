"""`madmom.io`: audio, and text files of onsets, beats and tempi; all else is madmom's own."""

from __future__ import annotations

from ... import fallback as _fallback
from . import audio
from ._text import (
    ENCODING,
    load_beats,
    load_downbeats,
    load_events,
    load_onsets,
    load_tempo,
    open_file,
    write_beats,
    write_downbeats,
    write_events,
    write_onsets,
    write_tempo,
)
from .audio import load_audio_file

__all__ = [
    "ENCODING",
    "audio",
    "load_audio_file",
    "load_beats",
    "load_downbeats",
    "load_events",
    "load_onsets",
    "load_tempo",
    "open_file",
    "write_beats",
    "write_downbeats",
    "write_events",
    "write_onsets",
    "write_tempo",
]

__getattr__ = _fallback.fall_through(__name__, "madmom.io")
