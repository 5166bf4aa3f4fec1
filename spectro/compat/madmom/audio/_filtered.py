"""Spectrograms through a filterbank."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

import numpy as np

from ...registry import mirrors
from ..processors import Processor
from ._filterbank import Filterbank
from ._filterbanks import (
    FMAX,
    FMIN,
    NORM_FILTERS,
    NUM_BANDS,
    UNIQUE_FILTERS,
    LogarithmicFilterbank,
    RectangularFilterbank,
)
from ._scales import A4
from ._source import StftSource
from ._spectrogram import Spectrogram, spectrogram_source

__all__ = [
    "FilteredSpectrogram",
    "FilteredSpectrogramProcessor",
    "MultiBandSpectrogram",
    "MultiBandSpectrogramProcessor",
    "apply_filterbank",
    "filterable",
    "make_filterbank",
]

FILTERBANK = LogarithmicFilterbank


def filterable(data: Any, **kwargs: Any) -> Any:
    """Return what a filterbank can be applied to: a `Spectrogram`, or the source of one."""
    if isinstance(data, Spectrogram):
        return data
    source = spectrogram_source(data, **kwargs)
    return source if isinstance(source, StftSource) else Spectrogram(source)


def make_filterbank(
    filterbank: Any, bin_frequencies: np.ndarray, error: type[Exception] = TypeError, **options: Any
) -> Filterbank:
    """Return a filterbank, or what a class of filterbanks makes with `options`; raise `error` for others."""
    if inspect.isclass(filterbank) and issubclass(filterbank, Filterbank):
        filterbank = filterbank(bin_frequencies, **options)
    if not isinstance(filterbank, Filterbank):
        raise error(f"not a Filterbank type or instance: {filterbank}")
    return filterbank


def apply_filterbank(source: Any, filterbank: np.ndarray) -> np.ndarray:
    """Return the bands [N, M] of a `Spectrogram`, or of the source of one."""
    if isinstance(source, StftSource):
        return source.bands(filterbank)
    return np.dot(np.asarray(source), np.asarray(filterbank))  # type: ignore[no-any-return]


@mirrors("madmom.audio.spectrogram.FilteredSpectrogram")
class FilteredSpectrogram(Spectrogram):
    """A spectrogram through a filterbank, an array [N, M] of float32.

    Parameters
    ----------
    spectrogram : Spectrogram, or what it takes
    filterbank : Filterbank, or a subclass of it
        A class is called with the bins' frequencies and the parameters below.
    num_bands, fmin, fmax, fref, norm_filters, unique_filters
        As for `LogarithmicFilterbank`.
    **kwargs
        For `Spectrogram`.

    Raises
    ------
    TypeError
        If `filterbank` is neither.

    Attributes
    ----------
    filterbank : Filterbank
    bin_frequencies : array [M]
        The bands' centres, Hz.
    """

    _ADDS: ClassVar[dict[str, Any]] = {"filterbank": None}
    filterbank: Any

    def __new__(
        cls,
        spectrogram: Any,
        filterbank: Any = FILTERBANK,
        num_bands: int = NUM_BANDS,
        fmin: float = FMIN,
        fmax: float = FMAX,
        fref: float = A4,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
        **kwargs: Any,
    ) -> Any:
        """Filter a spectrogram."""
        source = filterable(spectrogram, **kwargs)
        bank = make_filterbank(
            filterbank,
            source.bin_frequencies,
            num_bands=num_bands,
            fmin=fmin,
            fmax=fmax,
            fref=fref,
            norm_filters=norm_filters,
            unique_filters=unique_filters,
        )
        return cls._of_bands(source, bank)

    @classmethod
    def _of_bands(cls, source: Any, filterbank: Filterbank) -> Any:
        new: Any = apply_filterbank(source, filterbank).view(cls)
        new.filterbank = filterbank
        new._stft = source._stft if isinstance(source, Spectrogram) else source
        return new

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The bands' centre frequencies, Hz."""
        return self.filterbank.center_frequencies  # type: ignore[no-any-return]


@mirrors("madmom.audio.spectrogram.FilteredSpectrogramProcessor")
class FilteredSpectrogramProcessor(Processor):
    """Makes a `FilteredSpectrogram`, with its parameters; the first filterbank made is kept."""

    takes_source = True
    filters_source = True

    def __init__(
        self,
        filterbank: Any = FILTERBANK,
        num_bands: int = NUM_BANDS,
        fmin: float = FMIN,
        fmax: float = FMAX,
        fref: float = A4,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
        **kwargs: Any,
    ) -> None:
        self.filterbank = filterbank
        self.num_bands = num_bands
        self.fmin = fmin
        self.fmax = fmax
        self.fref = fref
        self.norm_filters = norm_filters
        self.unique_filters = unique_filters

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Return the filtered spectrogram of data: a spectrogram or what it takes."""
        filtered = FilteredSpectrogram(data, **(vars(self) | kwargs))
        self.filterbank = filtered.filterbank
        return filtered


@mirrors("madmom.audio.spectrogram.MultiBandSpectrogram")
class MultiBandSpectrogram(FilteredSpectrogram):
    """A spectrogram summed up in a few bands, an array [N, M].

    Parameters
    ----------
    spectrogram : Spectrogram, or what it takes
    crossover_frequencies : array
        Hz.
    fmin, fmax, norm_filters, unique_filters
        As for `RectangularFilterbank`.
    **kwargs
        For `Spectrogram`.

    Attributes
    ----------
    spectrogram : Spectrogram
    filterbank : RectangularFilterbank
    crossover_frequencies : array
    """

    _ADDS: ClassVar[dict[str, Any]] = {"spectrogram": None, "crossover_frequencies": None}
    spectrogram: Any
    crossover_frequencies: Any

    def __new__(  # type: ignore[misc]
        cls,
        spectrogram: Any,
        crossover_frequencies: Any,
        fmin: float = FMIN,
        fmax: float = FMAX,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
        **kwargs: Any,
    ) -> Any:
        """Filter a spectrogram."""
        if not isinstance(spectrogram, Spectrogram):
            spectrogram = Spectrogram(spectrogram, **kwargs)
        filterbank = RectangularFilterbank(
            spectrogram.bin_frequencies,
            crossover_frequencies,
            fmin=fmin,
            fmax=fmax,
            norm_filters=norm_filters,
            unique_filters=unique_filters,
        )
        new = cls._of_bands(spectrogram, filterbank)
        new.spectrogram, new.crossover_frequencies = spectrogram, crossover_frequencies
        return new


@mirrors("madmom.audio.spectrogram.MultiBandSpectrogramProcessor")
class MultiBandSpectrogramProcessor(Processor):
    """Makes a `MultiBandSpectrogram`, with its parameters."""

    takes_source = True

    def __init__(
        self,
        crossover_frequencies: Any,
        fmin: float = FMIN,
        fmax: float = FMAX,
        norm_filters: bool = NORM_FILTERS,
        unique_filters: bool = UNIQUE_FILTERS,
        **kwargs: Any,
    ) -> None:
        self.crossover_frequencies = np.array(crossover_frequencies)
        self.fmin = fmin
        self.fmax = fmax
        self.norm_filters = norm_filters
        self.unique_filters = unique_filters

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Return the bands of data: a spectrogram or what it takes."""
        return MultiBandSpectrogram(data, **(vars(self) | kwargs))
