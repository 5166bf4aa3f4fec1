"""Beat tracking by dynamic programming (Ellis 2007).

Beats should fall on onsets, and lie about one period P apart. A sequence of beats scores the onset strength
at each of them, less for each step of d frames the penalty

    tightness (ln d - ln P)^2,   P / 2 <= d <= 2 P

and the best score C(i) of sequences that end at frame i follows from those that ended before it.
"""

from __future__ import annotations

import numpy as np

__all__ = ["track_beats"]


def track_beats(envelope: np.ndarray, period: np.ndarray, tightness: float, trim: bool) -> np.ndarray:
    """Return which frames of an onset `envelope` [T] are beats, bools [T].

    Parameters
    ----------
    envelope : array [T]
        Not all zero.
    period : float array [1] or [T]
        Whole frames between beats, for all frames or at each one.
    tightness : float
        How strictly the period is kept.
    trim : bool
        Whether to drop beats at both ends where onsets are weak.
    """
    x = envelope.astype(np.float64)
    x = x / (x.std(ddof=1) + np.finfo(np.float64).tiny)
    score = _smoothed(x, period)
    previous, total = _best_paths(score, period, tightness)
    beats = np.zeros(len(x), bool)
    frame = _last_beat(total)
    while frame >= 0:
        beats[frame] = True
        frame = previous[frame]
    return _trimmed(beats, score, trim)


def _smoothed(x: np.ndarray, period: np.ndarray) -> np.ndarray:
    """Return `x` smoothed by a Gaussian of standard deviation P / 32 at each frame."""
    x = np.concatenate([[0.0], x[1:]])  # librosa leaves the first frame out of every sum
    if len(period) == 1:
        reach = int(period[0])
        return np.convolve(x, _gaussian(reach))[reach : reach + len(x)]
    y = np.empty(len(x))
    for i, reach in enumerate(period.astype(int)):
        low, high = max(0, i - reach), min(len(x), i + reach + 1)
        y[i] = x[low:high] @ _gaussian(reach)[low - i + reach : high - i + reach]
    return y


def _gaussian(reach: int) -> np.ndarray:
    return np.exp(-0.5 * (np.arange(-reach, reach + 1) * 32.0 / reach) ** 2)


def _best_paths(score: np.ndarray, period: np.ndarray, tightness: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the beat before each frame, -1 for none, and the best total score up to each frame."""
    frames = len(score)
    total = score.copy()
    previous = np.full(frames, -1)
    nearest, farthest = np.round(period / 2).astype(int), (2 * period).astype(int)
    varying = len(period) > 1
    # Frames closer together than the nearest beat do not depend on each other: a block of them at once.
    block = max(1, int(nearest.min()))
    for first in range(0, frames, block):
        i = np.arange(first, min(first + block, frames))
        at = i if varying else np.zeros_like(i)
        lag = np.arange(max(1, nearest[at].min()), farthest[at].max() + 1)
        source = i[:, None] - lag
        allowed = (source >= 0) & (lag >= nearest[at][:, None]) & (lag <= farthest[at][:, None])
        penalty = tightness * (np.log(lag) - np.log(period[at])[:, None]) ** 2
        candidates = np.where(allowed, total[np.maximum(source, 0)] - penalty, -np.inf)
        best = candidates.argmax(axis=1)
        value = candidates[np.arange(len(i)), best]
        found = value > -np.inf
        total[i[found]] += value[found]
        previous[i[found]] = source[found, best[found]]
    # Before the first onset of some strength there is no beat.
    strong = score >= 0.01 * score.max()
    previous[: int(strong.argmax()) if strong.any() else frames] = -1
    return previous, total


def _last_beat(total: np.ndarray) -> int:
    """Return the last local maximum of `total` that reaches half the median of them all."""
    peak = np.zeros(len(total), bool)
    peak[1:] = total[1:] > total[:-1]
    peak[1:-1] &= total[1:-1] >= total[2:]
    if not peak.any():
        return len(total) - 1
    good = np.flatnonzero(peak & (total >= 0.5 * np.median(total[peak])))
    return int(good[-1]) if good.size else len(total) - 1


def _trimmed(beats: np.ndarray, score: np.ndarray, trim: bool) -> np.ndarray:
    """Drop the beats before the first and after the last frame whose score is above a threshold.

    That is half the root mean square of the scores at beats, smoothed by a window of five; 0 if not `trim`.
    """
    threshold = 0.0
    if trim:
        smooth = np.convolve(score[beats], np.hanning(5))[2 : len(score) + 2]
        threshold = 0.5 * float(np.sqrt(np.mean(smooth**2)))
    above = np.flatnonzero(score > threshold)
    kept = np.zeros_like(beats)
    if above.size:
        kept[above[0] : above[-1] + 1] = beats[above[0] : above[-1] + 1]
    return kept
