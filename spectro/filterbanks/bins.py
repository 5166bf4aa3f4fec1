"""Filterbanks whose corners stand on bins of the spectrum: logarithmic, mel, Bark and free bands.

The corner frequencies are rounded to bins b first, and the filters are drawn over bin numbers:

    triangle   (start, centre, stop)  rises from 0 at start to 1 at centre, falls to 0 at stop
    rectangle  (start, stop)          1 from start up to, not including, stop

Low bands thus share bins where the spectrum does not resolve them; with unique bins such corners
are merged. These are the conventions of madmom 0.17, whose bins are the n_fft // 2 below Nyquist.
Triangles drawn over Hz, which need no rounding, are in filterbanks.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import mlx.core as mx
import numpy as np

from ..errors import ParameterError
from ..validation import check_choice, check_int, check_number

__all__ = [
    "bark_rectangular_fbanks",
    "bin_frequencies",
    "frequencies_to_bins",
    "log_frequencies",
    "log_triangular_fbanks",
    "mel_triangular_fbanks",
    "rectangle_weights",
    "rectangles_on_bins",
    "rectangular_fbanks",
    "triangles_on_bins",
]

# Edges of the critical bands, Hz, and the same with their centres (Zwicker 1961).
BARK_EDGES = (
    20, 100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700,
    4400, 5300, 6400, 7700, 9500, 12000, 15500,
)  # fmt: skip
BARK_EDGES_AND_CENTRES = (
    20, 50, 100, 150, 200, 250, 300, 350, 400, 450, 510, 570, 630, 700, 770, 840, 920, 1000, 1080, 1170,
    1270, 1370, 1480, 1600, 1720, 1850, 2000, 2150, 2320, 2500, 2700, 2900, 3150, 3400, 3700, 4000, 4400,
    4800, 5300, 5800, 6400, 7000, 7700, 8500, 9500, 10500, 12000, 13500, 15500,
)  # fmt: skip


def bin_frequencies(n_freqs: int, sample_rate: float, include_nyquist: bool = False) -> np.ndarray:
    """Return the frequencies of `n_freqs` bins from 0 Hz, the last one at Nyquist or one below it."""
    steps = check_int("n_freqs", n_freqs, minimum=2) - (1 if include_nyquist else 0)
    return np.arange(n_freqs) * (check_number("sample_rate", sample_rate, above=0) / (2 * steps))


def log_frequencies(
    bands_per_octave: int, f_min: float, f_max: float, f_ref: float | None = 440.0
) -> np.ndarray:
    """Return frequencies of equal ratio, float64.

    With `f_ref` they are those of f_ref 2^(i / bands_per_octave) from `f_min` to `f_max`. Without,
    they start on `f_min`, and there are round(bands_per_octave log2(f_max / f_min)) + 2: the last
    triangle has its centre near `f_max`.

    Examples
    --------
    >>> log_frequencies(3, 400.0, 900.0).round().tolist()
    [440.0, 554.0, 698.0, 880.0]
    """
    bands = check_int("bands_per_octave", bands_per_octave, minimum=1)
    _check_range(f_min, f_max, above=0)
    if f_ref is None:
        count = round(bands * math.log2(f_max / f_min)) + 2
        return f_min * 2.0 ** (np.arange(count) / bands)
    check_number("f_ref", f_ref, above=0)
    left, right = (np.log2(f / f_ref) * bands for f in (f_min, f_max))
    grid = f_ref * 2.0 ** (np.arange(np.floor(left), np.ceil(right)) / bands)
    return grid[(grid >= f_min) & (grid <= f_max)]


def frequencies_to_bins(
    frequencies: np.ndarray, bin_frequencies: np.ndarray, *, unique_bins: bool = True
) -> np.ndarray:
    """Return the nearest bin of each frequency (the upper of two as near), each once if `unique_bins`."""
    grid, wanted = np.asarray(bin_frequencies, np.float64), np.asarray(frequencies, np.float64)
    above = np.clip(grid.searchsorted(wanted), 1, len(grid) - 1)
    nearest = above - (wanted - grid[above - 1] < grid[above] - wanted)
    return np.unique(nearest) if unique_bins else nearest


def triangles_on_bins(corners: np.ndarray, n_freqs: int, normalize: bool = True) -> np.ndarray:
    """Return triangles [n_freqs, len(corners) - 2] over successive triples of corner bins, float64.

    A triple that spans less than two bins becomes a single 1. `normalize` divides each by its sum.

    Raises
    ------
    ParameterError
        If there are fewer than three corners.
    """
    if len(corners) < 3:
        raise ParameterError(f"{len(corners)} distinct bins are too few for a triangular filter")
    bank = np.zeros((n_freqs, len(corners) - 2))
    for band, (start, centre, stop) in enumerate(zip(corners, corners[1:], corners[2:], strict=False)):
        if stop - start < 2:
            bank[start, band] = 1.0
            continue
        bank[start:centre, band] = np.arange(centre - start) / max(1, centre - start)
        bank[centre:stop, band] = np.arange(stop - centre, 0, -1) / (stop - centre)
    return bank / bank.sum(axis=0) if normalize else bank


def rectangles_on_bins(corners: np.ndarray, n_freqs: int, normalize: bool = True) -> np.ndarray:
    """Return rectangles [n_freqs, len(corners) - 1] between successive corner bins, float64.

    Raises
    ------
    ParameterError
        If there are fewer than two corners, or a filter is empty.
    """
    if len(corners) < 2 or (np.diff(corners) <= 0).any():
        raise ParameterError(
            f"bands need two distinct corner bins each, got {np.asarray(corners).tolist()}: "
            "use unique bins, a longer n_fft or fewer bands"
        )
    bins = np.arange(n_freqs)[:, None]
    bank = ((bins >= corners[:-1]) & (bins < corners[1:])).astype(np.float64)
    return bank / bank.sum(axis=0) if normalize else bank


def rectangle_weights(corners: np.ndarray, n_freqs: int, n_bands: int, normalize: bool) -> np.ndarray:
    """Return rectangles [n_freqs, n_bands] between corner bins, float64; empty and missing ones are 0."""
    k = np.arange(n_freqs)[:, None]
    bank = np.zeros((n_freqs, n_bands))
    bank[:, : len(corners) - 1] = (k >= corners[:-1]) & (k < corners[1:])
    return bank / np.maximum(bank.sum(axis=0), 1.0) if normalize else bank


def _check_range(f_min: float, f_max: float, above: float | None = None) -> None:
    check_number("f_min", f_min, minimum=0, above=above)
    if check_number("f_max", f_max, above=0) <= f_min:
        raise ParameterError(f"f_max must be greater than f_min={f_min:g}, got {f_max:g}")


def _float32(bank: np.ndarray) -> mx.array:
    return mx.array(bank.astype(np.float32))


def log_triangular_fbanks(
    n_freqs: int,
    sample_rate: int,
    bands_per_octave: int,
    *,
    f_min: float,
    f_max: float,
    f_ref: float | None = 440.0,
    norm_filters: bool = True,
    unique_bins: bool = True,
    include_nyquist: bool = False,
) -> mx.array:
    """Return logarithmically spaced triangular filters [n_freqs, n_bands], float32.

    With `f_ref` it is madmom's `LogarithmicFilterbank`; ``f_ref=None`` starts the bands on `f_min`.

    Parameters
    ----------
    n_freqs : int
        Bins from 0 Hz: n_fft // 2, or n_fft // 2 + 1 with `include_nyquist`.
    sample_rate, bands_per_octave : int
    f_min, f_max, f_ref : float
        Range and tuning of the corners, Hz: see `log_frequencies`.
    norm_filters : bool
        Divide each filter by its sum.
    unique_bins : bool
        Merge corners that round to one bin.
    include_nyquist : bool
        Whether the last bin is Nyquist.

    Raises
    ------
    ParameterError
        For a value out of range, or if there are too few bins for a filter.

    Examples
    --------
    >>> log_triangular_fbanks(1024, 44100, 12, f_min=30, f_max=17000).shape
    (1024, 81)
    """
    grid = bin_frequencies(n_freqs, sample_rate, include_nyquist)
    corners = log_frequencies(bands_per_octave, f_min, f_max, f_ref)
    bins = frequencies_to_bins(corners, grid, unique_bins=unique_bins)
    return _float32(triangles_on_bins(bins, n_freqs, norm_filters))


def mel_triangular_fbanks(
    n_freqs: int,
    sample_rate: int,
    n_bands: int = 40,
    *,
    f_min: float = 20.0,
    f_max: float = 17000.0,
    norm_filters: bool = True,
    unique_bins: bool = True,
    include_nyquist: bool = False,
) -> mx.array:
    """Return mel-spaced triangular filters with corners on bins [n_freqs, at most n_bands], float32.

    madmom's `MelFilterbank`; `melscale_fbanks` draws its triangles over Hz. Parameters as for
    `log_triangular_fbanks`.

    Examples
    --------
    >>> mel_triangular_fbanks(1024, 44100).shape
    (1024, 40)
    """
    grid = bin_frequencies(n_freqs, sample_rate, include_nyquist)
    _check_range(f_min, f_max)
    # mel(f) = 1127.01048 ln(1 + f / 700): equal steps of it are equal ratios of 700 + f.
    ends = np.log1p(np.array([f_min, f_max]) / 700.0)
    corners = 700.0 * np.expm1(np.linspace(ends[0], ends[1], check_int("n_bands", n_bands, minimum=1) + 2))
    bins = frequencies_to_bins(corners, grid, unique_bins=unique_bins)
    return _float32(triangles_on_bins(bins, n_freqs, norm_filters))


def bark_rectangular_fbanks(
    n_freqs: int,
    sample_rate: int,
    n_bands: Literal["normal", "double"] = "normal",
    *,
    f_min: float = 20.0,
    f_max: float = 15500.0,
    norm_filters: bool = True,
    unique_bins: bool = True,
    include_nyquist: bool = False,
) -> mx.array:
    """Return rectangular filters over the critical bands [n_freqs, n_bands], float32.

    madmom's `BarkFilterbank`. "double" splits each band at its centre; bands outside `f_min` to
    `f_max` are left out. Other parameters as for `log_triangular_fbanks`.

    Examples
    --------
    >>> bark_rectangular_fbanks(1024, 44100).shape
    (1024, 24)
    """
    grid = bin_frequencies(n_freqs, sample_rate, include_nyquist)
    check_choice("n_bands", n_bands, ("normal", "double"))
    _check_range(f_min, f_max)
    edges = np.array(BARK_EDGES if n_bands == "normal" else BARK_EDGES_AND_CENTRES, np.float64)
    edges = edges[(edges >= f_min) & (edges <= f_max)]
    bins = frequencies_to_bins(edges, grid, unique_bins=unique_bins)
    return _float32(rectangles_on_bins(bins, n_freqs, norm_filters))


def rectangular_fbanks(
    n_freqs: int,
    sample_rate: int,
    crossover_frequencies: Sequence[float],
    *,
    f_min: float = 30.0,
    f_max: float = 17000.0,
    norm_filters: bool = True,
    unique_bins: bool = True,
    include_nyquist: bool = False,
) -> mx.array:
    """Return rectangular filters split at `crossover_frequencies`, [n_freqs, crossovers + 1], float32.

    madmom's `RectangularFilterbank`: bands that fall on one bin, and those that merging corners
    leaves over at the end, are zero. Other parameters as for `log_triangular_fbanks`.

    Examples
    --------
    >>> rectangular_fbanks(1024, 44100, [270, 2000]).shape
    (1024, 3)
    """
    grid = bin_frequencies(n_freqs, sample_rate, include_nyquist)
    _check_range(f_min, f_max)
    corners = np.array([f_min, *crossover_frequencies, f_max], np.float64)
    if (np.diff(corners) < 0).any():
        raise ParameterError(f"crossover_frequencies must rise from f_min to f_max, got {corners.tolist()}")
    bins = frequencies_to_bins(corners, grid, unique_bins=unique_bins)
    return _float32(rectangle_weights(bins, n_freqs, len(corners) - 1, norm_filters))
