"""What is left of each frame's spectrum: a few numbers, by array operations here, by kernels in backends.

With magnitudes S(k) of the bins at f(k) = k sample_rate / n_fft,

    Bands      scale(sum_k w(k, m) S(k)^2)
    Centroid   c = sum_k f S / sum_k S
    Bandwidth  (sum_k |f - c|^p S / sum_k S)^(1/p)
    Rolloff    f of the first bin up to which sum S reaches a share of the whole
    Flatness   the geometric mean of max(S^p, amin) over its arithmetic mean
    Extremes   in ranges of bins, the mean of the largest few S of each, then of the smallest few

and, of the power spectrum of a frame x of n_fft samples,

    Autocorrelation  r(j) = sum_t x[t] x[t + j] around the circle (Wiener-Khinchin)

All are values: equal ones can share what a backend prepares for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import ClassVar, Protocol

import numpy as np

from ..arrays import constant
from ..filterbanks.bank import Filterbank
from ..typing import Array
from ..validation import check_fraction, check_int, check_number
from .scales import LINEAR, Scale, magnitude, root, without_gradient

__all__ = [
    "Autocorrelation",
    "Bands",
    "Bandwidth",
    "Centroid",
    "Extremes",
    "Flatness",
    "Reduction",
    "Rolloff",
    "Spectrum",
    "bin_frequencies",
    "safe_divisor",
    "tonelessness",
]


class Spectrum:
    """Power or magnitude spectra [B, n, F] of frames, each form computed when first asked for.

    Made from an MLX spectrum `z`, or in numpy from its `power`.
    """

    def __init__(self, xp: ModuleType, z: Array | None = None, power: Array | None = None) -> None:
        self.xp = xp
        self._z = z
        self._power = power

    @cached_property
    def power(self) -> Array:
        """|X|^2."""
        return self._power if self._z is None else self.xp.real(self._z) ** 2 + self.xp.imag(self._z) ** 2

    @cached_property
    def magnitude(self) -> Array:
        """|X|."""
        # float64 holds the square of any float32; float32 may not, and the root of a 0 has no gradient.
        return self.xp.sqrt(self._power) if self._z is None else magnitude(self.xp, self._z)

    @cached_property
    def total(self) -> Array:
        """The sum of the magnitudes over the bins [B, n, 1], 1 where there is nothing to divide by."""
        return safe_divisor(self.xp, self.magnitude.sum(axis=-1, keepdims=True))


class Reduction(Protocol):
    """A function of each frame's spectrum."""

    @property
    def rows(self) -> int:
        """How many values K it has for a frame."""

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the values of each of n frames, [B, n, K]."""


def safe_divisor(xp: ModuleType, total: Array) -> Array:
    """Return `total`, with 1 in place of what is below the smallest normal number of its dtype.

    librosa's `util.normalize` leaves such columns as they are.
    """
    tiny = np.finfo(np.float64 if total.dtype == np.float64 else np.float32).tiny
    return xp.where(total < float(tiny), xp.ones_like(total), total)


def bin_frequencies(sample_rate: float, n_fft: int) -> np.ndarray:
    """Return the frequencies [F] of the bins in Hz, float64."""
    check_number("sample_rate", sample_rate, above=0)
    return np.fft.rfftfreq(check_int("n_fft", n_fft, minimum=2), 1.0 / sample_rate)


def weighted_sum(xp: ModuleType, s: Array, weight: Array) -> Array:
    """Return sum_k weight(k) s(k) over the last axis [..., 1]."""
    # One pass in numpy. Not a matrix product in MLX, which may round its factors to 10 bits on a GPU.
    if xp is np:
        return np.einsum("...k,...k->...", s, weight)[..., None]
    return (s * weight).sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Bands:
    """Bands of a filterbank over the power, each value scaled (a range below the peak needs all frames)."""

    bank: Filterbank
    scale: Scale = LINEAR

    @property
    def rows(self) -> int:
        """Bands."""
        return self.bank.shape[1]

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the bands [B, n, M]."""
        return self.scale.map_values(spectrum.xp, self.bank.product(spectrum.xp, spectrum.power))


@dataclass(frozen=True)
class Centroid:
    """The mean frequency, Hz."""

    sample_rate: float
    n_fft: int
    rows: ClassVar[int] = 1

    @property
    def frequencies(self) -> np.ndarray:
        """Of the bins [F], Hz."""
        return bin_frequencies(self.sample_rate, self.n_fft)

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the centroid [B, n, 1], 0 in silence."""
        xp, s = spectrum.xp, spectrum.magnitude
        return weighted_sum(xp, s, constant(self.frequencies, xp, s)) / spectrum.total


@dataclass(frozen=True)
class Bandwidth(Centroid):
    """The p-norm of the deviations from the centroid, Hz."""

    p: float = 2.0

    def __post_init__(self) -> None:
        check_number("p", self.p, above=0)

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the bandwidth [B, n, 1]."""
        xp, s = spectrum.xp, spectrum.magnitude
        # Not by moments, sum f^2 S - c^2 sum S, whose difference cancels for a narrow spectrum.
        spread = constant(self.frequencies, xp, s) - super().of_frames(spectrum)
        spread = spread * spread if self.p == 2 else xp.abs(spread) ** self.p
        return root(xp, weighted_sum(xp, s, spread) / spectrum.total, self.p)


# Bins summed before the sums are accumulated: a running sum over single bins is slow and rounds more.
_GROUP = 32


@dataclass(frozen=True)
class Rolloff(Centroid):
    """The frequency below which `roll_percent` of the magnitude lies, Hz."""

    roll_percent: float = 0.85

    def __post_init__(self) -> None:
        check_fraction("roll_percent", self.roll_percent)

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the roll-off frequency [B, n, 1]."""
        xp = spectrum.xp
        s = without_gradient(xp, spectrum.magnitude)
        bins = s.shape[-1]
        whole = bins // _GROUP * _GROUP
        groups = s[..., :whole].reshape(*s.shape[:-1], -1, _GROUP).sum(axis=-1)
        if whole < bins:
            groups = xp.concatenate([groups, s[..., whole:].sum(axis=-1, keepdims=True)], axis=-1)
        reached = xp.cumsum(groups, axis=-1)
        threshold = self.roll_percent * reached[..., -1:]
        # The first group to reach the threshold, then the first bin in it. S >= 0, so a running sum is
        # below the threshold exactly up to there, and counting finds the place.
        group = (reached < threshold).sum(axis=-1, keepdims=True)
        before = xp.take_along_axis(reached - groups, group, axis=-1)
        first = group * _GROUP
        inside = xp.take_along_axis(s, xp.minimum(first + xp.arange(_GROUP), bins - 1), axis=-1)
        below = before + xp.cumsum(inside, axis=-1) < threshold
        index = xp.minimum(first + below.sum(axis=-1, keepdims=True), bins - 1)
        return xp.take(constant(self.frequencies, xp, s), index)


def tonelessness(xp: ModuleType, energy: Array) -> Array:
    """Return the geometric mean of positive `energy` [..., F] over its arithmetic mean, [..., 1]."""
    geometric = xp.exp(xp.log(energy).mean(axis=-1, keepdims=True))
    return geometric / energy.mean(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Flatness:
    """How noise-like a frame is, 0 to 1."""

    amin: float
    power: float = 2.0
    rows: ClassVar[int] = 1

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the flatness [B, n, 1]."""
        energy = spectrum.power if self.power == 2 else spectrum.magnitude**self.power
        return tonelessness(spectrum.xp, spectrum.xp.maximum(energy, self.amin))


@dataclass(frozen=True)
class Autocorrelation:
    """The autocorrelation of each frame around its circle of n_fft samples."""

    n_fft: int
    lags: int
    relative: bool = False  # whether to divide by the largest

    @property
    def rows(self) -> int:
        """Lags, from 0 on."""
        return self.lags

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the autocorrelation [B, n, lags]."""
        xp = spectrum.xp
        r = xp.fft.irfft(spectrum.power + 0j, n=self.n_fft)[..., : self.lags]
        return r / safe_divisor(xp, abs(r).max(axis=-1, keepdims=True)) if self.relative else r


@dataclass(frozen=True)
class Extremes:
    """Of each range (begin, end, count) of bins, the `count` largest magnitudes and as many smallest."""

    ranges: tuple[tuple[int, int, int], ...]

    @property
    def rows(self) -> int:
        """Two for each range."""
        return 2 * len(self.ranges)

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the means of the largest of each range, then of the smallest [B, n, 2 ranges]."""
        xp, largest, smallest = spectrum.xp, [], []
        for begin, end, count in self.ranges:
            values = spectrum.magnitude[..., begin:end]
            if count > 1:
                values = xp.sort(values, axis=-1)
                largest.append(values[..., -count:].mean(axis=-1))
                smallest.append(values[..., :count].mean(axis=-1))
            else:
                largest.append(values.max(axis=-1))
                smallest.append(values.min(axis=-1))
        return xp.stack(largest + smallest, axis=-1)
