"""A spectrogram of semitones by band-pass filters, not by an FFT."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....features.semitones import filter_both_ways
from ...registry import mirrors
from ._filtered import FilteredSpectrogram
from ._framing import FramedSignal
from ._pitch_classes import SemitoneBandpassFilterbank

__all__ = ["SemitoneBandpassSpectrogram"]


@mirrors("madmom.audio.spectrogram.SemitoneBandpassSpectrogram", tier=2)
class SemitoneBandpassSpectrogram(FilteredSpectrogram):
    """The energy of each semitone, an array [N, M] of float64 (Müller 2007).

    Each band is resampled, band-pass filtered there and back, squared, and summed over overlapping frames.
    (madmom resamples by ffmpeg; here soxr does.)

    Parameters
    ----------
    signal : Signal, or what it takes
    fps : float
        Frames a second; they overlap by half.
    fmin, fmax : float
        Hz.

    Attributes
    ----------
    filterbank : SemitoneBandpassFilterbank
    fps : float
    bin_frequencies : array [M]
    """

    _ADDS: ClassVar[dict[str, Any]] = {"fps": None}
    fps: Any

    def __new__(  # type: ignore[misc]
        cls, signal: Any, fps: float = 50.0, fmin: float = 27.5, fmax: float = 4200.0
    ) -> Any:
        """Filter a signal."""
        from .signal import Signal, resample

        if not isinstance(signal, Signal) or signal.num_channels != 1:
            signal = Signal(signal, num_channels=1)
        num_frames = int(np.round(len(signal) * fps / float(signal.sample_rate)) + 1)
        filterbank = SemitoneBandpassFilterbank(fmin=fmin, fmax=fmax)
        resampled: dict[float, Any] = {float(signal.sample_rate): signal}
        bands = []
        for coefficients, rate in zip(filterbank.filters, filterbank.band_sample_rates, strict=True):
            if float(rate) not in resampled:
                resampled[float(rate)] = resample(signal, rate)
            x = resampled[float(rate)]
            y = filter_both_ways(np.asarray(x), coefficients, "ba")
            if np.issubdtype(x.dtype, np.integer):
                y = y / np.iinfo(x.dtype).max
            energy = Signal(y**2 / rate * 22050.0, sample_rate=rate)  # the same for a tone at every rate
            size = int(np.round(2 * rate / float(fps)))
            frames = FramedSignal(energy, frame_size=size, fps=fps, num_frames=num_frames)
            bands.append([np.sum(frame) for frame in frames])
        new = np.array(bands).T.view(cls)
        new.filterbank, new.fps = filterbank, fps
        return new
