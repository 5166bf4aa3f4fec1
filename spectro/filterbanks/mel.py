"""Filterbanks over frequency, in float64: triangles on the mel scale.

A triangle m rises from edge f_m to 1 at f_{m+1} and falls to 0 at f_{m+2}; the
edges stand at equal distances on the mel scale:

    HTK     mel(f) = 2595 log10(1 + f / 700)                  (O'Shaughnessy 1987)
    Slaney  linear to 1 kHz (3 mel per 200 Hz), then 27 mel to each factor of 6.4  (Slaney 1998)
"""

from __future__ import annotations

from functools import lru_cache

import mlx.core as mx
import numpy as np

from ..callers import warn
from ..errors import ParameterError
from ..typing import MelNorm, MelScale
from ..validation import check_choice, check_int, check_number

__all__ = [
    "hz_to_mel",
    "least_squares_inverse",
    "librosa_mel_fbanks",
    "linear_filterbank",
    "mel_filterbank",
    "mel_to_hz",
    "melscale_fbanks",
    "triangles",
]

_SLANEY_STEP = 200.0 / 3.0
_SLANEY_KNEE_HZ = 1000.0
_SLANEY_KNEE = _SLANEY_KNEE_HZ / _SLANEY_STEP
_SLANEY_LOG_STEP = np.log(6.4) / 27.0


def hz_to_mel(hz: np.ndarray | float, mel_scale: str = "htk") -> np.ndarray:
    """Return mel of Hz on the "htk" or "slaney" scale."""
    f = np.asarray(hz, np.float64)
    if mel_scale == "htk":
        return 2595.0 * np.log10(1.0 + f / 700.0)
    above = _SLANEY_KNEE + np.log(np.maximum(f, _SLANEY_KNEE_HZ) / _SLANEY_KNEE_HZ) / _SLANEY_LOG_STEP
    return np.where(f >= _SLANEY_KNEE_HZ, above, f / _SLANEY_STEP)


def mel_to_hz(mel: np.ndarray | float, mel_scale: str = "htk") -> np.ndarray:
    """Return Hz of mel, the inverse of `hz_to_mel`."""
    m = np.asarray(mel, np.float64)
    if mel_scale == "htk":
        return 700.0 * (10.0 ** (m / 2595.0) - 1.0)
    above = _SLANEY_KNEE_HZ * np.exp(_SLANEY_LOG_STEP * (np.maximum(m, _SLANEY_KNEE) - _SLANEY_KNEE))
    return np.where(m >= _SLANEY_KNEE, above, m * _SLANEY_STEP)


def triangles(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return triangles [F, M] over bin `frequencies` [F] with corners at `edges` [M + 2], in Hz."""
    width = np.diff(edges)
    slope = edges[None, :] - frequencies[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        rise, fall = -slope[:, :-2] / width[:-1], slope[:, 2:] / width[1:]
    return np.maximum(0.0, np.minimum(rise, fall))


@lru_cache(maxsize=64)
def mel_filterbank(
    n_freqs: int,
    f_min: float,
    f_max: float,
    n_mels: int,
    sample_rate: float,
    norm: str | None,
    mel_scale: str,
    nyquist: float | None = None,
) -> np.ndarray:
    """Return a mel filterbank [n_freqs, n_mels], float64 and read-only.

    The bins stand from 0 to `nyquist` Hz (default sample_rate // 2, as torchaudio has it).
    ``norm="slaney"`` scales each triangle by 2 / (its width in Hz), to constant area.
    """
    top = float(sample_rate // 2) if nyquist is None else nyquist
    ends = hz_to_mel(np.array([f_min, f_max]), mel_scale)
    edges = mel_to_hz(np.linspace(ends[0], ends[1], n_mels + 2), mel_scale)
    bank = triangles(np.linspace(0.0, top, n_freqs), edges)
    if norm == "slaney":
        bank = bank * (2.0 / (edges[2:] - edges[:-2]))
    bank.setflags(write=False)
    return bank


@lru_cache(maxsize=64)
def linear_filterbank(
    n_freqs: int, f_min: float, f_max: float, n_filters: int, sample_rate: float
) -> np.ndarray:
    """Return triangles [n_freqs, n_filters] at equal distances in Hz, bins as in `mel_filterbank`."""
    bank = triangles(np.linspace(0.0, sample_rate // 2, n_freqs), np.linspace(f_min, f_max, n_filters + 2))
    bank.setflags(write=False)
    return bank


def least_squares_inverse(bank: np.ndarray) -> np.ndarray:
    """Return P [F, M] with P v the spectrum of least norm whose bands, bank.T s, are nearest to v."""
    return np.linalg.pinv(bank.T.astype(np.float64))


def check_mel_range(f_min: float, f_max: float) -> None:
    """Refuse a range of frequencies that holds no filter."""
    check_number("f_min", f_min, minimum=0)
    check_number("f_max", f_max, above=0)
    if f_min >= f_max:
        raise ParameterError(f"f_min must be below f_max={f_max:g}, got {f_min:g}")


def warn_empty(bank: np.ndarray, what: str) -> None:
    """Warn about filters that fall between two bins and so are zero everywhere."""
    empty = int((bank.max(axis=0) == 0).sum())
    if empty:
        warn(
            f"{empty} of {bank.shape[1]} {what} are zero everywhere: too many bands for {bank.shape[0]} bins",
            UserWarning,
        )


def melscale_fbanks(
    n_freqs: int,
    f_min: float,
    f_max: float,
    n_mels: int,
    sample_rate: int,
    *,
    norm: MelNorm = None,
    mel_scale: MelScale = "htk",
) -> mx.array:
    """Return triangular mel filters [n_freqs, n_mels], float32, so that mel = spectrogram @ filters.

    Mirrors `torchaudio.functional.melscale_fbanks` (computed in float64, rounded once).

    Parameters
    ----------
    n_freqs : int
        Bins from 0 Hz to sample_rate // 2.
    f_min, f_max : float
        Lowest and highest edge of the filters, Hz.
    n_mels, sample_rate : int
    norm : {None, "slaney"}
        "slaney" gives every filter the same area.
    mel_scale : {"htk", "slaney"}

    Raises
    ------
    ParameterError
        For a value out of range.

    Examples
    --------
    >>> melscale_fbanks(201, 0.0, 8000.0, 80, 16000).shape
    (201, 80)
    """
    check_int("n_freqs", n_freqs, minimum=1)
    check_int("n_mels", n_mels, minimum=1)
    check_number("sample_rate", sample_rate, above=0)
    check_mel_range(f_min, f_max)
    check_choice("norm", norm, (None, "slaney"))
    check_choice("mel_scale", mel_scale, ("htk", "slaney"))
    bank = mel_filterbank(n_freqs, float(f_min), float(f_max), n_mels, sample_rate, norm, mel_scale)
    warn_empty(bank, "mel filters")
    return mx.array(bank.astype(np.float32))


def librosa_mel_fbanks(
    sample_rate: float,
    n_fft: int,
    n_mels: int = 128,
    *,
    f_min: float = 0.0,
    f_max: float | None = None,
    mel_scale: MelScale = "slaney",
    norm: MelNorm = "slaney",
) -> mx.array:
    """Return triangular mel filters as `librosa.filters.mel` has them, transposed: [n_fft // 2 + 1, n_mels].

    Unlike `melscale_fbanks` they are on Slaney's scale, of equal area and reach up to sample_rate / 2,
    each by default.

    Raises
    ------
    ParameterError
        For a value out of range.

    Examples
    --------
    >>> librosa_mel_fbanks(22050, 2048).shape
    (1025, 128)
    """
    check_int("n_fft", n_fft, minimum=2)
    check_int("n_mels", n_mels, minimum=1)
    check_number("sample_rate", sample_rate, above=0)
    top = sample_rate / 2 if f_max is None else f_max
    check_mel_range(f_min, top)
    check_choice("norm", norm, (None, "slaney"))
    check_choice("mel_scale", mel_scale, ("htk", "slaney"))
    last = sample_rate * (n_fft // 2) / n_fft
    bank = mel_filterbank(
        n_fft // 2 + 1, float(f_min), float(top), n_mels, float(sample_rate), norm, mel_scale, last
    )
    warn_empty(bank, "mel filters")
    return mx.array(bank.astype(np.float32))
