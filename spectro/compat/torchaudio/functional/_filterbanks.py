"""`melscale_fbanks`, `linear_fbanks` and `create_dct`: tables, in the library that the settings name."""

from __future__ import annotations

from ....filterbanks.mel import linear_filterbank, mel_filterbank, warn_empty
from ....spectrograms.cepstrum import dct_basis
from ....typing import Array
from ...registry import mirrors
from ._arrays import table

__all__ = ["create_dct", "linear_fbanks", "melscale_fbanks"]


@mirrors("torchaudio.functional.melscale_fbanks", tier=1)
def melscale_fbanks(
    n_freqs: int,
    f_min: float,
    f_max: float,
    n_mels: int,
    sample_rate: int,
    norm: str | None = None,
    mel_scale: str = "htk",
) -> Array:
    """Triangular filters on the mel scale [n_freqs, n_mels]: mirrors the torchaudio function.

    Parameters
    ----------
    n_freqs : int
        Bins from 0 Hz to sample_rate // 2.
    f_min, f_max : float
        Lowest and highest edge, Hz.
    n_mels, sample_rate : int
    norm : {None, "slaney"}
        "slaney" gives every filter the same area.
    mel_scale : {"htk", "slaney"}

    Raises
    ------
    ValueError
        For an unknown norm or scale.
    """
    if norm not in (None, "slaney"):
        raise ValueError(f"norm must be None or 'slaney', got {norm!r}")
    if mel_scale not in ("htk", "slaney"):
        raise ValueError(f"mel_scale must be 'htk' or 'slaney', got {mel_scale!r}")
    bank = mel_filterbank(n_freqs, float(f_min), float(f_max), n_mels, sample_rate, norm, mel_scale)
    warn_empty(bank, "mel filters")
    return table(bank)


@mirrors("torchaudio.functional.linear_fbanks", tier=1)
def linear_fbanks(n_freqs: int, f_min: float, f_max: float, n_filter: int, sample_rate: int) -> Array:
    """Triangular filters at equal distances in Hz [n_freqs, n_filter]: mirrors the torchaudio function.

    Parameters: as `melscale_fbanks`.
    """
    return table(linear_filterbank(n_freqs, float(f_min), float(f_max), n_filter, sample_rate))


@mirrors("torchaudio.functional.create_dct", tier=1)
def create_dct(n_mfcc: int, n_mels: int, norm: str | None) -> Array:
    """DCT-II basis [n_mels, n_mfcc]: mirrors `torchaudio.functional.create_dct`.

    Parameters
    ----------
    n_mfcc, n_mels : int
        Coefficients, and bands they are of.
    norm : {"ortho", None}
        Columns of unit length, or 2 cos(pi k (2m + 1) / (2 n_mels)).

    Raises
    ------
    ValueError
        For an unknown norm.
    """
    if norm not in (None, "ortho"):
        raise ValueError(f"norm must be None or 'ortho', got {norm!r}")
    return table(dct_basis(n_mfcc, n_mels, norm).T)
