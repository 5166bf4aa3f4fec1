"""Spectra of frames that begin where the caller says, by any window: complex, magnitudes, or bands.

In numpy everything is computed in float64, a block of frames at a time, and each block is rounded to the
precision asked for as it is put in place: what madmom does, which keeps float32 results exact to half
an ulp. An `mx.array` is computed in float32, lazily, all frames at once.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .arrays import Received, constant
from .bank import Filterbank
from .errors import ParameterError
from .scales import LINEAR, Scale
from .spectrum import SpectralTransform
from .typing import Array

__all__ = ["FramedTransform"]

# Elements of a block of spectra: a few megabytes, which stay in the cache until they are rounded.
BLOCK = 2**20


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
            raise ParameterError(
                f"the halves of a frame can be exchanged if it is even and fits n_fft={self.n_fft}, got {size}"
            )
        samples = np.zeros(self.n_fft)
        samples[:size] = np.asarray(window, np.float64)[: self.n_fft]
        self._transform = SpectralTransform(self.n_fft, self.n_fft, window=samples, center=False)
        self._turn: np.ndarray | None = None
        if circular_shift:
            # Half a frame s later, bin k has turned by exp(2 pi j k s / n_fft); with s = n_fft / 2 that is +-1.
            k, s = np.arange(self.bins), size // 2
            turn = np.exp(2j * np.pi * k * s / self.n_fft)
            self._turn = 1.0 - 2.0 * (k % 2) if 2 * s == self.n_fft else turn

    def spectrum(self, xp: ModuleType, x: Array, starts: np.ndarray, dtype: Any = np.complex128) -> Array:
        """Return the STFT [B, N, F] of audio x [B, T], zeros outside it; frames begin at `starts` [N].

        numpy audio may be of any real dtype; the result is rounded to `dtype`. (MLX's is complex64.)
        """

        def compute(x: Array, starts: np.ndarray) -> Array:
            z = self._transform.analyze(_given(xp, x), starts=starts)[..., : self.bins]
            return z if self._turn is None else z * constant(self._turn, xp, z)

        return self._in_blocks(xp, x, starts, self.bins, dtype, compute)

    def magnitude(self, xp: ModuleType, x: Array, starts: np.ndarray, dtype: Any = np.float64) -> Array:
        """Return |STFT| likewise."""

        def compute(x: Array, starts: np.ndarray) -> Array:
            if xp is not np:
                return xp.abs(self._transform.analyze(_given(xp, x), starts=starts)[..., : self.bins])
            return np.sqrt(self._transform.analyze_power(_given(xp, x), starts)[..., : self.bins])

        return self._in_blocks(xp, x, starts, self.bins, dtype, compute)

    def bands(
        self,
        xp: ModuleType,
        x: Array,
        starts: np.ndarray,
        bank: Filterbank,
        scale: Scale = LINEAR,
        dtype: Any = np.float64,
    ) -> Array:
        """Return scale(|STFT| @ bank), [B, N, M], for a bank [n_fft // 2 + 1, M]."""

        def compute(x: Array, starts: np.ndarray) -> Array:
            return self._transform.project(_given(xp, x), 1.0, bank, scale, starts).swapaxes(1, 2)

        return self._in_blocks(xp, x, starts, bank.shape[1], dtype, compute)

    def _in_blocks(
        self,
        xp: ModuleType,
        x: Array,
        starts: np.ndarray,
        width: int,
        dtype: Any,
        compute: Callable[[Array, np.ndarray], Array],
    ) -> Array:
        if xp is not np:
            return compute(x, starts)
        out = np.empty((x.shape[0], len(starts), width), dtype)
        frames = max(64, BLOCK // (self.n_fft * x.shape[0]))
        for first in range(0, len(starts), frames):
            wanted = starts[first : first + frames]
            begin = int(np.clip(wanted.min(), 0, x.shape[1]))
            end = int(np.clip(wanted.max() + self.n_fft, begin, x.shape[1]))
            wide = x[:, begin:end].astype(np.float64)
            out[:, first : first + frames] = compute(wide, wanted - begin)
        return out


def _given(xp: ModuleType, x: Array) -> Received:
    return Received(xp, x, lambda y: y)
