"""`madmom.audio.spectrogram`: magnitudes, filtered, logarithmic, differences, a file each."""

from __future__ import annotations

from ... import fallback as _fallback
from ..processors import BufferProcessor, Processor, SequentialProcessor
from ._difference import (
    DIFF_FRAMES,
    DIFF_MAX_BINS,
    DIFF_RATIO,
    POSITIVE_DIFFS,
    SpectrogramDifference,
    SpectrogramDifferenceProcessor,
    SuperFluxProcessor,
)
from ._filterbank import Filterbank
from ._filterbanks import FMAX, FMIN, NORM_FILTERS, NUM_BANDS, UNIQUE_FILTERS, LogarithmicFilterbank
from ._filtered import (
    FILTERBANK,
    FilteredSpectrogram,
    FilteredSpectrogramProcessor,
    MultiBandSpectrogram,
    MultiBandSpectrogramProcessor,
)
from ._logarithmic import (
    ADD,
    LOG,
    MUL,
    LogarithmicFilteredSpectrogram,
    LogarithmicFilteredSpectrogramProcessor,
    LogarithmicSpectrogram,
    LogarithmicSpectrogramProcessor,
)
from ._scales import A4
from ._semitone import SemitoneBandpassSpectrogram
from ._spectrogram import Spectrogram, SpectrogramProcessor, spec, tuning_frequency

__all__ = [
    "A4",
    "ADD",
    "DIFF_FRAMES",
    "DIFF_MAX_BINS",
    "DIFF_RATIO",
    "FILTERBANK",
    "FMAX",
    "FMIN",
    "LOG",
    "MUL",
    "NORM_FILTERS",
    "NUM_BANDS",
    "POSITIVE_DIFFS",
    "UNIQUE_FILTERS",
    "BufferProcessor",
    "Filterbank",
    "FilteredSpectrogram",
    "FilteredSpectrogramProcessor",
    "LogarithmicFilterbank",
    "LogarithmicFilteredSpectrogram",
    "LogarithmicFilteredSpectrogramProcessor",
    "LogarithmicSpectrogram",
    "LogarithmicSpectrogramProcessor",
    "MultiBandSpectrogram",
    "MultiBandSpectrogramProcessor",
    "Processor",
    "SemitoneBandpassSpectrogram",
    "SequentialProcessor",
    "Spectrogram",
    "SpectrogramDifference",
    "SpectrogramDifferenceProcessor",
    "SpectrogramProcessor",
    "SuperFluxProcessor",
    "spec",
    "tuning_frequency",
]

__getattr__ = _fallback.fall_through(__name__, "madmom.audio.spectrogram")
