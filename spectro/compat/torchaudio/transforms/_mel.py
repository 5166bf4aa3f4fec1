"""`torchaudio.transforms.MelScale`, `MelSpectrogram` and `MFCC`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import mlx.core as mx

from ....arrays import Received, constant, dtype_name, is_traced, kind_of
from ....cepstrum import dct_basis, project_bands
from ....filterbanks import mel_filterbank, warn_empty
from ....scales import logarithm
from ....typing import Array
from ...registry import mirrors
from ...torch import hann_window
from ...torch._checks import array
from .._module import Module, checked_table, float64
from ._amplitude import AmplitudeToDB
from ._spectrogram import Spectrogram

__all__ = ["MFCC", "MelScale", "MelSpectrogram"]

LOG_OFFSET = 1e-6


@mirrors("torchaudio.transforms.MelScale", tier=1)
class MelScale(Module):
    """Mel filters over a spectrogram: mirrors `torchaudio.transforms.MelScale`.

    Parameters
    ----------
    n_mels, sample_rate : int
    f_min, f_max : float
        Range of the filters in Hz; `f_max` defaults to sample_rate // 2.
    n_stft : int
        Bins of the spectrogram.
    norm : {None, "slaney"}
    mel_scale : {"htk", "slaney"}

    Raises
    ------
    ValueError
        For f_min > f_max or an unknown option.

    Attributes
    ----------
    fb : array [n_stft, n_mels]
    """

    BUFFERS = ("fb",)
    fb: Array

    def __init__(
        self,
        n_mels: int = 128,
        sample_rate: int = 16000,
        f_min: float = 0.0,
        f_max: float | None = None,
        n_stft: int = 201,
        norm: str | None = None,
        mel_scale: str = "htk",
    ) -> None:
        super().__init__()
        self.n_mels = n_mels
        self.sample_rate = sample_rate
        self.f_max = f_max if f_max is not None else float(sample_rate // 2)
        self.f_min = f_min
        self.n_stft = n_stft
        self.norm = norm
        self.mel_scale = mel_scale
        if f_min > self.f_max:
            raise ValueError(f"f_min={f_min} must not be above f_max={self.f_max}")
        if norm not in (None, "slaney"):
            raise ValueError(f"norm must be None or 'slaney', got {norm!r}")
        if mel_scale not in ("htk", "slaney"):
            raise ValueError(f"mel_scale must be 'htk' or 'slaney', got {mel_scale!r}")
        warn_empty(self._bank(), "mel filters")
        self.make_buffers()

    def _bank(self) -> Any:
        return mel_filterbank(
            self.n_stft,
            float(self.f_min),
            float(self.f_max),
            self.n_mels,
            self.sample_rate,
            self.norm,
            self.mel_scale,
        )

    def build(self, name: str, dtype: str | None) -> Array:
        """Round the filterbank, which is computed in float64."""
        return self.new_table(self._bank(), dtype)

    def forward(self, specgram: Array) -> Array:
        """Return the mel spectrogram [..., n_mels, N] of a spectrogram [..., n_stft, N]."""
        if kind_of(specgram) is None:
            raise AttributeError(f"specgram must be an array, got {type(specgram).__name__}")
        received = array("specgram", specgram)
        return received.give_back(self.compute(received.xp, received.data, dtype_name(specgram)))

    def compute(self, xp: ModuleType, x: Array, dtype: str) -> Array:
        """Return the mel spectrogram in namespace `xp`."""
        bank = checked_table(xp, x, dtype, self.fb)
        return xp.swapaxes(xp.swapaxes(x, -1, -2) @ bank, -1, -2)


@mirrors("torchaudio.transforms.MelSpectrogram", tier=1)
class MelSpectrogram(Module):
    """Mel spectrogram of audio: mirrors `torchaudio.transforms.MelSpectrogram`.

    Parameters
    ----------
    sample_rate, f_min, f_max, n_mels, norm, mel_scale
        As for `MelScale`.
    n_fft, win_length, hop_length, pad, window_fn, power, normalized, wkwargs, center, pad_mode
        As for `Spectrogram`.
    onesided : bool, optional
        Deprecated, without effect.

    Attributes
    ----------
    spectrogram : Spectrogram
    mel_scale : MelScale
    """

    def __init__(
        self,
        sample_rate: int = 16000,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        f_min: float = 0.0,
        f_max: float | None = None,
        pad: int = 0,
        n_mels: int = 128,
        window_fn: Callable[..., Array] = hann_window,
        power: float = 2.0,
        normalized: bool = False,
        wkwargs: dict[str, Any] | None = None,
        center: bool = True,
        pad_mode: str = "reflect",
        onesided: bool | None = None,
        norm: str | None = None,
        mel_scale: str = "htk",
    ) -> None:
        super().__init__()
        if onesided is not None:
            warnings.warn("onesided is deprecated and without effect", UserWarning, stacklevel=3)
        self.sample_rate = sample_rate
        self.n_fft = n_fft
        self.win_length = win_length if win_length is not None else n_fft
        self.hop_length = hop_length if hop_length is not None else self.win_length // 2
        self.pad = pad
        self.power = power
        self.normalized = normalized
        self.n_mels = n_mels
        self.f_max = f_max
        self.f_min = f_min
        self.spectrogram = Spectrogram(
            n_fft=n_fft,
            win_length=self.win_length,
            hop_length=self.hop_length,
            pad=pad,
            window_fn=window_fn,
            power=power,
            normalized=normalized,
            wkwargs=wkwargs,
            center=center,
            pad_mode=pad_mode,
            onesided=True,
        )
        self.mel_scale = MelScale(n_mels, sample_rate, f_min, f_max, n_fft // 2 + 1, norm, mel_scale)

    def forward(self, waveform: Array) -> Array:
        """Return the mel spectrogram [..., n_mels, N] of audio [..., T]."""
        if kind_of(waveform) is None:
            return self.spectrogram(waveform)  # raises
        received = array("waveform", waveform)
        return received.give_back(self.compute(received, waveform))

    def compute(self, received: Received, given: Array) -> Array:
        """Return the mel spectrogram of received audio, in its namespace."""
        return self.mel_scale.compute(received.xp, *self.spectrogram.compute(received, given))


@mirrors("torchaudio.transforms.MFCC", tier=1)
class MFCC(Module):
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
        if dct_type not in [2]:
            raise ValueError(f"dct_type must be 2, got {dct_type!r}")
        self.sample_rate = sample_rate
        self.n_mfcc = n_mfcc
        self.dct_type = dct_type
        self.norm = norm
        self.top_db = 80.0
        self.amplitude_to_DB = AmplitudeToDB("power", self.top_db)
        self.MelSpectrogram = MelSpectrogram(sample_rate=sample_rate, **(melkwargs or {}))
        if n_mfcc > self.MelSpectrogram.n_mels:
            raise ValueError(f"n_mfcc={n_mfcc} must not be above n_mels={self.MelSpectrogram.n_mels}")
        if norm not in (None, "ortho"):
            raise ValueError(f"norm must be None or 'ortho', got {norm!r}")
        self.log_mels = log_mels
        self.make_buffers()

    def build(self, name: str, dtype: str | None) -> Array:
        """Round the DCT basis, which is computed in float64."""
        return self.new_table(dct_basis(self.n_mfcc, self.MelSpectrogram.n_mels, self.norm).T, dtype)

    def forward(self, waveform: Array) -> Array:
        """Return the coefficients [..., n_mfcc, N] of audio [..., T]."""
        if kind_of(waveform) is None:
            return self.MelSpectrogram(waveform)  # raises
        received = array("waveform", waveform)
        return received.give_back(self.compute(received, waveform))

    def compute(self, received: Received, given: Array) -> Array:
        """Return the coefficients of received audio, in its namespace."""
        xp = received.xp
        mel = self.MelSpectrogram.compute(received, given)
        if self.log_mels:
            mel = logarithm(xp, mel, "add", LOG_OFFSET, 1.0)
        else:
            mel = self.amplitude_to_DB.compute(xp, mel)
        basis = checked_table(xp, mel, dtype_name(mel), self.dct_mat)
        if isinstance(self.dct_mat, mx.array) and is_traced(self.dct_mat):
            sums = basis.sum(axis=0)  # part of the graph, as for a gradient of the basis
        else:
            sums = constant(float64(self.dct_mat).sum(axis=0), xp, mel)
        return project_bands(basis.T, sums, mel)
