"""Plans and filterbanks: the native objects that outlive a call, found again by their parameters.

A plan belongs to one (n_fft, hop, window, dtype); making one costs far more than a short transform, so they
are kept.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import library as libraries
from .library import Library

Made = TypeVar("Made")
FLOAT_TYPES = (np.dtype(np.float32), np.dtype(np.float64))


class NativeUnavailableError(RuntimeError):
    """The compiled kernels are not there; the message says why."""


def require_library() -> Library:
    """Return the library, or raise `NativeUnavailableError`."""
    library = libraries.current()
    if library is None:
        raise NativeUnavailableError(f"native CPU kernels unavailable: {libraries.status().reason}")
    return library


def real_type(dtype: DTypeLike) -> np.dtype[Any]:
    """Return float32 or float64 as a dtype; TypeError for another."""
    found = np.dtype(dtype)
    if found not in FLOAT_TYPES:
        raise TypeError(f"dtype must be float32 or float64, got {found}")
    return found


class Plan:
    """n_fft, hop and window, ready to run. Get one from :func:`plan_for`.

    Attributes
    ----------
    n_fft, hop, bins : int
        `bins` is ``n_fft // 2 + 1``.
    dtype, complex_dtype : np.dtype
        Of the signal and of the spectrum.
    arithmetic : np.dtype
        Of every table and intermediate value; what is stored is rounded to `dtype` once, at the end.
    """

    def __init__(
        self,
        n_fft: int,
        hop: int,
        window: np.ndarray,
        dtype: np.dtype[Any],
        arithmetic: np.dtype[Any],
        library: Library,
    ) -> None:
        if arithmetic.itemsize < dtype.itemsize:
            raise ValueError(f"no {arithmetic} arithmetic for arrays of {dtype}")
        if n_fft < 1 or hop < 1:
            raise ValueError(f"n_fft and hop must be at least 1, got n_fft={n_fft}, hop={hop}")
        if window.shape != (n_fft,):
            raise ValueError(
                f"window must have n_fft={n_fft} values (pad it first), got shape {window.shape}"
            )
        self.n_fft, self.hop, self.bins = n_fft, hop, n_fft // 2 + 1
        self.dtype, self.arithmetic = dtype, arithmetic
        self.complex_dtype = np.dtype(np.complex64 if dtype == np.float32 else np.complex128)
        self.library = library
        self.handle: int = library.spectro_plan_new(
            arithmetic.itemsize, dtype.itemsize, n_fft, hop, window.ctypes.data
        )
        if not self.handle:
            raise MemoryError(f"no memory for a plan of n_fft={n_fft}")
        weakref.finalize(self, library.spectro_plan_free, self.handle)

    def frames_in(self, length: int) -> int:
        """How many whole frames a (padded) length holds."""
        return max(0, 1 + (length - self.n_fft) // self.hop)


class FilterBank:
    """Weights ``[bands, bins]``, real or complex, kept by each band's range of non-zero bins."""

    def __init__(self, weights: np.ndarray, dtype: np.dtype[Any], library: Library) -> None:
        if weights.ndim != 2:
            raise ValueError(f"weights must be [bands, bins], got shape {weights.shape}")
        bands, bins = weights.shape
        used = weights != 0
        begin = np.where(used.any(1), used.argmax(1), 0).astype(np.int64)
        end = np.where(used.any(1), bins - used[:, ::-1].argmax(1), 0).astype(np.int64)
        packed = np.concatenate(
            [row[b:e] for row, b, e in zip(weights, begin, end, strict=True)] + [np.zeros(1)]
        )
        self.is_complex = np.iscomplexobj(weights)
        self.bands, self.bins, self.dtype = bands, bins, dtype
        self.handle: int = library.spectro_bank_new(
            dtype.itemsize,
            bins,
            bands,
            1 + self.is_complex,
            begin.ctypes.data,
            end.ctypes.data,
            packed.ctypes.data,
        )
        if not self.handle:
            raise MemoryError("no memory for a filterbank")
        weakref.finalize(self, library.spectro_bank_free, self.handle)


class _Recent:
    """The last `size` things made, by key. Making is done under the lock: two threads want one plan."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.kept: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self.lock:
            found = self.kept.get(key)
            if found is None:
                found = self.kept[key] = make()
                if len(self.kept) > self.size:
                    self.kept.popitem(last=False)
            else:
                self.kept.move_to_end(key)
            return found  # type: ignore[no-any-return]


_plans = _Recent(64)
_banks = _Recent(32)


def plan_for(
    n_fft: int,
    hop: int,
    window: ArrayLike,
    dtype: DTypeLike = np.float32,
    arithmetic: DTypeLike | None = None,
) -> Plan:
    """The plan of these parameters, made or found.

    Parameters
    ----------
    window : array [n_fft]
        Already padded to n_fft. Tables are computed from it in float64.
    dtype : float32 or float64
        Of the signals.
    arithmetic : float32 or float64, optional
        Default `dtype`. A plan of float64 arithmetic on float32 arrays gives what a transform in float64
        gives, rounded, without a float64 array anywhere.
    """
    library, kind = require_library(), real_type(dtype)
    wide = kind if arithmetic is None else real_type(arithmetic)
    values = np.ascontiguousarray(window, np.float64)
    key = (n_fft, hop, values.tobytes(), kind, wide, library.isa)
    return _plans.get(key, lambda: Plan(n_fft, hop, values, kind, wide, library))


def bank_for(weights: ArrayLike, dtype: DTypeLike = np.float32) -> FilterBank:
    """The filterbank of weights ``[bands, bins]``, made or found; of the dtype of the plan's arithmetic."""
    library, kind = require_library(), real_type(dtype)
    values = np.ascontiguousarray(weights, np.complex128 if np.iscomplexobj(weights) else np.float64)
    key = (values.shape, values.dtype, values.tobytes(), kind, library.isa)
    return _banks.get(key, lambda: FilterBank(values, kind, library))
