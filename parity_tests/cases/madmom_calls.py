"""How the cases of `compat.madmom` call it, and madmom: the same way, by the names of a case's function.

Options that are functions or classes are named (`Named`), so that each library gets its own. madmom gives
float32 for any audio; the goldens of 64 bits are made with its dtypes set to double (references.py), and
`config(default_dtype="float64")`, which every run of 64 bits has, does that for ours.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import numpy as np

from ..case import Call, Case
from ..signals import SAMPLE_RATE, Recipe, signal

__all__ = [
    "FRAMES",
    "Named",
    "case",
    "frames_of",
    "function",
    "objects",
    "of_audio",
    "of_frames",
    "of_spectrogram",
    "processed",
    "resolve",
    "signal_of",
    "spectrogram_of",
]

FRAMES = {"frame_size": 64, "hop_size": 28}


@dataclass(frozen=True)
class Named:
    """A function or class: "np.hamming", or "audio.filters.MelFilterbank" of the library."""

    name: str

    def __repr__(self) -> str:
        return self.name


def resolve(ns: Any, name: str) -> Any:
    """Return what a library has under `name`, "audio.signal.Signal" say."""
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(f"{ns.madmom.__name__}.{module}"), attribute)


def objects(ns: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Return options with named things in place of their names."""

    def real(value: Any) -> Any:
        if not isinstance(value, Named):
            return value
        return getattr(np, value.name[3:]) if value.name.startswith("np.") else resolve(ns, value.name)

    return {name: real(value) for name, value in options.items()}


def signal_of(ns: Any, x: np.ndarray) -> Any:
    """Return audio as the library's `Signal`."""
    return resolve(ns, "audio.signal.Signal")(x, sample_rate=SAMPLE_RATE)


def frames_of(ns: Any, x: np.ndarray, **options: Any) -> Any:
    """Return audio as the library's `FramedSignal`."""
    return resolve(ns, "audio.signal.FramedSignal")(signal_of(ns, x), **(FRAMES | options))


def spectrogram_of(ns: Any, x: np.ndarray, **options: Any) -> Any:
    """Return the library's `Spectrogram` of audio."""
    stft = resolve(ns, "audio.stft.ShortTimeFourierTransform")(frames_of(ns, x), **options)
    return resolve(ns, "audio.spectrogram.Spectrogram")(stft)


def function(name: str) -> Call:
    """Return a call of a function with the input first."""

    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, name)(x, **objects(ns, options)))

    return call


def of_audio(name: str) -> Call:
    """Return a call that makes an object of a `Signal`, with short frames."""

    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, name)(signal_of(ns, x), **(FRAMES | objects(ns, options))))

    return call


def of_frames(name: str) -> Call:
    """Return a call of a function, or that makes an object, of a `FramedSignal`."""

    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, name)(frames_of(ns, x), **objects(ns, options)))

    return call


def of_spectrogram(name: str, **stft: Any) -> Call:
    """Return a call of a function of a `Spectrogram`."""

    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, name)(spectrogram_of(ns, x, **stft), **objects(ns, options)))

    return call


def processed(name: str) -> Call:
    """Return a call that makes a processor and lets it process a `FramedSignal`; lazily, an `mx.array`."""

    def call(ns: Any, x: Any, **options: Any) -> Any:
        processor = resolve(ns, name)(**objects(ns, options))
        if isinstance(x, mx.array):
            framing = resolve(ns, "audio.signal.FramedSignalProcessor")(**FRAMES)
            chain = resolve(ns, "processors.SequentialProcessor")([framing, processor])
            return chain.to_mlx(SAMPLE_RATE)(x)
        return np.asarray(processor(frames_of(ns, x)))

    return call


def case(
    name: str,
    x: str | Recipe | None,
    call: Call,
    options: dict[str, Any] | None = None,
    kinds: tuple[str, ...] = ("numpy32", "numpy64"),
    **more: Any,
) -> Case:
    """Return a case of "madmom.<name>" with a signal, by name, or another input."""
    given = signal(x) if isinstance(x, str) else x
    return Case(f"madmom.{name}", "madmom", call, given, options or {}, kinds=kinds, **more)
