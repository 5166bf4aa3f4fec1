"""librosa's waveforms, effects and pitch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import ALL_KINDS, Case
from ..signals import SAMPLE_RATE, Recipe, signal, spectrum
from .librosa_calls import DIRECT, NUMPY, NUMPY_BOTH, Function, array, bad, case, each, needing_scipy

__all__ = ["cases"]

SIGNALS = ("chirp", "noise", "click", "music", "stereo", "batch", "faint", "surround")
SR = float(SAMPLE_RATE)
# librosa's phases grow with every frame, and round ever more coarsely: in float64 that is not seen from its
# float32 answer, since part of the sum is float64 there too.
SINGLE = ("numpy32", "mlx", "torch32")
MAX, MEAN, SUM = Function("max", np.max), Function("mean", np.mean), Function("sum", np.sum)
CLICK = array("ramp-click", np.linspace(1, 0, 40))
TIMES, FRAMES = array("click-times", [0.0, 0.01, 0.03125, 0.0625]), array("click-frames", [0, 3, 5, 11])
PITCHES = array("pitches", [440.0, 443.0, 221.5, 333.25, 0.0, 1333.0, 886.0])
MU = array("mu-levels", np.arange(-128, 128, 5))


def _gated() -> Recipe:
    """A tone between two stretches of silence, and a quieter one, in two channels."""

    def make() -> np.ndarray:
        tone = np.round(np.sin(np.arange(2400) * 0.7) * 2**20) / 2**20
        gate = np.repeat([0.0, 1.0, 0.0, 2.0**-7, 0.0], 480)
        return np.stack([tone * gate, tone * np.roll(gate, 200)])

    return Recipe("gated", make)


GATED = _gated()


def _audio() -> list[Case]:
    found = [case("to_mono", ALL_KINDS, y=signal(y)) for y in ("chirp", "stereo", "batch", "surround")]
    for y in ("chirp", "noise", "stereo"):
        found += each(
            "resample",
            ALL_KINDS,
            {"y": signal(y), "orig_sr": 16000, "target_sr": 11025},
            [
                {},
                {"scale": True},
                {"target_sr": 22050.5, "fix": False},
                {"res_type": "soxr_vhq", "target_sr": 8000},
                {"target_sr": 16000},
            ],
        )
    found += [
        needing_scipy(case("resample", DIRECT, y=signal(y), orig_sr=16000, target_sr=12000, res_type=kind))
        for y in ("music", "stereo")
        for kind in ("fft", "polyphase")
    ]
    found += [case("resample", ALL_KINDS, y=signal("batch"), orig_sr=3, target_sr=2, axis=0)]
    found += [case("autocorrelate", DIRECT, y=signal(y)) for y in (*SIGNALS, "integer", "complex")]
    found += [
        case("autocorrelate", DIRECT, y=signal("stereo"), max_size=n, axis=a) for n, a in ((50, -1), (9, 0))
    ]
    found += [case("lpc", ALL_KINDS, y=signal(y), order=n) for y in SIGNALS for n in (1, 2, 8)]
    found += [case("lpc", ALL_KINDS, y=signal("silence"), order=4)]
    found += [case("lpc", DIRECT, y=signal("cube"), order=1, axis=0)]
    for y in ("chirp", "click", "silence", "surround"):
        found += each(
            "zero_crossings",
            ALL_KINDS,
            {"y": signal(y)},
            [
                {},
                {"threshold": 0.125, "pad": False},
                {"zero_pos": False},
                {"threshold": 0.25, "ref_magnitude": 0.5},
                {"threshold": 0.25, "ref_magnitude": MAX},
            ],
        )
    found += [case("zero_crossings", ALL_KINDS, y=signal("surround"), axis=0)]
    found += [
        case("mu_compress", DIRECT, x=signal(y), mu=m, quantize=False) for y in SIGNALS for m in (255, 15)
    ]
    found += [case("mu_compress", ALL_KINDS, x=signal("chirp"), mu=m) for m in (255, 63)]
    found += [case("mu_expand", DIRECT, x=MU)]
    found += [case("mu_expand", DIRECT, x=signal("chirp"), mu=m, quantize=False) for m in (255, 15)]
    return found


def _made() -> list[Case]:
    found = each(
        "tone", NUMPY, {"frequency": 440.0}, [{"duration": 0.02}, {"length": 99, "sr": SR, "phi": 0.5}]
    )
    sweep = {"fmin": 110.0, "fmax": 3520.0, "sr": SR}
    found += each(
        "chirp",
        NUMPY,
        sweep,
        [
            {"duration": 0.05},
            {"length": 500},
            {"length": 500, "linear": True, "phi": 1.0},
            {"length": 300, "fmax": 110.0},
            {"length": 300, "fmax": 20.0},
        ],
    )
    found += each(
        "clicks",
        NUMPY,
        {"sr": SR},
        [
            {"times": TIMES},
            {"frames": FRAMES, "hop_length": 64, "length": 600},
            {"times": TIMES, "click": CLICK},
            {"times": TIMES, "click_freq": 500.0, "click_duration": 0.01, "length": 1200},
        ],
    )
    found += [case("get_duration", NUMPY_BOTH, y=signal(y), sr=SR) for y in ("chirp", "surround")]
    z = spectrum("noise", 64, 16)
    found += each(
        "get_duration", NUMPY_BOTH, {"S": z, "n_fft": 64, "hop_length": 16}, [{}, {"center": False}]
    )
    return [
        *found,
        bad("get_duration"),
        bad("tone", frequency=440.0),
        bad("chirp", fmin=1.0, fmax=None, length=4),
    ]


def _effects() -> list[Case]:
    found = []
    for name in ("effects.preemphasis", "effects.deemphasis"):
        found += [
            case(name, ALL_KINDS, y=signal(y)) for y in ("chirp", "noise", "click", "stereo", "surround")
        ]
        found += [
            case(name, ALL_KINDS, y=signal("noise"), coef=0.5, zi=array("filter-state", [0.25])),
            case(
                name,
                ALL_KINDS,
                y=signal("noise"),
                coef=0.5,
                zi=array("filter-state", [0.25]),
                return_zf=True,
                part=1,
            ),
            case(name, ALL_KINDS, y=signal("stereo"), return_zf=True, part=0),
        ]
    options = {"y": GATED, "frame_length": 64, "hop_length": 32, "top_db": 30}
    variants: list[dict[str, Any]] = [{}, {"top_db": 60}, {"ref": MEAN}, {"ref": 0.25}, {"aggregate": MEAN}]
    found += each("effects.trim", ALL_KINDS, {**options, "part": 0}, variants)
    found += each("effects.trim", ALL_KINDS, {**options, "part": 1}, variants)
    found += each("effects.split", ALL_KINDS, options, variants)
    found += [case("effects.trim", ALL_KINDS, y=signal("silence"), part=1, frame_length=64, hop_length=16)]
    for y in ("music", "stereo"):
        found += each(
            "effects.time_stretch",
            SINGLE,
            {"y": signal(y), "n_fft": 64},
            [{"rate": 1.5}, {"rate": 0.7, "hop_length": 24}],
        )
        found += each(
            "effects.pitch_shift",
            ALL_KINDS,
            {"y": signal(y), "sr": SR, "n_fft": 64},
            [{"n_steps": 2}, {"n_steps": -3.5, "bins_per_octave": 24, "scale": True}],
        )
    return [
        *found,
        bad("effects.time_stretch", y=signal("chirp"), rate=0),
        bad("effects.pitch_shift", y=signal("chirp"), sr=SR, n_steps=1, bins_per_octave=0),
    ]


def _pitch() -> list[Case]:
    found = []
    for y in ("chirp", "music", "batch"):
        found += each(
            "yin",
            ALL_KINDS,
            {"y": signal(y), "sr": SR, "fmin": 200.0, "fmax": 2000.0, "frame_length": 256},
            [
                {},
                {"hop_length": 100, "center": False},
                {"trough_threshold": 0.4, "pad_mode": "reflect"},
                {"fmin": 150.0, "frame_length": 300},
            ],
        )
    peaks = {"sr": SR, "n_fft": 128, "fmin": 100.0}
    for y in ("chirp", "music", "stereo"):
        for part in (0, 1):
            shared = {"y": signal(y), **peaks, "part": part}
            found += each(
                "piptrack", DIRECT, shared, [{}, {"hop_length": 50, "window": "hamming", "threshold": 0.3}]
            )
            found += each("piptrack", DIRECT, shared, [{"ref": 0.5}, {"ref": MEAN, "fmax": 9000.0}])
    found += each(
        "pitch_tuning",
        NUMPY_BOTH,
        {"frequencies": PITCHES},
        [{}, {"resolution": 0.05, "bins_per_octave": 24}],
    )
    found += [case("estimate_tuning", NUMPY_BOTH, y=signal("chirp"), sr=SR, n_fft=256, resolution=0.05)]
    range_ = {"y": signal("chirp"), "sr": SR, "frame_length": 256}
    return [
        *found,
        bad("yin", **range_, fmin=200.0, fmax=9000.0),
        bad("yin", **range_, fmin=300.0, fmax=200.0),
        bad("yin", **range_, fmin=0.0, fmax=200.0),
        bad("yin", **range_, fmin=20.0, fmax=200.0),
        bad("yin", **range_, fmin=None, fmax=200.0),
        bad("piptrack", sr=SR),
    ]


def _bad() -> list[Case]:
    nan, x = signal("nan"), signal("chirp")
    rates: dict[str, Any] = {"orig_sr": 2, "target_sr": 1}
    return [
        bad("to_mono", y=nan),
        bad("to_mono", y=signal("integer")),
        bad("resample", y=nan, **rates),
        bad("resample", y=x, orig_sr=2.5, target_sr=1, res_type="polyphase"),
        bad("lpc", y=x, order=0),
        bad("lpc", y=x, order=1.5),
        bad("lpc", y=nan, order=2),
        bad("mu_compress", x=x, mu=0),
        bad("mu_compress", x=array("loud", [2.0])),
        bad("mu_expand", x=array("levels", [300.0])),
        bad("mu_expand", x=x, mu=-1, quantize=False),
        bad("clicks"),
        bad("clicks", times=TIMES, click_duration=0.0),
        bad("clicks", times=TIMES, click_freq=0.0),
        bad("clicks", times=TIMES, length=0),
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return _audio() + _made() + _effects() + _pitch() + _bad()
