"""The filters of the transform, as sparse rows over the bins of an FFT.

Filter k is a windowed complex exponential of f_k, and a frame's response to it is an inner product. By
Parseval that is one over the FFT of the frame, where the filter's own FFT is concentrated around f_k: few
entries hold nearly all of it, and the rest are dropped (Brown & Puckette 1992).

librosa rounds the filters to complex64 and transforms them in that precision, whatever the audio's. Which
entries it drops hangs on those last bits, so the same roundings are made here.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ..errors import ParameterError
from ..typing import Array
from .windows import WindowSpec, sample

__all__ = ["Basis", "filter_spectra", "next_power_of_two"]

# OpenBLAS starts threads for products of more than twice as many multiplications as this. Ours are so small
# that threads would mostly wait for each other, for long where other programs run, so they are cut.
_BLAS_ONE_THREAD = 2**17
_BLOCK = 64  # rows of a product summed at once on MLX


def next_power_of_two(x: float) -> int:
    """Return the least power of two that is at least `x`."""
    return int(2.0 ** np.ceil(np.log2(x)))


def _norm(magnitude: np.ndarray, norm: float | None) -> float:
    if norm is None:
        return 1.0
    if norm == np.inf:
        value = magnitude.max()
    elif norm == -np.inf:
        value = magnitude.min()
    elif norm == 0:
        value = np.sum(magnitude > 0)
    elif norm > 0:
        value = np.sum(magnitude**norm) ** (1.0 / norm)
    else:
        raise ParameterError(f"norm must be None, positive, 0, inf or -inf, got {norm!r}")
    return float(value) if value >= np.finfo(np.float64).tiny else 1.0


def _filters(
    frequencies: np.ndarray, lengths: np.ndarray, sr: float, norm: float | None, window: WindowSpec
) -> np.ndarray:
    """Return the filters centred in the next power of two of the longest: complex64 [bins, n]."""
    size = next_power_of_two(max(lengths))
    rows = np.zeros((len(lengths), size), np.complex64)
    for row, length, frequency in zip(rows, lengths, frequencies, strict=True):
        n = np.arange(-length // 2, length // 2, dtype=float)
        angle = n * 2 * np.pi * frequency / sr
        wave = (np.cos(angle) + 1j * np.sin(angle)) * sample(window, len(n))
        start = (size - len(n)) // 2
        row[start : start + len(n)] = wave / _norm(np.abs(wave), norm)
    return rows


def _fft32(x: np.ndarray) -> np.ndarray:
    # numpy's FFT of complex64 may round differently from scipy's, which librosa uses.
    if importlib.util.find_spec("scipy") is not None:
        fft: Any = importlib.import_module("scipy.fft")
        return fft.fft(x, axis=1)
    return np.fft.fft(x, axis=1).astype(np.complex64)


def _sparsify(spectra: np.ndarray, quantile: float) -> np.ndarray:
    """Zero the smallest entries of each row that together make up less than `quantile` of its magnitude."""
    magnitude = np.abs(spectra)
    ascending = np.sort(magnitude, axis=1)
    share = np.cumsum(ascending / magnitude.sum(axis=1, keepdims=True), axis=1)
    least = np.take_along_axis(ascending, np.argmin(share < quantile, axis=1)[:, None], axis=1)
    return np.where(magnitude >= least, spectra, 0)


def filter_spectra(
    frequencies: np.ndarray,
    lengths: np.ndarray,
    sr: float,
    norm: float | None,
    sparsity: float,
    window: WindowSpec,
    hop_length: int | None = None,
) -> tuple[np.ndarray, int]:
    """Return the filters' sparse spectra, complex64 [bins, n_fft // 2 + 1], and n_fft.

    n_fft is the next power of two of the longest filter, and with `hop_length` at least twice that of it.
    """
    filters = _filters(frequencies, lengths, sr, norm, window)
    n_fft = filters.shape[1]
    if hop_length is not None:
        n_fft = max(n_fft, 2 * next_power_of_two(hop_length))
    filters = (filters * (lengths[:, None] / float(n_fft))).astype(np.complex64)
    padded = np.pad(filters, [(0, 0), (0, n_fft - filters.shape[1])])
    return _sparsify(_fft32(padded)[:, : n_fft // 2 + 1], sparsity), n_fft


class Basis:
    """A matrix [bins, F] that is applied to spectra, complex or real, kept without its empty columns."""

    def __init__(self, matrix: np.ndarray) -> None:
        used = np.flatnonzero(matrix.any(axis=0))
        self._used = slice(int(used[0]), int(used[-1]) + 1) if used.size else slice(0, 1)
        self._matrix = matrix[:, self._used]
        self._table = lru_cache(maxsize=8)(self._make_table)

    def _make_table(self, xp: ModuleType, wide: bool) -> Array:
        table = self._matrix
        if not wide:
            table = table.astype(np.complex64 if np.iscomplexobj(table) else np.float32)
        return xp.array(table)

    def _times(self, z: Array) -> Array:
        if isinstance(z, mx.array):
            return _in_blocks(self._table(mx, False), z)
        table = self._table(np, z.real.dtype == np.float64)
        frames = z.shape[-1]
        step = _BLAS_ONE_THREAD // table.size
        if step < 16 or step >= frames:
            return table @ z
        y = np.empty((z.shape[0], table.shape[0], frames), np.result_type(table, z))
        for start in range(0, frames, step):
            part = slice(start, start + step)
            np.matmul(table, z[..., part], out=y[..., part])
        return y

    def __call__(self, z: Array) -> Array:
        """Return the matrix times spectra `z` [B, F, N]: [B, bins, N]."""
        return self._times(z[:, self._used])

    def of_magnitudes(self, z: Array) -> Array:
        """Return the matrix times the magnitudes of complex spectra `z` [B, F, N]: [B, bins, N]."""
        return self._times(abs(z[:, self._used]))


def _in_blocks(table: mx.array, z: mx.array) -> mx.array:
    """Return `table` [bins, F] @ z [B, F, N], summed block by block: less rounding than one long sum has."""
    bins = range(0, table.shape[1], _BLOCK)
    return sum(
        (table[:, k : k + _BLOCK] @ z[:, k : k + _BLOCK] for k in bins[1:]), table[:, :_BLOCK] @ z[:, :_BLOCK]
    )
