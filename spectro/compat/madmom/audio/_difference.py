"""Differences of a spectrogram in time, and SuperFlux."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....arithmetic.extrema import maximum_filter
from ....onsets.detection import overlap_lag
from ...registry import mirrors
from .. import _arguments
from ..processors import BufferProcessor, Processor, SequentialProcessor
from ._filtered import FILTERBANK, FilteredSpectrogramProcessor
from ._logarithmic import LogarithmicSpectrogramProcessor
from ._spectrogram import Spectrogram, SpectrogramProcessor

__all__ = ["SpectrogramDifference", "SpectrogramDifferenceProcessor", "SuperFluxProcessor", "lag_of"]

DIFF_RATIO = 0.5
DIFF_FRAMES = None
DIFF_MAX_BINS = None
POSITIVE_DIFFS = False


def lag_of(source: Any, diff_ratio: float) -> int:
    """Return after how many frames the windows of an STFT, or its source, overlap down to `diff_ratio`."""
    window, frames = source.window, source.frames
    if callable(window):
        window = window(frames.frame_size)
    return overlap_lag(np.asarray(window), frames.hop_size, diff_ratio)


@mirrors("madmom.audio.spectrogram.SpectrogramDifference")
class SpectrogramDifference(Spectrogram):
    """How much a spectrogram differs from itself some frames before, an array [N, M].

    Parameters
    ----------
    spectrogram : Spectrogram, or what it takes
    diff_ratio : float
        Look back until the frames' windows overlap down to this part of their peak.
    diff_frames : int, optional
        Frames to look back, used instead.
    diff_max_bins : int, optional
        Compare with the greatest of so many neighbours of the earlier frame (Böck & Widmer 2013).
    positive_diffs : bool
        Keep rises only.
    keep_dims : bool
        Begin with frames of 0 where there are no earlier ones, or leave these frames out.
    **kwargs
        For `Spectrogram`.

    Attributes
    ----------
    spectrogram : Spectrogram
    diff_ratio, diff_frames, diff_max_bins, positive_diffs
    bin_frequencies : array
    """

    _ADDS: ClassVar[dict[str, Any]] = {
        "spectrogram": None,
        "diff_ratio": 0.5,
        "diff_frames": None,
        "diff_max_bins": None,
        "positive_diffs": False,
    }
    spectrogram: Any

    def __new__(
        cls,
        spectrogram: Any,
        diff_ratio: float = DIFF_RATIO,
        diff_frames: int | None = DIFF_FRAMES,
        diff_max_bins: int | None = DIFF_MAX_BINS,
        positive_diffs: bool = POSITIVE_DIFFS,
        keep_dims: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Take the difference."""
        if not isinstance(spectrogram, Spectrogram):
            spectrogram = Spectrogram(spectrogram, **kwargs)
        if diff_frames is None:
            diff_frames = lag_of(spectrogram._stft, diff_ratio)
        now = np.asarray(spectrogram)
        before = now
        if diff_max_bins is not None and diff_max_bins > 1:
            before = maximum_filter(np, now, int(diff_max_bins), -1)
        rises = now[diff_frames:] - before[:-diff_frames]
        if positive_diffs:
            np.maximum(rises, 0, out=rises)
        if keep_dims:
            rises = np.concatenate((np.zeros_like(now[:diff_frames]), rises))
        new = rises.view(cls)
        new.spectrogram, new._stft = spectrogram, spectrogram._stft
        new.diff_ratio, new.diff_frames = diff_ratio, diff_frames
        new.diff_max_bins, new.positive_diffs = diff_max_bins, positive_diffs
        return new

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The frequencies of the spectrogram's bins or bands, Hz."""
        return self.spectrogram.bin_frequencies  # type: ignore[no-any-return]

    def positive_diff(self) -> np.ndarray:
        """Return the rises only."""
        return np.maximum(self, 0)  # type: ignore[no-any-return]


@mirrors("madmom.audio.spectrogram.SpectrogramDifferenceProcessor")
class SpectrogramDifferenceProcessor(Processor):
    """Makes a `SpectrogramDifference`, 0 where there are no earlier frames; also of pieces of a stream.

    Parameters
    ----------
    diff_ratio, diff_frames, diff_max_bins, positive_diffs
        As for `SpectrogramDifference`. The lag of the first data is kept.
    stack_diffs : function, optional
        Makes the result of (spectrogram, difference): `np.hstack`, say.
    """

    takes_source = True

    add_arguments = staticmethod(_arguments.difference)

    def __init__(
        self,
        diff_ratio: float = DIFF_RATIO,
        diff_frames: int | None = DIFF_FRAMES,
        diff_max_bins: int | None = DIFF_MAX_BINS,
        positive_diffs: bool = POSITIVE_DIFFS,
        stack_diffs: Any = None,
        **kwargs: Any,
    ) -> None:
        self.diff_ratio = diff_ratio
        self.diff_frames = diff_frames
        self.diff_max_bins = diff_max_bins
        self.positive_diffs = positive_diffs
        self.stack_diffs = stack_diffs
        self._buffer: BufferProcessor | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_buffer": None}

    def process(self, data: Any, reset: bool = True, **kwargs: Any) -> Any:
        """Return the difference of data, a spectrogram or what it takes.

        Without `reset`, data goes on where the data before ended.
        """
        names = ("diff_ratio", "diff_frames", "diff_max_bins", "positive_diffs")
        options = {name: getattr(self, name) for name in names} | kwargs
        if not isinstance(data, Spectrogram):
            data = Spectrogram(data)
        if self.diff_frames is None:
            self.diff_frames = lag_of(data._stft, options["diff_ratio"])
        lag = self.diff_frames
        if self._buffer is None or reset:
            # Nothing rises over an infinite past; what falls from it is set to 0 below.
            past = np.full((lag, data.shape[1]), np.inf, data.dtype)
            data = _like(data, np.concatenate((past, np.asarray(data))))
            self._buffer = BufferProcessor(init=data)
        else:
            data = self._buffer(data)
        diff = SpectrogramDifference(data, keep_dims=False, **options)
        diff[np.isinf(diff)] = 0
        return diff if self.stack_diffs is None else self.stack_diffs((diff.spectrogram[lag:], diff))

    def reset(self) -> None:
        """Forget earlier data."""
        self._buffer = None


def _like(data: Any, values: np.ndarray) -> Any:
    """Return values as an array with the class and the attributes of `data`."""
    new = values.view(type(data))
    new.__array_finalize__(data)
    return new


@mirrors("madmom.audio.spectrogram.SuperFluxProcessor")
class SuperFluxProcessor(SequentialProcessor):
    """From frames to the differences whose sum is SuperFlux (Böck & Widmer 2013).

    Parameters
    ----------
    **kwargs
        Of the processors from the STFT to the difference. The defaults here are: num_bands 24 an octave,
        norm_filters False, diff_ratio 0.5, diff_max_bins 3, positive_diffs True.
    """

    def __init__(self, **kwargs: Any) -> None:
        from .stft import ShortTimeFourierTransformProcessor

        filters: dict[str, Any] = {"filterbank": FILTERBANK, "num_bands": 24, "norm_filters": False}
        differences: dict[str, Any] = {"diff_ratio": 0.5, "diff_max_bins": 3, "positive_diffs": True}
        filters = {name: kwargs.pop(name, default) for name, default in filters.items()}
        differences = {name: kwargs.pop(name, default) for name, default in differences.items()}
        super().__init__(
            [
                ShortTimeFourierTransformProcessor(**kwargs),
                SpectrogramProcessor(**kwargs),
                FilteredSpectrogramProcessor(**filters, **kwargs),
                LogarithmicSpectrogramProcessor(**kwargs),
                SpectrogramDifferenceProcessor(**differences, **kwargs),
            ]
        )
