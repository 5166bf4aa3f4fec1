"""Peaks of an onset detection function, as onset times."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...fallback import load
from ...registry import mirrors
from .. import _arguments
from ..audio.signal import smooth as smooth_signal
from ..processors import BufferProcessor, OnlineProcessor
from ..utils import combine_events

__all__ = ["OnsetPeakPickingProcessor", "peak_picking"]


@mirrors("madmom.features.onsets.peak_picking")
def peak_picking(
    activations: np.ndarray,
    threshold: float,
    smooth: Any = None,
    pre_avg: int = 0,
    post_avg: int = 0,
    pre_max: int = 1,
    post_max: int = 1,
) -> Any:
    """Return the frames of the peaks of activations [N], or (frames, columns) of [N, K].

    A peak is at least `threshold` above the mean of `pre_avg` frames before to `post_avg` after it, and the
    greatest of `pre_max` frames before to `post_max` after (Böck et al. 2012). Beyond the ends all is 0.

    Parameters
    ----------
    activations : array
    threshold : float
    smooth : int, array or None
        Smooth the activations first: see `madmom.audio.signal.smooth`.
    pre_avg, post_avg, pre_max, post_max : int
        Frames.

    Raises
    ------
    ValueError
        For activations of more dimensions.
    """
    activations = np.asarray(smooth_signal(activations, smooth))
    if activations.ndim not in (1, 2):
        raise ValueError("`activations` must be either 1D or 2D")
    average = _filtered("uniform_filter", activations, pre_avg, post_avg, 0)
    detections = activations * (activations >= average + threshold)
    greatest = _filtered("maximum_filter", detections, pre_max, post_max, detections)
    found = np.nonzero(detections * (detections == greatest))
    return found[0] if activations.ndim == 1 else found


def _filtered(name: str, x: np.ndarray, before: int, after: int, unfiltered: Any) -> Any:
    """Return a filter of scipy.ndimage over frames -before .. after of x [N] or [N, K], zeros beyond it."""
    size = before + after + 1
    if size <= 1:
        return unfiltered
    shape = (size,) + (1,) * (x.ndim - 1)
    origin = (int(np.floor((before - after) / 2)),) + (0,) * (x.ndim - 1)
    return getattr(load("scipy.ndimage"), name)(x, shape, mode="constant", origin=origin)


@mirrors("madmom.features.onsets.OnsetPeakPickingProcessor")
class OnsetPeakPickingProcessor(OnlineProcessor):
    """Onset times, seconds, from activations [N].

    Parameters
    ----------
    threshold : float
    smooth, pre_avg, post_avg, pre_max, post_max : float
        As for `peak_picking`, in seconds. `online` allows for none of the future: smooth, post_avg and
        post_max are 0.
    combine : float
        Merge an onset into one so many seconds before it.
    delay : float
        Seconds to add; not `online`.
    online : bool
    fps : float
        Frames of activations a second.
    **kwargs
        Not used.
    """

    FPS = 100
    THRESHOLD = 0.5  # binary threshold
    SMOOTH = 0.0
    PRE_AVG = 0.0
    POST_AVG = 0.0
    PRE_MAX = 0.0
    POST_MAX = 0.0
    COMBINE = 0.03
    DELAY = 0.0
    ONLINE = False

    add_arguments = staticmethod(_arguments.peak_picking)

    def __init__(
        self,
        threshold: float = THRESHOLD,
        smooth: float = SMOOTH,
        pre_avg: float = PRE_AVG,
        post_avg: float = POST_AVG,
        pre_max: float = PRE_MAX,
        post_max: float = POST_MAX,
        combine: float = COMBINE,
        delay: float = DELAY,
        online: bool = ONLINE,
        fps: float = FPS,
        **kwargs: Any,
    ) -> None:
        super().__init__(online=online)
        if self.online:
            smooth = post_avg = post_max = 0
            self.reset()
        self.threshold = threshold
        self.smooth = smooth
        self.pre_avg = pre_avg
        self.post_avg = post_avg
        self.pre_max = pre_max
        self.post_max = post_max
        self.combine = combine
        self.delay = delay
        self.fps = fps

    def reset(self) -> None:
        """Forget earlier activations."""
        self.buffer: BufferProcessor | None = None
        self.counter = 0
        self.last_onset: float | None = None

    def _peaks(self, activations: np.ndarray) -> Any:
        seconds = (self.smooth, self.pre_avg, self.post_avg, self.pre_max, self.post_max)
        frames = np.round(np.array(seconds) * self.fps).astype(int)
        return peak_picking(activations, self.threshold, *frames)

    def process_offline(self, activations: np.ndarray, **kwargs: Any) -> np.ndarray:
        """Return the onsets of all activations."""
        onsets = self._peaks(activations).astype(float) / self.fps
        if self.delay:
            onsets += self.delay
        if self.combine:
            onsets = combine_events(onsets, self.combine, "left")
        return np.asarray(onsets)

    process_sequence = process_offline

    def process_online(self, activations: Any, reset: bool = True, **kwargs: Any) -> np.ndarray:
        """Return the onsets of the next activations, after forgetting those before if `reset`.

        Raises
        ------
        ValueError
            With a delay.
        """
        activations = activations if isinstance(activations, np.ndarray) else np.array(activations, ndmin=1)
        if self.delay:
            raise ValueError("delay not supported yet in online mode")
        if self.buffer is None or reset:
            self.reset()
            before = int(np.round(self.pre_max * self.fps))
            known = np.concatenate((np.zeros(before, activations.dtype), activations))
            self.counter = -before
            self.buffer = BufferProcessor(init=known)
        else:
            known = self.buffer(activations)
        onsets = (self.counter + self._peaks(known)) / float(self.fps)
        self.counter += len(activations)
        if self.combine and onsets.any():
            onsets = self._new_ones(onsets)
        return onsets  # type: ignore[no-any-return]

    def _new_ones(self, onsets: np.ndarray) -> np.ndarray:
        """Return those of the combined onsets that were not reported before."""
        last = self.last_onset
        if last is not None:
            onsets = np.append(last, onsets)
        onsets = combine_events(onsets, self.combine, "left")
        if onsets[-1] == last:
            return np.empty(0)
        self.last_onset = onsets[-1]
        return onsets if last is None else onsets[1:]
