"""Where a frame's magnitude spectrum lies, and how it is spread (formulas: `spectro.spectrum.reductions`).

    contrast   dB of the loudest bins of an octave less dB of its quietest (Jiang et al. 2002)

The others after Klapuri & Davy, "Signal processing methods for music transcription", 2007, ch. 5.
Numbers are those of librosa 0.11 with the same options; its own defaults pad with zeros.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from ..errors import ParameterError
from ..spectrum.reductions import Bandwidth, Centroid, Extremes, Rolloff, bin_frequencies
from ..spectrum.scales import to_db
from ..spectrum.shared import Descriptor, describe_one, frame_transform
from ..typing import Array, CenterPadMode, CenterTailPad
from ..validation import check_fraction, check_int, check_number

__all__ = [
    "bandwidth",
    "centroid",
    "contrast",
    "rolloff",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_rolloff",
]


def centroid(sample_rate: int, n_fft: int) -> Descriptor:
    """Return the descriptor behind `spectral_centroid`."""
    check_int("sample_rate", sample_rate, minimum=1)
    return Descriptor(Centroid(sample_rate, n_fft))


def bandwidth(sample_rate: int, n_fft: int, p: float) -> Descriptor:
    """Return the descriptor behind `spectral_bandwidth`."""
    check_int("sample_rate", sample_rate, minimum=1)
    return Descriptor(Bandwidth(sample_rate, n_fft, p))


def rolloff(sample_rate: int, n_fft: int, roll_percent: float) -> Descriptor:
    """Return the descriptor behind `spectral_rolloff`."""
    check_int("sample_rate", sample_rate, minimum=1)
    return Descriptor(Rolloff(sample_rate, n_fft, roll_percent))


def contrast(sample_rate: int, n_fft: int, n_bands: int, fmin: float, quantile: float) -> Descriptor:
    """Return the descriptor behind `spectral_contrast`."""
    return Descriptor(Extremes(contrast_ranges(sample_rate, n_fft, n_bands, fmin, quantile)), _contrast_in_db)


def contrast_ranges(
    sample_rate: int, n_fft: int, n_bands: int, fmin: float, quantile: float
) -> tuple[tuple[int, int, int], ...]:
    """Return for each band the first bin, the last bin + 1, and how many bins are loud or quiet.

    The bands are 0 to fmin, then octaves. A band after the first starts one bin lower, the last
    runs to Nyquist, and the others lose their last bin, after their share has been counted.
    """
    check_int("sample_rate", sample_rate, minimum=1)
    check_int("n_bands", n_bands, minimum=1)
    check_number("fmin", fmin, above=0)
    check_fraction("quantile", quantile)
    frequencies = bin_frequencies(sample_rate, n_fft)
    edges = np.concatenate([[0.0], fmin * 2.0 ** np.arange(n_bands + 1)])
    if edges[-2] >= sample_rate / 2:
        raise ParameterError(
            f"n_bands={n_bands} octaves from fmin={fmin:g} Hz reach beyond "
            f"sample_rate / 2 = {sample_rate / 2:g} Hz: lower n_bands or fmin"
        )
    ranges = []
    for k in range(n_bands + 1):
        inside = np.flatnonzero((frequencies >= edges[k]) & (frequencies <= edges[k + 1]))
        last = k == n_bands
        if len(inside) == 0 or (len(inside) == 1 and k == 0):
            raise ParameterError(
                f"the contrast band from {edges[k]:g} to {edges[k + 1]:g} Hz holds no bin: "
                f"raise n_fft={n_fft} or fmin={fmin:g}"
            )
        begin = int(inside[0]) - (k > 0)
        end = len(frequencies) if last else int(inside[-1]) + 1
        count = max(1, int(np.rint(quantile * (end - begin))))
        end = end if last else end - 1
        ranges.append((begin, end, min(count, end - begin)))
    return tuple(ranges)


def _contrast_in_db(xp: ModuleType, values: Array) -> Array:
    """Return dB of the peaks less dB of the valleys, both clipped 80 dB below their own maximum."""
    peak, valley = (to_db(xp, half, 10.0, 1e-10, 1.0, 80.0, (-2, -1)) for half in xp.split(values, 2, axis=1))
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
    return describe_one(centroid(sample_rate, n_fft), transform, x)


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
    return describe_one(bandwidth(sample_rate, n_fft, p), transform, x)


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
    return describe_one(rolloff(sample_rate, n_fft, roll_percent), transform, x)


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
        lower than float32 FFTs resolve: see `spectro.spectrum.shared` for what an `mx.array` gets.

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
    return describe_one(contrast(sample_rate, n_fft, n_bands, fmin, quantile), transform, x)
