"""The front ends of madmom's trained models, against madmom's own processors without their networks."""

from __future__ import annotations

import importlib
from typing import Any
from unittest import mock

import mlx.core as mx
import numpy as np

from ..case import Call, Case
from ..signals import Recipe
from .madmom_calls import resolve

__all__ = ["cases"]

RATE = 44100


def _clip(seed: int) -> Recipe:
    """A third of a second of decaying tones and noise, on the grid of signals.py."""

    def make() -> np.ndarray:
        t = np.arange(RATE // 3) / RATE
        noise = np.random.default_rng(seed).integers(-(2**19), 2**19, len(t)) / 2.0**20
        tone = np.sin(2 * np.pi * (220 + 37 * seed) * t) * np.exp(-9 * (t % 0.12))
        return np.round((0.5 * tone + 0.2 * noise) * 2.0**20) / 2.0**20

    return Recipe(f"clip-{seed}", make)


def _ours(name: str) -> Call:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        made = getattr(importlib.import_module("spectro.compat.madmom.front_ends"), name)(**options)
        if isinstance(x, mx.array):
            return made.to_mlx(RATE)(x)
        return np.asarray(made(resolve(ns, "audio.signal.Signal")(x, RATE)))

    return call


def _theirs(path: str, steps: int | str) -> Call:
    """Return the first `steps` steps of madmom's processor, all before its network, or a named part of it."""

    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        chain = resolve(ns, path)(**options)
        data = resolve(ns, "audio.signal.Signal")(x, RATE)
        parts = [getattr(chain, steps)] if isinstance(steps, str) else chain.processors[:steps]
        with mock.patch("madmom.audio.signal.resample", _resampled):
            for part in parts:
                data = part(data)
        return np.asarray(data)

    return call


def _resampled(signal: Any, sample_rate: float) -> Any:
    """Resample a madmom `Signal` by soxr: madmom itself would ask ffmpeg, another resampler."""
    soxr = importlib.import_module("soxr")
    samples = soxr.resample(np.asarray(signal), signal.sample_rate, sample_rate)
    return type(signal)(samples, sample_rate=sample_rate)


def cases() -> list[Case]:
    """Return the cases."""
    every: dict[str, tuple[str, int | str, list[dict[str, Any]]]] = {
        "rnn_beats": (
            "features.beats.RNNBeatProcessor",
            1,
            [{}, {"online": True}, {"fps": 50, "origin": "online"}],
        ),
        "rnn_downbeats": ("features.downbeats.RNNDownBeatProcessor", 1, [{}]),
        "percussive_bars": ("features.downbeats.RNNBarProcessor", "perc_feat", [{}]),
        "harmonic_bars": ("features.downbeats.RNNBarProcessor", "harm_feat", [{}, {"fps": 50}]),
        "rnn_onsets": ("features.onsets.RNNOnsetProcessor", 1, [{}, {"online": True}]),
        "cnn_onsets": ("features.onsets.CNNOnsetProcessor", 1, [{}]),
        "rnn_notes": ("features.notes.RNNPianoNoteProcessor", 1, [{}]),
        "tcn_beats": ("features.beats.TCNBeatProcessor", 2, [{}]),
        "cnn_chords": ("features.chords.CNNChordFeatureProcessor", 5, [{}]),
        "deep_chroma": ("audio.chroma.DeepChromaProcessor", 7, [{}]),
        "cnn_key": ("features.key.CNNKeyRecognitionProcessor", 4, [{}]),
    }
    # What the logarithm of the onset CNN's bands brings out in 64 bits is an FFT's rounding, T's or ours;
    # what is padded with zeros madmom makes float64, which mlx does not have.
    kinds = dict.fromkeys(("cnn_chords", "harmonic_bars"), ("numpy32", "numpy64"))
    kinds["cnn_onsets"] = ("numpy32", "mlx")
    needs = {"harmonic_bars": ("scipy", "soxr")}
    return [
        Case(
            f"spectro.compat.madmom.front_ends.{name}",
            "madmom",
            _ours(name),
            _clip(seed),
            options,
            oracle=_theirs(path, steps),
            kinds=kinds.get(name, ("numpy32", "numpy64", "mlx")),
            needs=needs.get(name, ()),
        )
        for name, (path, steps, options_of) in every.items()
        for seed in (1, 2)
        for options in options_of[: None if seed == 1 else 1]
    ]
