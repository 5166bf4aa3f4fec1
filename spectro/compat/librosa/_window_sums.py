"""`librosa.filters`: what is derived from a window."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...constantq.windows import bandwidth
from ...framing.frames import overlap_add
from .. import fallback
from ..registry import mirrors
from ._windows import WindowSpec, get_window
from .util._shapes import pad_center
from .util._values import normalize

__all__ = ["diagonal_filter", "window_bandwidth", "window_sumsquare"]


@mirrors("librosa.filters.window_bandwidth", tier=1, numpy=True)
def window_bandwidth(window: WindowSpec, n: int = 1000) -> float:
    """Return the equivalent noise bandwidth in bins: mirrors `librosa.filters.window_bandwidth`.

    `n` is the length that windows are looked at whose bandwidth is not known.
    """
    return bandwidth(window, n)  # type: ignore[arg-type]


@mirrors("librosa.filters.window_sumsquare", tier=1, numpy=True)
def window_sumsquare(
    *,
    window: WindowSpec,
    n_frames: int,
    hop_length: int = 512,
    win_length: int | None = None,
    n_fft: int = 2048,
    dtype: Any = np.float32,
    norm: float | None = None,
) -> np.ndarray:
    """Return the overlap-added squares of a window: mirrors `librosa.filters.window_sumsquare`.

    Parameters
    ----------
    window : str, tuple, number, callable or array
    n_frames, hop_length, win_length, n_fft : int
        The window is centred in n_fft samples.
    dtype : dtype
    norm : float, optional
        Of the window, as for `util.normalize`.

    Returns
    -------
    array [n_fft + hop_length * (n_frames - 1)]
    """
    samples = normalize(get_window(window, n_fft if win_length is None else win_length), norm=norm)
    squares = pad_center(np.asarray(samples) ** 2, size=n_fft)
    frames = np.broadcast_to(squares.astype(np.float64), (1, n_frames, n_fft))
    return overlap_add(np, frames, hop_length)[0].astype(dtype)


@mirrors("librosa.filters.diagonal_filter", tier=1, numpy=True)
def diagonal_filter(
    window: WindowSpec,
    n: int,
    *,
    slope: float = 1.0,
    angle: float | None = None,
    zero_mean: bool = False,
) -> np.ndarray:
    """Return a smoothing filter along a diagonal: mirrors `librosa.filters.diagonal_filter`.

    Parameters
    ----------
    window : str, tuple, number, callable or array
        Its shape along the diagonal.
    n : int
    slope : float
    angle : float, optional
        Radians, instead of the slope. Other angles than 45 degrees need scipy.
    zero_mean : bool

    Returns
    -------
    array [m, m], m = n for 45 degrees
    """
    angle = np.arctan(slope) if angle is None else angle
    kernel = np.diag(get_window(window, n, fftbins=False))
    if not np.isclose(angle, np.pi / 4):
        rotate = fallback.load("scipy.ndimage").rotate
        kernel = rotate(kernel, 45 - angle * 180 / np.pi, order=5, prefilter=False)
    kernel = np.clip(kernel, 0, None)
    kernel /= kernel.sum()
    return kernel - kernel.mean() if zero_mean else kernel
