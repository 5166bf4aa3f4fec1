"""Energies of semitone bands, by recursive filters at suitable sample rates (Mueller 2007)."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from ..errors import LibraryImportError

__all__ = ["filter_both_ways", "frame_energies"]


def filter_both_ways(x: np.ndarray, coefficients: Any, layout: str) -> np.ndarray:
    """Return `x` [..., T] filtered forwards and backwards, so without delay: float64.

    `coefficients` are second-order sections ("sos"), or numerator and denominator ("ba").

    Raises
    ------
    LibraryImportError
        If scipy is not installed.
    """
    try:
        signal = importlib.import_module("scipy.signal")
    except ImportError as error:
        raise LibraryImportError(f"recursive filters need scipy: pip install scipy ({error})") from error
    if layout == "sos":
        return signal.sosfiltfilt(coefficients, x, axis=-1)
    return signal.filtfilt(coefficients[0], coefficients[1], x, axis=-1)


def frame_energies(x: np.ndarray, size: int, hop: float, count: int) -> np.ndarray:
    """Return the sums of squares of `count` frames of `x` [..., T]: [..., count].

    Frame i has `size` samples from round(i hop) on, for a fractional `hop`. As many frames as begin before
    the last `size` samples are there; for more, zeros follow.
    """
    # Counted as librosa does, by how many positions np.arange puts below the last start.
    if len(np.arange(0, x.shape[-1] - size, hop)) < count:
        length = int(np.ceil(count * hop)) + size
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, max(0, length - x.shape[-1]))])[..., :length]
    starts = np.round(np.arange(0, x.shape[-1] - size, hop)[:count]).astype(int)
    squares = np.pad(x * x, [(0, 0)] * (x.ndim - 1) + [(0, 1)])  # the end of the last frame is an index too
    return np.add.reduceat(squares, np.stack([starts, starts + size], axis=1).ravel(), axis=-1)[..., ::2]
