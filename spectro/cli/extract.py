"""The features of ``spectro features``: audio in, named arrays with their axes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import mlx.core as mx
import numpy as np

from .. import MelSpectrogramTransform, SpectralTransform, amplitude_to_db, dct_matrix
from ..typing import Array
from .bands import bin_hz, log_bands, mel_hz
from .presets import Preset

__all__ = ["FEATURES", "Extractor", "Feature", "extractor"]

_UNITS = {1.0: "magnitude", 2.0: "power"}


@dataclass(frozen=True)
class Feature:
    """Values [C, K, N] of one feature, float32; its rows' frequencies [K] in Hz, if any; what it holds."""

    values: np.ndarray
    hz: np.ndarray | None
    unit: str


class Extractor:
    """The transforms of one preset at one sample rate, made when first needed."""

    def __init__(self, preset: Preset, rate: int) -> None:
        self.preset, self.rate = preset, rate
        self.hop = preset.hop(rate)

    @cached_property
    def _stft(self) -> SpectralTransform:
        p = self.preset
        return SpectralTransform(
            p.n_fft, self.hop, periodic=p.periodic, center_pad_mode=p.pad_mode, center_tail_pad=p.tail
        )

    @cached_property
    def _mel(self) -> MelSpectrogramTransform:
        p = self.preset
        return MelSpectrogramTransform(
            self.rate,
            p.n_fft,
            self.hop,
            n_mels=p.n_mels,
            f_min=p.f_min,
            f_max=self._f_max,
            power=p.power,
            norm=p.norm,
            mel_scale=p.mel_scale,
            output_scale="linear",
            periodic=p.periodic,
            center_pad_mode=p.pad_mode,
            center_tail_pad=p.tail,
        )

    @property
    def _f_max(self) -> float:
        return min(self.preset.f_max or self.rate / 2, self.rate / 2)

    def _frames(self, values: Array) -> np.ndarray:
        host = np.asarray(values)
        return host[..., :-1] if self.preset.drop_last else host

    def _magnitudes(self, x: Array) -> np.ndarray:
        magnitudes = np.abs(self._frames(self._stft.stft(x)))
        return magnitudes[:, :-1] if self.preset.drop_nyquist else magnitudes

    def _log(self, mel: np.ndarray, top_db: float | None) -> np.ndarray:
        if self.preset.log == "log10_plus_one":
            return np.log10(1 + mel)
        db: np.ndarray = amplitude_to_db(mel, top_db=top_db)  # one peak for all channels, as librosa has it
        if self.preset.log == "db":
            return db
        return (np.maximum(db / 10, db.max() / 10 - 8) + 4) / 4

    def spectrogram(self, x: Array) -> Feature:
        """Return |X|**power."""
        magnitudes, power = self._magnitudes(x), self.preset.power
        hz = bin_hz(self.preset.n_fft, self.rate)[: magnitudes.shape[1]]
        return Feature(magnitudes**power, hz, _UNITS[power])

    def mel(self, x: Array) -> Feature:
        """Return mel bands, linear."""
        p = self.preset
        hz = mel_hz(p.n_mels, p.f_min, self._f_max, p.mel_scale)
        return Feature(self._frames(self._mel(x)), hz, _UNITS[p.power])

    def logmel(self, x: Array) -> Feature:
        """Return mel bands on the preset's scale."""
        mel = self.mel(x)
        top_db = None if self.preset.log == "whisper" else self.preset.top_db
        unit = {"db": "dB", "whisper": "(log10 + 4) / 4", "log10_plus_one": "log10(1 + x)"}[self.preset.log]
        return Feature(self._log(mel.values, top_db), mel.hz, unit)

    def mfcc(self, x: Array) -> Feature:
        """Return the orthonormal DCT-II of the log-mel."""
        top_db = None if self.preset.log == "whisper" else self.preset.mfcc_top_db
        basis = np.asarray(dct_matrix(self.preset.n_mfcc, self.preset.n_mels))
        return Feature(basis @ self._log(self.mel(x).values, top_db), None, "cepstral coefficient")

    def filtered(self, x: Array) -> Feature:
        """Return log10(1 + magnitudes in bands of a semitone)."""
        bank, hz = log_bands(self.preset.n_fft, self.rate)
        bands = bank.T.astype(np.float32) @ self._magnitudes(x)[:, : bank.shape[0]]
        return Feature(np.log10(1 + bands), hz, "log10(1 + magnitude)")

    def __call__(self, names: Sequence[str], audio: np.ndarray, gpu: bool = False) -> dict[str, Feature]:
        """Return the named features of audio [C, T], every one with the same frames."""
        x = mx.array(audio) if gpu else audio
        return {name: FEATURES[name][1](self, x) for name in names}


@lru_cache(maxsize=16)
def extractor(preset: Preset, rate: int) -> Extractor:
    """Return the `Extractor` of a preset and a rate, the same one each time."""
    return Extractor(preset, rate)


FEATURES: dict[str, tuple[str, Callable[[Extractor, Array], Feature]]] = {
    "spectrogram": ("|STFT|**2 (magnitude in madmom-like)", Extractor.spectrogram),
    "mel": ("mel bands, linear", Extractor.mel),
    "logmel": ("mel bands on the preset's dB or log scale", Extractor.logmel),
    "mfcc": ("mel-frequency cepstral coefficients", Extractor.mfcc),
    "filtered": ("log10(1 + x) of magnitudes in semitone bands, 30 Hz to 17 kHz", Extractor.filtered),
}
