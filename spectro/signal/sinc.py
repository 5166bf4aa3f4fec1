"""Another sample rate by a windowed sinc, as a polyphase filter (Smith, "Digital audio resampling", 2002).

A band-limited signal at the times m / new, from its samples at i / orig, for rates without common factor:

    y[m] = c / orig sum_i x[i] h(c (i / orig - m / new)),    h(t) = sinc(t) w(t / width),  |t| < width

with the cutoff c = rolloff min(orig, new). i / orig - m / new takes only `new` fractional values, so there
are `new` filters of some 2 width orig / c taps each, and output n new + p is filter p on the samples about
n orig.

Windows: cos^2(pi t / 2) ("hann") and Kaiser's. The kernel is that of torchaudio.functional.resample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ..arithmetic.products import product
from ..arrays import constant
from ..compiled.by_values import by_kernel, by_numpy, has_kernel
from ..framing.frames import frame
from ..kernels import cpu
from ..typing import Array

__all__ = ["Polyphase", "resample", "sinc_filters"]

# At most this many products of matrices for one resampling, however many filters there are.
_MOST_GROUPS = 32


@dataclass(frozen=True, eq=False)
class Polyphase:
    """Filters y[n up + p] = sum_j taps[p, j] x[n down + first[p] + j], x being zero outside its samples.

    Attributes
    ----------
    down, up : int
        Samples taken and given in one turn of the filters.
    first : int array [up]
    taps : float64 array [up, T]
    """

    down: int
    up: int
    first: np.ndarray
    taps: np.ndarray

    @classmethod
    def from_dense(cls, kernel: np.ndarray, before: int, down: int) -> Polyphase:
        """Return the filters of a kernel [up, K] with column 0 `before` samples ahead of the block."""
        used = abs(kernel) > 2.0**-60 * abs(kernel).max()
        start = np.where(used.any(axis=1), used.argmax(axis=1), 0)
        end = kernel.shape[1] - np.where(used.any(axis=1), used[:, ::-1].argmax(axis=1), kernel.shape[1])
        length = int(max(1, (end - start).max()))
        start = np.minimum(start, kernel.shape[1] - length)
        taps = np.take_along_axis(kernel, start[:, None] + np.arange(length), axis=1)
        return cls(down, len(kernel), start - before, taps.astype(np.float64))

    def dense(self, before: int, size: int) -> np.ndarray:
        """Return the kernel [up, size] that `from_dense` takes, float64."""
        kernel = np.zeros((self.up, size))
        np.put_along_axis(kernel, self.first[:, None] + before + np.arange(self.taps.shape[1]), self.taps, 1)
        return kernel

    @cached_property
    def groups(self) -> tuple[int, list[tuple[int, np.ndarray]]]:
        """How many turns make a block, and (start, matrix [inputs, outputs]) for runs of a block's outputs.

        Filters side by side read nearly the same samples, so a run of them is one small dense matrix. A run
        that advances by as many samples as a filter is long makes a dense product cost twice the
        multiplications that are needed, which is little beside what single dot products would lose.
        """
        length = self.taps.shape[1]
        turns = max(1, math.ceil(max(length, 64) / self.down))
        first = np.concatenate([self.first + i * self.down for i in range(turns)])
        outputs, inputs = turns * self.up, turns * self.down
        run = math.ceil(outputs * max(length, inputs / _MOST_GROUPS) / inputs)
        found = []
        for a in range(0, outputs, run):
            starts = first[a : a + run]
            matrix = np.zeros((int(starts.max() - starts.min()) + length, len(starts)))
            rows = (starts - starts.min())[:, None] + np.arange(length)
            matrix[rows, np.arange(len(starts))[:, None]] = self.taps[np.arange(a, a + len(starts)) % self.up]
            found.append((int(starts.min()), matrix))
        return turns, found

    def apply(self, xp: ModuleType, x: Array, length: int) -> Array:
        """Return `length` filtered samples [B, length] of x [B, T]."""
        if has_kernel(x):

            def compute(values: np.ndarray, **make: Any) -> Array:
                taps = self._filled[values.dtype.name]
                return cpu.polyphase(values, self.down, self.first, taps, length, **make)

            return by_kernel(x, compute, lambda x: self._apply(mx, x, length))
        return by_numpy(lambda xp, x: self._apply(xp, x, length), xp, x)

    @cached_property
    def _filled(self) -> dict[str, np.ndarray]:
        """The taps as the kernel takes them, by their dtype."""
        missing = -self.taps.shape[1] % cpu.WIDEST_VECTOR
        taps = np.pad(self.taps, [(0, 0), (0, missing)])
        return {dtype: taps.astype(dtype) for dtype in ("float32", "float64")}

    def _apply(self, xp: ModuleType, x: Array, length: int) -> Array:
        turns, groups = self.groups
        hop, outputs = turns * self.down, turns * self.up
        blocks = max(1, math.ceil(length / outputs))
        left = max(0, -min(start for start, _ in groups))
        end = left + (blocks - 1) * hop + max(start + len(matrix) for start, matrix in groups)
        x = xp.pad(x[:, : max(0, end - left)], [(0, 0), (left, max(0, end - left - x.shape[-1]))])
        parts = []
        for start, matrix in groups:
            span = x[:, left + start : left + start + (blocks - 1) * hop + len(matrix)]
            frames = frame(xp, span, len(matrix), hop)
            if xp is np:
                frames = np.ascontiguousarray(frames)  # of overlapping rows numpy would make no BLAS call
            parts.append(product(xp, frames, constant(matrix, xp, x)))
        y = parts[0] if len(parts) == 1 else xp.concatenate(parts, axis=-1)
        return y.reshape(x.shape[0], blocks * outputs)[:, :length]


@lru_cache(maxsize=64)
def sinc_filters(
    orig: int, new: int, width: float = 6, rolloff: float = 0.99, beta: float | None = None
) -> Polyphase:
    """Return the filters that take the rate `orig` to `new`, integers without a common factor.

    Parameters
    ----------
    width : float
        Zero crossings of the sinc on either side.
    rolloff : float
        Cutoff as a fraction of the lower rate's Nyquist frequency.
    beta : float, optional
        Of a Kaiser window; None for the squared cosine.
    """
    cutoff = rolloff * min(orig, new)
    reach = width * orig / cutoff
    center = np.arange(new) * orig / new
    first = np.ceil(center - reach).astype(np.int64)
    i = first[:, None] + np.arange(math.floor(2 * reach) + 1)
    t = np.clip((i / orig - np.arange(new)[:, None] / new) * cutoff, -width, width)
    if beta is None:
        shape = np.cos(np.pi / 2 * t / width) ** 2
    else:
        shape = np.i0(beta * np.sqrt(1.0 - (t / width) ** 2)) / np.i0(beta)
    return Polyphase(orig, new, first, cutoff / orig * np.sinc(t) * shape)


def resample(
    xp: ModuleType,
    x: Array,
    orig: int,
    new: int,
    width: float = 6,
    rolloff: float = 0.99,
    beta: float | None = None,
) -> Array:
    """Return x [B, T] at the rate `new` instead of `orig`: [B, ceil(T new / orig)]. See `sinc_filters`."""
    common = math.gcd(orig, new)
    orig, new = orig // common, new // common
    if orig == new:
        return x
    return sinc_filters(orig, new, width, rolloff, beta).apply(xp, x, -(-x.shape[-1] * new // orig))
