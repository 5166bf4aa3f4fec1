"""Autocorrelation of signals and of frames: the inverse transform of the power spectrum (Wiener-Khinchin).

    r[k] = sum_t x[t] x[t + k]

A transform of n_fft samples gives the sum around a circle; with n + k <= n_fft only zeros come around.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Received
from ..backends.dispatch import analyze_power, synthesize
from ..framing.frames import frame_count
from ..framing.windows import Window
from ..signal.convolution import fast_length
from ..spectrum.plan import StftPlan

__all__ = ["autocorrelate", "frame_autocorrelations"]

_BLOCK = 256  # frames at once: what their transforms take stays in cache, and long audio in memory


def autocorrelate(x: np.ndarray, lags: int) -> np.ndarray:
    """Return the autocorrelation of `x` [..., n] at lags 0 .. lags - 1: [..., min(lags, n)].

    Real arrays give real ones of their precision (integers float64), complex arrays complex ones.
    """
    size = fast_length(2 * x.shape[-1] - 1)
    r: np.ndarray
    if np.iscomplexobj(x):
        z = np.fft.fft(x, n=size)
        r = np.fft.ifft(z.real**2 + z.imag**2, n=size)
    else:
        z = np.fft.rfft(x, n=size)
        r = np.fft.irfft(z.real**2 + z.imag**2, n=size)
    return r[..., :lags]


def frame_autocorrelations(
    x: np.ndarray, frame_length: int, hop: int, lags: int, window: np.ndarray | None = None
) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield the autocorrelations of the frames of `x` [B, T] in turn: (which frames, [B, n, lags]).

    Frame i starts at sample i hop and is multiplied by `window` [frame_length]. In the precision of `x`.
    """
    batch, length = x.shape
    size = fast_length(frame_length + lags - 1)
    shape = np.ones(frame_length) if window is None else window
    forward = StftPlan(size, hop)
    analysis, whole = Window(np.pad(shape, (0, size - frame_length))), Window(np.ones(size))
    count = frame_count(length, frame_length, hop)
    x = np.pad(x, [(0, 0), (0, size - frame_length)])
    for first in range(0, count, _BLOCK):
        n = min(_BLOCK, count - first)
        part = np.ascontiguousarray(x[:, first * hop : first * hop + forward.extent(n)])
        power = analyze_power(forward, analysis, Received(np, part, lambda y: y))
        z = Received(np, power.astype(np.result_type(power, np.complex64)), lambda y: y)
        # Frames side by side, none overlapping another: the inverse STFT is then the inverse FFT of each.
        r = synthesize(StftPlan(size, size), whole, z, 0, n * size)
        yield slice(first, first + n), r.reshape(batch, n, size)[..., :lags]
