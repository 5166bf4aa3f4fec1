"""`Spectrogram`: magnitudes that know what they were computed from."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....arithmetic.extrema import maximum_filter
from ....filterbanks.pitch_classes import tuning_from_histogram
from ...registry import mirrors
from .._arrays import Frames2D
from ..processors import Processor
from ._scales import A4
from ._source import StftSource

__all__ = ["Spectrogram", "SpectrogramProcessor", "spec", "spectrogram_source", "tuning_frequency"]


@mirrors("madmom.audio.spectrogram.spec")
def spec(stft: np.ndarray) -> np.ndarray:
    """Return the magnitude of a spectrum."""
    return np.abs(stft)


@mirrors("madmom.audio.spectrogram.tuning_frequency")
def tuning_frequency(
    spectrogram: np.ndarray, bin_frequencies: np.ndarray, num_hist_bins: int = 15, fref: float = A4
) -> float:
    """Return the frequency, Hz, that `fref` has in a recording, from its spectrogram [N, F].

    The deviations of the bins from their semitones are counted in `num_hist_bins` bins, by magnitude.
    """
    energy = np.sum(np.asarray(spectrogram), axis=0)
    return np.float64(tuning_from_histogram(energy, bin_frequencies, num_hist_bins, fref))


def spectrogram_source(data: Any, **kwargs: Any) -> Any:
    """Return what a spectrogram of `data` is computed from: an STFT, or the source of one."""
    from .stft import ShortTimeFourierTransform

    return (
        data if isinstance(data, (ShortTimeFourierTransform, StftSource)) else StftSource.of(data, **kwargs)
    )


@mirrors("madmom.audio.spectrogram.Spectrogram")
class Spectrogram(Frames2D):
    """The magnitude of an STFT, an array [N, F] of float32.

    Parameters
    ----------
    stft : ShortTimeFourierTransform, or what it takes
    **kwargs
        For `ShortTimeFourierTransform`.

    Attributes
    ----------
    stft : ShortTimeFourierTransform
        Computed when it is first asked for, if only the spectrogram was.
    bin_frequencies : array [F]
    num_frames, num_bins : int
    """

    _ADDS: ClassVar[dict[str, Any]] = {"_stft": None}
    _stft: Any

    def __new__(cls, stft: Any, **kwargs: Any) -> Any:
        """Take the magnitude."""
        if isinstance(stft, Spectrogram):
            new, source = np.asarray(stft).view(cls), stft._stft
        else:
            source = spectrogram_source(stft, **kwargs)
            deferred = isinstance(source, StftSource)
            new = (source.magnitude() if deferred else spec(np.asarray(source))).view(cls)
        new._stft = source
        return new

    @property
    def stft(self) -> Any:
        """The STFT it was computed from."""
        return self._stft.stft if isinstance(self._stft, StftSource) else self._stft

    @stft.setter
    def stft(self, stft: Any) -> None:
        self._stft = stft

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The bins' frequencies, Hz."""
        return self._stft.bin_frequencies  # type: ignore[no-any-return]

    def diff(self, **kwargs: Any) -> Any:
        """Return the `SpectrogramDifference`."""
        from ._difference import SpectrogramDifference

        return SpectrogramDifference(self, **kwargs)

    def filter(self, **kwargs: Any) -> Any:
        """Return the `FilteredSpectrogram`."""
        from ._filtered import FilteredSpectrogram

        return FilteredSpectrogram(self, **kwargs)

    def log(self, **kwargs: Any) -> Any:
        """Return the `LogarithmicSpectrogram`."""
        from ._logarithmic import LogarithmicSpectrogram

        return LogarithmicSpectrogram(self, **kwargs)

    def tuning_frequency(self, **kwargs: Any) -> float:
        """Return the `tuning_frequency` of the spectrogram's peaks."""
        values = np.asarray(self)
        peaks = values * (values == maximum_filter(np, values, 3, -1))
        return tuning_frequency(peaks, self.bin_frequencies, **kwargs)


@mirrors("madmom.audio.spectrogram.SpectrogramProcessor")
class SpectrogramProcessor(Processor):
    """Makes a `Spectrogram`."""

    takes_source = True

    def __init__(self, **kwargs: Any) -> None:
        pass

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Return the spectrogram of data: an STFT or what it takes."""
        return Spectrogram(data, **kwargs)

    def deferred(self, data: Any, following: Any, **kwargs: Any) -> StftSource | None:
        """Leave the computing to a filterbank that follows."""
        as_written = type(self).process is SpectrogramProcessor.process
        wanted = as_written and getattr(following, "filters_source", False)
        return data if wanted and isinstance(data, StftSource) else None
