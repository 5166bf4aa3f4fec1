"""Pitch: of a frame by its periodicity (YIN), and of peaks of a spectrum.

Both place an extreme between samples by the parabola through three values (Smith & Serra 1987).
"""

from __future__ import annotations

import numpy as np

from ..framing.frames import frame, frame_count
from .autocorrelation import frame_autocorrelations

__all__ = ["parabolic_shift", "spectral_peaks", "yin"]

_BLOCK = 256  # frames at once: what is made of them stays in cache, and long audio in memory


def parabolic_shift(left: np.ndarray, middle: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return how far from the middle the parabola through three equidistant values has its extreme.

    In (-1, 1); 0 where the parabola hardly bends, for then its extreme is nowhere near.
    """
    slope, curve = (right - left) / 2, right + left - 2 * middle
    bends = np.abs(slope) < np.abs(curve)
    return np.where(bends, -slope / np.where(bends, curve, 1), 0)


def spectral_peaks(
    s: np.ndarray, first: int, end: int, threshold: np.ndarray | float
) -> tuple[tuple[np.ndarray, ...], np.ndarray, np.ndarray]:
    """Find the local maxima above `threshold` among the bins first .. end - 1 of magnitudes `s` [..., F, N].

    Returns
    -------
    where : tuple of index arrays
    bins, heights : arrays [peaks], float64
        Of each peak, interpolated. A peak at the highest bin is not.
    """
    below = max(first - 1, 0)  # one bin more on either side, to compare with
    # A frame's bins lie side by side in an STFT.
    near = np.ascontiguousarray(s[..., below : end + 1, :].swapaxes(-1, -2))
    limit = np.swapaxes(threshold, -1, -2) if np.ndim(threshold) > 1 else threshold
    # Neighbours below the threshold are below a peak too, so whether they count as 0 makes no difference.
    rising = near > limit
    rising[..., 1:] &= near[..., 1:] > near[..., :-1]
    rising[..., :-1] &= near[..., :-1] >= near[..., 1:]
    rising[..., 0] = False  # with nothing below to rise from
    rising[..., : first - below] = rising[..., end - below :] = False
    flat = np.flatnonzero(rising)
    *outer, frame_, k = np.unravel_index(flat, rising.shape)
    k = k + below
    # Bin 0 does not rise, and the highest bin is not interpolated: what its neighbour is does not matter.
    highest = k == s.shape[-2] - 1
    left, middle, right = (near.ravel()[i].astype(np.float64) for i in (flat - 1, flat, flat + ~highest))
    shift = np.where(highest, 0, parabolic_shift(left, middle, right))
    return (*outer, k, frame_), k + shift, middle + (right - left) / 4 * shift


def yin(
    x: np.ndarray, sr: float, fmin: float, fmax: float, frame_length: int, hop: int, threshold: float
) -> np.ndarray:
    """Return the fundamental frequency of each frame of `x` [B, T] in Hz, float64 [B, N].

    YIN (de Cheveigne & Kawahara 2002).
    With r the autocorrelation of a frame of n samples, the difference function at lag k is

        d(k) = sum_(t < n-k) (x[t] - x[t+k])^2,  here  2 (r[0] - r[k]) - sum_(t < k) x[t]^2

    (which counts the last k squares once more than the definition), and it is divided by its mean over
    lags 1 .. k. The first trough below `threshold` gives the period; where there is none, the least value.
    Computed in float64, since near a trough almost everything cancels.
    """
    x = x.astype(np.float64, copy=False)
    shortest = int(np.floor(sr / fmax))
    longest = min(int(np.ceil(sr / fmin)), frame_length - 1)
    frames = frame(np, x, frame_length, hop)
    count = frame_count(x.shape[1], frame_length, hop)
    f0 = np.empty((x.shape[0], count))
    for first in range(0, count, _BLOCK):
        part = slice(first, min(first + _BLOCK, count))
        samples = x[:, first * hop : (part.stop - 1) * hop + frame_length]
        r = frame_autocorrelations(samples, frame_length, hop, longest + 1)
        r = np.ascontiguousarray(r.swapaxes(1, 2))
        energy = np.cumsum(np.square(frames[:, part, :longest]), axis=-1)
        energy[..., 0] = 0  # librosa's sum at lag 1 is empty
        difference = 2 * (r[..., :1] - r[..., 1:]) - energy
        mean = np.cumsum(difference, axis=-1) / np.arange(1, longest + 1)
        below = mean[..., shortest - 1 :]
        ratio = difference[..., shortest - 1 :] / (below + np.finfo(np.float64).tiny)
        f0[:, part] = sr / (shortest + _first_trough(ratio, threshold))
    return f0


def _first_trough(d: np.ndarray, threshold: float) -> np.ndarray:
    """Return where `d` [..., K] has its first trough below `threshold`, or its least value: interpolated."""
    falls = d[..., 1:] < d[..., :-1]
    trough = np.empty(d.shape, bool)
    trough[..., 0] = d[..., 0] < d[..., 1]
    trough[..., 1:] = falls
    trough[..., 1:-1] &= ~falls[..., 1:]
    trough &= d < threshold
    index = np.where(trough.any(axis=-1), trough.argmax(axis=-1), d.argmin(axis=-1))[..., None]
    last = d.shape[-1] - 1
    at = [np.take_along_axis(d, np.clip(index + i, 0, last), axis=-1) for i in (-1, 0, 1)]
    inside = (index > 0) & (index < last)
    return (index + np.where(inside, parabolic_shift(*at), 0))[..., 0]
