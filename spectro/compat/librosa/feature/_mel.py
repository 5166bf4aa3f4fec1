"""`librosa.feature.melspectrogram` and `mfcc`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import mlx.core as mx
import numpy as np

from ....arithmetic.products import product_from_left
from ....arrays import dtype_name
from ....backends.dispatch import project
from ....backends.repeats import always, repeatable
from ....config import settings
from ....errors import ParameterError
from ....filterbanks.bank import Filterbank
from ....spectrograms.cepstrum import dct_basis, lifter_weights, project_bands
from ....spectrum.scales import LINEAR, Scale
from ....typing import Array
from ... import fallback
from ...registry import mirrors
from .._arrays import array
from .._filterbanks import mel, mel_bank
from .._windows import WindowSpec
from ..core._decibels import power_to_db
from ..core._spectrogram import spectrogram
from ..core._stft import frame_audio

__all__ = ["melspectrogram", "mfcc"]

# `power_to_db` of a mel spectrogram: below the peak of all channels together, or since 1.0 of each.
_DECIBELS = {
    release: Scale("db", amin=1e-10, gain=10.0, top_db=80.0, peak_axes=axes)
    for release, axes in {"0.11": (-3, -2, -1), "1.0": (-2, -1)}.items()
}


def mel_of_audio(
    y: Array, sr: float, options: dict[str, Any], scale: Scale, power: float, mel_options: dict[str, Any]
) -> Array:
    """Return the mel spectrogram of audio without its spectrum ever being written."""
    framed = frame_audio(y, **options)
    bank = mel_bank(sr=sr, n_fft=options["n_fft"], **mel_options)
    return framed.restore(project(framed.plan, framed.window, framed.batch, float(power), bank, scale))


@mirrors("librosa.feature.melspectrogram", tier=1)
@repeatable(finite=always)
def melspectrogram(
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
    power: float = 2.0,
    **kwargs: Any,
) -> Array:
    """Return a mel spectrogram: mirrors `librosa.feature.melspectrogram`.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `S`.
    sr : float
        Hz.
    S : array [..., F, N]
        A spectrogram, of power usually.
    n_fft, hop_length, win_length, window, center, pad_mode
        As for `stft`.
    power : float
        Of the magnitudes of `y`: 2 for energy.
    **kwargs
        As for `filters.mel`.

    Returns
    -------
    array [..., n_mels, N]

    Raises
    ------
    ParameterError
        As `stft` and `filters.mel`.
    """
    options = _stft_options(n_fft, hop_length, win_length, window, center, pad_mode)
    if S is None and y is not None and dtype_name(kwargs.get("dtype", np.float32)) == "float32":
        return mel_of_audio(y, sr, options, LINEAR, power, kwargs)
    received, n_fft = spectrogram(y, S, **options, power=power)
    weights = mel(sr=sr, n_fft=n_fft, **kwargs)
    table = mx.array(weights.astype(np.float32)) if received.xp is mx else weights
    return received.give_back(product_from_left(received.xp, table, received.data))


def _stft_options(
    n_fft: int, hop_length: int, win_length: int | None, window: WindowSpec, center: bool, pad_mode: Any
) -> dict[str, Any]:
    return {
        "n_fft": n_fft,
        "hop_length": hop_length,
        "win_length": win_length,
        "window": window,
        "center": center,
        "pad_mode": pad_mode,
    }


_STFT_DEFAULTS = _stft_options(2048, 512, None, "hann", True, "constant")


def mel_decibels(y: Array, sr: float, kwargs: dict[str, Any]) -> Array:
    """Return ``power_to_db(melspectrogram(y=y, sr=sr, **kwargs))``, in one pass where that is possible."""
    options = {name: kwargs.get(name, default) for name, default in _STFT_DEFAULTS.items()}
    rest = {name: value for name, value in kwargs.items() if name not in options}
    power = rest.pop("power", 2.0)
    if y is None or dtype_name(rest.get("dtype", np.float32)) != "float32":
        return power_to_db(melspectrogram(y=y, sr=sr, **kwargs))
    return mel_of_audio(y, sr, options, _DECIBELS[settings().librosa], power, rest)


@mirrors("librosa.feature.mfcc", tier=1)
def mfcc(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_mfcc: int = 20,
    dct_type: int = 2,
    norm: str | None = "ortho",
    lifter: float = 0,
    mel_norm: str | float | None = "slaney",
    **kwargs: Any,
) -> Array:
    """Return mel-frequency cepstral coefficients: mirrors `librosa.feature.mfcc`.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `S`.
    sr : float
        Hz.
    S : array [..., n_mels, N]
        A mel spectrogram in dB.
    n_mfcc : int
    dct_type : {1, 2, 3, 4}
        Types other than 2 need scipy.
    norm : str, optional
        Of the DCT: "ortho" or as for `scipy.fft.dct`.
    lifter : float
        Above 0: multiplies coefficient k by 1 + lifter / 2 sin(pi (k + 1) / lifter).
    mel_norm
        `norm` of `filters.mel`.
    **kwargs
        As for `melspectrogram`.

    Returns
    -------
    array [..., n_mfcc, N]

    Raises
    ------
    ParameterError
        For a negative lifter, and as `melspectrogram`.
    """
    if S is None:
        S = mel_decibels(y, sr, {**kwargs, "norm": mel_norm})
    received = array(S)
    bands = received.data
    if received.xp is np and bands.dtype.kind in "biu":
        bands = bands.astype(np.float64)
    if not lifter >= 0:
        raise ParameterError(f"lifter must not be negative, got {lifter}")
    bank = _dct_bank(n_mfcc, bands.shape[-2], dct_type, norm, lifter)
    return received.give_back(project_bands(bank, bands))


@lru_cache(maxsize=32)
def _dct_bank(n_mfcc: int, n_mels: int, kind: int, norm: str | None, lifter: float) -> Filterbank:
    """Return a liftered DCT [n_mels, n_mfcc]."""
    basis = _dct(n_mfcc, n_mels, kind, norm)
    return Filterbank((basis * lifter_weights(n_mfcc, lifter)[:, None] if lifter > 0 else basis).T)


def _dct(n_mfcc: int, n_mels: int, kind: int, norm: str | None) -> np.ndarray:
    """Return the first rows of a DCT as a matrix, float64."""
    if kind == 2 and norm in (None, "ortho"):
        return dct_basis(n_mels, n_mels, norm)[:n_mfcc]
    return fallback.load("scipy.fft").dct(np.eye(n_mels), axis=0, type=kind, norm=norm)[:n_mfcc]
