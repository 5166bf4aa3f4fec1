"""The resampling kernel that `Resample` and `PitchShift` show, and the filters that compute with it."""

from __future__ import annotations

import math

import numpy as np

from ....signal.sinc import Polyphase
from ....typing import Array
from .._module import Module, float64

__all__ = ["WithKernel"]


class WithKernel(Module):
    """Base of the transforms with a buffer `kernel` [new, 1, 2 width + orig], once they have `_filters`."""

    kernel: Array
    width: int
    _filters: Polyphase | None = None

    def set_filters(self, made: Polyphase, zeros: float, rolloff: float) -> None:
        """Take the filters that the kernel is made of."""
        self._filters = made
        self.width = math.ceil(zeros * made.down / (min(made.down, made.up) * rolloff))

    def dense(self, dtype: str | None) -> Array | None:
        """Return the kernel, rounded to `dtype`; None without one."""
        made = self._filters
        if made is None:
            return None
        return self.new_table(made.dense(self.width, 2 * self.width + made.down)[:, None], dtype)

    def current_filters(self) -> Polyphase:
        """Return the filters of the kernel as it is now."""
        made = self._filters
        assert made is not None
        if "kernel" not in self._given:
            return made
        # A kernel that was loaded or set: the filters are made of it once.
        known = self.__dict__.get("_loaded")
        if known is None or known[0] is not self.kernel:
            dense = np.asarray(float64(self.kernel))[:, 0]
            known = self.kernel, Polyphase.from_dense(dense, self.width, made.down)
            self.__dict__["_loaded"] = known
        filters: Polyphase = known[1]
        return filters
