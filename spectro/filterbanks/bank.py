"""A filterbank as the backends see it: weights over frequency, dense or by each filter's support.

The weights are real, for powers and magnitudes, or complex: spectra of filters, for spectra.

A mel filter covers few bins, so most of a dense product [N, F] @ [F, M] multiplies zeros. Filters
side by side cover bins side by side: a group of them needs one short range of bins, and the product
is a few small dense ones. A kernel takes each filter's own range.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ..arithmetic.products import product
from ..arithmetic.sums import multiply
from ..arrays import as_numpy, constant
from ..compiled.by_values import by_kernel, has_kernel
from ..kernels import cpu
from ..typing import Array

__all__ = ["Filterbank"]

_GROUP = 16  # filters
_BLOCK = 64  # bins of a complex product summed at once on MLX


def _in_blocks(x: mx.array, w: mx.array) -> mx.array:
    """Return x [..., N, K] @ w [K, M]: the terms of complex sums cancel, and short sums round less."""
    starts = range(_BLOCK, w.shape[0], _BLOCK)
    first = product(mx, x[..., :_BLOCK], w[:_BLOCK])
    return sum((product(mx, x[..., k : k + _BLOCK], w[k : k + _BLOCK]) for k in starts), first)


@lru_cache(maxsize=64)
def _native(bank: Filterbank, dtype: np.dtype[Any], library: object) -> cpu.FilterBank:
    """Found without looking through the weights."""
    return cpu.bank_for(bank.weights.T, dtype)


class Filterbank:
    """Weights [F, M], so that bands = spectrum[..., F] @ weights.

    Made from numpy, it is a table in double precision that each namespace and precision gets a copy of once.
    Made from an `mx.array`, it stays part of the caller's graph, so that gradients reach it.
    """

    def __init__(self, weights: np.ndarray | mx.array) -> None:
        self._source = weights
        self._tables: dict[tuple[str, str], Array] = {}

    @property
    def shape(self) -> tuple[int, int]:
        """Bins and bands."""
        bins, bands = self._source.shape
        return int(bins), int(bands)

    @property
    def is_constant(self) -> bool:
        """Whether the weights are a table, not part of a graph: what a kernel can take."""
        return isinstance(self._source, np.ndarray)

    @property
    def is_complex(self) -> bool:
        """Whether the weights are for complex spectra."""
        return np.iscomplexobj(self._source) if self.is_constant else self._source.dtype == mx.complex64

    @cached_property
    def weights(self) -> np.ndarray:
        """The weights in float64 or complex128, evaluated."""
        values = as_numpy(self._source)
        return values.astype(np.complex128 if np.iscomplexobj(values) else np.float64, copy=False)

    @cached_property
    def support(self) -> tuple[np.ndarray, np.ndarray]:
        """First bin of each filter, and the one after its last: two arrays [M]; 0 and 0 if it is empty."""
        used = self.weights != 0
        some = used.any(axis=0)
        first = np.where(some, used.argmax(axis=0), 0)
        end = np.where(some, len(used) - used[::-1].argmax(axis=0), 0)
        return first, end

    @cached_property
    def _groups(self) -> list[tuple[slice, slice]]:
        """The bins that each group of neighbouring filters covers, and those filters."""
        first, end = self.support
        covered = first < end
        groups = []
        for begin in range(0, self.shape[1], _GROUP):
            filters = slice(begin, min(begin + _GROUP, self.shape[1]))
            used = covered[filters]
            bins = slice(first[filters][used].min(), end[filters][used].max()) if used.any() else slice(0, 0)
            groups.append((bins, filters))
        return groups

    def native(self, dtype: np.dtype[Any]) -> cpu.FilterBank:
        """Return the bank as the native CPU kernels of `dtype` take it."""
        return _native(self, dtype, cpu.current())

    def product(self, xp: ModuleType, spectra: Array) -> Array:
        """Return `spectra` [..., F] @ the weights: [..., M], those of a spectrum side by side in memory."""
        if spectra.ndim < 2 or not self.is_constant or self.is_complex or not has_kernel(spectra):
            return self._plain_product(xp, spectra)

        def compute(values: np.ndarray, **make: Any) -> Array:
            columns = values.swapaxes(-1, -2)
            return cpu.apply_bank(self.native(values.dtype), columns, by_frames=True, **make).swapaxes(-1, -2)

        return by_kernel(spectra, compute, lambda x: self._plain_product(mx, x))

    def _plain_product(self, xp: ModuleType, spectra: Array) -> Array:
        weights = self.array(xp, spectra)
        if xp is not np and self.is_complex:
            first, end = self.support
            bins = slice(int(first[first < end].min(initial=0)), int(end.max()))
            return _in_blocks(spectra[..., bins], weights[bins])
        if xp is not np:
            return product(xp, spectra, weights)  # a GPU is faster with one product than with many
        out = np.empty((*spectra.shape[:-1], self.shape[1]), np.result_type(spectra, weights))
        for bins, filters in self._groups:
            multiply(spectra[..., bins], weights[bins, filters], out[..., filters])
        return out

    def array(self, xp: ModuleType, like: Array) -> Array:
        """Return the weights in namespace `xp` with the precision of the array `like`."""
        if xp is mx and isinstance(self._source, mx.array):
            return self._source.astype(mx.float32)
        key = (xp.__name__, str(like.dtype))
        if key not in self._tables:
            self._tables[key] = constant(self.weights, xp, like)
        return self._tables[key]
