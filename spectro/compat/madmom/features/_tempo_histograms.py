"""Histograms of how strongly activations repeat after each interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....onsets.comb import comb_feed_back
from ...registry import mirrors
from ..processors import BufferProcessor, OnlineProcessor

__all__ = [
    "ACFTempoHistogramProcessor",
    "CombFilterTempoHistogramProcessor",
    "TCNTempoHistogramProcessor",
    "TempoHistogramProcessor",
    "interval_histogram_acf",
    "interval_histogram_comb",
]

ALPHA = 0.79
MIN_BPM = 40.0
MAX_BPM = 250.0
HIST_BUFFER = 10.0

Histogram = tuple[np.ndarray, np.ndarray]


def _intervals(activations: np.ndarray, min_tau: int, max_tau: int | None) -> np.ndarray:
    return np.arange(min_tau, (len(activations) - min_tau if max_tau is None else max_tau) + 1)


@mirrors("madmom.features.tempo.interval_histogram_acf")
def interval_histogram_acf(
    activations: np.ndarray, min_tau: int = 1, max_tau: int | None = None
) -> Histogram:
    """Return (bins, intervals) by autocorrelation of activations [N].

    Parameters
    ----------
    activations : array [N]
    min_tau, max_tau : int
        Intervals, frames; the longest defaults to N - min_tau.

    Raises
    ------
    NotImplementedError
        For activations of more dimensions.
    """
    if activations.ndim != 1:
        raise NotImplementedError("too many dimensions for autocorrelation interval histogram calculation.")
    intervals = _intervals(activations, min_tau, max_tau)
    return np.array([np.sum(np.abs(activations[t:] * activations[:-t])) for t in intervals]), intervals


@mirrors("madmom.features.tempo.interval_histogram_comb")
def interval_histogram_comb(
    activations: np.ndarray, alpha: float, min_tau: int = 1, max_tau: int | None = None
) -> Histogram:
    """Return (bins, intervals) by a bank of feed-back comb filters: at each frame the loudest counts.

    Parameters
    ----------
    activations : array [N] or [N, K]
    alpha : float
        The filters' gain.
    min_tau, max_tau
        As for `interval_histogram_acf`.

    Raises
    ------
    NotImplementedError
        For activations of more dimensions.
    """
    if activations.ndim not in (1, 2):
        raise NotImplementedError("too many dimensions for comb filter interval histogram calculation.")
    intervals = _intervals(activations, min_tau, max_tau)
    gain = float(np.float32(alpha))  # madmom's filter takes it in single precision
    filtered = np.stack([comb_feed_back(activations, int(t), gain) for t in intervals], axis=-1)
    return _loudest(filtered).sum(axis=0), intervals


def _loudest(filtered: np.ndarray) -> np.ndarray:
    """Return the outputs [..., M] of a bank with all but the greatest at each frame 0."""
    return filtered * (filtered == filtered.max(axis=-1, keepdims=True))  # type: ignore[no-any-return]


@mirrors("madmom.features.tempo.TempoHistogramProcessor", tier=2)
class TempoHistogramProcessor(OnlineProcessor):
    """Base class of histograms of the intervals between beats.

    Parameters
    ----------
    min_bpm, max_bpm : float
    hist_buffer : float
        Seconds that an `online` histogram looks back.
    fps : float
        Frames of activations a second.
    online : bool
    **kwargs
        Not used.

    Attributes
    ----------
    min_interval, max_interval : int
        Frames.
    intervals : array
    """

    def __init__(
        self,
        min_bpm: float,
        max_bpm: float,
        hist_buffer: float = HIST_BUFFER,
        fps: Any = None,
        online: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(online=online)
        self.min_bpm = float(min_bpm)
        self.max_bpm = float(max_bpm)
        self.hist_buffer = hist_buffer
        self.fps = fps
        if self.online:
            self._hist_buffer = BufferProcessor((int(hist_buffer * self.fps), len(self.intervals)))

    @property
    def min_interval(self) -> int:
        """The shortest interval, frames."""
        return int(np.floor(60.0 * self.fps / self.max_bpm))

    @property
    def max_interval(self) -> int:
        """The longest interval, frames."""
        return int(np.ceil(60.0 * self.fps / self.min_bpm))

    @property
    def intervals(self) -> np.ndarray:
        """The intervals counted, frames."""
        return np.arange(self.min_interval, self.max_interval + 1)

    def reset(self) -> None:
        """Forget earlier activations."""
        self._hist_buffer.reset()


@mirrors("madmom.features.tempo.CombFilterTempoHistogramProcessor")
class CombFilterTempoHistogramProcessor(TempoHistogramProcessor):
    """A histogram by `interval_histogram_comb`, with its `alpha`."""

    def __init__(
        self,
        min_bpm: float = MIN_BPM,
        max_bpm: float = MAX_BPM,
        alpha: float = ALPHA,
        hist_buffer: float = HIST_BUFFER,
        fps: Any = None,
        online: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(min_bpm, max_bpm, hist_buffer, fps, online, **kwargs)
        self.alpha = alpha
        if self.online:
            self._comb_buffer = BufferProcessor((self.max_interval + 1, len(self.intervals)))

    def reset(self) -> None:
        """Forget earlier activations."""
        super().reset()
        self._comb_buffer.reset()

    def process_offline(self, activations: np.ndarray, **kwargs: Any) -> Histogram:
        """Return the histogram of all activations."""
        return interval_histogram_comb(activations, self.alpha, self.min_interval, self.max_interval)

    def process_online(self, activations: Any, reset: bool = True, **kwargs: Any) -> Histogram:
        """Return the histogram up to the next activations, after forgetting those before if `reset`."""
        if not isinstance(activations, np.ndarray):
            activations = np.array(activations, ndmin=1, dtype=float)
        if reset:
            self.reset()
        bins = self._hist_buffer.data
        # One frame at a time: what each filter puts out now, it gets back after its interval.
        each = -self.intervals, np.arange(len(self.intervals))
        for activation in activations:
            y = activation + self.alpha * self._comb_buffer[each]
            self._comb_buffer(y)
            bins = self._hist_buffer(_loudest(y))
        return np.sum(bins, axis=0), self.intervals


@mirrors("madmom.features.tempo.ACFTempoHistogramProcessor")
class ACFTempoHistogramProcessor(TempoHistogramProcessor):
    """A histogram by `interval_histogram_acf`."""

    def __init__(
        self,
        min_bpm: float = MIN_BPM,
        max_bpm: float = MAX_BPM,
        hist_buffer: float = HIST_BUFFER,
        fps: Any = None,
        online: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(min_bpm, max_bpm, hist_buffer, fps, online, **kwargs)
        if self.online:
            self._act_buffer = BufferProcessor((self.max_interval + 1, 1))

    def reset(self) -> None:
        """Forget earlier activations."""
        super().reset()
        self._act_buffer.reset()

    def process_offline(self, activations: np.ndarray, **kwargs: Any) -> Histogram:
        """Return the histogram of all activations."""
        return interval_histogram_acf(activations, self.min_interval, self.max_interval)

    def process_online(self, activations: Any, reset: bool = True, **kwargs: Any) -> Histogram:
        """Return the histogram up to the next activations, after forgetting those before if `reset`."""
        if reset:
            self.reset()
        bins = self._hist_buffer.data
        for activation in activations:
            products = activation * self._act_buffer[-self.intervals].T
            self._act_buffer(activation)
            bins = self._hist_buffer(products)
        return np.sum(bins, axis=0), self.intervals


@mirrors("madmom.features.tempo.TCNTempoHistogramProcessor", tier=2)
class TCNTempoHistogramProcessor(TempoHistogramProcessor):
    """The part of a histogram over all tempi, such as a network puts out, that lies within the range."""

    def __init__(self, min_bpm: float = MIN_BPM, max_bpm: float = MAX_BPM, **kwargs: Any) -> None:
        super().__init__(min_bpm=min_bpm, max_bpm=max_bpm, **kwargs)

    def process(self, data: Any, **kwargs: Any) -> Histogram:
        """Return (bins, tempi) of bins for tempi from 0 bpm on; of a tuple, the last is taken."""
        bins = data[-1] if isinstance(data, tuple) else data
        tempi = np.arange(len(bins))
        first, end = np.argmax(tempi >= self.min_bpm), np.argmin(tempi <= self.max_bpm)
        return bins[first:end], tempi[first:end]
