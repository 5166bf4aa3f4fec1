"""Descriptors of a spectrogram that is given: S [..., N, F] with its bins at any frequencies.

`spectro.spectrum.reductions` has those of audio, whose bins are those of an FFT. Here the frequencies are a
row [F], or differ from frame to frame [..., N, F], as those of a reassigned spectrogram do. In numpy
everything is computed in float64, whatever the dtype of S.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from ..spectrum.reductions import safe_divisor, tonelessness, weighted_sum
from ..spectrum.scales import root
from ..typing import Array

__all__ = ["bandwidth", "centroid", "flatness", "octave_bands", "peaks_and_valleys", "ranges_of", "rolloff"]


def _wide(xp: ModuleType, x: Array) -> Array:
    return x.astype(np.float64, copy=False) if xp is np else x


def _total(xp: ModuleType, s: Array) -> Array:
    return s.sum(axis=-1, keepdims=True) if xp is not np else s.sum(axis=-1, keepdims=True, dtype=np.float64)


def centroid(xp: ModuleType, s: Array, frequencies: Array) -> Array:
    """Return sum f S / sum S, [..., N, 1]; where there is nothing to divide by, sum f S."""
    return weighted_sum(xp, _wide(xp, s), frequencies) / safe_divisor(xp, _total(xp, s))


def bandwidth(xp: ModuleType, s: Array, frequencies: Array, centre: Array, p: float, norm: bool) -> Array:
    """Return (sum |f - c|^p S)^(1/p) of S, or of S divided by its sum: [..., N, 1]."""
    spread = xp.abs(_wide(xp, frequencies) - centre)
    total = weighted_sum(xp, _wide(xp, s), spread * spread if p == 2 else spread**p)
    return root(xp, total / safe_divisor(xp, _total(xp, s)) if norm else total, p)


def rolloff(xp: ModuleType, s: Array, frequencies: Array, share: float) -> Array:
    """Return the lowest frequency up to whose bin S sums to a share of the whole, [..., N, 1]."""
    reached = xp.cumsum(s, axis=-1) if xp is not np else np.cumsum(s, axis=-1, dtype=np.float64)
    below = reached < share * reached[..., -1:]
    return xp.where(below, np.inf, frequencies).min(axis=-1, keepdims=True)


def flatness(xp: ModuleType, s: Array, amin: float, power: float) -> Array:
    """Return the geometric mean of max(S^power, amin) over its arithmetic mean, [..., N, 1]."""
    return tonelessness(xp, xp.maximum(s * s if power == 2 else s**power, amin))


def octave_bands(
    frequencies: np.ndarray, fmin: float, n_bands: int, quantile: float
) -> list[tuple[np.ndarray, int]]:
    """Return for each band its bins, and how many of them are loud or quiet.

    The bands are 0 to fmin, then octaves. A band after the first takes the bin below it too, the last all
    above it, and the others lose their last bin, after their share has been counted.

    Raises
    ------
    IndexError
        If an octave holds no bin.
    """
    edges = np.concatenate([[0.0], fmin * 2.0 ** np.arange(n_bands + 1)])
    bands = []
    for k in range(n_bands + 1):
        inside = (frequencies >= edges[k]) & (frequencies <= edges[k + 1])
        bins = np.flatnonzero(inside)
        if k > 0:
            inside[bins[0] - 1] = True
        if k == n_bands:
            inside[bins[-1] + 1 :] = True
        count = max(1, int(np.rint(quantile * inside.sum())))
        bins = np.flatnonzero(inside)
        bands.append((bins if k == n_bands else bins[:-1], count))
    return bands


def ranges_of(bands: list[tuple[np.ndarray, int]]) -> tuple[tuple[int, int, int], ...] | None:
    """Return the bands as `reductions.Extremes` has them; None if one has gaps, or too few bins."""
    ranges = []
    for bins, count in bands:
        if len(bins) < count or int(bins[-1]) - int(bins[0]) + 1 != len(bins):
            return None
        ranges.append((int(bins[0]), int(bins[-1]) + 1, count))
    return tuple(ranges)


def peaks_and_valleys(xp: ModuleType, s: Array, bands: list[tuple[np.ndarray, int]]) -> tuple[Array, Array]:
    """Return the mean of the loudest bins of each band [..., N, bands], and of the quietest."""
    peaks, valleys = [], []
    for bins, count in bands:
        contiguous = len(bins) > 0 and int(bins[-1]) - int(bins[0]) + 1 == len(bins)
        part = s[..., int(bins[0]) : int(bins[-1]) + 1] if contiguous else s[..., xp.array(bins)]
        part = xp.sort(part, axis=-1) if count > 1 else part
        if count > 1:
            peaks.append(part[..., -count:].mean(axis=-1))
            valleys.append(part[..., :count].mean(axis=-1))
        else:
            peaks.append(part.max(axis=-1))
            valleys.append(part.min(axis=-1))
    wide = np.float64 if xp is np else s.dtype
    return xp.stack(peaks, axis=-1).astype(wide), xp.stack(valleys, axis=-1).astype(wide)
