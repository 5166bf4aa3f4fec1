"""`librosa.iirt`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....errors import ParameterError
from ....features.semitones import filter_both_ways, frame_energies
from ....typing import Array
from ...registry import mirrors
from .._arrays import audio
from .audio import resample

__all__ = ["iirt"]


@mirrors("librosa.iirt", tier=2, numpy=True)
def iirt(
    y: Array,
    *,
    sr: float = 22050,
    win_length: int = 2048,
    hop_length: int | None = None,
    center: bool = True,
    tuning: float = 0.0,
    pad_mode: Any = "constant",
    flayout: str = "sos",
    res_type: str = "soxr_hq",
    **kwargs: Any,
) -> np.ndarray:
    """Return the energies of semitone bands: mirrors `librosa.iirt`.

    Parameters
    ----------
    y : real array [..., n]
    sr : float
    win_length, hop_length : int
        Samples of a frame, and between frames (default win_length // 4).
    center : bool
        Whether frame i is centred on sample i hop_length.
    tuning : float
        Of the bands, in semitones.
    pad_mode : str or callable
        As for `numpy.pad`.
    flayout : {"sos", "ba"}
        How the filters are computed; "ba" is less exact.
    res_type : str
        As for `resample`: each band is filtered at a rate that suits it.
    **kwargs
        As for `filters.semitone_filterbank`.

    Returns
    -------
    real array [..., 85, N], dtype of `y`

    Raises
    ------
    ParameterError
        For an unknown layout, or if `y` is not real, finite audio.
    LibraryImportError
        Without scipy.
    """
    from ..filters import semitone_filterbank

    if flayout not in ("ba", "sos"):
        raise ParameterError(f"flayout must be 'ba' or 'sos', got {flayout!r}")
    audio(y)
    if hop_length is None:
        hop_length = win_length // 4
    if center:
        y = np.pad(y, [(0, 0)] * (y.ndim - 1) + [(win_length // 2, win_length // 2)], mode=pad_mode)
    filters, rates = semitone_filterbank(tuning=tuning, flayout=flayout, **kwargs)
    slower = {
        rate: resample(y, orig_sr=sr, target_sr=rate, res_type=res_type) for rate in np.unique(rates).tolist()
    }
    count = int(1 + (y.shape[-1] - win_length) // hop_length)
    energies = np.empty((*y.shape[:-1], len(filters), count), y.dtype)
    for i, (rate, coefficients) in enumerate(zip(rates.tolist(), filters, strict=True)):
        factor = sr / rate
        band = filter_both_ways(slower[rate], coefficients, flayout)
        sums = frame_energies(band, round(win_length / factor), hop_length / factor, count)
        energies[..., i, :] = factor * sums
    return energies
