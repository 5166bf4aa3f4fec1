"""`librosa.feature`: the shape of each frame's spectrum."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import Received, as_numpy
from ....errors import ParameterError
from ....features.spectral_shape import (
    bandwidth,
    centroid,
    flatness,
    octave_bands,
    peaks_and_valleys,
    ranges_of,
    rolloff,
)
from ....spectrum.reductions import Bandwidth, Centroid, Extremes, Flatness, Rolloff
from ....typing import Array
from ...registry import mirrors
from .._arrays import array
from .._windows import WindowSpec
from ..core._decibels import power_to_db
from ..core._spectrogram import bin_table, checked_magnitude, describe, spectrogram
from ..core._stft import Framed

__all__ = [
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_flatness",
    "spectral_rolloff",
]


def _of_audio(framed: Framed, values: Array) -> Array:
    """Return the rows of audio's frames [B, K, N] as the caller has the audio."""
    return framed.restore(np.ascontiguousarray(values) if framed.batch.xp is np else values)


def _restored(received: Received, values: Array, table: Array) -> Array:
    """Return values [..., N, 1] as [..., 1, N], in the dtype of frequencies times magnitudes."""
    values = values.swapaxes(-1, -2)
    if received.xp is np:
        values = values.astype(np.result_type(table.dtype, received.data.dtype), copy=False)
    return received.give_back(values)


@mirrors("librosa.feature.spectral_centroid", tier=1)
def spectral_centroid(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    freq: Array | None = None,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> Array:
    """Return the mean frequency, weighted by magnitude: mirrors `librosa.feature.spectral_centroid`.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `S`.
    sr : float
        Hz.
    S : array [..., F, N]
        Magnitudes.
    freq : array [F] or [..., F, N], optional
        Of the bins, Hz; by default those of an FFT.
    n_fft, hop_length, win_length, window, center, pad_mode
        As for `stft`.

    Returns
    -------
    array [..., 1, N], Hz, float64
        float32 for an `mx.array`, and where `freq` and `S` are float32.

    Raises
    ------
    ParameterError
        As `stft`, and for a spectrogram that is complex or negative.
    """
    framing = hop_length, win_length, window, center, pad_mode
    if freq is None and (described := describe(y, S, n_fft, lambda n: Centroid(sr, n), *framing)):
        return _of_audio(*described)
    received, n_fft = spectrogram(y, S, n_fft, *framing)
    s = checked_magnitude(received, "spectral_centroid", shares=True)
    table = bin_table(received, freq, sr, n_fft)
    return _restored(received, centroid(received.xp, s, table), table)


@mirrors("librosa.feature.spectral_bandwidth", tier=1)
def spectral_bandwidth(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    freq: Array | None = None,
    centroid: Array | None = None,
    norm: bool = True,
    p: float = 2,
) -> Array:
    """Return the spread about the centroid: mirrors `librosa.feature.spectral_bandwidth`.

    Parameters
    ----------
    centroid : array [..., 1, N], optional
        By default `spectral_centroid`.
    norm : bool
        Whether to divide magnitudes by their sum.
    p : float
        Order of the norm of the deviations.
    y, sr, S, n_fft, hop_length, win_length, window, center, pad_mode, freq
        As for `spectral_centroid`.

    Returns
    -------
    array [..., 1, N], Hz, float64
        float32 for an `mx.array`.

    Raises
    ------
    ParameterError
        As `spectral_centroid`.
    """
    framing = hop_length, win_length, window, center, pad_mode
    usual = freq is None and centroid is None and norm and p > 0
    if usual and (described := describe(y, S, n_fft, lambda n: Bandwidth(sr, n, p), *framing)):
        return _of_audio(*described)
    received, n_fft = spectrogram(y, S, n_fft, *framing)
    s = checked_magnitude(received, "spectral_bandwidth", shares=norm or centroid is None)
    table = bin_table(received, freq, sr, n_fft)
    middle = _centroid(received.xp, s, table) if centroid is None else array(centroid).data.swapaxes(-1, -2)
    return _restored(received, bandwidth(received.xp, s, table, middle, p, norm), table)


_centroid = centroid  # `spectral_bandwidth` has a parameter of that name


@mirrors("librosa.feature.spectral_rolloff", tier=1)
def spectral_rolloff(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    freq: Array | None = None,
    roll_percent: float = 0.85,
) -> Array:
    """Return below what frequency a share of the magnitude lies: `librosa.feature.spectral_rolloff`.

    Parameters
    ----------
    roll_percent : float
        The share, between 0 and 1.
    y, sr, S, n_fft, hop_length, win_length, window, center, pad_mode, freq
        As for `spectral_centroid`.

    Returns
    -------
    array [..., 1, N], Hz, float64
        float32 for an `mx.array`.

    Raises
    ------
    ParameterError
        As `spectral_centroid`, and for a share out of range.
    """
    if not 0.0 < roll_percent < 1.0:
        raise ParameterError(f"roll_percent must lie between 0 and 1, got {roll_percent}")
    framing = hop_length, win_length, window, center, pad_mode
    if freq is None and (
        described := describe(y, S, n_fft, lambda n: Rolloff(sr, n, roll_percent), *framing)
    ):
        return _of_audio(*described)
    received, n_fft = spectrogram(y, S, n_fft, *framing)
    s = checked_magnitude(received, "spectral_rolloff")
    values = rolloff(received.xp, s, bin_table(received, freq, sr, n_fft), roll_percent).swapaxes(-1, -2)
    return received.give_back(values.astype(np.float64, copy=False) if received.xp is np else values)


@mirrors("librosa.feature.spectral_flatness", tier=1)
def spectral_flatness(
    *,
    y: Array | None = None,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    amin: float = 1e-10,
    power: float = 2.0,
) -> Array:
    """Return how noise-like each frame is, 0 to 1: mirrors `librosa.feature.spectral_flatness`.

    Parameters
    ----------
    amin : float
        Floor of S^power.
    power : float
        2 for the flatness of power, 1 for that of magnitude.
    y, S, n_fft, hop_length, win_length, window, center, pad_mode
        As for `spectral_centroid`.

    Returns
    -------
    array [..., 1, N], dtype of `S`

    Raises
    ------
    ParameterError
        As `spectral_centroid`, and unless amin > 0.
    """
    if amin <= 0:
        raise ParameterError(f"amin must be greater than 0, got {amin}")
    framing = hop_length, win_length, window, center, pad_mode
    if described := describe(y, S, n_fft, lambda n: Flatness(amin, power), *framing):
        framed, values = described
        return _of_audio(framed, values.astype(framed.batch.data.dtype))
    received, _ = spectrogram(y, S, n_fft, *framing)
    s = checked_magnitude(received, "spectral_flatness")
    if received.xp is mx:
        return flatness(mx, s, amin, power).swapaxes(-1, -2)
    values = flatness(np, s.astype(np.float64), amin, power).swapaxes(-1, -2)
    return received.give_back(values.astype(s.dtype if s.dtype.kind == "f" else np.float64))


@mirrors("librosa.feature.spectral_contrast", tier=1)
def spectral_contrast(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    freq: Array | None = None,
    fmin: float = 200.0,
    n_bands: int = 6,
    quantile: float = 0.02,
    linear: bool = False,
) -> Array:
    """Return how far each octave's peaks stand above its valleys: `librosa.feature.spectral_contrast`.

    Parameters
    ----------
    freq : array [F], optional
    fmin : float
        Hz. The first row is the band below, the others are octaves above.
    n_bands : int
        Octaves.
    quantile : float
        The share of a band's bins whose mean is its peak, and its valley.
    linear : bool
        Whether to subtract magnitudes, rather than their decibels.
    y, sr, S, n_fft, hop_length, win_length, window, center, pad_mode
        As for `spectral_centroid`.

    Returns
    -------
    array [..., n_bands + 1, N], float64
        float32 for an `mx.array`.

    Raises
    ------
    ParameterError
        For an option out of range, or bands beyond sr / 2.
    IndexError
        If an octave holds no bin.
    """
    framing = hop_length, win_length, window, center, pad_mode
    given = None if S is None and y is not None and n_fft else spectrogram(y, S, n_fft, *framing)
    n_fft, bins = (n_fft, int(n_fft) // 2 + 1) if given is None else (given[1], given[0].data.shape[-2])
    table = np.fft.rfftfreq(n_fft, 1.0 / sr) if freq is None else np.atleast_1d(as_numpy(np.asarray(freq)))
    if table.ndim != 1 or len(table) != bins:
        raise ParameterError(f"freq must have {bins} values, one a bin, got shape {table.shape}")
    if not isinstance(n_bands, (int, np.integer)) or n_bands < 1:
        raise ParameterError(f"n_bands must be a positive integer, got {n_bands}")
    if not 0.0 < quantile < 1.0:
        raise ParameterError(f"quantile must lie between 0 and 1, got {quantile}")
    if fmin <= 0:
        raise ParameterError(f"fmin must be greater than 0, got {fmin}")
    if fmin * 2.0 ** (n_bands - 1) >= 0.5 * sr:
        raise ParameterError(
            f"n_bands={n_bands} octaves from fmin={fmin} Hz reach beyond sr / 2 = {0.5 * sr} Hz"
        )
    bands = octave_bands(table, fmin, int(n_bands), quantile)
    ranges = ranges_of(bands)
    if given is None and ranges is not None:
        described = describe(y, S, n_fft, lambda n: Extremes(ranges), *framing)
        assert described is not None
        framed, extremes = described
        received = framed.batch
        peak, valley = received.xp.split(extremes.reshape(*framed.lead, *extremes.shape[1:]), 2, axis=-2)
    else:
        received, _ = given or spectrogram(y, S, n_fft, *framing)
        s = received.data.swapaxes(-1, -2)
        peak, valley = (x.swapaxes(-1, -2) for x in peaks_and_valleys(received.xp, s, bands))
    values = peak - valley if linear else power_to_db(peak) - power_to_db(valley)
    return received.give_back(np.ascontiguousarray(values) if received.xp is np else values)
