"""`madmom.audio`: signals, spectra, filterbanks, spectrograms, chroma and cepstra."""

from __future__ import annotations

from ... import fallback as _fallback
from . import cepstrogram, chroma, comb_filters, filters, hpss, signal, spectrogram, stft
from .signal import FramedSignal, FramedSignalProcessor, Signal, SignalProcessor
from .spectrogram import (
    FilteredSpectrogram,
    FilteredSpectrogramProcessor,
    LogarithmicFilteredSpectrogram,
    LogarithmicFilteredSpectrogramProcessor,
    LogarithmicSpectrogram,
    LogarithmicSpectrogramProcessor,
    MultiBandSpectrogramProcessor,
    Spectrogram,
    SpectrogramDifference,
    SpectrogramDifferenceProcessor,
    SpectrogramProcessor,
)
from .stft import ShortTimeFourierTransform, ShortTimeFourierTransformProcessor

__all__ = [
    "FilteredSpectrogram",
    "FilteredSpectrogramProcessor",
    "FramedSignal",
    "FramedSignalProcessor",
    "LogarithmicFilteredSpectrogram",
    "LogarithmicFilteredSpectrogramProcessor",
    "LogarithmicSpectrogram",
    "LogarithmicSpectrogramProcessor",
    "MultiBandSpectrogramProcessor",
    "ShortTimeFourierTransform",
    "ShortTimeFourierTransformProcessor",
    "Signal",
    "SignalProcessor",
    "Spectrogram",
    "SpectrogramDifference",
    "SpectrogramDifferenceProcessor",
    "SpectrogramProcessor",
    "cepstrogram",
    "chroma",
    "comb_filters",
    "filters",
    "hpss",
    "signal",
    "spectrogram",
    "stft",
]

__getattr__ = _fallback.fall_through(__name__, "madmom.audio")
