"""How loud a signal, or each frame of it, is."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...registry import mirrors
from ._framing import FramedSignal

__all__ = ["energy", "root_mean_square", "sound_pressure_level"]


def _of_frames(function: Any, frames: FramedSignal, *options: Any) -> np.ndarray:
    return np.array([function(frame, *options) for frame in frames])


@mirrors("madmom.audio.signal.energy")
def energy(signal: Any) -> Any:
    """Return the sum of the squared samples, or an array of it for each frame of a `FramedSignal`.

    Raises
    ------
    TypeError
        If the signal is not an array.
    """
    if isinstance(signal, FramedSignal):
        return _of_frames(energy, signal)
    if not isinstance(signal, np.ndarray):
        raise TypeError("Invalid type for signal, must be a numpy array.")
    values = np.abs(signal) if np.iscomplexobj(signal) else signal
    flat = np.asarray(values, float).ravel()
    return np.dot(flat, flat)


@mirrors("madmom.audio.signal.root_mean_square")
def root_mean_square(signal: Any) -> Any:
    """Return the root of the mean squared sample, or an array of it for the frames of a `FramedSignal`."""
    if isinstance(signal, FramedSignal):
        return _of_frames(root_mean_square, signal)
    return np.sqrt(energy(signal) / signal.size)


@mirrors("madmom.audio.signal.sound_pressure_level")
def sound_pressure_level(signal: Any, p_ref: float | None = None) -> Any:
    """Return the level of a signal or of each frame, dB: 20 log10(rms / p_ref).

    `p_ref` is full scale by default: 1, or the largest number of an integer dtype. Silence has the lowest
    number there is.
    """
    if isinstance(signal, FramedSignal):
        return _of_frames(sound_pressure_level, signal)
    if p_ref is None:
        p_ref = float(np.iinfo(signal.dtype).max) if np.issubdtype(signal.dtype, np.integer) else 1.0
    with np.errstate(divide="ignore"):
        return np.nan_to_num(20.0 * np.log10(root_mean_square(signal) / p_ref))
