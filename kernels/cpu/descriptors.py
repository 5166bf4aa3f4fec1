"""Several descriptors of every frame from one transform, in one native call (``descriptors.h``)."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import DTypeLike

from .calls import NO_PADDING, Make, Padding, address, check, describe_signal, frame_count, new_numpy
from .filtering import Scale, scale_array
from .library import num_threads
from .plans import FilterBank, Plan, real_type, require_library


class Descriptor(Protocol):
    """What is made of a frame's spectrum X."""

    @property
    def rows(self) -> int:
        """How many values it makes."""

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`; the code that the native function returns."""


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands of a filterbank over |X|^2, scaled."""

    bank: FilterBank
    scale: Scale

    @property
    def rows(self) -> int:
        """How many values it makes."""
        return self.bank.bands

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`."""
        if self.scale.power != 2:
            raise ValueError(f"bands of |X|^2 are described, not of |X|^{self.scale.power:g}")
        if (self.bank.bins, self.bank.dtype) != (group.bins, group.dtype):
            raise ValueError(f"a filterbank of {self.bank.bins} bins, {self.bank.dtype} does not fit")
        return group.call("add_bands", self.bank.handle, scale_array(self.scale))


@dataclass(frozen=True, eq=False)
class Centroid:
    """The mean of `frequencies` [bins], weighted by |X|; 0 in silence."""

    frequencies: np.ndarray
    rows: ClassVar[int] = 1

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`."""
        return group.call("add_centroid", *group.table(self.frequencies))


@dataclass(frozen=True, eq=False)
class Bandwidth:
    """The p-norm of how far `frequencies` [bins] are from the centroid, weighted by |X|."""

    frequencies: np.ndarray
    p: float
    rows: ClassVar[int] = 1

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`."""
        return group.call("add_bandwidth", *group.table(self.frequencies), self.p)


@dataclass(frozen=True, eq=False)
class Rolloff:
    """The first of `frequencies` [bins] up to which |X| sums to `share` of the whole."""

    frequencies: np.ndarray
    share: float
    rows: ClassVar[int] = 1

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`."""
        return group.call("add_rolloff", *group.table(self.frequencies), self.share)


@dataclass(frozen=True, eq=False)
class Flatness:
    """The geometric mean of max(|X|^power, floor) over its arithmetic mean."""

    power: float
    floor: float
    rows: ClassVar[int] = 1

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`."""
        return group.call("add_flatness", self.power, self.floor)


@dataclass(frozen=True, eq=False)
class Autocorrelation:
    """The autocorrelation at lags 0 .. lags - 1, around the frame's circle; if `relative`, over its peak."""

    lags: int
    relative: bool

    @property
    def rows(self) -> int:
        """How many values it makes."""
        return self.lags

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`."""
        if not 0 < self.lags <= group.bins:
            raise ValueError(f"{self.lags} lags do not fit {group.bins} bins")
        return group.call("add_autocorrelation", self.lags, self.relative)


@dataclass(frozen=True, eq=False)
class Extremes:
    """For ranges (begin, end, count) of bins, the mean of the `count` largest |X|; then of the smallest."""

    ranges: tuple[tuple[int, int, int], ...]

    @property
    def rows(self) -> int:
        """How many values it makes."""
        return 2 * len(self.ranges)

    def add_to(self, group: Descriptors) -> int:
        """Make the native descriptor in `group`."""
        for begin, end, count in self.ranges:
            if not (0 <= begin < end <= group.bins and 0 < count <= end - begin):
                raise ValueError(f"range {(begin, end, count)} does not fit {group.bins} bins")
        ranges = np.array(self.ranges, np.int64)
        return group.call("add_extremes", address(ranges), len(ranges))


class Descriptors:
    """Descriptors of spectra of `bins`, ready to run in one dtype."""

    def __init__(self, wanted: Sequence[Descriptor], bins: int, dtype: DTypeLike) -> None:
        self.wanted, self.bins, self.dtype = tuple(wanted), bins, real_type(dtype)
        self.library = require_library()
        self.handle: int = self.library.spectro_descriptors_new(self.dtype.itemsize)
        if not self.handle:
            raise MemoryError("no memory for descriptors")
        weakref.finalize(self, self.library.spectro_descriptors_free, self.handle)
        for descriptor in self.wanted:
            check(descriptor.add_to(self))

    def call(self, name: str, *arguments: Any) -> int:
        """Call a native function of these descriptors."""
        return int(getattr(self.library, f"spectro_descriptors_{name}")(self.handle, *arguments))

    def table(self, values: np.ndarray) -> tuple[Any, int]:
        """Return a value for each bin as the native functions take it."""
        if values.shape != (self.bins,):
            raise ValueError(f"{self.bins} values are needed, one for each bin, got shape {values.shape}")
        return np.ascontiguousarray(values, np.float64).ctypes, self.bins


def describe(
    plan: Plan,
    descriptors: Descriptors,
    x: np.ndarray,
    *,
    padding: Padding = NO_PADDING,
    frames: int | None = None,
    make: Make = new_numpy,
) -> Any:
    """Describe the frames of x ``[batch, length]``: ``[batch, rows, frames]``, in the plan's arithmetic."""
    if (descriptors.bins, descriptors.dtype) != (plan.bins, plan.arithmetic):
        raise ValueError(f"descriptors of {descriptors.bins} bins, {descriptors.dtype} do not fit the plan")
    x, shape = describe_signal(x, plan, padding)
    count = frame_count(plan, frames, x.shape[1], padding)

    def fill(out: int) -> None:
        args = (plan.handle, descriptors.handle, address(x), shape, count, out)
        check(plan.library.spectro_describe(*args, num_threads()))

    return make((x.shape[0], sum(d.rows for d in descriptors.wanted), count), plan.arithmetic, fill)
