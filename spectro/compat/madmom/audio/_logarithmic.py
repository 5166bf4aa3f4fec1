"""Spectrograms on a logarithmic scale: log(mul x + add)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ...registry import mirrors
from .. import _arguments
from ..processors import Processor
from ._filterbanks import FMAX, FMIN, NORM_FILTERS, NUM_BANDS, UNIQUE_FILTERS
from ._filtered import FILTERBANK, FilteredSpectrogram
from ._scales import A4
from ._spectrogram import Spectrogram

__all__ = [
    "LogarithmicFilteredSpectrogram",
    "LogarithmicFilteredSpectrogramProcessor",
    "LogarithmicSpectrogram",
    "LogarithmicSpectrogramProcessor",
]

LOG = np.log10
MUL = 1.0
ADD = 1.0


@mirrors("madmom.audio.spectrogram.LogarithmicSpectrogram")
class LogarithmicSpectrogram(Spectrogram):
    """A spectrogram on a logarithmic scale, an array like it.

    Parameters
    ----------
    spectrogram : Spectrogram, or what it takes
    log : function, optional
        ``log(x, out)`` of an array.
    mul, add : float, optional
        The argument is mul x + add.
    **kwargs
        For `Spectrogram`.

    Attributes
    ----------
    spectrogram : Spectrogram
    filterbank : Filterbank
        The spectrogram's.
    mul, add : float
    bin_frequencies : array
    """

    _ADDS: ClassVar[dict[str, Any]] = {"spectrogram": None, "mul": MUL, "add": ADD}
    spectrogram: Any
    mul: Any
    add: Any

    def __new__(
        cls,
        spectrogram: Any,
        log: Any = LOG,
        mul: float | None = MUL,
        add: float | None = ADD,
        **kwargs: Any,
    ) -> Any:
        """Take the logarithm."""
        given = isinstance(spectrogram, Spectrogram)
        spectrogram = spectrogram if given else Spectrogram(spectrogram, **kwargs)
        # In madmom what is made here is scaled in place, `spectrogram` with it. A given one is not.
        values = np.array(spectrogram) if given else np.asarray(spectrogram)
        if mul is not None:
            values *= mul
        if add is not None:
            values += add
        if log is not None:
            log(values, values)
        new = values.view(cls)
        new.mul, new.add = mul, add
        new.spectrogram, new._stft = spectrogram, spectrogram._stft
        return new

    @property
    def filterbank(self) -> Any:
        """The filterbank of the spectrogram."""
        return self.spectrogram.filterbank

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The frequencies of the spectrogram's bins or bands, Hz."""
        return self.spectrogram.bin_frequencies  # type: ignore[no-any-return]


@mirrors("madmom.audio.spectrogram.LogarithmicSpectrogramProcessor")
class LogarithmicSpectrogramProcessor(Processor):
    """Makes a `LogarithmicSpectrogram`, with its parameters."""

    takes_source = True

    add_arguments = staticmethod(_arguments.logarithm)

    def __init__(
        self, log: Any = LOG, mul: float | None = MUL, add: float | None = ADD, **kwargs: Any
    ) -> None:
        self.log = log
        self.mul = mul
        self.add = add

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Return the logarithm of data: a spectrogram or what it takes."""
        return LogarithmicSpectrogram(data, **(vars(self) | kwargs))


@mirrors("madmom.audio.spectrogram.LogarithmicFilteredSpectrogram")
class LogarithmicFilteredSpectrogram(LogarithmicSpectrogram, FilteredSpectrogram):
    """A filtered spectrogram on a logarithmic scale, an array [N, M] of float32.

    Parameters
    ----------
    spectrogram : FilteredSpectrogram, or what it takes
    **kwargs
        For `LogarithmicSpectrogram` and `FilteredSpectrogram`.

    Attributes
    ----------
    spectrogram : FilteredSpectrogram
    filterbank : Filterbank
    mul, add : float
    bin_frequencies : array [M]
    """

    def __new__(cls, spectrogram: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
        """Filter and take the logarithm."""
        mul, add = kwargs.pop("mul", MUL), kwargs.pop("add", ADD)
        if not isinstance(spectrogram, FilteredSpectrogram):
            spectrogram = FilteredSpectrogram(spectrogram, **kwargs)
        values = LogarithmicSpectrogram(spectrogram, mul=mul, add=add, **kwargs)
        new = np.asarray(values).view(cls)
        new.mul, new.add = mul, add
        new.spectrogram, new._stft = spectrogram, spectrogram._stft
        return new


@mirrors("madmom.audio.spectrogram.LogarithmicFilteredSpectrogramProcessor")
class LogarithmicFilteredSpectrogramProcessor(Processor):
    """Makes a `LogarithmicFilteredSpectrogram`, with its parameters; the first filterbank made is kept."""

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
        mul: float = MUL,
        add: float = ADD,
        **kwargs: Any,
    ) -> None:
        self.filterbank = filterbank
        self.num_bands = num_bands
        self.fmin = fmin
        self.fmax = fmax
        self.fref = fref
        self.norm_filters = norm_filters
        self.unique_filters = unique_filters
        self.mul = mul
        self.add = add

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Return the logarithmic filtered spectrogram of data: a spectrogram or what it takes."""
        values = LogarithmicFilteredSpectrogram(data, **(vars(self) | kwargs))
        self.filterbank = values.filterbank
        return values
