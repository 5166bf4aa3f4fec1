"""Descriptors of a magnitude spectrum S(k) with bins at f(k) = k sample_rate / n_fft.

    centroid   c = sum_k f S / sum_k S
    bandwidth  (sum_k |f - c|^p S / sum_k S)^(1/p)
    rolloff    f of the first bin up to which sum S reaches a share of the whole
    contrast   dB of the loudest bins of an octave less dB of its quietest (Jiang et al. 2002)

The first three after Klapuri & Davy, "Signal processing methods for music transcription", 2007, ch. 5.
Numbers are those of librosa 0.11 with the same options; its own defaults pad with zeros.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType

import numpy as np

from .arrays import constant
from .errors import ParameterError
from .scales import root, to_db, without_gradient
from .shared_spectrum import Spectrum, describe_one, frame_transform
from .typing import Array, CenterPadMode, CenterTailPad
from .validation import check_fraction, check_int, check_number

__all__ = [
    "Bandwidth",
    "Centroid",
    "Contrast",
    "Rolloff",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_rolloff",
]


def bin_frequencies(sample_rate: int, n_fft: int) -> np.ndarray:
    """Return the frequencies [F] of the bins in Hz, float64."""
    check_int("sample_rate", sample_rate, minimum=1)
    return np.fft.rfftfreq(check_int("n_fft", n_fft, minimum=2), 1.0 / sample_rate)


@dataclass(frozen=True)
class _OfFrequencies:
    """A descriptor of one value a frame, in Hz."""

    sample_rate: int
    n_fft: int
    wide: bool = field(default=True, init=False)

    def finish(self, xp: ModuleType, values: Array) -> Array:
        return values

    def frequencies(self, xp: ModuleType, like: Array) -> Array:
        return constant(bin_frequencies(self.sample_rate, self.n_fft), xp, like)


def weighted_sum(xp: ModuleType, s: Array, weight: Array) -> Array:
    """Return sum_k weight(k) s(k) over the last axis [..., 1]."""
    # One pass in numpy. Not a matrix product in MLX, which may round its factors to 10 bits on a GPU.
    if xp is np:
        return np.einsum("...k,...k->...", s, weight)[..., None]
    return (s * weight).sum(axis=-1, keepdims=True)


class Centroid(_OfFrequencies):
    """See `spectral_centroid`."""

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the centroid [B, n, 1]."""
        xp, s = spectrum.xp, spectrum.magnitude
        frequencies = self.frequencies(xp, s)
        return weighted_sum(xp, s, frequencies) / spectrum.total


@dataclass(frozen=True)
class Bandwidth(_OfFrequencies):
    """See `spectral_bandwidth`."""

    p: float = 2.0

    def __post_init__(self) -> None:
        check_number("p", self.p, above=0)

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the bandwidth [B, n, 1]."""
        xp, s = spectrum.xp, spectrum.magnitude
        centroid = Centroid(self.sample_rate, self.n_fft).of_frames(spectrum)
        # Not by moments, sum f^2 S - c^2 sum S, whose difference cancels for a narrow spectrum.
        spread = self.frequencies(xp, s) - centroid
        spread = spread * spread if self.p == 2 else xp.abs(spread) ** self.p
        return root(xp, weighted_sum(xp, s, spread) / spectrum.total, self.p)


# Bins summed before the sums are accumulated: a running sum over single bins is slow and rounds more.
_GROUP = 32


@dataclass(frozen=True)
class Rolloff(_OfFrequencies):
    """See `spectral_rolloff`."""

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
        return xp.take(self.frequencies(xp, s), index)


@dataclass(frozen=True)
class Contrast(_OfFrequencies):
    """See `spectral_contrast`."""

    n_bands: int = 6
    fmin: float = 200.0
    quantile: float = 0.02
    bands: tuple[tuple[int, int, int], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_int("n_bands", self.n_bands, minimum=1)
        check_number("fmin", self.fmin, above=0)
        check_fraction("quantile", self.quantile)
        frequencies = bin_frequencies(self.sample_rate, self.n_fft)
        object.__setattr__(self, "bands", self._find_bands(frequencies))

    def _find_bands(self, frequencies: np.ndarray) -> tuple[tuple[int, int, int], ...]:
        """Return for each band the first bin, the last bin + 1, and how many bins are loud or quiet.

        The bands are 0 to fmin, then octaves. A band after the first starts one bin lower, the last
        runs to Nyquist, and the others lose their last bin, after their share has been counted.
        """
        edges = np.concatenate([[0.0], self.fmin * 2.0 ** np.arange(self.n_bands + 1)])
        if edges[-2] >= self.sample_rate / 2:
            raise ParameterError(
                f"n_bands={self.n_bands} octaves from fmin={self.fmin:g} Hz reach beyond "
                f"sample_rate / 2 = {self.sample_rate / 2:g} Hz: lower n_bands or fmin"
            )
        bands = []
        for k in range(self.n_bands + 1):
            inside = np.flatnonzero((frequencies >= edges[k]) & (frequencies <= edges[k + 1]))
            last = k == self.n_bands
            if len(inside) == 0 or (len(inside) == 1 and k == 0):
                raise ParameterError(
                    f"the contrast band from {edges[k]:g} to {edges[k + 1]:g} Hz holds no bin: "
                    f"raise n_fft={self.n_fft} or fmin={self.fmin:g}"
                )
            begin = int(inside[0]) - (k > 0)
            end = len(frequencies) if last else int(inside[-1]) + 1
            count = max(1, int(np.rint(self.quantile * (end - begin))))
            end = end if last else end - 1
            bands.append((begin, end, min(count, end - begin)))
        return tuple(bands)

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the mean of the loudest bins of each band, then of the quietest [B, n, 2 bands]."""
        xp, peaks, valleys = spectrum.xp, [], []
        for begin, end, count in self.bands:
            # Rounded before, not after: half as many bytes to sort, for at most a last bit of the means.
            band = spectrum.magnitude[..., begin:end].astype(spectrum.dtype)
            if count == 1:
                peaks.append(band.max(axis=-1))
                valleys.append(band.min(axis=-1))
            else:
                band = xp.sort(band, axis=-1)
                peaks.append(band[..., -count:].mean(axis=-1))
                valleys.append(band[..., :count].mean(axis=-1))
        return xp.stack(peaks + valleys, axis=-1).astype(spectrum.magnitude.dtype)

    def finish(self, xp: ModuleType, values: Array) -> Array:
        """Return dB of the peaks less dB of the valleys, both clipped 80 dB below their own maximum."""
        peak, valley = (
            to_db(xp, half, 10.0, 1e-10, 1.0, 80.0, (-2, -1)) for half in xp.split(values, 2, axis=1)
        )
        return peak - valley


def spectral_centroid(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
) -> Array:
    """Return the mean frequency of each frame, weighted by magnitude.

    Parameters
    ----------
    x : array [T] or [B, T]
    sample_rate : int
        Hz.
    n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
        As for `SpectralTransform`.

    Returns
    -------
    array [1, N] or [B, 1, N], Hz, dtype of `x`
        0 for a frame of silence.

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(22050) / 22050)
    >>> float(spectral_centroid(tone)[0, 20].round())
    1000.0
    """
    transform = frame_transform(
        n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
    )
    return describe_one(Centroid(sample_rate, n_fft), transform, x)


def spectral_bandwidth(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    p: float = 2.0,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
) -> Array:
    """Return the spread of each frame about its centroid: the p-norm of the deviations.

    Parameters
    ----------
    p : float
        Order of the norm; 2 is the standard deviation.
    x, sample_rate, n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
        As for `spectral_centroid`.

    Returns
    -------
    array [1, N] or [B, 1, N], Hz, dtype of `x`

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`, and unless p > 0.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_bandwidth(np.ones((2, 22050), np.float32)).shape
    (2, 1, 44)
    """
    transform = frame_transform(
        n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
    )
    return describe_one(Bandwidth(sample_rate, n_fft, p), transform, x)


def spectral_rolloff(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    roll_percent: float = 0.85,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
) -> Array:
    """Return the frequency below which a share of each frame's magnitude lies.

    Parameters
    ----------
    roll_percent : float
        The share, between 0 and 1.
    x, sample_rate, n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
        As for `spectral_centroid`.

    Returns
    -------
    array [1, N] or [B, 1, N], Hz, dtype of `x`
        The frequency of a bin; it moves in steps, so its gradient is 0.

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`, and for a roll_percent out of range.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_rolloff(np.ones(22050, np.float32)).shape
    (1, 44)
    """
    transform = frame_transform(
        n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
    )
    return describe_one(Rolloff(sample_rate, n_fft, roll_percent), transform, x)


def spectral_contrast(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    n_bands: int = 6,
    fmin: float = 200.0,
    quantile: float = 0.02,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
) -> Array:
    """Return how far the peaks of each octave stand above its valleys (Jiang et al. 2002).

    Parameters
    ----------
    n_bands : int
        Octaves from `fmin` on; the last runs to Nyquist. The first row is the band below `fmin`.
    fmin : float
        Hz.
    quantile : float
        The share of a band's bins whose mean is its peak, and its valley.
    x, sample_rate, n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
        As for `spectral_centroid`.

    Returns
    -------
    array [n_bands + 1, N] or [B, n_bands + 1, N], dB, dtype of `x`
        Peaks and valleys are clipped 80 dB below the largest of them in the example. Valleys may lie
        lower than float32 FFTs resolve: see `spectro.shared_spectrum` for what an `mx.array` gets.

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`, and for bands that reach beyond Nyquist or hold no bin.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_contrast(np.ones(22050, np.float32)).shape
    (7, 44)
    """
    transform = frame_transform(
        n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
    )
    return describe_one(Contrast(sample_rate, n_fft, n_bands, fmin, quantile), transform, x)
