"""`torchaudio.transforms.MelScale`, `InverseMelScale` and `MelSpectrogram`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from ....arithmetic.products import product_from_left
from ....arrays import constant, dtype_name
from ....backends.repeats import repeatable
from ....callers import warn
from ....compiled.by_values import by_numpy
from ....filterbanks.mel import least_squares_inverse, mel_filterbank, warn_empty
from ....spectrum.scales import LINEAR
from ....typing import Array
from ...registry import mirrors
from ...torch import hann_window
from .._module import Module, float64
from ..functional._arrays import answer, received
from ..functional._spectrogram import audio
from ._bands import apply_buffer, banded
from ._spectrogram import Spectrogram

__all__ = ["InverseMelScale", "MelScale", "MelSpectrogram"]


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
        check_scale(self)
        warn_empty(bank_of(self), "mel filters")
        self.make_buffers()

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Round the filterbank, which is computed in float64."""
        return self.new_table(bank_of(self), dtype)

    @repeatable()
    def forward(self, specgram: Array) -> Array:
        """Return the mel spectrogram [..., n_mels, N] of a spectrogram [..., n_stft, N]."""
        first = received("specgram", specgram)
        return first.give_back(apply_buffer(first.xp, self, "fb", first.data, dtype_name(specgram)))


@mirrors("torchaudio.transforms.InverseMelScale", tier=1)
class InverseMelScale(Module):
    """Spectrogram of least norm with a given mel spectrogram: mirrors the torchaudio transform.

    Parameters
    ----------
    n_stft : int
        Bins of the spectrogram.
    n_mels, sample_rate, f_min, f_max, norm, mel_scale
        As for `MelScale`.
    driver : {"gels", "gelsy", "gelsd", "gelss"}
        LAPACK routines for the same least squares; the answer is that of all of them.

    Raises
    ------
    ValueError
        For f_min > f_max, an unknown option, or another number of bands than n_mels.

    Attributes
    ----------
    fb : array [n_stft, n_mels]
    """

    BUFFERS = ("fb",)
    fb: Array

    def __init__(
        self,
        n_stft: int,
        n_mels: int = 128,
        sample_rate: int = 16000,
        f_min: float = 0.0,
        f_max: float | None = None,
        norm: str | None = None,
        mel_scale: str = "htk",
        driver: str = "gels",
    ) -> None:
        super().__init__()
        self.n_stft = n_stft
        self.n_mels = n_mels
        self.sample_rate = sample_rate
        self.f_max = f_max or float(sample_rate // 2)
        self.f_min = f_min
        self.norm = norm
        self.mel_scale = mel_scale
        self.driver = driver
        check_scale(self)
        if driver not in ("gels", "gelsy", "gelsd", "gelss"):
            raise ValueError(f"driver must be 'gels', 'gelsy', 'gelsd' or 'gelss', got {driver!r}")
        warn_empty(bank_of(self), "mel filters")
        self.make_buffers()

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Round the filterbank, which is computed in float64."""
        return self.new_table(bank_of(self), dtype)

    def forward(self, melspec: Array) -> Array:
        """Return the spectrogram [..., n_stft, N] of a mel spectrogram [..., n_mels, N]."""
        first = received("melspec", melspec)
        xp, x = first.xp, first.data
        if x.ndim < 2:
            raise IndexError(f"melspec must have the axes band and frame, got shape {tuple(x.shape)}")
        if x.shape[-2] != self.n_mels:
            raise ValueError(f"melspec must have n_mels={self.n_mels} bands, got {x.shape[-2]}")
        if xp is np and dtype_name(x) != dtype_name(self.fb):
            raise RuntimeError(f"melspec is {dtype_name(x)} and the filters are {dtype_name(self.fb)}")
        bank = float64(self.fb)
        inverse = _inverse(bank.tobytes(), bank.shape)

        def spectra(xp: ModuleType, x: Array) -> Array:
            return xp.maximum(product_from_left(xp, constant(inverse, xp, x), x), 0.0)

        return answer(first, melspec, by_numpy(spectra, xp, x))


@lru_cache(maxsize=16)
def _inverse(bank: bytes, shape: tuple[int, ...]) -> np.ndarray:
    return least_squares_inverse(np.frombuffer(bank).reshape(shape))


def check_scale(module: Any) -> None:
    """Check the options that `MelScale` and `InverseMelScale` share."""
    if module.f_min > module.f_max:
        raise ValueError(f"f_min={module.f_min} must not be above f_max={module.f_max}")
    if module.norm not in (None, "slaney"):
        raise ValueError(f"norm must be None or 'slaney', got {module.norm!r}")
    if module.mel_scale not in ("htk", "slaney"):
        raise ValueError(f"mel_scale must be 'htk' or 'slaney', got {module.mel_scale!r}")


def bank_of(module: Any) -> np.ndarray:
    """Return the filterbank of a transform's options, float64."""
    return mel_filterbank(
        module.n_stft,
        float(module.f_min),
        float(module.f_max),
        module.n_mels,
        module.sample_rate,
        module.norm,
        module.mel_scale,
    )


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
            warn("onesided is deprecated and without effect")
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

    @repeatable()
    def forward(self, waveform: Array) -> Array:
        """Return the mel spectrogram [..., n_mels, N] of audio [..., T]."""
        first = audio(waveform, self.pad)
        frames = self.spectrogram.frames(first, waveform)
        return first.give_back(banded(self.mel_scale, "fb", frames, self.spectrogram.power, LINEAR))
