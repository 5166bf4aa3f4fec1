"""Linear convolution, by FFTs of blocks that are overlap-added."""

from __future__ import annotations

from types import ModuleType

import mlx.core as mx
import numpy as np

from ..arithmetic.products import product
from ..framing.frames import frame, overlap_add
from ..typing import Array

__all__ = ["convolve", "fast_length"]

_SHORT = 512


def fast_length(least: int) -> int:
    """Return the smallest 2^a 3^b 5^c that is `least` or more: what FFTs are quick for."""
    best = 1 << max(0, least - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            quotient = -(-least // three)
            best = min(best, three << max(0, quotient - 1).bit_length())
            three *= 3
        five *= 5
    return best


def convolve(xp: ModuleType, x: Array, y: Array) -> Array:
    """Return sum_k x[..., k] y[..., n - k], [..., Tx + Ty - 1]; leading axes broadcast.

    In numpy the FFTs are of float64, so that float32 results are as good as direct sums. MLX sums the
    products themselves where `x` or `y` is short. Complex values are convolved in their real parts.
    """
    if any("complex" in str(part.dtype) for part in (x, y)):
        real, cross, also, imaginary = (
            convolve(xp, a, b) for a in (xp.real(x), xp.imag(x)) for b in (xp.real(y), xp.imag(y))
        )
        return real - imaginary + 1j * (cross + also)
    dtype = x.dtype
    if xp is np:
        x, y = x.astype(np.float64, copy=False), y.astype(np.float64, copy=False)
    if x.shape[-1] < y.shape[-1]:
        x, y = y, x
    length, taps = x.shape[-1], y.shape[-1]
    if xp is mx and taps <= _SHORT:
        return _by_matrix(x, y)
    whole = fast_length(length + taps - 1)
    size = min(whole, fast_length(max(8 * taps, 1024)))
    spectrum = xp.fft.rfft(y, n=size)
    if size == whole:
        z = xp.fft.irfft(xp.fft.rfft(x, n=size) * spectrum, n=size)[..., : length + taps - 1]
        return z.astype(dtype)
    hop = size - taps + 1
    blocks = -(-length // hop)
    x = xp.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, blocks * hop - length)])
    pieces = xp.fft.rfft(x.reshape(*x.shape[:-1], blocks, hop), n=size) * spectrum[..., None, :]
    parts = xp.fft.irfft(pieces, n=size)
    total = overlap_add(xp, parts.reshape(-1, blocks, size), hop)
    return total.reshape(*parts.shape[:-2], -1)[..., : length + taps - 1].astype(dtype)


def _by_matrix(x: mx.array, h: mx.array) -> mx.array:
    """Convolve x [..., T] with a short h [..., K]: blocks of outputs are products with a matrix of h's taps.

    y[a + j] = sum_i x[a - K + 1 + i] h[K - 1 + j - i].
    """
    length, taps = x.shape[-1], h.shape[-1]
    block = max(64, taps)
    count = -(-(length + taps - 1) // block)
    right = count * block - length
    i, j = np.ogrid[: block + taps - 1, :block]
    tap = taps - 1 + j - i
    index = np.where((tap >= 0) & (tap < taps), tap, taps).astype(np.int32)
    matrix = mx.take(mx.pad(h, [(0, 0)] * (h.ndim - 1) + [(0, 1)]), mx.array(index), axis=-1)
    rows = mx.pad(x, [(0, 0)] * (x.ndim - 1) + [(taps - 1, right)]).reshape(-1, taps - 1 + length + right)
    frames = frame(mx, rows, block + taps - 1, block).reshape(*x.shape[:-1], count, -1)
    y = product(mx, frames, matrix)
    return y.reshape(*y.shape[:-2], count * block)[..., : length + taps - 1]
