"""`torchaudio.transforms`: callable objects, audio or a spectrogram in, features out."""

from __future__ import annotations

from ... import fallback as _fallback
from ._amplitude import AmplitudeToDB
from ._cepstrum import LFCC, MFCC
from ._features import ComputeDeltas, SlidingWindowCmn, SpectralCentroid
from ._masking import FrequencyMasking, SpecAugment, TimeMasking
from ._mel import InverseMelScale, MelScale, MelSpectrogram
from ._phase import GriffinLim, PitchShift, TimeStretch
from ._spectrogram import InverseSpectrogram, Spectrogram
from ._waveform import Deemphasis, MuLawDecoding, MuLawEncoding, Preemphasis, Resample

__all__ = [
    "LFCC",
    "MFCC",
    "AmplitudeToDB",
    "ComputeDeltas",
    "Deemphasis",
    "FrequencyMasking",
    "GriffinLim",
    "InverseMelScale",
    "InverseSpectrogram",
    "MelScale",
    "MelSpectrogram",
    "MuLawDecoding",
    "MuLawEncoding",
    "PitchShift",
    "Preemphasis",
    "Resample",
    "SlidingWindowCmn",
    "SpecAugment",
    "SpectralCentroid",
    "Spectrogram",
    "TimeMasking",
    "TimeStretch",
]

__getattr__ = _fallback.fall_through(__name__, "torchaudio.transforms")
