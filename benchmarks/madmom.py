"""The madmom workloads: a minute of audio at 44.1 kHz through its pipelines, by our classes and its own."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import mlx.core as mx
import numpy as np

from spectro.compat import madmom as ours

from . import workloads
from .timing import Ratio, Work
from .workloads import Workload, evaluated

SECONDS = 60
RATE = 44100
Namespace = Any


def clip() -> np.ndarray:
    """Return decaying tones on a beat over noise, int16 [T], as a file would give them."""
    t = np.arange(SECONDS * RATE) / RATE
    beat = np.exp(-8 * (t % 0.5)) * np.sin(2 * np.pi * 220 * 2 ** (np.floor(t) % 12 / 12) * t)
    noise = np.random.default_rng(0).standard_normal(len(t))
    return (9000 * beat + 300 * noise).astype(np.int16)


def logarithmic_filtered(ns: Namespace) -> Any:
    """Quarter tones of a spectrogram, logarithmic."""
    p, a = ns.processors, ns.audio
    return p.SequentialProcessor(
        [
            a.signal.FramedSignalProcessor(frame_size=2048, fps=100),
            a.stft.ShortTimeFourierTransformProcessor(),
            a.spectrogram.LogarithmicFilteredSpectrogramProcessor(num_bands=24),
        ]
    )


def beat_front_end(ns: Namespace) -> Any:
    """Three resolutions, each with its rises, side by side: what the beat RNN sees."""
    p, a, s = ns.processors, ns.audio, ns.audio.spectrogram
    multi = p.ParallelProcessor([])
    for frame_size in (1024, 2048, 4096):
        multi.append(
            p.SequentialProcessor(
                [
                    a.signal.FramedSignalProcessor(frame_size=frame_size, fps=100),
                    a.stft.ShortTimeFourierTransformProcessor(),
                    s.FilteredSpectrogramProcessor(num_bands=6, fmin=30, fmax=17000, norm_filters=True),
                    s.LogarithmicSpectrogramProcessor(mul=1, add=1),
                    s.SpectrogramDifferenceProcessor(
                        diff_ratio=0.5, positive_diffs=True, stack_diffs=np.hstack
                    ),
                ]
            )
        )
    return p.SequentialProcessor(
        [a.signal.SignalProcessor(num_channels=1, sample_rate=RATE), multi, np.hstack]
    )


def superflux(ns: Namespace) -> Any:
    """SuperFlux at 200 frames a second, whose hop is not whole."""
    p, a = ns.processors, ns.audio
    frames = a.signal.FramedSignalProcessor(frame_size=2048, fps=200)
    return p.SequentialProcessor([frames, a.spectrogram.SuperFluxProcessor(), ns.features.onsets.superflux])


def mfcc(ns: Namespace) -> Any:
    """MFCC. madmom 0.17 looks for attributes that a plain spectrogram does not have, so it is given them."""
    p, a = ns.processors, ns.audio

    def known_as_plain(spectrogram: Any) -> Any:
        spectrogram.filterbank = spectrogram.mul = spectrogram.add = None
        return spectrogram

    steps: list[Any] = [
        a.signal.FramedSignalProcessor(frame_size=2048, fps=100),
        a.stft.ShortTimeFourierTransformProcessor(),
    ]
    if ns is not ours:
        steps += [a.spectrogram.SpectrogramProcessor(), known_as_plain]
    return p.SequentialProcessor([*steps, a.cepstrogram.MFCCProcessor(add=1e-6)])


PLANNED: tuple[tuple[str, Callable[[Namespace], Any]], ...] = (
    ("madmom log filtered", logarithmic_filtered),
    ("madmom beat front end", beat_front_end),
    ("madmom superflux", superflux),
    ("madmom mfcc", mfcc),
)


def chosen(only: str) -> Iterator[Workload]:
    """Make those whose name contains `only`."""
    theirs = importlib.import_module("madmom")
    importlib.import_module("madmom.audio.cepstrogram")  # which madmom itself does not import
    x = clip()
    lazy = mx.array(x.astype(np.float32) / np.iinfo(np.int16).max)
    mx.eval(lazy)
    for name, make in PLANNED:
        if only in name:
            mine, other, device = make(ours), make(theirs), make(ours).to_mlx(RATE)
            signals = ours.audio.signal.Signal(x, RATE), theirs.audio.signal.Signal(x, RATE)
            yield Workload(
                name,
                {
                    "numpy": _bound(mine, signals[0]),
                    "mx": evaluated(_bound(device, lazy)),
                },
                {"madmom": _bound(other, signals[1])},
            )


def _bound(function: Callable[[Any], Any], x: Any) -> Work:
    return lambda: function(x)


def run(seconds: float, threads: int, only: str = "") -> list[Ratio]:
    """Time every workload for about `seconds`, printing as it goes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return workloads.run(chosen(only), seconds, threads)
