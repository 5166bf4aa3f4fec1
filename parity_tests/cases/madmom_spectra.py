"""madmom.audio.stft: spectra, phase and group delay."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Call, Case
from ..signals import Recipe, phase, signal, spectrum, window
from .madmom_calls import FRAMES, Named, case, frames_of, function, objects, of_frames, processed, resolve

__all__ = ["cases"]

SIGNALS = ("chirp", "noise", "click", "music", "short", "pcm")
# Of white noise alone: the phase of a bin that holds only rounding says which transform it was.
NOISE = ("noise", "short")


def _frames(x: str) -> Recipe:
    def make() -> np.ndarray:
        values = signal(x).values()
        return np.stack([values[i : i + 48] for i in range(0, len(values) - 48, 40)])

    return Recipe(f"{x}-frames-48-40", make)


def _spectra() -> list[Case]:
    hann, ramp = window("hann", 64), window("ramp", 48)
    every: list[dict[str, Any]] = [
        {"window": Named("np.hamming")},
        {"window": None},
        {"window": hann},
        {"fft_size": 128},
        {"fft_size": 50},
        {"circular_shift": True},
        {"circular_shift": True, "fft_size": 100},
        {"include_nyquist": True, "fft_window": hann},
    ]
    names = ("audio.stft.ShortTimeFourierTransform", "audio.stft.ShortTimeFourierTransformProcessor")
    found = []
    for name, call in zip(names, (of_frames, processed), strict=True):
        found += [case(name, x, call(name), kinds=("numpy32", "numpy64")) for x in SIGNALS]
        for options in every:
            if "fft_window" not in options or call is of_frames:
                found.append(case(name, "music", call(name), options))
    found.append(case(names[1], "pcm", processed(names[1]), {"include_nyquist": True}))
    for options in (
        {"window": ramp},
        {"window": None},
        {"window": ramp, "fft_size": 64},
        {"window": ramp, "fft_size": 40},
        {"window": ramp, "circular_shift": True},
        {"window": ramp, "include_nyquist": True, "fftw": None},
    ):
        full = "audio.stft.stft"
        found += [case(full, _frames(x), function(full), options) for x in ("noise", "pcm")]
    return found


def _kwargs() -> list[Case]:
    """Options of the frames, given where the spectrum is asked for."""
    name = "audio.stft.ShortTimeFourierTransform"

    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, name)(x, **(FRAMES | {"sample_rate": 16000} | objects(ns, options))))

    every: list[dict[str, Any]] = [
        {"fps": 600, "origin": "online"},
        {"fps": 700, "origin": "stream", "end": "extend"},
        {"hop_size": 30.5},
        {"frame_size": 33},
        {"num_channels": 1, "norm": True, "fftw": None},
    ]
    return [case(name, x, call, options) for x in ("long", "pcm") for options in every]


def _phases() -> list[Case]:
    def shifted(name: str) -> Call:
        def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
            return np.asarray(resolve(ns, name)(frames_of(ns, x, **options)))

        return call

    found = []
    every: list[dict[str, Any]] = [
        {},
        {"frame_size": 32},
        {"hop_size": 50.5},
        {"origin": 9, "hop_size": 25},
        {"num_frames": 2},
    ]
    for name in ("audio.stft.Phase", "audio.stft.LocalGroupDelay"):
        found += [case(name, x, shifted(name), options) for x in NOISE for options in every]
    for source in ("noise", "short", "pcm"):
        z = spectrum(source if source != "pcm" else "chirp", 32, 30, layout="bnf")
        found.append(case("audio.stft.phase", z, function("audio.stft.phase")))
    for source in ("music", "stereo", "batch", "click", "random"):
        z = spectrum(source, 32, 60, layout="bnf")
        found.append(case("audio.stft.phase", z, function("audio.stft.phase")))
    delay = function("audio.stft.local_group_delay")
    found += [
        case("audio.stft.local_group_delay", phase(x, n, hop), delay)
        for x in ("noise", "music", "chirp", "short")
        for n, hop in ((32, 30), (64, 40))
    ]

    def frequencies(ns: Any, x: None, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, "audio.stft.fft_frequencies")(**options))

    found += [
        case("audio.stft.fft_frequencies", None, frequencies, {"num_fft_bins": bins, "sample_rate": rate})
        for bins in (8, 33, 512, 1025)
        for rate in (16000, 44100.0)
    ]
    return found


def cases() -> list[Case]:
    """Return the cases."""
    return [*_spectra(), *_kwargs(), *_phases()]
