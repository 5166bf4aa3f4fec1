"""Overlapping frames of a signal, and their sum back: two adjoint maps.

    frame        x[B, T] -> y[B, N, n],  y[b, i, k] = x[b, i hop + k]
    overlap_add  y[B, N, n] -> x[B, T],  x[b, t]    = sum of y[b, i, t - i hop] over i

Neither knows about windows.
"""

from __future__ import annotations

import math
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..arrays import is_traced
from ..typing import Array

__all__ = ["frame", "frame_count", "overlap_add"]


def frame_count(length: int, size: int, hop: int) -> int:
    """Return how many whole frames of `size` samples start every `hop` samples of `length`."""
    return 1 + (length - size) // hop if length >= size else 0


def frame(xp: ModuleType, x: Array, size: int, hop: int) -> Array:
    """Cut `x` [B, T] into frames [B, N, size]: a read-only view in numpy, a lazy array in mlx."""
    batch, length = x.shape
    shape = (batch, frame_count(length, size, hop), size)
    if xp is mx:
        # A strided view is the quickest, but MLX cannot map it (vmap), its gradient is a scatter, and of an
        # array with gaps, or reversed, it refuses one.
        if is_traced(x):
            return _join_hops(x, shape, hop)
        return mx.as_strided(mx.contiguous(x), shape, (length, hop, 1))
    row, step = x.strides
    strides = (row, hop * step, step)
    return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)


def _join_hops(x: mx.array, shape: tuple[int, int, int], hop: int) -> mx.array:
    # Piece q of frame i is hop i + q of the signal, so frames are Q = ceil(n / hop) shifted copies of
    # the signal's hops side by side: slices and a concatenation, whose gradients are slices too.
    batch, count, size = shape
    pieces = math.ceil(size / hop)
    needed = (count + pieces - 1) * hop
    x = mx.pad(x, [(0, 0), (0, max(0, needed - x.shape[1]))])[:, :needed]
    hops = x.reshape(batch, count + pieces - 1, hop)
    joined = mx.concatenate([hops[:, q : q + count] for q in range(pieces)], axis=-1)
    return joined[:, :, :size]


def overlap_add(xp: ModuleType, y: Array, hop: int) -> Array:
    """Sum frames `y` [B, N, n] that start every `hop` samples into [B, (N - 1) hop + n]."""
    # Cut each frame into Q = ceil(n / hop) pieces of one hop. Piece q of frame i belongs to hop i + q
    # of the output, so the sum is Q shifted additions of [B, N, hop] blocks, whatever n and hop are.
    batch, count, size = y.shape
    pieces = math.ceil(size / hop)
    hops = count + pieces - 1
    y = xp.pad(y, [(0, 0), (0, 0), (0, pieces * hop - size)]) if pieces * hop != size else y
    total = xp.zeros((batch, hops, hop), y.dtype)
    for q in range(pieces):
        piece = y[:, :, q * hop : (q + 1) * hop]
        if xp is np:
            total[:, q : q + count] += piece
        else:
            total = total + mx.pad(piece, [(0, 0), (q, hops - count - q), (0, 0)])
    return total.reshape(batch, hops * hop)[:, : (count - 1) * hop + size]
