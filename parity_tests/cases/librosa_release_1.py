"""What librosa 1.0 answers otherwise than 0.11: asked of 1.0, and of spectro under config(librosa="1.0").

The decibels of several channels, the phase vocoder, the rates and the highest bins of the constant-Q family,
Griffin-Lim's generator, cents of notes; and features made of these.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..case import ALL_KINDS, Case
from ..signals import power, signal, spectrum
from .librosa_calls import DIRECT, NUMPY, Function, array, bad, case, each, needing_scipy
from .native_constantq import SOXR

__all__ = ["cases"]

SINGLE = ("numpy32", "mlx", "torch32")
MAX, MEDIAN = Function("max", np.max), Function("median", np.median)
NO_AXIS = Function("no-axis", lambda s: 1.0)
ROOMS = power("surround", 64, 32)  # [2, 2, F, N]
Z, STEREO = spectrum("music", 64, 16), spectrum("stereo", 64, 32)


def _decibels() -> list[Case]:
    found = []
    for name in ("power_to_db", "amplitude_to_db"):
        found += each(
            name,
            ALL_KINDS,
            {"S": ROOMS},
            [
                {},
                {"ref": MAX},
                {"ref": MEDIAN, "top_db": 20.0},
                {"axes": None, "ref": MAX, "top_db": 30.0},
                {"axes": -1, "ref": MAX, "top_db": 10.0},
                {"axes": (-3, -2, -1), "top_db": 15.0},
                {"top_db": None, "ref": 2.5},
            ],
        )
        found += [
            case(name, S=signal("noise"), top_db=6.0),
            case(name, S=signal("surround"), top_db=6.0, ref=MAX),
            case(name, NUMPY, S=3.0, ref=MAX),
            bad(name, S=ROOMS, ref=NO_AXIS),
        ]
    bins = array("bins-64", np.fft.rfftfreq(64, 1 / 16000.0))
    found += [case("perceptual_weighting", S=ROOMS, frequencies=bins, ref=MAX, top_db=25.0)]
    audio: dict[str, Any] = {"sr": 16000, "n_fft": 256, "hop_length": 64}
    found += [case("feature.mfcc", y=signal(y), **audio) for y in ("stereo", "surround")]
    # Differences of decibels, in which little is left of the digits of float64.
    found += [case("onset.onset_strength", SINGLE, y=signal("stereo"), **audio)]
    return found


def _phase_vocoder() -> list[Case]:
    times: dict[str, Any] = {"t_out": (2.0, 2.5, 4.0, 7.25, 9.0)}
    found = each("phase_vocoder", ALL_KINDS, {"D": Z}, [{"rate": 2.0}, {"rate": 1.3}, times])
    found += each("phase_vocoder", ALL_KINDS, {"D": STEREO}, [{"rate": 0.7}, times])
    kinds = [{"kind": kind, **times} for kind in ("nearest", "cubic")]
    found += map(needing_scipy, each("phase_vocoder", DIRECT, {"D": Z}, kinds))
    # In 32 bits only: librosa's running phase is rounded at every frame, in float64 too.
    stretched = {"y": signal("stereo"), "n_fft": 64}
    found += each("effects.time_stretch", SINGLE, stretched, [{"rate": 0.75}, {"rate": 1.5}])
    return [
        *found,
        bad("phase_vocoder", D=Z),
        bad("phase_vocoder", D=Z, rate=1.0, t_out=(0.0, 1.0)),
        bad("phase_vocoder", D=Z, rate=-1.0),
        bad("phase_vocoder", D=Z, t_out=(0.0, 1e6)),
        bad("phase_vocoder", D=Z, t_out=(-1.0, 1.0)),
    ]


def _constant_q() -> list[Case]:
    audio: dict[str, Any] = {"y": signal("long"), "n_bins": 60, "fmin": 65.0}
    found = []
    for name in ("vqt", "cqt", "hybrid_cqt"):
        found += each(
            name,
            SINGLE,
            audio,
            [
                {},
                {"scale": False, "norm": 2},
                {"sr": 16000, "n_bins": 66, "hop_length": 256},
                {"sr": 44100, "n_bins": 48, "hop_length": 1024},
                {"bins_per_octave": 24, "n_bins": 100, "fmin": 220.0},
            ],
        )
        found += [case(name, SINGLE, y=signal("long"), n_bins=None, fmin=fmin) for fmin in (110.0, 2000.0)]
    found += [
        case("vqt", SINGLE, y=signal("long"), n_bins=None, fmin=300.0, intervals="ji5", gamma=20.0),
        case("pseudo_cqt", SINGLE, y=signal("long"), n_bins=None, fmin=400.0),
        case("feature.chroma_cqt", SINGLE, y=signal("long"), n_octaves=7, fmin=65.0, tuning=0.0),
        case("feature.chroma_vqt", SINGLE, y=signal("long"), n_octaves=6, fmin=65.0, intervals="ji3"),
    ]
    found += [bad(name, y=signal("long"), n_bins=130) for name in ("vqt", "cqt", "hybrid_cqt", "pseudo_cqt")]
    found += [bad(name, y=signal("long"), n_bins=None, fmin=12000.0) for name in ("vqt", "hybrid_cqt")]
    return [replace(c, needs=SOXR) for c in found]


def _griffin_lim() -> list[Case]:
    magnitude = power("music", 64, 16)
    found = each(
        "griffinlim", DIRECT, {"S": magnitude, "n_iter": 2}, [{"rng": 7}, {"random_state": 7}, {"init": None}]
    )
    return [
        *found,
        replace(
            case(
                "griffinlim_cqt", NUMPY, C=power("music", 48, 96), fmin=110.0, hop_length=128, n_iter=1, rng=3
            ),
            needs=SOXR,
        ),
        bad("griffinlim", S=magnitude, rng=1, random_state=2),
    ]


def _peaks() -> list[Case]:
    near = {"pre_max": 1, "post_max": 2, "pre_avg": 5, "post_avg": 6}
    found = []
    for method in ("greedy", "dp_count", "dp_value"):
        found += each(
            "util.peak_pick",
            DIRECT,
            {"x": signal("noise"), "method": method, **near},
            [{"delta": 0.05, "wait": 10}, {"delta": 0.0, "wait": 3.5}],
        )
    batch = {"x": signal("batch"), "sparse": False, "delta": 0.01, "wait": 30, **near}
    return [
        *found,
        case("util.peak_pick", DIRECT, **batch, method="dp_value"),
        bad("util.peak_pick", **batch, method="best"),
    ]


def _others() -> list[Case]:
    return [
        *(case("note_to_hz", NUMPY, note=note) for note in ("A4+25", "Bb3-10", ("C4+5", "E4"))),
        case("note_to_hz", NUMPY, note="C4+25", round_midi=True),
        case("note_to_midi", NUMPY, note=""),
        case("hz_to_note", NUMPY, frequencies=(440.0, 0.0, 330.0)),
        case("util.phasor", NUMPY, angles=3),
        bad("feature.rms", y=signal("integer")),
    ]


def cases() -> list[Case]:
    """Return the cases."""
    found = _decibels() + _phase_vocoder() + _constant_q() + _griffin_lim() + _peaks() + _others()
    return [replace(c, release="1.0") for c in found]
