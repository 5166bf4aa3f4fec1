"""`librosa.feature.inverse`: from features back to spectra and audio."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from ....callers import warn
from ....errors import LibraryImportError, ParameterError
from ....spectrograms.inversion import nonnegative_least_squares
from ....typing import Array
from ... import fallback as _fallback
from ...registry import mirrors
from ..core.spectrum import db_to_power, griffinlim
from ..filters import mel
from ..util.utils import expand_to, tiny

__all__ = ["mel_to_audio", "mel_to_stft", "mfcc_to_audio", "mfcc_to_mel"]


@mirrors("librosa.feature.inverse.mel_to_stft", tier=2, numpy=True)
def mel_to_stft(
    M: Array, *, sr: float = 22050, n_fft: int = 2048, power: float = 2.0, **kwargs: Any
) -> np.ndarray:
    """Return an STFT's magnitudes that give a mel spectrogram: mirrors `librosa.feature.inverse.mel_to_stft`.

    Parameters
    ----------
    M : real array [..., n_mels, N]
        Not negative.
    sr : float
    n_fft : int
    power : float
        Exponent of the magnitudes that `M` was made of.
    **kwargs
        As for `filters.mel`.

    Returns
    -------
    real array [..., 1 + n_fft // 2, N]

    Raises
    ------
    LibraryImportError
        Without scipy.
    """
    # In float64 throughout: every rounding sends the search another way.
    basis = np.asarray(mel(sr=sr, n_fft=n_fft, n_mels=M.shape[-2], dtype=np.float64, **kwargs))
    magnitude = np.power(nonnegative_least_squares(basis, M.astype(np.float64)), 1.0 / power)
    return magnitude.astype(M.dtype, copy=False)


@mirrors("librosa.feature.inverse.mel_to_audio", tier=2, numpy=True)
def mel_to_audio(
    M: Array,
    *,
    sr: float = 22050,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    power: float = 2.0,
    n_iter: int = 32,
    length: int | None = None,
    dtype: Any = np.float32,
    **kwargs: Any,
) -> np.ndarray:
    """Return audio that has a mel spectrogram: mirrors `librosa.feature.inverse.mel_to_audio`.

    Parameters
    ----------
    M, sr, n_fft, power, **kwargs
        As for `mel_to_stft`.
    hop_length, win_length, window, center, pad_mode, n_iter, length, dtype
        As for `griffinlim`.

    Returns
    -------
    real array [..., n]
    """
    return griffinlim(
        mel_to_stft(M, sr=sr, n_fft=n_fft, power=power, **kwargs),
        n_iter=n_iter,
        hop_length=hop_length,
        win_length=win_length,
        n_fft=n_fft,
        window=window,
        center=center,
        dtype=dtype,
        length=length,
        pad_mode=pad_mode,
    )


@mirrors("librosa.feature.inverse.mfcc_to_mel", tier=2, numpy=True)
def mfcc_to_mel(
    mfcc: Array,
    *,
    n_mels: int = 128,
    dct_type: int = 2,
    norm: str | None = "ortho",
    ref: float = 1.0,
    lifter: float = 0,
) -> np.ndarray:
    """Return the mel spectrogram of MFCCs: mirrors `librosa.feature.inverse.mfcc_to_mel`.

    Parameters
    ----------
    mfcc : real array [..., n_mfcc, N]
    n_mels : int
    dct_type : {1, 2, 3}
    norm : "ortho" or None
    ref : float
        The power that is 0 dB.
    lifter : float
        That of `mfcc`, undone here; 0 for none.

    Returns
    -------
    real array [..., n_mels, N]

    Raises
    ------
    ParameterError
        For a negative lifter.
    LibraryImportError
        Without scipy.
    """
    if lifter < 0:
        raise ParameterError(f"lifter must not be negative, got {lifter}")
    if lifter > 0:
        n = np.arange(1, 1 + mfcc.shape[-2], dtype=mfcc.dtype)
        weights = 1 + lifter * 0.5 * np.sin(np.pi * n / lifter)
        if np.any(np.abs(weights) < np.finfo(weights.dtype).eps):
            warn("the lifter is near 0 for some coefficients, which are lost")
        mfcc = mfcc / (expand_to(weights, ndim=mfcc.ndim, axes=-2) + tiny(mfcc))
    try:
        fft = importlib.import_module("scipy.fft")
    except ImportError as error:
        raise LibraryImportError(f"the inverse DCT needs scipy: pip install scipy ({error})") from error
    return db_to_power(fft.idct(mfcc, axis=-2, type=dct_type, norm=norm, n=n_mels), ref=ref)


@mirrors("librosa.feature.inverse.mfcc_to_audio", tier=2, numpy=True)
def mfcc_to_audio(
    mfcc: Array,
    *,
    n_mels: int = 128,
    dct_type: int = 2,
    norm: str | None = "ortho",
    ref: float = 1.0,
    lifter: float = 0,
    **kwargs: Any,
) -> np.ndarray:
    """Return audio that has given MFCCs: mirrors `librosa.feature.inverse.mfcc_to_audio`.

    Parameters as for `mfcc_to_mel`; **kwargs as for `mel_to_audio`.
    """
    spectrum = mfcc_to_mel(mfcc, n_mels=n_mels, dct_type=dct_type, norm=norm, ref=ref, lifter=lifter)
    return mel_to_audio(spectrum, **kwargs)


__getattr__ = _fallback.fall_through(__name__, "librosa.feature.inverse")
