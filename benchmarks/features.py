"""Features of half a minute at 22.05 kHz against librosa: descriptors, the bundle of six, hybrid CQT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import librosa
import mlx.core as mx
import numpy as np

import spectro

from . import workloads
from .timing import Ratio
from .workloads import Workload, evaluated

RATE, SECONDS = 22050, 30


def music() -> np.ndarray:
    """Return decaying notes over faint noise: spectra with peaks and valleys."""
    rng = np.random.default_rng(0)
    t = np.arange(RATE * SECONDS) / RATE
    x = 1e-3 * rng.standard_normal(t.size)
    for onset in np.arange(0, SECONDS, 0.25):
        note = 110 * 2 ** (rng.integers(0, 36) / 12)
        since = t[t >= onset] - onset
        decay = np.exp(-4 * since[: 2 * RATE])
        for partial in range(1, 8):
            tone = np.sin(2 * np.pi * partial * note * since[: 2 * RATE]) * decay / partial
            begin = t.size - since.size
            x[begin : begin + tone.size] += 0.1 * tone
    return x.astype(np.float32)


def by_librosa(x: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Return librosa's calls by spectro's names; the tuning is given, as it is not estimated here either."""
    feature = librosa.feature
    return {
        "chroma_stft": lambda: feature.chroma_stft(y=x, tuning=0.0),
        "spectral_centroid": lambda: feature.spectral_centroid(y=x),
        "spectral_bandwidth": lambda: feature.spectral_bandwidth(y=x),
        "spectral_rolloff": lambda: feature.spectral_rolloff(y=x),
        "spectral_contrast": lambda: feature.spectral_contrast(y=x),
        "mfcc": lambda: feature.mfcc(y=x),
        "onset_strength": lambda: librosa.onset.onset_strength(y=x),
        "rms": lambda: feature.rms(y=x),
        "zero_crossing_rate": lambda: feature.zero_crossing_rate(x),
        "hybrid_cqt": lambda: librosa.hybrid_cqt(x, tuning=0.0),
    }


def chosen(only: str) -> Iterator[Workload]:
    """Make those whose name contains `only`."""
    x = music()
    lazy = mx.array(x)
    mx.eval(lazy)
    theirs = by_librosa(x)
    for name, call in theirs.items():
        if only in name:
            ours = getattr(spectro, name)
            yield Workload(
                name,
                {"numpy": lambda ours=ours: ours(x), "mx": evaluated(lambda ours=ours: ours(lazy))},
                {"librosa": call},
            )
    if only in "spectral_features (six)":
        six = [theirs[name] for name in spectro.SpectralFeatureTransform().include]
        yield Workload(
            "spectral_features (six)",
            {
                "numpy": lambda: spectro.spectral_features(x),
                "mx": evaluated(lambda: list(spectro.spectral_features(lazy).values())),
            },
            {"librosa": lambda: [call() for call in six]},
        )


def run(seconds: float, threads: int, only: str = "") -> list[Ratio]:
    """Time every workload for about `seconds`, printing as it goes."""
    return workloads.run(chosen(only), seconds, threads)
