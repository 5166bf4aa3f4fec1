"""Energy at the harmonics of each bin of a spectrogram."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from ..errors import LibraryImportError

__all__ = ["interpolate", "peaks_along"]


def interpolate(
    x: np.ndarray, positions: np.ndarray, wanted: np.ndarray, kind: str | int = "linear", fill_value: Any = 0
) -> np.ndarray:
    """Return the values of `x` [..., n], which stand at `positions` [n], at `wanted`: float64 [..., *wanted].

    `kind` "linear" joins neighbours by straight lines; others are those of `scipy.interpolate.interp1d`.
    Positions beyond the first and the last give `fill_value`.
    """
    if kind != "linear" or not isinstance(fill_value, (int, float)):
        interp1d = _interp1d(kind)
        return interp1d(positions, x, bounds_error=False, copy=False, kind=kind, fill_value=fill_value)(
            wanted
        )
    order = np.argsort(positions, kind="mergesort")
    positions, x = positions[order], x[..., order]
    above = np.clip(np.searchsorted(positions, wanted), 1, len(positions) - 1)
    start, end = positions[above - 1], positions[above]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (x[..., above] - x[..., above - 1]) / (end - start)
        values = slope * (wanted - start) + x[..., above - 1]
    outside = (wanted < positions[0]) | (wanted > positions[-1])
    return np.where(outside, fill_value, values)


def _interp1d(kind: Any) -> Any:
    try:
        return importlib.import_module("scipy.interpolate").interp1d
    except ImportError as error:
        raise LibraryImportError(f"kind={kind!r} needs scipy: pip install scipy") from error


def peaks_along(x: np.ndarray, axis: int) -> np.ndarray:
    """Return where `x` is greater than both neighbours along `axis`, bools; the ends never are."""
    lines = np.moveaxis(x, axis, -1)
    rises = lines[..., 1:] > lines[..., :-1]
    falls = lines[..., 1:] < lines[..., :-1]
    peak = np.zeros(lines.shape, bool)
    peak[..., 1:-1] = rises[..., :-1] & falls[..., 1:]
    return np.moveaxis(peak, -1, axis)
