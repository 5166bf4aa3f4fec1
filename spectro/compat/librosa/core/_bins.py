"""`librosa.core.convert`: the frequencies of bins."""

from __future__ import annotations

import numpy as np

from ....filterbanks.mel import hz_to_mel, mel_to_hz
from ...registry import mirrors

__all__ = [
    "cqt_frequencies",
    "fft_frequencies",
    "fourier_tempo_frequencies",
    "mel_frequencies",
    "tempo_frequencies",
]


@mirrors("librosa.fft_frequencies", tier=1)
def fft_frequencies(*, sr: float = 22050, n_fft: int = 2048) -> np.ndarray:
    """Return the frequencies [1 + n_fft // 2] of FFT bins in Hz: mirrors `librosa.fft_frequencies`."""
    return np.fft.rfftfreq(n=n_fft, d=1.0 / sr)


@mirrors("librosa.cqt_frequencies", tier=1)
def cqt_frequencies(
    n_bins: int, *, fmin: float, bins_per_octave: int = 12, tuning: float = 0.0
) -> np.ndarray:
    """Return the centres [n_bins] of constant-Q bins in Hz: mirrors `librosa.cqt_frequencies`.

    `tuning` is a deviation in fractions of a bin.
    """
    correction = 2.0 ** (float(tuning) / bins_per_octave)
    return correction * fmin * 2.0 ** (np.arange(0, n_bins, dtype=float) / bins_per_octave)


@mirrors("librosa.mel_frequencies", tier=1)
def mel_frequencies(
    n_mels: int = 128, *, fmin: float = 0.0, fmax: float = 11025.0, htk: bool = False
) -> np.ndarray:
    """Return frequencies [n_mels] in Hz at equal distances in mel: mirrors `librosa.mel_frequencies`."""
    scale = "htk" if htk else "slaney"
    return mel_to_hz(np.linspace(hz_to_mel(fmin, scale), hz_to_mel(fmax, scale), n_mels), scale)


@mirrors("librosa.tempo_frequencies", tier=1)
def tempo_frequencies(n_bins: int, *, hop_length: int = 512, sr: float = 22050) -> np.ndarray:
    """Return the tempo [n_bins] in beats a minute of each lag: mirrors `librosa.tempo_frequencies`.

    That of lag 0 is infinite.
    """
    lags = np.arange(1.0, int(n_bins))
    return np.concatenate([[np.inf], 60.0 * sr / (hop_length * lags)])


@mirrors("librosa.fourier_tempo_frequencies", tier=1)
def fourier_tempo_frequencies(
    *, sr: float = 22050, win_length: int = 384, hop_length: int = 512
) -> np.ndarray:
    """Return the tempo [1 + win_length // 2] of each bin: mirrors `librosa.fourier_tempo_frequencies`."""
    return np.fft.rfftfreq(n=win_length, d=1.0 / (sr * 60 / float(hop_length)))
