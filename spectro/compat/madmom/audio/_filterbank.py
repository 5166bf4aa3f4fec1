"""`Filterbank`: the base of all, an array that knows the frequencies of its bins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...registry import mirrors
from .. import _arguments
from .._arrays import DataArray
from ..processors import Processor
from ._filter import Filter
from ._scales import bins2frequencies
from ._source import real_dtype

__all__ = ["Filterbank", "FilterbankProcessor"]


@mirrors("madmom.audio.filters.Filterbank")
class Filterbank(DataArray):
    """Filters side by side, an array [F, M] of float32: bands = spectrogram @ filterbank.

    Parameters
    ----------
    data : array [F, M]
    bin_frequencies : array [F]
        Hz.

    Raises
    ------
    TypeError
        If `data` is not a two-dimensional array.
    ValueError
        If the two have different numbers of bins.

    Attributes
    ----------
    bin_frequencies, center_frequencies : array
    corner_frequencies : array [M, 2]
    num_bins, num_bands : int
    fmin, fmax : float
    """

    _ADDS: ClassVar[dict[str, Any]] = {"bin_frequencies": None}
    bin_frequencies: Any

    def __new__(cls, data: np.ndarray, bin_frequencies: np.ndarray) -> Any:
        """Make a filterbank."""
        if not isinstance(data, np.ndarray) or data.ndim != 2:
            raise TypeError("wrong input data for Filterbank, must be a 2D np.ndarray")
        if len(bin_frequencies) != data.shape[0]:
            raise ValueError("`bin_frequencies` must have the same length as the first dimension of `data`.")
        new = np.asarray(data, dtype=real_dtype()).view(cls)
        new.bin_frequencies = np.asarray(bin_frequencies, dtype=float)
        return new

    @classmethod
    def from_filters(cls, filters: Sequence[Filter | list[Filter]], bin_frequencies: np.ndarray) -> Any:
        """Return the bank of the filters, one a band; of a list, the greatest weight at each bin.

        What stands outside the bins is cut off.

        Raises
        ------
        ValueError
            If something is not a `Filter`.
        """
        bank = np.zeros((len(bin_frequencies), len(filters)))
        for m, band in enumerate(filters):
            for one in band if isinstance(band, list) else [band]:
                cls._put_filter(one, bank[:, m])
        return Filterbank.__new__(cls, bank, bin_frequencies)

    @classmethod
    def _put_filter(cls, filt: Any, band: np.ndarray) -> None:
        if not isinstance(filt, Filter):
            raise ValueError("unable to determine start position of Filter")
        begin, end = max(filt.start, 0), min(filt.start + len(filt), len(band))
        weights = np.asarray(filt)[begin - filt.start : end - filt.start]
        np.maximum(weights, band[begin:end], out=band[begin:end])

    @property
    def num_bins(self) -> int:
        """Number of bins."""
        return int(self.shape[0])

    @property
    def num_bands(self) -> int:
        """Number of bands."""
        return int(self.shape[1])

    def _supports(self) -> list[tuple[int, int]]:
        """Return the first and last bin of each band."""
        used = [np.nonzero(band)[0] for band in np.asarray(self).T]
        return [(int(bins.min()), int(bins.max())) for bins in used]

    @property
    def corner_frequencies(self) -> np.ndarray:
        """The frequencies of each band's first and last bin."""
        return bins2frequencies(np.array(self._supports()), self.bin_frequencies)

    @property
    def center_frequencies(self) -> np.ndarray:
        """The frequency of each band's middle, or of its peak if it is not symmetric at its ends."""
        centers = []
        for (first, last), band in zip(self._supports(), np.asarray(self).T, strict=True):
            middle = int(first + (last - first) / 2.0)
            centers.append(middle if band[first] == band[last] else first + int(np.argmax(band[first:last])))
        return bins2frequencies(np.array(centers), self.bin_frequencies)

    @property
    def fmin(self) -> float:
        """The frequency of the first bin used."""
        return self.bin_frequencies[np.nonzero(self)[0][0]]  # type: ignore[no-any-return]

    @property
    def fmax(self) -> float:
        """The frequency of the last bin used."""
        return self.bin_frequencies[np.nonzero(self)[0][-1]]  # type: ignore[no-any-return]


@mirrors("madmom.audio.filters.FilterbankProcessor")
class FilterbankProcessor(Processor, Filterbank):
    """A filterbank that filters what it is called with."""

    add_arguments = staticmethod(_arguments.filterbank)

    def process(self, data: np.ndarray) -> np.ndarray:  # type: ignore[override]
        """Return the bands of spectra [N, F]: [N, M]."""
        return np.dot(data, self)  # type: ignore[no-any-return]
