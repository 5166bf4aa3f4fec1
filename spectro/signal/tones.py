"""Test signals: tones, sweeps and clicks, in float64."""

from __future__ import annotations

import numpy as np

__all__ = ["add_clicks", "click", "sweep", "tone"]


def tone(frequency: float, sr: float, length: int, phase: float) -> np.ndarray:
    """Return cos(2 pi f t + phase) at times n / sr [length]."""
    return np.cos(2 * np.pi * frequency * np.arange(length) / sr + phase)


def sweep(
    first: float, last: float, sr: float, length: int, duration: float, linear: bool, phase: float
) -> np.ndarray:
    """Return a cosine that goes from `first` to `last` Hz in `duration` seconds [length].

    With slope s = (last - first) / duration, or ratio g = last / first, its phase is that of the frequency
    integrated,

        linear        2 pi (first t + s t^2 / 2)
        exponential   2 pi first duration / ln g (g^(t / duration) - 1)
    """
    t = np.arange(length) / sr
    if linear:
        angle = 2 * np.pi * (first * t + 0.5 * ((last - first) / duration) * t * t)
    elif first == last:
        angle = 2 * np.pi * first * t
    else:
        rate = duration / np.log(last / first)
        angle = 2 * np.pi * rate * first * ((last / first) ** (t / duration) - 1.0)
    return np.cos(angle + phase)


def click(frequency: float, sr: float, length: int) -> np.ndarray:
    """Return a sine of `frequency` that falls to 2^-10 (60 dB) over `length` samples."""
    return np.logspace(0, -10, num=length, base=2.0) * np.sin(2 * np.pi * frequency / sr * np.arange(length))


def add_clicks(out: np.ndarray, starts: np.ndarray, sound: np.ndarray) -> None:
    """Add `sound` [..., n] to `out` [..., T] at each of `starts`, as much of it as there is room for."""
    length = out.shape[-1]
    for start in starts:
        end = min(start + sound.shape[-1], length)
        out[..., start:end] += sound[..., : end - start]
