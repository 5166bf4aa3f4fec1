"""`torchaudio`'s transforms, for numpy, torch and mlx arrays.

Mirrored are `Spectrogram`, `MelSpectrogram`, `MelScale`, `AmplitudeToDB` and
`MFCC`, as in torchaudio 2.11, here and under `transforms`; every other name is
torchaudio's own.

Examples
--------
>>> import mlx.core as mx
>>> from spectro.compat import torchaudio
>>> torchaudio.transforms.MelSpectrogram(16000, n_mels=80)(mx.zeros((2, 16000))).shape
(2, 80, 81)
"""

from __future__ import annotations

from .. import fallback as _fallback
from . import transforms
from .transforms import MFCC, AmplitudeToDB, MelScale, MelSpectrogram, Spectrogram

__all__ = ["MFCC", "AmplitudeToDB", "MelScale", "MelSpectrogram", "Spectrogram", "transforms"]

__getattr__ = _fallback.fall_through(__name__, "torchaudio")
