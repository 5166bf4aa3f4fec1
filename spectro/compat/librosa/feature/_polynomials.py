"""`librosa.feature.poly_features` and `tonnetz`: spectra and chroma in a few coordinates."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from ....arithmetic.products import product_from_left
from ....errors import ParameterError
from ....typing import Array
from ...registry import mirrors
from .._arrays import array
from .._windows import WindowSpec
from ..core._spectrogram import spectrogram
from ..util._values import normalize
from ._constantq import chroma_cqt

__all__ = ["poly_features", "tonnetz"]


@mirrors("librosa.feature.poly_features", tier=1, numpy=True)
def poly_features(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    order: int = 1,
    freq: Array | None = None,
) -> np.ndarray:
    """Fit a polynomial of the frequency to each frame's magnitudes: mirrors `librosa.feature.poly_features`.

    Parameters
    ----------
    order : int
        Degree.
    y, sr, S, n_fft, hop_length, win_length, window, center, pad_mode, freq
        As for `spectral_centroid`.

    Returns
    -------
    array [..., order + 1, N], float64
        Coefficients, that of the highest power first.
    """
    received, n_fft = spectrogram(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    s = received.data
    frequencies = np.fft.rfftfreq(n_fft, 1.0 / sr) if freq is None else np.asarray(freq)
    if frequencies.ndim == 1:
        frames = np.moveaxis(s, -2, 0)
        fitted = np.polyfit(frequencies, frames.reshape(len(frames), -1), order)
        return np.moveaxis(fitted.reshape(order + 1, *frames.shape[1:]), 0, -2)
    fit = np.vectorize(lambda f, column: np.polyfit(f, column, order), signature="(f),(f)->(d)")
    return fit(frequencies.swapaxes(-2, -1), s.swapaxes(-2, -1)).swapaxes(-2, -1)


@mirrors("librosa.feature.tonnetz", tier=1)
def tonnetz(
    *, y: Array | None = None, sr: float = 22050, chroma: Array | None = None, **kwargs: Any
) -> Array:
    """Return tonal centroids (Harte, Sandler & Gasser 2006): mirrors `librosa.feature.tonnetz`.

    A pitch class p of 12 is an angle on each of three circles, of fifths (7 p / 12 turns), minor thirds
    (3 p / 12, as 9 p / 12 the other way round) and major thirds (4 p / 12); a chroma is the mean of its
    classes' points.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `chroma`.
    sr : float
        Hz.
    chroma : array [..., n_chroma, N]
        By default `chroma_cqt`, with `kwargs`.

    Returns
    -------
    array [..., 6, N]
        Two coordinates for each circle.

    Raises
    ------
    ParameterError
        If neither audio nor chroma is given.
    """
    if chroma is None:
        if y is None:
            raise ParameterError("y or chroma must be given, audio or a chromagram of it")
        chroma = chroma_cqt(y=y, sr=sr, **kwargs)
    received = array(normalize(chroma, norm=1, axis=-2))
    xp, shares = received.xp, received.data
    classes = np.linspace(0, 12, num=shares.shape[-2], endpoint=False)
    half_turns = np.multiply.outer(np.repeat([7 / 6, 3 / 2, 2 / 3], 2), classes)
    half_turns[::2] -= 0.5  # a sine is a cosine a quarter of a turn later
    radius = np.repeat([1.0, 1.0, 0.5], 2)[:, None]
    table = radius * np.cos(np.pi * half_turns)
    table = mx.array(table.astype(np.float32)) if xp is mx else table
    return received.give_back(product_from_left(xp, table, shares))
