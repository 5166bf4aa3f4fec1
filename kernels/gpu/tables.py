"""Small constant arrays that kernels read: made once, kept on the device."""

from __future__ import annotations

import functools

import mlx.core as mx
import numpy as np

from . import plans

MIN_ELEMENTS = 8  # MLX passes smaller inputs in Metal's constant address space, which is another type


@functools.lru_cache(maxsize=1024)
def integers(values: tuple[int, ...]) -> mx.array:
    """`values` as int32, padded to what a kernel can read as device memory."""
    return mx.array(values + (0,) * (MIN_ELEMENTS - len(values)), dtype=mx.int32)


@functools.lru_cache(maxsize=1024)
def reals(values: tuple[float, ...]) -> mx.array:
    """`values` as float32, padded likewise."""
    return mx.array(values + (0.0,) * (MIN_ELEMENTS - len(values)), dtype=mx.float32)


@functools.lru_cache(maxsize=256)
def roots(points: int, radices: tuple[int, ...]) -> mx.array:
    """The turns of a plan, see `plans.roots`."""
    return mx.array(plans.roots(points, radices))


def _padded(values: np.ndarray) -> mx.array:
    flat = np.ascontiguousarray(values).ravel()
    return mx.array(np.concatenate([flat, np.zeros(max(0, MIN_ELEMENTS - flat.size), flat.dtype)]))


class Window:
    """An analysis window [n_fft] and what overlap-add needs of it."""

    def __init__(self, samples: np.ndarray) -> None:
        self.samples = np.asarray(samples, np.float64)
        self.array = _padded(self.samples.astype(np.float32))
        self._envelopes: dict[tuple[int, float], mx.array] = {}
        self._scaled: dict[float, mx.array] = {}

    def times(self, factor: float) -> mx.array:
        """The samples times `factor`."""
        if factor not in self._scaled:
            samples = self.samples.astype(np.float32).astype(np.float64)
            self._scaled[factor] = _padded((samples * factor).astype(np.float32))
        return self._scaled[factor]

    def inverse_envelope(self, hop: int, least: float) -> mx.array:
        """One over the summed squared windows at each phase of the hop; 1 where these are below `least`."""
        key = (hop, least)
        if key not in self._envelopes:
            # float32 samples, as the kernel squares them where frames are missing
            squares = self.samples.astype(np.float32).astype(np.float64) ** 2
            total = np.pad(squares, (0, -squares.size % hop)).reshape(-1, hop).sum(0)
            inverse = np.where(total > least, 1.0 / np.maximum(total, 1e-300), 1.0)
            self._envelopes[key] = _padded(inverse.astype(np.float32))
        return self._envelopes[key]

    def envelope_of(self, hop: int, frames: int, start: int, length: int) -> np.ndarray:
        """Sum of squared windows of `frames` frames at samples start .. start + length - 1, float64."""
        squares = self.samples.astype(np.float32).astype(np.float64) ** 2
        total = np.zeros(max(start + length, (frames - 1) * hop + squares.size))
        for phase in range(0, squares.size, hop):  # one slice of the window, in every frame at once
            piece = squares[phase : phase + hop]
            block = total[phase : phase + frames * hop]
            block = np.lib.stride_tricks.as_strided(
                block, (frames, piece.size), (hop * block.itemsize, block.itemsize)
            )
            block += piece
        return total[start : start + length]


class Filterbank:
    """A filterbank [bins, bands] as runs of bins per band, and as runs of bands per bin.

    Zeros inside a run are kept, so any matrix is served; a sparse one is served fast.
    """

    def __init__(self, matrix: np.ndarray) -> None:
        self.matrix = np.asarray(matrix, np.float64)
        self.bins, self.bands = self.matrix.shape
        self.spans, self.weights = _runs(self.matrix.T, 4)
        self.columns, self.column_weights = _runs(self.matrix)

    def times(self, factor: float) -> Filterbank:
        """The same bank, its weights multiplied."""
        return self if factor == 1.0 else Filterbank(self.matrix * factor)

    @functools.cached_property
    def dense(self) -> mx.array:
        """The matrix [bins, bands] itself, for derivatives of derivatives."""
        return mx.array(self.matrix.astype(np.float32))


def _runs(rows: np.ndarray, unit: int = 1) -> tuple[mx.array, mx.array]:
    """For each row (first column + 2**16 count, offset) of its support, and all supports' values.

    Offsets are in units of so many values, the last of a support filled up with zeros.
    """
    spans: list[int] = []
    values: list[np.ndarray] = [np.zeros(0)]
    offset = 0
    for row in rows:
        (support,) = np.nonzero(row)
        first, end = (int(support[0]), int(support[-1]) + 1) if support.size else (0, 0)
        count = end - first
        units = -(-count // unit)
        spans += [first | count << 16, offset]
        values.append(np.pad(row[first:end], (0, units * unit - count)))
        offset += units
    return _padded(np.array(spans, np.int32)), _padded(np.concatenate(values).astype(np.float32))
