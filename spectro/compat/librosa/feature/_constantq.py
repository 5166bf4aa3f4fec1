"""`librosa.feature`: chroma of constant-Q and variable-Q transforms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import mlx.core as mx
import numpy as np

from ....arithmetic.products import product_from_left
from ....arrays import as_numpy
from ....errors import ParameterError
from ....typing import Array
from ...registry import mirrors
from .._arrays import array
from .._windows import WindowSpec, get_window
from ..core.constantq import cqt, hybrid_cqt, vqt
from ..filters import cq_to_chroma
from ..util.utils import normalize

__all__ = ["chroma_cens", "chroma_cqt", "chroma_vqt"]

# Chroma energy normalised statistics: how many of these a share of the energy exceeds (Mueller & Ewert 2011).
_STEPS = (0.4, 0.2, 0.1, 0.05)


def _fold(c: Array, bank: np.ndarray, threshold: float | None, norm: float | None) -> Array:
    """Return chroma of magnitudes `c` [..., F, N] by `bank` [n_chroma, F]."""
    received = array(c)
    xp, data = received.xp, received.data
    table = mx.array(bank) if xp is mx else bank
    chroma = product_from_left(xp, table, data)
    if threshold is not None:
        chroma = xp.where(chroma < threshold, xp.zeros_like(chroma), chroma)
    return received.give_back(normalize(chroma, norm=norm, axis=-2))


def _magnitude(z: Array) -> Array:
    received = array(z)
    return received.give_back(received.xp.abs(received.data))


@mirrors("librosa.feature.chroma_cqt", tier=2)
def chroma_cqt(
    *,
    y: Array | None = None,
    sr: float = 22050,
    C: Array | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    norm: float | None = np.inf,
    threshold: float | None = 0.0,
    tuning: float | None = None,
    n_chroma: int = 12,
    n_octaves: int = 7,
    window: Array | None = None,
    bins_per_octave: int | None = 36,
    cqt_mode: str = "full",
) -> Array:
    """Return constant-Q chroma: mirrors `librosa.feature.chroma_cqt`.

    Parameters
    ----------
    y : real array [..., n]; or `C`, magnitudes of a constant-Q transform [..., F, N]
    sr, hop_length, fmin, tuning
        As for `cqt`; the tuning is estimated by default.
    norm : float, optional
        As for `util.normalize`, of each frame.
    threshold : float, optional
        Smaller energies become 0, before they are normalised.
    n_chroma, n_octaves, bins_per_octave : int
        `bins_per_octave` is a multiple of `n_chroma`, and None that itself.
    window : array, optional
        What the filterbank is convolved with, along the bins.
    cqt_mode : {"full", "hybrid"}

    Returns
    -------
    array [..., n_chroma, N]

    Raises
    ------
    ParameterError
        Without audio and transform, or for an option out of range.
    """
    if bins_per_octave is None:
        bins_per_octave = n_chroma
    elif bins_per_octave % n_chroma != 0:
        raise ParameterError(
            f"bins_per_octave must be a multiple of n_chroma={n_chroma}, got {bins_per_octave}"
        )
    if C is None:
        if y is None:
            raise ParameterError("C or y is needed")
        transform = {"full": cqt, "hybrid": hybrid_cqt}[cqt_mode]
        C = _magnitude(
            transform(
                y,
                sr=sr,
                hop_length=hop_length,
                fmin=fmin,
                n_bins=n_octaves * bins_per_octave,
                bins_per_octave=bins_per_octave,
                tuning=tuning,
            )
        )
    bank = cq_to_chroma(
        C.shape[-2], bins_per_octave=bins_per_octave, n_chroma=n_chroma, fmin=fmin, window=window
    )
    return _fold(C, as_numpy(bank), threshold, norm)  # a window of torch's or MLX's makes a bank of theirs


@mirrors("librosa.feature.chroma_cens", tier=2)
def chroma_cens(
    *,
    y: Array | None = None,
    sr: float = 22050,
    C: Array | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    tuning: float | None = None,
    n_chroma: int = 12,
    n_octaves: int = 7,
    bins_per_octave: int = 36,
    cqt_mode: str = "full",
    window: Array | None = None,
    norm: float | None = 2,
    win_len_smooth: int | None = 41,
    smoothing_window: WindowSpec = "hann",
) -> Array:
    """Return chroma energy normalised statistics: mirrors `librosa.feature.chroma_cens`.

    Shares of each frame's energy, counted in four steps and smoothed in time (Mueller & Ewert 2011).

    Parameters
    ----------
    y, sr, C, hop_length, fmin, tuning, n_chroma, n_octaves, bins_per_octave, cqt_mode, window
        As for `chroma_cqt`.
    norm : float, optional
        Of each frame of the result.
    win_len_smooth : int, optional
        Frames to smooth over; None does not.
    smoothing_window : str, tuple, number or callable

    Returns
    -------
    array [..., n_chroma, N]

    Raises
    ------
    ParameterError
        As `chroma_cqt`; and for a `win_len_smooth` that is not a positive integer.
    """
    whole = isinstance(win_len_smooth, (int, np.integer))
    if win_len_smooth is not None and not (whole and win_len_smooth > 0):
        raise ParameterError(f"win_len_smooth must be a positive integer or None, got {win_len_smooth!r}")
    chroma = chroma_cqt(
        y=y,
        C=C,
        sr=sr,
        hop_length=hop_length,
        fmin=fmin,
        bins_per_octave=bins_per_octave,
        tuning=tuning,
        norm=None,
        n_chroma=n_chroma,
        n_octaves=n_octaves,
        cqt_mode=cqt_mode,
        window=window,
    )
    received = array(normalize(chroma, norm=1, axis=-2))
    xp, share = received.xp, received.data
    counts = sum((share > step).astype(share.dtype) for step in _STEPS) * 0.25
    if win_len_smooth:
        counts = _smooth(
            xp, counts, np.asarray(get_window(smoothing_window, win_len_smooth + 2, fftbins=False))
        )
    return received.give_back(normalize(counts, norm=norm, axis=-2))


def _smooth(xp: Any, x: Array, window: np.ndarray) -> Array:
    """Return the mean of `x` [..., N] about each frame, weighted by `window`, with zeros beyond the ends."""
    weights = window / window.sum()
    frames, after = x.shape[-1], len(weights) // 2
    before = len(weights) - 1 - after
    wide = x.astype(np.float64) if xp is np else x
    wide = xp.pad(wide, [(0, 0)] * (x.ndim - 1) + [(before, after)])
    total = sum(float(w) * wide[..., k : k + frames] for k, w in enumerate(weights[::-1]))
    return total.astype(x.dtype)


@mirrors("librosa.feature.chroma_vqt", tier=2)
def chroma_vqt(
    *,
    y: Array | None = None,
    sr: float = 22050,
    V: Array | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    intervals: str | Collection[float],
    norm: float | None = np.inf,
    threshold: float | None = 0.0,
    n_octaves: int = 7,
    bins_per_octave: int = 12,
    gamma: float = 0,
) -> Array:
    """Return variable-Q chroma: mirrors `librosa.feature.chroma_vqt`.

    Parameters
    ----------
    y : real array [..., n]; or `V`, magnitudes of a variable-Q transform [..., F, N]
    sr, hop_length, fmin, intervals, bins_per_octave, gamma
        As for `vqt`.
    norm, threshold, n_octaves
        As for `chroma_cqt`.

    Returns
    -------
    array [..., bins_per_octave, N]

    Raises
    ------
    ParameterError
        Without audio and transform.
    """
    if not isinstance(intervals, str):
        bins_per_octave = len(intervals)
    if V is None:
        if y is None:
            raise ParameterError("V or y is needed")
        V = _magnitude(
            vqt(
                y=y,
                sr=sr,
                hop_length=hop_length,
                fmin=fmin,
                intervals=intervals,
                n_bins=n_octaves * bins_per_octave,
                bins_per_octave=bins_per_octave,
                gamma=gamma,
            )
        )
    bank = cq_to_chroma(V.shape[-2], bins_per_octave=bins_per_octave, n_chroma=bins_per_octave, fmin=fmin)
    return _fold(V, bank, threshold, norm)
