"""`madmom.features.tempo`: histograms of the intervals between beats, and the tempi they show."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ....callers import warn
from ... import fallback as _fallback
from ...fallback import load
from ...registry import mirrors
from .. import _arguments
from ..audio.comb_filters import CombFilterbankProcessor
from ..audio.signal import smooth as smooth_signal
from ..processors import BufferProcessor, OnlineProcessor
from ._tempo_histograms import (
    ALPHA,
    HIST_BUFFER,
    MAX_BPM,
    MIN_BPM,
    ACFTempoHistogramProcessor,
    CombFilterTempoHistogramProcessor,
    TCNTempoHistogramProcessor,
    TempoHistogramProcessor,
    interval_histogram_acf,
    interval_histogram_comb,
)

__all__ = [
    "ALPHA",
    "HIST_BUFFER",
    "MAX_BPM",
    "MIN_BPM",
    "ACFTempoHistogramProcessor",
    "BufferProcessor",
    "CombFilterTempoHistogramProcessor",
    "CombFilterbankProcessor",
    "TCNTempoHistogramProcessor",
    "TempoEstimationProcessor",
    "TempoHistogramProcessor",
    "detect_tempo",
    "dominant_interval",
    "interval_histogram_acf",
    "interval_histogram_comb",
    "smooth_histogram",
]

METHOD = "comb"
ACT_SMOOTH = 0.14
HIST_SMOOTH = 9
NO_TEMPO = np.nan

Histogram = tuple[np.ndarray, np.ndarray]


@mirrors("madmom.features.tempo.smooth_histogram")
def smooth_histogram(histogram: Histogram, smooth: Any) -> Histogram:
    """Return a histogram (bins, intervals) with its bins smoothed: see `madmom.audio.signal.smooth`."""
    return smooth_signal(histogram[0], smooth), histogram[1]


@mirrors("madmom.features.tempo.dominant_interval")
def dominant_interval(histogram: Histogram, smooth: Any = None) -> int:
    """Return the interval with the fullest bin of a histogram, after smoothing."""
    bins, intervals = smooth_histogram(histogram, smooth) if smooth else histogram
    return intervals[np.argmax(bins)]  # type: ignore[no-any-return]


@mirrors("madmom.features.tempo.detect_tempo")
def detect_tempo(histogram: Histogram, fps: float | None = None, interpolate: bool = False) -> np.ndarray:
    """Return tempi and their strengths, which sum to 1, strongest first [K, 2].

    Parameters
    ----------
    histogram : (bins, intervals)
        Intervals in frames, or tempi if `fps` is None.
    fps : float, optional
        Frames a second.
    interpolate : bool
        Find the peaks between the intervals, on a grid of 0.01.

    Returns
    -------
    array [K, 2]
        (nan, 0) if no bin is greater than its neighbours.
    """
    bins, tempi = histogram
    if interpolate:
        fine = np.arange(tempi[0], tempi[-1], 0.01)
        bins, tempi = load("scipy.interpolate").interp1d(tempi, bins, "quadratic")(fine), fine
    if fps is not None:
        tempi = 60.0 * fps / tempi
    # The histogram is a circle: its last bin stands before its first.
    peaks = np.flatnonzero((bins > np.roll(bins, 1)) & (bins > np.roll(bins, -1)))
    if len(peaks) == 0:
        return np.array([[NO_TEMPO, 0.0]])
    if len(peaks) == 1:
        return np.array([[tempi[peaks[0]], 1.0]])
    peaks = peaks[np.argsort(bins[peaks])[::-1]]
    return np.stack((tempi[peaks], bins[peaks] / np.sum(bins[peaks])), axis=1)


@mirrors("madmom.features.tempo.TempoEstimationProcessor")
class TempoEstimationProcessor(OnlineProcessor):
    """Tempi from beat activations [N]: see `detect_tempo`.

    Parameters
    ----------
    method : {"comb", "acf", "dbn", None}
        Deprecated: the kind of histogram. "dbn" is madmom's own.
    min_bpm, max_bpm : float
    act_smooth : float or None
        Seconds to smooth the activations over.
    hist_smooth : int or None
        Bins to smooth the histogram over.
    fps : float
        Frames of activations a second.
    online : bool
    histogram_processor : TempoHistogramProcessor, optional
        Used instead of `method`.
    interpolate : bool
        As for `detect_tempo`.
    **kwargs
        For the histogram processor; `verbose` writes tempi to stderr, `online`.

    Raises
    ------
    ValueError
        For an unknown method.
    """

    add_arguments = staticmethod(_arguments.tempo)

    def __init__(
        self,
        method: str | None = METHOD,
        min_bpm: float = MIN_BPM,
        max_bpm: float = MAX_BPM,
        act_smooth: float | None = ACT_SMOOTH,
        hist_smooth: int | None = HIST_SMOOTH,
        fps: float | None = None,
        online: bool = False,
        histogram_processor: Any = None,
        interpolate: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(online=online)
        if method is not None:
            warn(
                "`method` is deprecated as of madmom 0.17: pass a TempoHistogramProcessor as "
                "histogram_processor, and method=None"
            )
            self.method = method
        self.act_smooth = act_smooth
        self.hist_smooth = hist_smooth
        self.fps = fps
        self.interpolate = interpolate
        if self.online:
            self.visualize = kwargs.get("verbose", False)
        if histogram_processor is None:
            if method == "dbn":
                self.act_smooth = None
            make = _histogram_class(method)
            histogram_processor = make(min_bpm=min_bpm, max_bpm=max_bpm, fps=fps, online=online, **kwargs)
        self.histogram_processor = histogram_processor

    @property
    def min_bpm(self) -> float:
        """The slowest tempo."""
        return self.histogram_processor.min_bpm  # type: ignore[no-any-return]

    @property
    def max_bpm(self) -> float:
        """The fastest tempo."""
        return self.histogram_processor.max_bpm  # type: ignore[no-any-return]

    @property
    def intervals(self) -> np.ndarray:
        """The intervals counted, frames."""
        return self.histogram_processor.intervals  # type: ignore[no-any-return]

    @property
    def min_interval(self) -> int:
        """The shortest interval, frames."""
        return self.histogram_processor.min_interval  # type: ignore[no-any-return]

    @property
    def max_interval(self) -> int:
        """The longest interval, frames."""
        return self.histogram_processor.max_interval  # type: ignore[no-any-return]

    def reset(self) -> None:
        """Forget earlier activations."""
        self.histogram_processor.reset()

    def interval_histogram(self, activations: np.ndarray, **kwargs: Any) -> Histogram:
        """Return the histogram of activations."""
        return self.histogram_processor(activations, **kwargs)  # type: ignore[no-any-return]

    def dominant_interval(self, histogram: Histogram) -> int:
        """Return the `dominant_interval` of a histogram."""
        return dominant_interval(histogram, self.hist_smooth)

    def process_offline(self, activations: np.ndarray, **kwargs: Any) -> np.ndarray:
        """Return the tempi of all activations."""
        if self.act_smooth is not None:
            frames = round(self.fps * self.act_smooth)  # type: ignore[operator]
            activations = smooth_signal(activations, frames)
        return self._tempi(self.histogram_processor(activations))

    def process_online(self, activations: np.ndarray, reset: bool = True, **kwargs: Any) -> np.ndarray:
        """Return the tempi up to the next activations, after forgetting those before if `reset`."""
        tempi = self._tempi(self.interval_histogram(activations, reset=reset))
        if self.visualize:
            shown = "".join(f"| {bpm:6.1f} {'*' * min(int(s * 50), 18):18s}" for bpm, s in tempi[:3])
            sys.stderr.write(f"\r{shown}|")
            sys.stderr.flush()
        return tempi

    def _tempi(self, histogram: Histogram) -> np.ndarray:
        return detect_tempo(smooth_histogram(histogram, self.hist_smooth), self.fps, self.interpolate)


def _histogram_class(method: str | None) -> Any:
    if method == "dbn":
        return load("madmom.features.tempo").DBNTempoHistogramProcessor
    known = {"acf": ACFTempoHistogramProcessor, "comb": CombFilterTempoHistogramProcessor}
    if method not in known:
        raise ValueError("tempo histogram method unknown.")
    return known[method]


__getattr__ = _fallback.fall_through(__name__, "madmom.features.tempo")
