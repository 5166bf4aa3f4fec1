"""`madmom`, for numpy audio, and by `to_mlx()` for mlx.

    from spectro.compat import madmom

Mirrored is the signal processing of madmom 0.17, module by module: `processors`, `audio` (signal, stft,
filters, spectrogram, chroma, cepstrogram, hpss, comb_filters), `features` (onsets, tempo) and `utils`.
`front_ends` has what madmom feeds its trained models with; the models themselves are madmom's own.

What is called a spectrogram is an array, as in madmom, and remembers where it comes from:

>>> import numpy as np
>>> from spectro.compat.madmom.audio.spectrogram import LogarithmicFilteredSpectrogram
>>> x = np.zeros(44100, np.int16)
>>> spec = LogarithmicFilteredSpectrogram(x, sample_rate=44100, num_bands=12, fps=100)
>>> spec.shape, spec.stft.frames.signal.sample_rate, spec.filterbank.num_bands
((100, 81), 44100, 81)

Numbers are float32, as madmom's; ``spectro.config(default_dtype="float64")`` makes them float64.
"""

from __future__ import annotations

from .. import fallback as _fallback
from . import audio, features, front_ends, io, processors, utils

__all__ = ["audio", "features", "front_ends", "io", "processors", "utils"]

__getattr__ = _fallback.fall_through(__name__, "madmom")
