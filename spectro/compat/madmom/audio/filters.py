"""`madmom.audio.filters`: frequency scales (_scales.py), filters (_filter.py) and filterbanks."""

from __future__ import annotations

import numpy as np

from ... import fallback as _fallback
from ..processors import Processor
from ._filter import Filter, RectangularFilter, TriangularFilter
from ._filterbank import Filterbank, FilterbankProcessor
from ._filterbanks import (
    FMAX,
    FMIN,
    NORM_FILTERS,
    NUM_BANDS,
    UNIQUE_FILTERS,
    BarkFilterbank,
    LogarithmicFilterbank,
    LogFilterbank,
    MelFilterbank,
    RectangularFilterbank,
)
from ._pitch_classes import (
    HarmonicFilterbank,
    HarmonicPitchClassProfileFilterbank,
    PitchClassProfileFilterbank,
    SemitoneBandpassFilterbank,
    SimpleChromaFilterbank,
)
from ._scales import (
    A4,
    bark2hz,
    bark_double_frequencies,
    bark_frequencies,
    bins2frequencies,
    erb2hz,
    frequencies2bins,
    hz2bark,
    hz2erb,
    hz2mel,
    hz2midi,
    log_frequencies,
    mel2hz,
    mel_frequencies,
    midi2hz,
    midi_frequencies,
    semitone_frequencies,
)

__all__ = [
    "A4",
    "FILTER_DTYPE",
    "FMAX",
    "FMIN",
    "NORM_FILTERS",
    "NUM_BANDS",
    "UNIQUE_FILTERS",
    "BarkFilterbank",
    "Filter",
    "Filterbank",
    "FilterbankProcessor",
    "HarmonicFilterbank",
    "HarmonicPitchClassProfileFilterbank",
    "LogFilterbank",
    "LogarithmicFilterbank",
    "MelFilterbank",
    "PitchClassProfileFilterbank",
    "Processor",
    "RectangularFilter",
    "RectangularFilterbank",
    "SemitoneBandpassFilterbank",
    "SimpleChromaFilterbank",
    "TriangularFilter",
    "bark2hz",
    "bark_double_frequencies",
    "bark_frequencies",
    "bins2frequencies",
    "erb2hz",
    "frequencies2bins",
    "hz2bark",
    "hz2erb",
    "hz2mel",
    "hz2midi",
    "log_frequencies",
    "mel2hz",
    "mel_frequencies",
    "midi2hz",
    "midi_frequencies",
    "semitone_frequencies",
]

FILTER_DTYPE = np.float32

__getattr__ = _fallback.fall_through(__name__, "madmom.audio.filters")
