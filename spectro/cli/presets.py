"""Presets of ``spectro features``: the parameters other tools use, for the core's own transforms.

Only parameters are taken over. What lies outside the transforms, above all the
resampling, stays spectro's (soxr), so a file that needs resampling gives numbers
close to the tool's and not the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..typing import CenterPadMode, CenterTailPad, MelNorm, MelScale
from .console import UsageError

__all__ = ["PRESETS", "Preset"]


@dataclass(frozen=True)
class Preset:
    """Everything that decides the values of the features.

    Attributes
    ----------
    sample_rate : int, optional
        Hz that audio is resampled to; None keeps each file's own.
    hop_length, fps
        Samples from frame to frame, or (with hop_length 0) frames per second.
    power
        Exponent of |X| in the spectrogram and under the mel filters.
    log
        Scale of the log-mel: "db" 10 log10(max(x, 1e-10)), floored `top_db` below the peak;
        "whisper" (max(log10(max(x, 1e-10)), peak - 8) + 4) / 4; "log10_plus_one" log10(1 + x).
    mfcc_top_db
        The same floor under the MFCCs, which are the DCT of the log-mel.
    drop_last, drop_nyquist
        Leave out the last frame, and the spectrogram's last bin.
    """

    name: str
    about: str
    sample_rate: int | None = None
    n_fft: int = 2048
    hop_length: int = 512
    fps: int = 0
    n_mels: int = 128
    n_mfcc: int = 20
    f_min: float = 0.0
    f_max: float | None = None
    mel_scale: MelScale = "slaney"
    norm: MelNorm = "slaney"
    power: float = 2.0
    log: Literal["db", "whisper", "log10_plus_one"] = "db"
    top_db: float | None = 80.0
    mfcc_top_db: float | None = 80.0
    periodic: bool = True
    pad_mode: CenterPadMode = "reflect"
    tail: CenterTailPad = "symmetric"
    drop_last: bool = False
    drop_nyquist: bool = False

    def hop(self, rate: int) -> int:
        """Return the hop in samples at `rate` Hz.

        Raises
        ------
        UsageError
            If `fps` does not divide `rate`: the core has whole hops only.
        """
        if self.hop_length:
            return self.hop_length
        if rate % self.fps:
            raise UsageError(
                f"preset {self.name} has {self.fps} frames per second, which is no whole hop at {rate} Hz: "
                "choose another --sample-rate, or pass --hop-length"
            )
        return rate // self.fps


PRESETS = {
    preset.name: preset
    for preset in (
        Preset("spectro", "the file's own rate, n_fft 2048, hop 512, 128 Slaney mels in dB, 20 MFCCs"),
        Preset(
            "whisper",
            "16 kHz, n_fft 400, hop 160, 80 Slaney mels, log10 within 8 of the peak, then (x + 4) / 4, the "
            "last frame dropped; the audio is not padded to 30 s. Whisper has no MFCC: here the DCT of its "
            "log-mel",
            sample_rate=16000,
            n_fft=400,
            hop_length=160,
            n_mels=80,
            log="whisper",
            drop_last=True,
        ),
        Preset(
            "librosa",
            "22.05 kHz, n_fft 2048, hop 512, zero padding, 128 Slaney mels, power_to_db with top_db 80, 20 "
            "MFCCs; spectrogram is |stft|**2",
            sample_rate=22050,
            pad_mode="constant",
        ),
        Preset(
            "torchaudio",
            "defaults of torchaudio.transforms: 16 kHz, n_fft 400, hop 200, 128 HTK mels without norm (some "
            "are empty, as in torchaudio), AmplitudeToDB() without floor, 40 MFCCs with top_db 80",
            sample_rate=16000,
            n_fft=400,
            hop_length=200,
            n_mfcc=40,
            mel_scale="htk",
            norm=None,
            top_db=None,
        ),
        Preset(
            "madmom-like",
            "44.1 kHz, frames of 2048 at 100 per second, symmetric Hann window, magnitudes without the "
            "Nyquist bin, log10(1 + x); spectrogram and filtered are madmom's Spectrogram and "
            "LogarithmicFilteredSpectrogram of float audio. logmel and mfcc use spectro's mel filters "
            "(40, HTK, 20 Hz to 17 kHz), which are not madmom's",
            sample_rate=44100,
            hop_length=0,
            fps=100,
            n_mels=40,
            f_min=20.0,
            f_max=17000.0,
            mel_scale="htk",
            power=1.0,
            log="log10_plus_one",
            periodic=False,
            pad_mode="constant",
            tail="minimal",
            drop_nyquist=True,
        ),
    )
}
