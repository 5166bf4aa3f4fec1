"""What madmom's trained models are fed with: from audio to the features of each model, as processors.

Each function returns a pipeline for mono audio at 44.1 kHz: call it with samples, a `Signal` or a file, or
take `to_mlx()` for lazy `mx.array` audio. The models themselves are madmom's; named is the processor there
that each pipeline belongs to.

Examples
--------
>>> import numpy as np
>>> rnn_beats()(np.zeros(44100, np.float32)).shape
(100, 266)
"""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from .audio.chroma import CLPChromaProcessor
from .audio.filters import MelFilterbank
from .audio.signal import FramedSignalProcessor, SignalProcessor
from .audio.spectrogram import (
    FilteredSpectrogramProcessor,
    LogarithmicFilteredSpectrogramProcessor,
    LogarithmicSpectrogramProcessor,
    SpectrogramDifferenceProcessor,
)
from .audio.stft import ShortTimeFourierTransformProcessor
from .processors import ParallelProcessor, Processor, SequentialProcessor

__all__ = [
    "ContextFrames",
    "PadFrames",
    "cnn_chords",
    "cnn_key",
    "cnn_onsets",
    "deep_chroma",
    "harmonic_bars",
    "percussive_bars",
    "rnn_beats",
    "rnn_downbeats",
    "rnn_notes",
    "rnn_onsets",
    "tcn_beats",
]


class PadFrames(Processor):
    """Puts `count` frames on both ends: copies of the outermost ones, or zeros, float64, if not `repeat`."""

    def __init__(self, count: int, repeat: bool = True) -> None:
        self.count = count
        self.repeat = repeat

    def process(self, data: np.ndarray, **kwargs: Any) -> np.ndarray:
        """Return features [N, ...] as [N + 2 count, ...]."""
        padding = [(self.count, self.count)] + [(0, 0)] * (data.ndim - 1)
        if self.repeat:
            return np.pad(np.asarray(data), padding, mode="edge")
        return np.pad(np.asarray(data, np.float64), padding)

    def lazy(self, values: mx.array) -> mx.array:
        """Return features [B, N, ...] likewise."""
        padding = [(0, 0), (self.count, self.count)] + [(0, 0)] * (values.ndim - 2)
        return mx.pad(values, padding, mode="edge" if self.repeat else "constant")


class ContextFrames(Processor):
    """Gives each frame those around it, `size` in all, side by side; zeros beyond the ends."""

    def __init__(self, size: int) -> None:
        self.size = size

    def _index(self, count: int) -> np.ndarray:
        return np.arange(count)[:, None] + np.arange(self.size)

    def process(self, data: np.ndarray, **kwargs: Any) -> np.ndarray:
        """Return features [N, M] as [N, size M]."""
        before = self.size // 2
        padded = np.pad(np.asarray(data), [(before, self.size - 1 - before), (0, 0)])
        return padded[self._index(len(data))].reshape(len(data), -1)  # type: ignore[no-any-return]

    def lazy(self, values: mx.array) -> mx.array:
        """Return features [B, N, M] likewise."""
        before = self.size // 2
        padded = mx.pad(values, [(0, 0), (before, self.size - 1 - before), (0, 0)])
        frames = mx.take(padded, mx.array(self._index(values.shape[1]).astype(np.int32)), axis=1)
        return frames.reshape(*values.shape[:2], -1)


def _audio() -> SignalProcessor:
    return SignalProcessor(num_channels=1, sample_rate=44100)


def _resolution(frame_size: int, *steps: Processor, **framing: Any) -> SequentialProcessor:
    frames = FramedSignalProcessor(frame_size=frame_size, **framing)
    return SequentialProcessor([frames, ShortTimeFourierTransformProcessor(), *steps])


def _logarithmic_bands(num_bands: int) -> FilteredSpectrogramProcessor:
    return FilteredSpectrogramProcessor(num_bands=num_bands, fmin=30, fmax=17000, norm_filters=True)


def _with_rises(diff_ratio: float) -> SpectrogramDifferenceProcessor:
    return SpectrogramDifferenceProcessor(diff_ratio=diff_ratio, positive_diffs=True, stack_diffs=np.hstack)


def _bands_and_rises(
    frame_sizes: list[int], num_bands: list[int], mul: float, diff_ratio: float, **framing: Any
) -> SequentialProcessor:
    """Return several resolutions side by side, each with the rises of its bands."""
    multi = ParallelProcessor([])
    for size, bands in zip(frame_sizes, num_bands, strict=True):
        log = LogarithmicSpectrogramProcessor(mul=mul, add=1)
        multi.append(_resolution(size, _logarithmic_bands(bands), log, _with_rises(diff_ratio), **framing))
    return SequentialProcessor([_audio(), multi, np.hstack])


def rnn_beats(online: bool = False, **kwargs: Any) -> SequentialProcessor:
    """Return the front end of `RNNBeatProcessor`: three resolutions, or one for online models.

    `kwargs` are those of `FramedSignalProcessor`: fps, origin, ... (Böck & Schedl 2011).
    """
    sizes, bands = ([2048], [12]) if online else ([1024, 2048, 4096], [6, 6, 6])
    return _bands_and_rises(sizes, bands, mul=1, diff_ratio=0.5, **kwargs)


def rnn_downbeats() -> SequentialProcessor:
    """Return the front end of `RNNDownBeatProcessor` (Böck et al. 2016)."""
    return _bands_and_rises([1024, 2048, 4096], [3, 6, 12], mul=1, diff_ratio=0.5, fps=100)


def rnn_onsets(online: bool = False, **kwargs: Any) -> SequentialProcessor:
    """Return the front end of `RNNOnsetProcessor`; `kwargs` as for `rnn_beats` (Eyben et al. 2010)."""
    sizes = [512, 1024, 2048] if online else [1024, 2048, 4096]
    return _bands_and_rises(sizes, [6, 6, 6], mul=5, diff_ratio=0.25, **kwargs)


def rnn_notes() -> SequentialProcessor:
    """Return the front end of `RNNPianoNoteProcessor` (Böck & Schedl 2012)."""
    return _bands_and_rises([1024, 2048, 4096], [12, 12, 12], mul=5, diff_ratio=0.5, fps=100)


def cnn_onsets() -> SequentialProcessor:
    """Return the front end of `CNNOnsetProcessor`: [N + 14, 80, 3] (Schlüter & Böck 2014)."""
    multi = ParallelProcessor([])
    for size in (2048, 1024, 4096):
        mel = FilteredSpectrogramProcessor(
            filterbank=MelFilterbank,
            num_bands=80,
            fmin=27.5,
            fmax=16000,
            norm_filters=True,
            unique_filters=False,
        )
        log = LogarithmicSpectrogramProcessor(log=np.log, add=np.spacing(1))
        multi.append(_resolution(size, mel, log, fps=100))
    return SequentialProcessor([_audio(), multi, np.dstack, PadFrames(7)])


def tcn_beats(**kwargs: Any) -> SequentialProcessor:
    """Return the front end of `TCNBeatProcessor`: [N + 4, M] (Böck & Davies 2020).

    `kwargs` are those of `FramedSignalProcessor`.
    """
    log = LogarithmicSpectrogramProcessor(log=np.log, add=1e-6)
    return SequentialProcessor(
        [_audio(), _resolution(2048, _logarithmic_bands(12), log, **kwargs), PadFrames(2)]
    )


def percussive_bars(fps: float = 100) -> SequentialProcessor:
    """Return the percussive front end of `RNNBarProcessor` (Krebs et al. 2016)."""
    difference = SpectrogramDifferenceProcessor(diff_ratio=0.5, positive_diffs=True)
    log = LogarithmicSpectrogramProcessor(mul=1, add=1)
    return SequentialProcessor([_audio(), _resolution(2048, _logarithmic_bands(6), log, difference, fps=fps)])


def harmonic_bars(fps: float = 100) -> SequentialProcessor:
    """Return the harmonic front end of `RNNBarProcessor`; it has no lazy form."""
    return SequentialProcessor([CLPChromaProcessor(fps=fps)])


def _quarter_tones(fps: float, fmin: float, fmax: float, *steps: Processor) -> SequentialProcessor:
    bands = LogarithmicFilteredSpectrogramProcessor(num_bands=24, fmin=fmin, fmax=fmax, unique_filters=True)
    return SequentialProcessor([_audio(), _resolution(8192, bands, fps=fps), *steps])


def cnn_chords() -> SequentialProcessor:
    """Return the front end of `CNNChordFeatureProcessor`, [N + 22, 113] (Korzeniowski & Widmer 2016b)."""
    return _quarter_tones(10, 60, 2600, PadFrames(11, repeat=False))


def deep_chroma(fmin: float = 65, fmax: float = 2100) -> SequentialProcessor:
    """Return the front end of `DeepChromaProcessor`, with 15 frames each (Korzeniowski & Widmer 2016a)."""
    return _quarter_tones(10, fmin, fmax, ContextFrames(15))


def cnn_key() -> SequentialProcessor:
    """Return the front end of `CNNKeyRecognitionProcessor` (Korzeniowski & Widmer 2018)."""
    return _quarter_tones(5, 65, 2100)
