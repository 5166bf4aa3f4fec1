"""Filterbanks with corners on bins: mel, Bark, logarithmic, and free bands."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....filterbanks.bins import rectangle_weights
from ...registry import mirrors
from ._filter import RectangularFilter, TriangularFilter
from ._filterbank import Filterbank
from ._scales import (
    A4,
    bark_double_frequencies,
    bark_frequencies,
    bins2frequencies,
    frequencies2bins,
    log_frequencies,
    mel_frequencies,
)

__all__ = [
    "BarkFilterbank",
    "LogFilterbank",
    "LogarithmicFilterbank",
    "MelFilterbank",
    "RectangularFilterbank",
]

FMIN = 30.0
FMAX = 17000.0
NUM_BANDS = 12
NORM_FILTERS = True
UNIQUE_FILTERS = True


@mirrors("madmom.audio.filters.MelFilterbank")
class MelFilterbank(Filterbank):
    """Triangular filters at equal distances in mel, over bins.

    Parameters
    ----------
    bin_frequencies : array [F]
        Hz.
    num_bands : int
    fmin, fmax : float
        Hz, of the first filter's start and the last one's end.
    norm_filters : bool
        Divide each filter by its sum.
    unique_filters : bool
        Merge corners that fall on one bin, and so have fewer bands.
    **kwargs
        Not used.
    """

    NUM_BANDS = 40
    FMIN = 20.0
    FMAX = 17000.0
    NORM_FILTERS = True
    UNIQUE_FILTERS = True

    def __new__(  # type: ignore[misc]
        cls,
        bin_frequencies: np.ndarray,
        num_bands: int = NUM_BANDS,
        fmin: float = FMIN,
        fmax: float = FMAX,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
        **kwargs: Any,
    ) -> Any:
        """Make the bank."""
        corners = mel_frequencies(num_bands + 2, fmin, fmax)
        bins = frequencies2bins(corners, bin_frequencies, unique_bins=unique_filters)
        filters = TriangularFilter.filters(bins, norm=norm_filters, overlap=True)
        return cls.from_filters(filters, bin_frequencies)


@mirrors("madmom.audio.filters.BarkFilterbank")
class BarkFilterbank(Filterbank):
    """Rectangular filters over the critical bands.

    Parameters
    ----------
    bin_frequencies : array [F]
    num_bands : {"normal", "double"}
        "double" splits each band at its centre.
    fmin, fmax : float
    norm_filters : bool
    unique_filters : bool
        False merges corners that fall on one bin. (madmom has the two the wrong way round here.)
    **kwargs
        Not used.

    Raises
    ------
    ValueError
        For another `num_bands`.
    """

    FMIN = 20.0
    FMAX = 15500.0
    NUM_BANDS = "normal"
    NORM_FILTERS = True
    UNIQUE_FILTERS = True

    def __new__(  # type: ignore[misc]
        cls,
        bin_frequencies: np.ndarray,
        num_bands: str = NUM_BANDS,
        fmin: float = FMIN,
        fmax: float = FMAX,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
        **kwargs: Any,
    ) -> Any:
        """Make the bank."""
        if num_bands not in ("normal", "double"):
            raise ValueError("`num_bands` must be {'normal', 'double'}")
        edges = bark_frequencies if num_bands == "normal" else bark_double_frequencies
        bins = frequencies2bins(edges(fmin, fmax), bin_frequencies, unique_bins=not unique_filters)
        filters = RectangularFilter.filters(bins, norm=norm_filters, overlap=False)
        return cls.from_filters(filters, bin_frequencies)


@mirrors("madmom.audio.filters.LogarithmicFilterbank")
class LogarithmicFilterbank(Filterbank):
    """Triangular filters at equal ratios of frequency.

    Parameters
    ----------
    bin_frequencies : array [F]
    num_bands : int
        An octave.
    fmin, fmax : float
    fref : float
        The tuning, on which a filter's centre stands.
    norm_filters, unique_filters : bool
        As for `MelFilterbank`.
    bands_per_octave : bool
        Whether `num_bands` is a number an octave.

    Raises
    ------
    NotImplementedError
        Without `bands_per_octave`.

    Attributes
    ----------
    num_bands_per_octave : int
    fref : float
    """

    NUM_BANDS_PER_OCTAVE = 12
    _ADDS: ClassVar[dict[str, Any]] = {"num_bands_per_octave": NUM_BANDS_PER_OCTAVE, "fref": A4}
    fref: Any
    num_bands_per_octave: Any

    def __new__(  # type: ignore[misc]
        cls,
        bin_frequencies: np.ndarray,
        num_bands: int = NUM_BANDS_PER_OCTAVE,
        fmin: float = FMIN,
        fmax: float = FMAX,
        fref: float = A4,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
        bands_per_octave: bool = True,
    ) -> Any:
        """Make the bank."""
        if not bands_per_octave:
            raise NotImplementedError("LogarithmicFilterbank takes num_bands an octave only")
        corners = log_frequencies(num_bands, fmin, fmax, fref)
        bins = frequencies2bins(corners, bin_frequencies, unique_bins=unique_filters)
        filters = TriangularFilter.filters(bins, norm=norm_filters, overlap=True)
        new = cls.from_filters(filters, bin_frequencies)
        new.fref, new.num_bands_per_octave = fref, num_bands
        return new


LogFilterbank = LogarithmicFilterbank


@mirrors("madmom.audio.filters.RectangularFilterbank")
class RectangularFilterbank(Filterbank):
    """Rectangular filters split at given frequencies.

    Parameters
    ----------
    bin_frequencies : array [F]
    crossover_frequencies : array
        Hz, between `fmin` and `fmax`.
    fmin, fmax : float
    norm_filters, unique_filters : bool
        As for `MelFilterbank`; bands that merging leaves over are 0.

    Attributes
    ----------
    crossover_frequencies : array
        Those of the bins.
    """

    _ADDS: ClassVar[dict[str, Any]] = {"crossover_frequencies": None}
    crossover_frequencies: Any

    def __new__(  # type: ignore[misc]
        cls,
        bin_frequencies: np.ndarray,
        crossover_frequencies: np.ndarray,
        fmin: float = FMIN,
        fmax: float = FMAX,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
    ) -> Any:
        """Make the bank."""
        edges = np.r_[fmin, crossover_frequencies, fmax]
        bins = frequencies2bins(edges, bin_frequencies, unique_bins=unique_filters)
        bank = rectangle_weights(bins, len(bin_frequencies), len(edges) - 1, norm_filters)
        new = Filterbank.__new__(cls, bank, bin_frequencies)
        new.crossover_frequencies = bins2frequencies(bins[1:-1], bin_frequencies)
        return new
