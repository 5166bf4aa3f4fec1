"""`torchaudio`'s transforms and functions, for numpy, torch and mlx arrays.

Mirrored are the spectral transforms and functions, as in torchaudio 2.11: `transforms`, whose names are here
too, `functional` and `compliance.kaldi`; every other name is torchaudio's own.

Examples
--------
>>> import mlx.core as mx
>>> from spectro.compat import torchaudio
>>> torchaudio.transforms.MelSpectrogram(16000, n_mels=80)(mx.zeros((2, 16000))).shape
(2, 80, 81)
"""

from __future__ import annotations

from .. import fallback as _fallback
from . import compliance, functional, transforms
from .transforms import (
    LFCC,
    MFCC,
    AmplitudeToDB,
    ComputeDeltas,
    Deemphasis,
    FrequencyMasking,
    GriffinLim,
    InverseMelScale,
    InverseSpectrogram,
    MelScale,
    MelSpectrogram,
    MuLawDecoding,
    MuLawEncoding,
    PitchShift,
    Preemphasis,
    Resample,
    SlidingWindowCmn,
    SpecAugment,
    SpectralCentroid,
    Spectrogram,
    TimeMasking,
    TimeStretch,
)

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
    "compliance",
    "functional",
    "transforms",
]

__getattr__ = _fallback.fall_through(__name__, "torchaudio")
