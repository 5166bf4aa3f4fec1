"""The same lines of code with `spectro.compat.librosa` and with librosa: half a minute at 22.05 kHz."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import librosa
import numpy as np

from spectro.compat import librosa as ours

from . import workloads
from .features import RATE, music
from .timing import Ratio
from .workloads import Workload


def calls(library: Any, y: np.ndarray, z: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Return what is timed, with librosa's defaults, on audio or its spectrum."""
    feature, onset = library.feature, library.onset
    return {
        "stft": lambda: library.stft(y),
        "istft": lambda: library.istft(z),
        "melspectrogram": lambda: feature.melspectrogram(y=y, sr=RATE),
        "mfcc": lambda: feature.mfcc(y=y, sr=RATE),
        "chroma_stft": lambda: feature.chroma_stft(y=y, sr=RATE),
        "onset_strength": lambda: onset.onset_strength(y=y, sr=RATE),
        "onset_detect": lambda: onset.onset_detect(y=y, sr=RATE),
        "spectral_centroid": lambda: feature.spectral_centroid(y=y, sr=RATE),
        "spectral_bandwidth": lambda: feature.spectral_bandwidth(y=y, sr=RATE),
        "spectral_contrast": lambda: feature.spectral_contrast(y=y, sr=RATE),
        "spectral_rolloff": lambda: feature.spectral_rolloff(y=y, sr=RATE),
        "spectral_flatness": lambda: feature.spectral_flatness(y=y),
        "zero_crossing_rate": lambda: feature.zero_crossing_rate(y),
        "rms": lambda: feature.rms(y=y),
        "pcen": lambda: library.pcen(np.abs(z[:128])),
    }


def chosen(only: str) -> Iterator[Workload]:
    """Make those whose name contains `only`."""
    y = music()
    z = librosa.stft(y)
    theirs = calls(librosa, y, z)
    for name, call in calls(ours, y, z).items():
        if only in name:
            yield Workload(name, {"numpy": call}, {"librosa": theirs[name]})


def run(seconds: float, threads: int, only: str = "") -> list[Ratio]:
    """Time every workload for about `seconds`, printing as it goes."""
    return workloads.run(chosen(only), seconds, threads)
