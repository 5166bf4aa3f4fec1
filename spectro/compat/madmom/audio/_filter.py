"""Single filters: weights over a range of bins, and where the range begins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from ...registry import mirrors
from .._arrays import DataArray
from ._source import real_dtype

__all__ = ["Filter", "RectangularFilter", "TriangularFilter"]


@mirrors("madmom.audio.filters.Filter")
class Filter(DataArray):
    """The weights of a filter [n], float32, from bin `start` on.

    Parameters
    ----------
    data : array [n]
    start : int
    norm : bool
        Divide by the sum.

    Raises
    ------
    TypeError, NotImplementedError
        If `data` is not an array, or has several dimensions.

    Attributes
    ----------
    start, stop : int
        The first bin, and the one after the last.
    """

    _ADDS: ClassVar[dict[str, Any]] = {"start": None, "stop": None}
    start: Any
    stop: Any

    def __new__(cls, data: np.ndarray, start: int = 0, norm: bool = False) -> Filter:
        """Make a filter."""
        if not isinstance(data, np.ndarray):
            raise TypeError("wrong input data for Filter, must be np.ndarray")
        if data.ndim != 1:
            raise NotImplementedError(f"a filter has one dimension, got shape {data.shape}")
        weights = np.array(data, dtype=real_dtype()) if norm else np.asarray(data, dtype=real_dtype())
        if norm:
            weights /= np.sum(weights)
        new = weights.view(cls)
        new.start, new.stop = int(start), int(start + len(data))
        return new

    @classmethod
    def band_bins(cls, bins: np.ndarray, **kwargs: Any) -> Iterator[tuple[int, ...]]:
        """Yield the arguments of each filter over the corner bins: for subclasses."""
        raise NotImplementedError("needs to be implemented by sub-classes")

    @classmethod
    def filters(cls, bins: np.ndarray, norm: bool, **kwargs: Any) -> list[Any]:
        """Return the filters over the corner bins."""
        make: Any = cls
        return [make(*corners, norm=norm) for corners in cls.band_bins(bins, **kwargs)]


@mirrors("madmom.audio.filters.TriangularFilter")
class TriangularFilter(Filter):
    """A filter that rises from 0 at bin `start` to 1 at `center` and falls to 0 at `stop`.

    Raises
    ------
    ValueError
        If `center` does not lie between the two.

    Attributes
    ----------
    center : int
    """

    _ADDS: ClassVar[dict[str, Any]] = {"center": None}
    center: Any

    def __new__(cls, start: int, center: int, stop: int, norm: bool = False) -> TriangularFilter:  # type: ignore[misc]
        """Make a triangle."""
        if not start <= center < stop:
            raise ValueError("`center` must be between `start` and `stop`")
        start, center, stop = int(start), int(center), int(stop)
        rising = np.linspace(0, 1, center - start, endpoint=False)
        falling = np.linspace(1, 0, stop - center, endpoint=False)
        new: Any = Filter.__new__(cls, np.concatenate((rising, falling)), start, norm)
        new.center = center
        return new  # type: ignore[no-any-return]

    @classmethod
    def band_bins(cls, bins: np.ndarray, overlap: bool = True) -> Iterator[tuple[int, int, int]]:  # type: ignore[override]
        """Yield (start, center, stop) of triangles over successive triples of corner bins.

        Without `overlap` they meet half-way between their centres. One that spans less than two bins
        becomes a single 1.

        Raises
        ------
        ValueError
            If there are fewer than three corners.
        """
        if len(bins) < 3:
            raise ValueError("not enough bins to create a TriangularFilter")
        for start, center, stop in zip(bins, bins[1:], bins[2:], strict=False):
            if not overlap:
                start, stop = int(np.floor((center + start) / 2.0)), int(np.ceil((center + stop) / 2.0))
            yield (start, center, stop) if stop - start >= 2 else (start, start, start + 1)


@mirrors("madmom.audio.filters.RectangularFilter")
class RectangularFilter(Filter):
    """A filter of 1 from bin `start` up to, not including, `stop`.

    Raises
    ------
    ValueError
        If it is empty.
    """

    def __new__(cls, start: int, stop: int, norm: bool = False) -> RectangularFilter:  # type: ignore[misc]
        """Make a rectangle."""
        if start >= stop:
            raise ValueError("`start` must be smaller than `stop`")
        new: Any = Filter.__new__(cls, np.ones(stop - start), start, norm)
        return new  # type: ignore[no-any-return]

    @classmethod
    def band_bins(cls, bins: np.ndarray, overlap: bool = False) -> Iterator[tuple[int, int]]:  # type: ignore[override]
        """Yield (start, stop) of rectangles between successive corner bins.

        Raises
        ------
        ValueError, NotImplementedError
            If there are fewer than two corners; if they shall `overlap`.
        """
        if len(bins) < 2:
            raise ValueError("not enough bins to create a RectangularFilter")
        if overlap:
            raise NotImplementedError("rectangular filters cannot overlap")
        yield from pairwise(bins)
