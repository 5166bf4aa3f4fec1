"""librosa's tier 2 once more: options of waveforms, effects and rhythm left out elsewhere, and files."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import numpy as np

from ..case import ALL_KINDS, Case
from ..signals import Recipe, signal
from .librosa_calls import DIRECT, NUMPY, NUMPY_BOTH, Function, array, case, each, single
from .librosa_reconstruction import S
from .librosa_rhythm import FAST, ROOMS, SHORT, STEADY
from .librosa_waveforms import GATED, PITCHES, TIMES

__all__ = ["cases"]


class Prior:
    """A normal distribution of the tempo, with what scipy's have that librosa asks for."""

    def logpdf(self, bpm: np.ndarray) -> np.ndarray:
        """Return the log probability, but for a constant."""
        return -0.5 * ((bpm - 100.0) / 25.0) ** 2

    def __str__(self) -> str:
        return "normal-100-25"


PRIOR = Prior()
MEAN = Function("mean", np.mean)
FEW = array("few-levels", [-7, 0, 3, 7])
TEMPOS = array("tempos", np.linspace(60, 240, 60))


def _waveforms() -> list[Case]:
    found = each(
        "chirp", NUMPY, {"fmin": 2000.0, "fmax": 100.0, "sr": 8000.0}, [{"length": n} for n in (1, 64, 333)]
    )
    found += each(
        "clicks",
        NUMPY,
        {"times": TIMES, "sr": 8000.0},
        [{}, {"length": 300}, {"length": 1}, {"click_freq": 4000.0}],
    )
    found += each(
        "tone",
        NUMPY,
        {"frequency": 1000.0, "sr": 8000.0},
        [
            {"length": n, "phi": p}
            for n, p in ((1, 0.0), (64, 0.0), (65, -2.0), (100, 3.5), (333, 1.0), (500, 0.25))
        ],
    )
    found += [case("to_mono", ALL_KINDS, y=signal(y)) for y in ("noise", "click", "faint", "cube")]
    found += each(
        "mu_expand",
        DIRECT,
        {"x": FEW},
        [{"mu": 15.0}, {"mu": 31}, {"mu": 63.0}, {"mu": 127}, {"mu": 255}],
    )
    found += each(
        "pitch_tuning",
        NUMPY,
        {"frequencies": PITCHES},
        [
            {"resolution": r, "bins_per_octave": b}
            for r, b in ((0.1, 12), (0.02, 36), (0.25, 12), (0.5, 7), (0.1, 1), (0.01, 5))
        ],
    )
    found += [
        case(
            "yin",
            DIRECT,
            y=signal("chirp"),
            sr=16000,
            fmin=200.0,
            fmax=2000.0,
            frame_length=256,
            win_length=9,
        )
    ]
    peaks = {"S": S, "sr": 16000, "n_fft": 64, "part": 1}
    found += [case("piptrack", DIRECT, **peaks)]
    found += [
        case(
            "piptrack",
            DIRECT,
            y=signal("noise"),
            n_fft=64,
            win_length=48,
            center=False,
            pad_mode="edge",
            part=0,
        )
    ]
    tuned = {"S": S, "sr": 16000, "n_fft": 64, "fmin": 100.0}
    found += each(
        "estimate_tuning",
        NUMPY_BOTH,
        tuned,
        [
            {"bins_per_octave": b, "resolution": r}
            for b, r in ((12, 0.05), (24, 0.05), (36, 0.1), (12, 0.25), (5, 0.1), (1, 0.1), (12, 0.5))
        ],
    )
    return found


def _effects() -> list[Case]:
    audio = {"n_fft": 64, "kernel_size": 9}
    variants: list[dict[str, Any]] = [
        {"power": 1.0},
        {"margin": 3.0, "hop_length": 20},
        {"center": False, "win_length": 64},
        {"pad_mode": "reflect", "win_length": 48},
        {"mask": True},
        {"window": "hamming"},
    ]
    found = []
    for name in ("effects.harmonic", "effects.percussive", "effects.hpss"):
        part = {"part": 1} if name == "effects.hpss" else {}
        found += [
            case(
                name,
                _kinds_of(variant),
                y=signal("music"),
                **audio,
                **variant,
                **part,
            )
            for variant in variants
        ]
    shared = {"y": GATED, "frame_length": 100, "hop_length": 25}
    found += each("effects.split", DIRECT, shared, [{"top_db": d} for d in (10, 45, 80)])
    stretched = {"y": signal("noise"), "n_fft": 128}
    found += each("effects.time_stretch", NUMPY, stretched, [{"rate": r} for r in (0.5, 0.9, 1.25, 3.0)])
    shifted = {"y": signal("noise"), "sr": 16000, "n_fft": 128}
    found += each("effects.pitch_shift", NUMPY, shifted, [{"n_steps": n} for n in (-12, -1, 5)])
    found += [case("effects.pitch_shift", NUMPY, **shifted, n_steps=1.5, res_type="soxr_mq")]
    return found


def _kinds_of(variant: dict[str, Any]) -> tuple[str, ...]:
    # Without centring the window is nearly 0 at the ends, and rounding is divided by its square; a mask by
    # itself is as large where there is nothing but rounding.
    return NUMPY if {"center", "mask"} & set(variant) else ALL_KINDS


def _rhythm() -> list[Case]:
    timing: dict[str, Any] = {"y": None, "sr": 16000, "hop_length": 256}
    found = [
        case("beat.beat_track", ALL_KINDS, onset_envelope=e, start_bpm=90.0, prior=p, part=1, **timing)
        for e, p in ((STEADY, None), (FAST, PRIOR))
    ]
    pulses = {"win_length": 64, "onset_envelope": FAST}
    found += each(
        "beat.plp",
        DIRECT,
        pulses,
        [
            timing,
            {"tempo_max": 200},
            {"tempo_min": 60, "tempo_max": None},
            {"prior": PRIOR},
            {"win_length": 96},
        ],
    )
    found += [case("beat.plp", DIRECT, win_length=64, onset_envelope=ROOMS)]
    found += [
        case("feature.fourier_tempogram", DIRECT, onset_envelope=SHORT, win_length=w, **timing)
        for w in (8, 20)
    ]
    found += [case("feature.tempogram", DIRECT, onset_envelope=SHORT, win_length=12, **timing)]
    found += each(
        "feature.tempo", DIRECT, {"onset_envelope": FAST, **timing, "ac_size": 2.0}, [{}, {"prior": PRIOR}]
    )
    found += [case("feature.tempo", DIRECT, tg=_tempogram())]
    ratios = {"tg": _tempogram()}
    found += each(
        "feature.tempogram_ratio",
        DIRECT,
        ratios,
        [
            {"bpm": TEMPOS},
            {"bpm": TEMPOS, "aggregate": MEAN},
            {"start_bpm": 90, "std_bpm": 0.5, "max_tempo": 250},
            {"prior": PRIOR, "fill_value": 0.5},
            {"bpm": TEMPOS, "freqs": array("lag-tempos", np.linspace(400, 20, 40))},
            {"bpm": TEMPOS, **timing, "kind": "linear"},
        ],
    )
    found += [
        case(
            "feature.tempogram_ratio",
            DIRECT,
            onset_envelope=STEADY,
            win_length=60,
            center=False,
            window="hamming",
            norm=2,
        )
    ]
    return found


def _tempogram() -> Recipe:
    def make() -> np.ndarray:
        return np.random.default_rng(8).integers(0, 2**10, (40, 60)) / 2**10

    return Recipe("some-tempogram", make)


def _files() -> list[Case]:
    def case_of(name: str, path: Recipe, **options: Any) -> Case:
        function = single(name, 0 if name == "load" else None)
        spelled = "filename" if options.pop("filename", False) else "path"

        def call(ns: Any, x: Any, path: Any, rate: int, **options: Any) -> Any:
            import soundfile

            with tempfile.TemporaryDirectory() as folder:
                file = os.path.join(folder, "audio.wav")
                soundfile.write(file, np.asarray(path).T, rate, subtype="DOUBLE")
                options.pop("filename", None)
                return function(ns, x, **{spelled: file}, **options)

        given = {"path": path, "rate": 8000, **options}
        if spelled == "filename":
            given["filename"] = True
        return Case(f"librosa.{name}", "librosa", call, None, given, kinds=NUMPY, needs=("soundfile", "soxr"))

    loads: list[dict[str, Any]] = [
        {},
        {"sr": None},
        {"sr": None, "mono": False},
        {"sr": 4000, "res_type": "soxr_mq"},
        {"offset": 0.02, "duration": 0.025, "sr": None},
        {"offset": 0.04, "sr": 8000},
        {"dtype": "float64", "sr": None},
        {"mono": False, "sr": 16000},
    ]
    found = [case_of("load", signal("stereo"), **options) for options in loads]
    found += [case_of("load", signal("chirp"), sr=None)]
    signals = ("chirp", "stereo", "short", "long", "music", "noise", "click", "dc")
    found += [case_of("get_samplerate", signal(y)) for y in signals]
    found += [case_of("get_duration", signal(y)) for y in signals[:3]]
    found += [case_of("get_duration", signal("chirp"), filename=True)]
    return found


def cases() -> list[Case]:
    """Return the cases."""
    return _waveforms() + _effects() + _rhythm() + _files()
