"""The filters of the transform, as sparse rows over the bins of an FFT.

Filter k is a windowed complex exponential of f_k, and a frame's response to it is an inner product. By
Parseval that is one over the FFT of the frame, where the filter's own FFT is concentrated around f_k: few
entries hold nearly all of it, and the rest are dropped (Brown & Puckette 1992).

librosa rounds the filters to complex64 and transforms them in that precision, whatever the audio's. Which
entries it drops hangs on those last bits, so the same roundings are made here.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from ..errors import ParameterError
from .windows import WindowSpec, sample

__all__ = ["centred", "filter_spectra", "next_power_of_two", "wavelets"]


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


def wavelets(
    frequencies: np.ndarray, lengths: np.ndarray, sr: float, norm: float | None, window: WindowSpec
) -> list[np.ndarray]:
    """Return the filters, complex128, each of its own length."""
    rows = []
    for length, frequency in zip(lengths, frequencies, strict=True):
        n = np.arange(-length // 2, length // 2, dtype=float)
        angle = n * 2 * np.pi * frequency / sr
        wave = (np.cos(angle) + 1j * np.sin(angle)) * sample(window, len(n))
        rows.append(wave / _norm(np.abs(wave), norm))
    return rows


def centred(rows: list[np.ndarray], size: int, dtype: Any = np.complex64) -> np.ndarray:
    """Return filters as the rows of an array [bins, size], zeros on both sides."""
    table = np.zeros((len(rows), size), dtype)
    for row, wave in zip(table, rows, strict=True):
        start = (size - len(wave)) // 2
        row[start : start + len(wave)] = wave
    return table


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
    filters = centred(wavelets(frequencies, lengths, sr, norm, window), next_power_of_two(max(lengths)))
    n_fft = filters.shape[1]
    if hop_length is not None:
        n_fft = max(n_fft, 2 * next_power_of_two(hop_length))
    filters = (filters * (lengths[:, None] / float(n_fft))).astype(np.complex64)
    padded = np.pad(filters, [(0, 0), (0, n_fft - filters.shape[1])])
    return _sparsify(_fft32(padded)[:, : n_fft // 2 + 1], sparsity), n_fft
