"""Autocorrelation of signals and of frames: the inverse transform of the power spectrum (Wiener-Khinchin).

    r[k] = sum_t x[t] x[t + k]

A transform of n_fft samples gives the sum around a circle; with n + k <= n_fft only zeros come around.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Received
from ..backends.dispatch import reduce
from ..framing.windows import as_window
from ..signal.convolution import fast_length
from ..spectrum.plan import StftPlan
from ..spectrum.reductions import Autocorrelation

__all__ = ["autocorrelate", "frame_autocorrelations"]


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
    x: np.ndarray,
    frame_length: int,
    hop: int,
    lags: int,
    window: np.ndarray | None = None,
    relative: bool = False,
) -> np.ndarray:
    """Return the autocorrelations of the frames of `x` [B, T] at lags 0 .. lags - 1: [B, lags, N].

    Frame i starts at sample i hop and is multiplied by `window` [frame_length]; a `relative` autocorrelation
    is divided by its largest value. In the precision of `x`.
    """
    size = fast_length(frame_length + lags - 1)
    shape = np.ones(frame_length) if window is None else window
    x = np.pad(x, [(0, 0), (0, size - frame_length)])
    received = Received(np, x, lambda y: y)
    reduction = Autocorrelation(size, lags, relative)
    return reduce(
        StftPlan(size, hop), as_window(np.pad(shape, (0, size - frame_length)), size), received, [reduction]
    )[0]
