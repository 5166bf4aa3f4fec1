"""The product of spectra with a filterbank whose filters are narrow.

A mel filter covers few bins, so most of a dense product [N, F] @ [F, M] multiplies zeros. Filters
side by side cover bins side by side: a group of them needs one short range of bins, and the product
is a few small dense ones.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from .arrays import constant
from .filterbanks import mel_filterbank, warn_empty
from .typing import Array

__all__ = ["Banded", "banded_mel"]

_GROUP = 16


class Banded:
    """A filterbank [F, M], multiplied from the right."""

    def __init__(self, bank: np.ndarray) -> None:
        self.bank = bank
        self.ranges: list[tuple[slice, slice]] = []
        for first in range(0, bank.shape[1], _GROUP):
            filters = slice(first, min(first + _GROUP, bank.shape[1]))
            used = np.flatnonzero(bank[:, filters].any(axis=1))
            bins = slice(int(used[0]), int(used[-1]) + 1) if len(used) else slice(0, 0)
            self.ranges.append((bins, filters))

    def product(self, xp: ModuleType, spectra: Array) -> Array:
        """Return `spectra` [..., F] @ the filterbank: [..., M]."""
        bank = constant(self.bank, xp, spectra)
        if xp is not np:
            return spectra @ bank  # a GPU is faster with one product than with many
        out = np.empty((*spectra.shape[:-1], bank.shape[1]), spectra.dtype)
        for bins, filters in self.ranges:
            out[..., filters] = spectra[..., bins] @ bank[bins, filters]
        return out


@lru_cache(maxsize=64)
def banded_mel(*arguments: Any) -> Banded:
    """Return `mel_filterbank` of these arguments for products, once made and warned about."""
    bank = mel_filterbank(*arguments)
    warn_empty(bank, "mel filters")
    return Banded(bank)
