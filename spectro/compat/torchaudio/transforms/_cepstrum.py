"""`torchaudio.transforms.MFCC` and `LFCC`."""

from __future__ import annotations

from typing import Any

from ....arrays import Received, dtype_name
from ....filterbanks.mel import linear_filterbank
from ....spectrograms.cepstrum import dct_basis, project_bands
from ....spectrum.scales import Scale, clip_below_peak
from ....typing import Array
from ...registry import mirrors
from .._module import Module, check_table
from ..functional._amplitude import peak_axes
from ..functional._spectrogram import audio
from ._amplitude import AmplitudeToDB
from ._bands import banded, bank_of
from ._mel import MelSpectrogram
from ._spectrogram import Spectrogram

__all__ = ["LFCC", "MFCC"]

LOGARITHM = Scale("add", amin=1e-6)


def check_type(dct_type: int) -> None:
    """Check the kind of DCT, which torchaudio does first."""
    if dct_type != 2:
        raise ValueError(f"dct_type must be 2, got {dct_type!r}")


def check_norm(norm: str | None) -> None:
    """Check the norm of a DCT, which torchaudio does last."""
    if norm not in (None, "ortho"):
        raise ValueError(f"norm must be None or 'ortho', got {norm!r}")


class _Cepstrum(Module):
    """What the two have in common: bands, their scale, and the DCT."""

    dct_mat: Array
    amplitude_to_DB: AmplitudeToDB

    def coefficients(
        self, first: Received, given: Array, spectrogram: Spectrogram, owner: Module, buffer: str, log: bool
    ) -> Array:
        """Return the coefficients of audio `given` through the filterbank `buffer` of `owner`."""
        db, xp = self.amplitude_to_DB, first.xp
        frames = spectrogram.frames(first, given)
        # All share one peak up to two axes before the frames'; of more, each of the first has its own.
        together = len(frames.leading) < 2
        decibels = Scale(
            "db", db.amin, gain=db.multiplier, top_db=db.top_db if together else None, peak_axes=(-3, -2, -1)
        )
        bands = banded(owner, buffer, frames, spectrogram.power, LOGARITHM if log else decibels)
        if not (log or together or db.top_db is None):
            bands = clip_below_peak(xp, bands, db.top_db, peak_axes(bands))
        check_table(xp, bands, dtype_name(bands), self.dct_mat)
        return first.give_back(project_bands(bank_of(self, "dct_mat"), bands))


@mirrors("torchaudio.transforms.MFCC", tier=1)
class MFCC(_Cepstrum):
    """Mel-frequency cepstral coefficients of audio: mirrors `torchaudio.transforms.MFCC`.

    Parameters
    ----------
    sample_rate, n_mfcc : int
    dct_type : {2}
    norm : {"ortho", None}
    log_mels : bool
        ln(mel + 1e-6) in place of decibels with top_db=80.
    melkwargs : dict, optional
        Arguments of `MelSpectrogram`.

    Raises
    ------
    ValueError
        For another DCT, an unknown norm, or more coefficients than mel bands.

    Attributes
    ----------
    dct_mat : array [n_mels, n_mfcc]
    MelSpectrogram : MelSpectrogram
    amplitude_to_DB : AmplitudeToDB
    """

    BUFFERS = ("dct_mat",)
    dct_mat: Array

    def __init__(
        self,
        sample_rate: int = 16000,
        n_mfcc: int = 40,
        dct_type: int = 2,
        norm: str = "ortho",
        log_mels: bool = False,
        melkwargs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        check_type(dct_type)
        self.sample_rate = sample_rate
        self.n_mfcc = n_mfcc
        self.dct_type = dct_type
        self.norm = norm
        self.top_db = 80.0
        self.amplitude_to_DB = AmplitudeToDB("power", self.top_db)
        self.MelSpectrogram = MelSpectrogram(sample_rate=sample_rate, **(melkwargs or {}))
        if n_mfcc > self.MelSpectrogram.n_mels:
            raise ValueError(f"n_mfcc={n_mfcc} must not be above n_mels={self.MelSpectrogram.n_mels}")
        check_norm(norm)
        self.log_mels = log_mels
        self.make_buffers()

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Round the DCT basis, which is computed in float64."""
        return self.new_table(dct_basis(self.n_mfcc, self.MelSpectrogram.n_mels, self.norm).T, dtype)

    def forward(self, waveform: Array) -> Array:
        """Return the coefficients [..., n_mfcc, N] of audio [..., T]."""
        mel = self.MelSpectrogram
        first = audio(waveform, mel.pad)
        return self.coefficients(first, waveform, mel.spectrogram, mel.mel_scale, "fb", self.log_mels)


@mirrors("torchaudio.transforms.LFCC", tier=1)
class LFCC(_Cepstrum):
    """Linear-frequency cepstral coefficients of audio: mirrors `torchaudio.transforms.LFCC`.

    Parameters
    ----------
    sample_rate : int
    n_filter : int
        Triangles at equal distances from `f_min` to `f_max`, Hz (default sample_rate // 2).
    f_min, f_max : float
    n_lfcc, dct_type, norm
        As for `MFCC`.
    log_lf : bool
        ln(band + 1e-6) in place of decibels with top_db=80.
    speckwargs : dict, optional
        Arguments of `Spectrogram`.

    Raises
    ------
    ValueError
        For another DCT, an unknown norm, or more coefficients than n_fft.

    Attributes
    ----------
    filter_mat : array [F, n_filter]
    dct_mat : array [n_filter, n_lfcc]
    Spectrogram : Spectrogram
    amplitude_to_DB : AmplitudeToDB
    """

    BUFFERS = ("filter_mat", "dct_mat")
    filter_mat: Array

    def __init__(
        self,
        sample_rate: int = 16000,
        n_filter: int = 128,
        f_min: float = 0.0,
        f_max: float | None = None,
        n_lfcc: int = 40,
        dct_type: int = 2,
        norm: str = "ortho",
        log_lf: bool = False,
        speckwargs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        check_type(dct_type)
        self.sample_rate = sample_rate
        self.f_min = f_min
        self.f_max = f_max if f_max is not None else float(sample_rate // 2)
        self.n_filter = n_filter
        self.n_lfcc = n_lfcc
        self.dct_type = dct_type
        self.norm = norm
        self.top_db = 80.0
        self.amplitude_to_DB = AmplitudeToDB("power", self.top_db)
        self.Spectrogram = Spectrogram(**(speckwargs or {}))
        if n_lfcc > self.Spectrogram.n_fft:
            raise ValueError(f"n_lfcc={n_lfcc} must not be above n_fft={self.Spectrogram.n_fft}")
        check_norm(norm)
        self.log_lf = log_lf
        self.make_buffers()

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Round the tables, which are computed in float64."""
        if name == "dct_mat":
            return self.new_table(dct_basis(self.n_lfcc, self.n_filter, self.norm).T, dtype)
        bins = self.Spectrogram.n_fft // 2 + 1
        bank = linear_filterbank(bins, float(self.f_min), float(self.f_max), self.n_filter, self.sample_rate)
        return self.new_table(bank, dtype)

    def forward(self, waveform: Array) -> Array:
        """Return the coefficients [..., n_lfcc, N] of audio [..., T]."""
        first = audio(waveform, self.Spectrogram.pad)
        return self.coefficients(first, waveform, self.Spectrogram, self, "filter_mat", self.log_lf)
