"""`librosa.filters`: the filters of a constant-Q transform in time."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...constantq.basis import centred, next_power_of_two, wavelets
from ...constantq.frequencies import filter_lengths, relative_bandwidth
from ...errors import ParameterError
from ...typing import Array
from ..registry import mirrors
from ._windows import WindowSpec
from .util._shapes import pad_center

__all__ = ["wavelet", "wavelet_lengths"]


@mirrors("librosa.filters.wavelet_lengths", tier=1, numpy=True)
def wavelet_lengths(
    *,
    freqs: Array,
    sr: float = 22050,
    window: WindowSpec = "hann",
    filter_scale: float = 1,
    gamma: float | None = 0,
    alpha: Any = None,
) -> tuple[np.ndarray, float]:
    """Return the lengths of wavelets in samples, with fractions: mirrors `librosa.filters.wavelet_lengths`.

    Parameters
    ----------
    freqs : array [n]
        Centres in Hz, ascending.
    sr : float
    window, filter_scale
        As for `wavelet`.
    gamma : float, optional
        Hz by which bandwidths exceed those of constant Q; None follows the ear's.
    alpha : float or array [n], optional
        Relative bandwidths; by default what the distances between `freqs` give.

    Returns
    -------
    lengths : array [n]
    f_cutoff : float
        The highest frequency that some wavelet lets pass.

    Raises
    ------
    ParameterError
        For an option out of range, or one frequency without `alpha`.
    """
    freqs = np.asarray(freqs)
    if filter_scale <= 0:
        raise ParameterError(f"filter_scale must be greater than 0, got {filter_scale}")
    if gamma is not None and gamma < 0:
        raise ParameterError(f"gamma must not be negative, got {gamma}")
    if alpha is None:
        if len(freqs) <= 1:
            raise ParameterError(f"freqs must be 2 or more to have bandwidths, got {freqs}")
        if np.any(freqs <= 0):
            raise ParameterError("freqs must be greater than 0")
        alpha = relative_bandwidth(freqs, 12)
    lengths, cutoff = filter_lengths(freqs, sr, filter_scale, window, gamma, np.asarray(alpha))  # type: ignore[arg-type]
    return lengths, lengths.dtype.type(cutoff)


@mirrors("librosa.filters.wavelet", tier=1, numpy=True)
def wavelet(
    *,
    freqs: Array,
    sr: float = 22050,
    window: WindowSpec = "hann",
    filter_scale: float = 1,
    pad_fft: bool = True,
    norm: float | None = 1,
    dtype: Any = np.complex64,
    gamma: float = 0,
    alpha: float | None = None,
    **kwargs: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Return windowed complex exponentials: mirrors `librosa.filters.wavelet`.

    Parameters
    ----------
    freqs : array [n]
        Centres in Hz, ascending.
    sr : float
    window : str, tuple, number or callable
    filter_scale : float
        Multiplies the lengths.
    pad_fft : bool
        Whether to pad to a power of two, or just to the longest.
    norm : float, optional
        Of each wavelet, as for `util.normalize`.
    dtype : dtype
    gamma, alpha
        As for `wavelet_lengths`.
    **kwargs
        How to pad, as for `numpy.pad`.

    Returns
    -------
    wavelets : complex array [n, length]
    lengths : array [n]
        With fractions.

    Raises
    ------
    ParameterError
        As `wavelet_lengths`.
    """
    lengths, _ = wavelet_lengths(
        freqs=freqs, sr=sr, window=window, filter_scale=filter_scale, gamma=gamma, alpha=alpha
    )
    rows = wavelets(np.asarray(freqs), lengths, sr, norm, window)  # type: ignore[arg-type]
    size = next_power_of_two(max(lengths)) if pad_fft else int(np.ceil(max(lengths)))
    if not kwargs:
        return centred(rows, size, dtype), lengths
    return np.asarray([pad_center(row, size=size, **kwargs) for row in rows], dtype=dtype), lengths
