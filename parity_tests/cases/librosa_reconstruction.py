"""librosa's separation, phase, harmonics and inverses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..case import ALL_KINDS, Case
from ..signals import Recipe, power, signal, spectrum
from .librosa_calls import DIRECT, NUMPY_BOTH, Function, array, bad, case, each, needing_scipy

__all__ = ["cases"]

Z = spectrum("music", 64, 16)
ROOMS = spectrum("surround", 64, 32)
MAX = Function("max", np.max)


def _magnitude(source: str, n_fft: int, hop: int) -> Recipe:
    """Return |spectrum| [..., F, N] with its Nyquist bin."""
    found = spectrum(source, n_fft, hop)
    return Recipe(f"{source}-abs-{n_fft}-{hop}", lambda: np.round(np.abs(found.values()) * 2**18) / 2**18)


S = _magnitude("music", 64, 16)
SR = array("ramp-of-bins", np.arange(33) * 250.0)
F0 = array("rising-f0", np.linspace(300, 900, 59))


def _separation() -> list[Case]:
    found = []
    for part in (0, 1):
        found += each(
            "decompose.hpss",
            ALL_KINDS,
            {"S": S, "part": part},
            [
                {},
                {"kernel_size": (5, 8)},
                {"power": 1.0, "kernel_size": 9},
                {"margin": (1.0, 3.0), "kernel_size": 9},
                {"mask": True, "kernel_size": 9},
                {"mask": True, "kernel_size": 9, "power": float("inf")},
            ],
        )
        found += [case("decompose.hpss", ALL_KINDS, S=z, kernel_size=7, part=part) for z in (Z, ROOMS)]
        audio = {"y": signal("stereo"), "n_fft": 64, "kernel_size": 9, "part": part}
        found += each("effects.hpss", ALL_KINDS, audio, [{}, {"margin": 2.0, "hop_length": 24}])
    for name in ("effects.harmonic", "effects.percussive"):
        found += [case(name, ALL_KINDS, y=signal(y), n_fft=64, kernel_size=9) for y in ("music", "surround")]
    return [*found, bad("decompose.hpss", S=S, margin=0.5), bad("decompose.hpss", S=S, power=0)]


def _phase() -> list[Case]:
    shared = {"S": S, "random_state": 7}
    found = each(
        "griffinlim",
        DIRECT,
        shared,
        [
            {"n_iter": 0},
            {"n_iter": 3},
            {"n_iter": 3, "momentum": 0.0, "hop_length": 16, "length": 940},
            {"n_iter": 2, "init": None, "pad_mode": "reflect"},
            {"n_iter": 2, "window": "hamming", "win_length": 48},
        ],
    )
    # The window's first samples are nearly 0, and what they weigh is divided by their squares.
    found += [case("griffinlim", ("numpy32", "torch32"), **shared, n_iter=2, center=False)]
    found += [case("griffinlim", DIRECT, S=_magnitude("surround", 64, 32), n_iter=2, random_state=1)]
    for z in (Z, ROOMS):
        found += each("phase_vocoder", ALL_KINDS, {"D": z}, [{"rate": 2.0}, {"rate": 0.7}, {"rate": 1.0}])
    options: dict[str, Any] = {"n_fft": 64, "sr": 16000, "fill_nan": True}
    for part in (0, 1, 2):
        found += each(
            "reassigned_spectrogram",
            NUMPY_BOTH,
            {"y": signal("noise"), **options, "part": part},
            [{}, {"center": False}, {"win_length": 48, "window": "hamming", "ref_power": 1.0}],
        )
    return [
        *found,
        case(
            "reassigned_spectrogram", NUMPY_BOTH, y=signal("noises"), **options, reassign_times=False, part=0
        ),
        bad("griffinlim", S=S, momentum=-0.1),
        bad("griffinlim", S=S, init="zero"),
        bad("griffinlim", S=S, random_state="seed"),
        bad("reassigned_spectrogram", y=signal("noise"), ref_power=-1.0),
        bad("reassigned_spectrogram", y=signal("noise"), reassign_times=False, reassign_frequencies=False),
    ]


def _harmonics() -> list[Case]:
    found = each(
        "interp_harmonics",
        ALL_KINDS,
        {"x": S, "freqs": SR, "harmonics": (0.5, 1, 2, 2.5)},
        [{}, {"fill_value": -1.0}],
    )
    found += [
        needing_scipy(case("interp_harmonics", DIRECT, x=S, freqs=SR, harmonics=(0.5, 2), kind="cubic"))
    ]
    found += [case("f0_harmonics", DIRECT, x=S, f0=F0, freqs=SR, harmonics=(1, 2, 3))]
    found += each(
        "salience",
        DIRECT,
        {"S": S, "freqs": SR, "harmonics": (1, 2, 3)},
        [
            {},
            {"weights": (1.0, 0.5, 0.25), "fill_value": 0.0},
            {"filter_peaks": False},
            {"aggregate": MAX, "fill_value": 0.0},
        ],
    )
    found += [
        needing_scipy(case("iirt", NUMPY_BOTH, y=signal("long"), win_length=512, **options))
        for options in ({}, {"hop_length": 200, "center": False}, {"tuning": 0.25, "pad_mode": "reflect"})
    ]
    return [
        *found,
        bad("interp_harmonics", x=S, freqs=F0, harmonics=(1, 2)),
        bad("iirt", y=signal("long"), flayout="zpk"),
    ]


def _inverses() -> list[Case]:
    mel = power("music", 32, 64)  # any non-negative array [17, N] will do
    found = [
        case("feature.inverse.mel_to_stft", NUMPY_BOTH, M=mel, sr=16000, n_fft=128),
        case("feature.inverse.mel_to_stft", NUMPY_BOTH, M=mel, sr=16000, n_fft=128, power=1.0, htk=True),
    ]
    mfcc = _magnitude("noise", 24, 24)
    found += each(
        "feature.inverse.mfcc_to_mel",
        DIRECT,
        {"mfcc": mfcc, "n_mels": 20},
        [{}, {"lifter": 5}, {"dct_type": 3, "norm": None, "ref": 2.0}],
    )
    return [*(needing_scipy(c) for c in found), bad("feature.inverse.mfcc_to_mel", mfcc=mfcc, lifter=-1)]


def cases() -> list[Case]:
    """Return the cases."""
    soxr = {"iirt": ("scipy", "soxr")}
    found = _separation() + _phase() + _harmonics() + _inverses()
    return [replace(c, needs=soxr.get(c.function.rpartition(".")[2], c.needs)) for c in found]
