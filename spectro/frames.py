"""Overlapping frames of a signal, and their sum back: two adjoint maps.

    frame        x[B, T] -> y[B, N, n],  y[b, i, k] = x[b, i hop + k]
    overlap_add  y[B, N, n] -> x[B, T],  x[b, t]    = sum of y[b, i, t - i hop] over i

Neither knows about windows. Since each is the other's transpose, each is the
other's gradient; on MLX they are a pair of custom functions that say so, which
keeps derivatives of every order as fast as the maps themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from .typing import Array

__all__ = ["frame", "frame_count", "overlap_add"]


def frame_count(length: int, size: int, hop: int) -> int:
    """Return how many whole frames of `size` samples start every `hop` samples of `length`."""
    return 1 + (length - size) // hop if length >= size else 0


def frame(xp: ModuleType, x: Array, size: int, hop: int) -> Array:
    """Cut `x` [B, T] into frames [B, N, size]: a read-only view in numpy, a lazy strided view in mlx."""
    if xp is mx:
        return _mx_maps(size, hop, int(x.shape[-1]))[0](x)
    count = frame_count(x.shape[-1], size, hop)
    row, step = x.strides
    return np.lib.stride_tricks.as_strided(
        x, (x.shape[0], count, size), (row, hop * step, step), writeable=False
    )


def overlap_add(xp: ModuleType, y: Array, hop: int, length: int | None = None) -> Array:
    """Sum frames `y` [B, N, n] that start every `hop` samples into [B, length].

    `length` defaults to the frames' whole extent, (N - 1) hop + n; no frame may reach beyond it.
    """
    size, count = int(y.shape[-1]), int(y.shape[-2])
    length = (count - 1) * hop + size if length is None else length
    return _mx_maps(size, hop, length)[1](y) if xp is mx else _overlap_add(np, y, hop, length)


def _overlap_add(xp: ModuleType, y: Array, hop: int, length: int) -> Array:
    # Cut each frame into Q = ceil(n / hop) pieces of one hop. Piece q of frame i belongs to hop i + q
    # of the output, so the sum is Q shifted additions of [B, N, hop] blocks, whatever n and hop are.
    batch, count, size = y.shape
    pieces = math.ceil(size / hop)
    hops = max(count + pieces - 1, math.ceil(length / hop))
    y = xp.pad(y, [(0, 0), (0, 0), (0, pieces * hop - size)]) if pieces * hop != size else y
    if xp is np:
        total = np.zeros((batch, hops, hop), y.dtype)
        for q in range(pieces):
            total[:, q : q + count] += y[:, :, q * hop : (q + 1) * hop]
    else:
        total = sum(
            mx.pad(y[:, :, q * hop : (q + 1) * hop], [(0, 0), (q, hops - count - q), (0, 0)])
            for q in range(pieces)
        )
    return total.reshape(batch, hops * hop)[:, :length]


@lru_cache(maxsize=256)
def _mx_maps(size: int, hop: int, length: int) -> tuple[Callable[..., mx.array], Callable[..., mx.array]]:
    """Return frame and overlap_add between [B, length] and [B, N, size] as mutual custom functions."""

    @mx.custom_function
    def cut(x: mx.array) -> mx.array:
        shape = (x.shape[0], frame_count(length, size, hop), size)
        return mx.as_strided(x, shape, (length, hop, 1))

    @mx.custom_function
    def add(y: mx.array) -> mx.array:
        return _overlap_add(mx, y, hop, length)

    for forward, adjoint in ((cut, add), (add, cut)):
        _set_rules(forward, adjoint)
    return cut, add


def _set_rules(forward: Any, adjoint: Any) -> None:
    @forward.vjp
    def _vjp(primals: Any, cotangent: Any, output: Any) -> mx.array:
        return adjoint(_only(cotangent))

    @forward.jvp
    def _jvp(primals: Any, tangents: Any) -> mx.array:
        return forward(_only(tangents))

    @forward.vmap
    def _vmap(inputs: Any, axes: Any) -> tuple[mx.array, int]:
        # as_strided has no vmap of its own: fold the mapped axis into the batch and back.
        x = mx.moveaxis(_only(inputs), _only(axes), 0)
        y = forward(x.reshape(-1, *x.shape[2:]))
        return y.reshape(*x.shape[:2], *y.shape[1:]), 0


def _only(value: Any) -> Any:
    """MLX hands a rule its single argument bare or as a sequence of one, depending on the rule."""
    return value[0] if isinstance(value, (list, tuple)) else value
