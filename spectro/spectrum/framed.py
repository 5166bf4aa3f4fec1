"""Spectra of frames that begin where the caller says, by any window: complex, magnitudes, or bands.

Arithmetic is float64 and each result is rounded once, which is what madmom does, and keeps float32
results exact to half an ulp; an `mx.array` on a GPU, or while MLX traces, is computed in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np

from ..arrays import Received, constant
from ..backends.dispatch import analyze, analyze_power, project
from ..errors import ParameterError
from ..filterbanks.bank import Filterbank
from ..framing.rates import interleave, runs_at
from ..framing.windows import Window
from ..typing import Array
from .plan import StftPlan
from .scales import LINEAR, Scale

__all__ = ["FramedTransform"]


class FramedTransform:
    """The spectra of frames of n samples: n_fft // 2 bins, or one more with Nyquist.

    Parameters
    ----------
    window : float64 array [n]
    n_fft : int, optional
        Length of the transform, default n: zeros follow a shorter frame, a longer one is cut.
    circular_shift : bool
        Exchange the halves of each windowed frame, so that its middle is time 0.
    nyquist : bool

    Raises
    ------
    ParameterError
        For an odd frame, or one longer than n_fft, with `circular_shift`.
    """

    def __init__(
        self,
        window: np.ndarray,
        n_fft: int | None = None,
        *,
        circular_shift: bool = False,
        nyquist: bool = False,
    ) -> None:
        size = len(window)
        self.n_fft = size if n_fft is None else n_fft
        self.bins = self.n_fft // 2 + (1 if nyquist else 0)
        if circular_shift and (size % 2 or size > self.n_fft):
            raise ParameterError(f"a frame of {size} has no halves to exchange in n_fft={self.n_fft}")
        samples = np.zeros(self.n_fft)
        samples[:size] = np.asarray(window, np.float64)[: self.n_fft]
        self._window = Window(samples)
        self._turn: np.ndarray | None = None
        if circular_shift:
            # Half a frame s later, bin k has turned by exp(2 pi j k s / n_fft), +-1 if s = n_fft / 2.
            k, s = np.arange(self.bins), size // 2
            turn = np.exp(2j * np.pi * k * s / self.n_fft)
            self._turn = 1.0 - 2.0 * (k % 2) if 2 * s == self.n_fft else turn

    def spectrum(self, xp: ModuleType, x: Array, starts: np.ndarray) -> Array:
        """Return the STFT [B, N, F] of audio x [B, T], zeros outside it; frames begin at `starts` [N]."""

        def compute(plan: StftPlan, run: Received) -> Array:
            return analyze(plan, self._window, run)

        z = self._runs(xp, x, starts, 1, compute)[..., : self.bins]
        return z if self._turn is None else z * constant(self._turn, xp, z)

    def magnitude(self, xp: ModuleType, x: Array, starts: np.ndarray) -> Array:
        """Return |STFT| likewise."""

        def compute(plan: StftPlan, run: Received) -> Array:
            return analyze_power(plan, self._window, run, power=1.0)

        return self._runs(xp, x, starts, 1, compute)[..., : self.bins]

    def bands(
        self, xp: ModuleType, x: Array, starts: np.ndarray, bank: Filterbank, scale: Scale = LINEAR
    ) -> Array:
        """Return scale(|STFT| @ bank), [B, N, M], for a bank [n_fft // 2 + 1, M]."""

        def compute(plan: StftPlan, run: Received) -> Array:
            return project(plan, self._window, run, 1.0, bank, scale)

        bands = self._runs(xp, x, starts, 2, compute).swapaxes(1, 2)
        return np.ascontiguousarray(bands) if xp is np else bands

    def _runs(
        self,
        xp: ModuleType,
        x: Array,
        starts: np.ndarray,
        axis: int,
        compute: Callable[[StftPlan, Received], Array],
    ) -> Array:
        runs = [
            compute(StftPlan(self.n_fft, hop, precision="double"), Received(xp, framed, lambda y: y))
            for framed, hop in runs_at(xp, x, starts, self.n_fft)
        ]
        return interleave(xp, runs, axis)
