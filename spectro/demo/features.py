"""The features that the demo extracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import mlx.core as mx
import numpy as np

from .. import MelSpectrogramTransform, MFCCTransform, SpectralTransform
from ..cli.bands import bin_hz, mel_hz

__all__ = ["FEATURES", "HOP", "N_FFT", "DemoFeature"]

N_FFT, HOP, N_MELS = 4096, 512, 128

Transform = Callable[[mx.array], mx.array]


@dataclass(frozen=True)
class DemoFeature:
    """A feature [K, N] of audio [T], how to draw it, and the function whose goldens vouch for it.

    `make(rate)` returns its transform, `hz(rate)` the frequencies of its rows. The picture
    leaves out the first `skip` rows, and then centres the colours on 0.
    """

    name: str
    title: str
    golden: str
    make: Callable[[int], Transform]
    unit: str
    rows: Literal["log", "bands", "index"]
    hz: Callable[[int], np.ndarray] | None = None
    skip: int = 0


def spectrogram(rate: int) -> Transform:
    """|STFT|^2 in dB."""
    transform = SpectralTransform(N_FFT, HOP)
    return lambda x: 10 * mx.log10(mx.maximum(mx.abs(transform.stft(x)[0]) ** 2, 1e-10))


def log_mel(rate: int) -> Transform:
    """Mel spectrogram in dB, Slaney's scale."""
    transform = MelSpectrogramTransform(
        rate, N_FFT, HOP, n_mels=N_MELS, norm="slaney", mel_scale="slaney", top_db=80.0
    )
    return lambda x: transform(x)[0]


def mfcc(rate: int) -> Transform:
    """20 MFCCs."""
    return MFCCTransform(rate, 20, N_FFT, HOP, n_mels=N_MELS)


FEATURES = (
    DemoFeature(
        "spectrogram",
        "Spectrogram",
        "spectro.SpectralTransform.stft",
        spectrogram,
        "Power (dB)",
        "log",
        lambda rate: bin_hz(N_FFT, rate),
    ),
    DemoFeature(
        "logmel",
        "Log-mel spectrogram (128 bands)",
        "spectro.MelSpectrogramTransform",
        log_mel,
        "Power (dB)",
        "bands",
        lambda rate: mel_hz(N_MELS, 0.0, rate // 2, "slaney"),
    ),
    DemoFeature(
        "mfcc",
        "MFCC (coefficient 0, the level, left out)",
        "spectro.MFCCTransform",
        mfcc,
        "Value",
        "index",
        skip=1,
    ),
)
