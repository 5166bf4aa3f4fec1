"""`torchaudio.transforms`: callable objects, audio or a spectrogram in, features out."""

from __future__ import annotations

from ... import fallback as _fallback
from ._amplitude import AmplitudeToDB
from ._mel import MFCC, MelScale, MelSpectrogram
from ._spectrogram import Spectrogram

__all__ = ["MFCC", "AmplitudeToDB", "MelScale", "MelSpectrogram", "Spectrogram"]

__getattr__ = _fallback.fall_through(__name__, "torchaudio.transforms")
