"""librosa.feature and librosa.onset, of audio and of spectrograms.

librosa transforms in float64 and rounds. Where MLX is held to that, the CPU kernels compute so too; features
that look at what a float32 FFT or a float32 sum over bins cannot resolve (quiet bins' decibels, deviations
from a centroid) are left to the native API's cases, which compare with a float32 spectrum.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import ALL_KINDS, FLOAT, Case
from ..signals import Recipe, power, signal
from .librosa_calls import DIRECT, NUMPY, Function, array, bad, case, each, needing_scipy

__all__ = ["cases"]

SINGLE = ("numpy32", "torch32")
SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "stereo", "faint", "surround")
SMALL: dict[str, Any] = {"n_fft": 128, "hop_length": 40}
RATED: dict[str, Any] = SMALL | {"sr": 16000}
MELS: dict[str, Any] = RATED | {"n_mels": 20}
POWER, ROOMS = power("music", 128, 40), power("surround", 128, 40)
MEDIAN, MEAN, MAX = Function("median", np.median), Function("mean", np.mean), Function("max", np.max)


def _bent() -> np.ndarray:
    return np.arange(65) ** 1.5 * 15.625


BENT = Recipe("bent-bins", lambda: np.round(_bent() * 1024) / 1024)
MOVING = Recipe(
    "moving-bins",
    lambda: np.round(_bent()[:, None] * (1 + np.arange(22) / 64.0) * 1024) / 1024 * np.ones((65, 22)),
)
FRAMING: list[dict[str, Any]] = [
    {"center": False},
    {"pad_mode": "reflect"},
    {"window": "hamming", "win_length": 100},
    {"n_fft": 125, "hop_length": 31},
    {"n_fft": 512, "hop_length": 400, "pad_mode": "reflect"},
]


def _of_audio(
    name: str,
    kinds: tuple[str, ...],
    shared: dict[str, Any],
    rich: str = "music",
    unresolved: tuple[str, ...] = (),
) -> list[Case]:
    """Return the cases of audio; of `unresolved` signals, whose quiet bins decide, in float32 only.

    The bar of float64 scales librosa's float32 error, which is that of a rounded float64 FFT and so shows
    nothing of how much a float64 FFT's noise in such bins matters.
    """
    found = [case(name, SINGLE if y in unresolved else kinds, y=signal(y), **shared) for y in SIGNALS]
    return found + each(name, kinds, {"y": signal(rich)} | shared, FRAMING)


def _shapes() -> list[Case]:
    found: list[Case] = []
    for name in ("spectral_centroid", "spectral_bandwidth", "spectral_rolloff"):
        full = f"feature.{name}"
        found += _of_audio(full, DIRECT, RATED, "noise", ("dc",))
        for s in (POWER, ROOMS):
            found.append(case(full, DIRECT, S=s, sr=16000))
        found += [case(full, DIRECT, S=POWER, sr=16000, freq=freq) for freq in (BENT, MOVING)]
    for p, norm in ((1, True), (3.0, True), (2, False), (0.5, False)):
        found.append(case("feature.spectral_bandwidth", DIRECT, S=POWER, sr=16000, p=p, norm=norm))
    centre = Recipe("centres-of-frames", lambda: np.arange(22)[None] * 100.0)
    found.append(case("feature.spectral_bandwidth", DIRECT, S=POWER, sr=16000, centroid=centre))
    found += [
        case("feature.spectral_rolloff", DIRECT, S=POWER, sr=16000, roll_percent=q) for q in (0.01, 0.5, 0.99)
    ]
    found += _of_audio("feature.spectral_flatness", DIRECT, SMALL, "noise")
    found += each(
        "feature.spectral_flatness",
        DIRECT,
        {"S": ROOMS},
        [{}, {"amin": 1e-3}, {"power": 1.0}, {"power": 0.5}],
    )
    bands = {"n_bands": 4, "fmin": 400.0}
    found += _of_audio(
        "feature.spectral_contrast", DIRECT, RATED | bands, "noise", ("chirp", "music", "stereo", "faint")
    )
    variants: list[dict[str, Any]] = [
        {},
        {"quantile": 0.3},
        {"quantile": 0.9},
        {"linear": True},
        {"n_bands": 2, "fmin": 500.0},
        {"freq": BENT, "n_bands": 3},
    ]
    for s in (POWER, ROOMS):
        found += each("feature.spectral_contrast", DIRECT, {"S": s, "sr": 16000} | bands, variants)
    found += _of_audio("feature.poly_features", DIRECT, RATED)
    found += [case("feature.poly_features", DIRECT, S=ROOMS, order=order, sr=16000) for order in (0, 1, 2, 3)]
    found += [case("feature.poly_features", DIRECT, S=POWER, freq=freq) for freq in (BENT, MOVING)]
    return found


def _frames() -> list[Case]:
    sizes: dict[str, Any] = {"frame_length": 128, "hop_length": 40}
    rms = sizes | {"dtype": FLOAT}
    found = [case("feature.rms", y=signal(y), **rms) for y in SIGNALS]
    found += each(
        "feature.rms",
        ALL_KINDS,
        {"y": signal("music")} | rms,
        [
            {"center": False},
            *({"pad_mode": mode} for mode in ("reflect", "edge", "wrap", "symmetric")),
            {"frame_length": 33, "hop_length": 50},
            {"frame_length": 1, "hop_length": 1},
        ],
    )
    found += [case("feature.rms", S=s, frame_length=128, dtype=FLOAT) for s in (POWER, ROOMS)]
    found += [case("feature.rms", S=POWER, frame_length=129, dtype=FLOAT)]
    rate = "feature.zero_crossing_rate"
    found += [case(rate, y=signal(y), **sizes) for y in SIGNALS]
    found += each(
        rate,
        ALL_KINDS,
        {"y": signal("music")} | sizes,
        [{"center": False}, {"frame_length": 33, "hop_length": 50}, {"frame_length": 100, "hop_length": 100}],
    )
    return found


def _mel() -> list[Case]:
    found = _of_audio("feature.melspectrogram", ALL_KINDS, MELS)
    variants: list[dict[str, Any]] = [
        {"power": 1.0},
        {"power": 0.5},
        {"htk": True},
        {"norm": None},
        {"norm": 1},
        {"fmin": 200.0, "fmax": 5000.0},
        {"n_mels": 5},
        {"sr": 22050},
    ]
    found += each("feature.melspectrogram", ALL_KINDS, {"y": signal("music")} | MELS, variants)
    found += [case("feature.melspectrogram", ALL_KINDS, S=s, sr=16000, n_mels=20) for s in (POWER, ROOMS)]
    found += [case("feature.melspectrogram", DIRECT[:2], y=signal("music"), **MELS, dtype=np.float64)]
    found += _of_audio("feature.mfcc", DIRECT, MELS | {"n_mfcc": 10}, unresolved=("stereo",))
    decibels = Recipe(
        "mel-decibels", lambda: np.round(np.log10(POWER.values()[:20] + 1e-6) * 10 * 1024) / 1024
    )
    variants = [
        {},
        {"n_mfcc": 5},
        {"norm": None},
        {"lifter": 22},
        {"lifter": 5.5, "norm": None},
    ]
    found += each("feature.mfcc", ALL_KINDS, {"S": decibels, "n_mfcc": 13}, variants)
    for kind, norm in ((1, None), (2, "forward"), (3, "ortho"), (4, "ortho")):
        found.append(needing_scipy(case("feature.mfcc", ALL_KINDS, S=decibels, dct_type=kind, norm=norm)))
    found += each(
        "feature.mfcc",
        DIRECT,
        {"y": signal("noise")} | MELS,
        [{"mel_norm": None}, {"mel_norm": 1, "htk": True}],
    )
    return found


def _chroma() -> list[Case]:
    found = _of_audio("feature.chroma_stft", DIRECT, RATED | {"tuning": 0.0})
    variants: list[dict[str, Any]] = [
        {"norm": None},
        {"norm": 1},
        {"norm": 2},
        {"n_chroma": 24, "tuning": 0.25},
        {"n_chroma": 7, "tuning": -0.2},
        {"octwidth": None},
        {"base_c": False, "ctroct": 4.0},
    ]
    found += each("feature.chroma_stft", DIRECT, {"y": signal("music"), "tuning": 0.0} | RATED, variants)
    found += [case("feature.chroma_stft", ALL_KINDS, S=s, sr=16000, tuning=0.1) for s in (POWER, ROOMS)]
    for y in ("music", "chirp", "long", "silence"):
        found.append(case("feature.chroma_stft", DIRECT, y=signal(y), **RATED))
    found += [
        case("feature.chroma_stft", DIRECT, S=s, sr=16000, n_chroma=n)
        for s in (POWER, ROOMS)
        for n in (12, 24)
    ]
    chromas = (
        Recipe("chroma", lambda: POWER.values()[1:13]),
        Recipe("chroma-rooms", lambda: ROOMS.values()[..., :24, :]),
        Recipe("no-chroma", lambda: np.zeros((12, 4))),
        Recipe("sevenths", lambda: POWER.values()[:7]),
        *(Recipe(f"chroma-{y}", power(y, 128, 40).values) for y in ("chirp", "noise", "click", "faint")),
    )
    # MLX sums in float32 what librosa sums in float64: as exact by itself only where few classes sound.
    found += [
        case("feature.tonnetz", ALL_KINDS if k < 4 else DIRECT, chroma=c) for k, c in enumerate(chromas)
    ]
    found.append(case("feature.tonnetz", DIRECT, chroma=chromas[0], sr=8000, y=None))
    return found


def _stacks() -> list[Case]:
    found = []
    derivatives: list[dict[str, Any]] = [
        {},
        {"width": 5},
        {"order": 2},
        {"mode": "nearest", "width": 7},
        {"polyorder": 3, "width": 7},
    ]
    memories: list[dict[str, Any]] = [
        {},
        {"n_steps": 3, "delay": 2},
        {"n_steps": 4, "delay": -1},
        {"mode": "edge"},
        {"n_steps": 1},
    ]
    for data in (POWER, power("stereo", 128, 40), signal("chirp")):
        found += each("feature.delta", ALL_KINDS, {"data": data}, derivatives)
        found += each("feature.stack_memory", ALL_KINDS, {"data": data}, memories)
    found.append(case("feature.delta", data=POWER, axis=0))
    return [needing_scipy(c) if c.function.endswith("delta") else c for c in found]


def _onsets() -> list[Case]:
    found: list[Case] = []
    # Not float64: differences of some -100 dB, whose last bit (in the truth too) the bar does not know.
    kinds = SINGLE
    variants: list[dict[str, Any]] = [
        {"lag": 3},
        {"max_size": 3},
        {"detrend": True},
        {"center": False},
        {"aggregate": MEDIAN},
        {"fmin": 200.0},
    ]
    decibels = Recipe("decibel-frames", lambda: np.round(np.log10(POWER.values() + 1e-6) * 10 * 1024) / 1024)
    before = Recipe("decibels-before", lambda: decibels.values()[:, ::-1].copy())
    for name in ("onset.onset_strength", "onset.onset_strength_multi"):
        signals = ("chirp", "noise", "music", "stereo", "silence", "surround")
        found += [case(name, kinds, y=signal(y), **MELS) for y in signals]
        found += each(name, kinds, {"y": signal("noise")} | MELS, variants)
        given = {"S": decibels, **SMALL}
        found += each(name, ALL_KINDS, given, [v for v in variants if "fmin" not in v] + [{"ref": before}])
        chroma = Function("chroma", _power_of_frames)
        found.append(case(name, NUMPY, y=signal("noise"), feature=chroma, **SMALL))
    multi = "onset.onset_strength_multi"
    for channels in ([0, 8, 30, 65], [slice(0, 10), slice(5, 60)]):
        found += each(
            multi, ALL_KINDS, {"S": decibels, "channels": channels} | SMALL, [{}, {"aggregate": MAX}]
        )
    found.append(case(multi, S=decibels, aggregate=False, **SMALL))
    found += _detection()
    return found


def _power_of_frames(y: Any, sr: Any, n_fft: int, hop_length: int) -> Any:
    """A feature of one's own."""
    starts = np.arange(0, y.shape[-1] - n_fft + 1, hop_length)
    return np.abs(y[starts + np.arange(n_fft)[:, None]]) + 2.0**-10


def _detection() -> list[Case]:
    envelope = Recipe("onset-envelope", lambda: np.abs(signal("long").values())[::10].copy())
    energy = Recipe("onset-energy", lambda: np.abs(signal("long").values())[5::10].copy())
    given: dict[str, Any] = {"onset_envelope": envelope, "sr": 16000, "hop_length": 160}
    variants: list[dict[str, Any]] = [
        {},
        {"units": "time"},
        {"units": "samples"},
        {"normalize": False},
        {"sparse": False},
        {"backtrack": True},
        {"backtrack": True, "energy": energy},
        {"delta": 0.3, "wait": 12},
        {"onset_envelope": signal("silence")},
        {"onset_envelope": signal("stereo"), "sparse": False},
    ]
    found = each("onset.onset_detect", ALL_KINDS, given, variants)
    found += [
        case("onset.onset_detect", NUMPY, y=signal(y), sr=16000, hop_length=40) for y in ("long", "music")
    ]
    for events in ([5, 70, 150], [0], [199], [3, 3, 90]):
        found += each(
            "onset.onset_backtrack",
            ALL_KINDS,
            {"events": array(f"events-{events}", events)},
            [{"energy": envelope}, {"energy": energy}],
        )
    return found


def _bad() -> list[Case]:
    chirp, negative = signal("chirp"), Recipe("negative", lambda: -np.ones((65, 3)))
    complex_ = Recipe("complex-rows", lambda: np.ones((65, 3)) + 0j)
    unknown = Recipe("unknown-rows", lambda: np.full((65, 3), np.nan))
    found = []
    for name in ("centroid", "bandwidth", "rolloff", "flatness"):
        found += [bad(f"feature.spectral_{name}", S=s) for s in (negative, complex_)]
        if name in ("centroid", "bandwidth"):
            found.append(bad(f"feature.spectral_{name}", S=unknown))
        found += [
            bad(f"feature.spectral_{name}"),
            bad(f"feature.spectral_{name}", y=chirp, n_fft=64, hop_length=0),
        ]
    for options in (
        {"fmin": 0},
        {"n_bands": 0},
        {"n_bands": 2.5},
        {"quantile": 0.0},
        {"quantile": 1.5},
        {"n_bands": 9},
        {"freq": signal("short")},
    ):
        found.append(bad("feature.spectral_contrast", **{"S": POWER, "sr": 16000, "n_bands": 3} | options))
    found += [bad("feature.spectral_rolloff", S=POWER, roll_percent=p) for p in (0.0, 1.0, -0.5)]
    found += [
        bad(f"feature.{name}")
        for name in ("rms", "melspectrogram", "mfcc", "chroma_stft", "tonnetz", "poly_features")
    ]
    found += [
        bad("onset.onset_strength", S=POWER, **options)
        for options in (
            {"lag": 0},
            {"max_size": 0},
            {"aggregate": False},
            {"ref": negative},
            {"lag": 1.5},
        )
    ]
    return [
        *found,
        bad("feature.spectral_flatness", S=POWER, amin=0),
        bad("feature.rms", S=POWER, frame_length=64),
        bad("feature.rms", y=signal("short"), frame_length=512, center=False),
        bad("feature.zero_crossing_rate", y=signal("nan")),
        bad("feature.zero_crossing_rate", y=signal("integer")),
        bad("feature.melspectrogram", y=chirp, n_fft=64, norm="area"),
        bad("feature.mfcc", S=POWER, lifter=-1),
        bad("feature.delta", data=POWER, width=4),
        bad("feature.delta", data=POWER, width=1),
        bad("feature.delta", data=POWER, width=25),
        bad("feature.delta", data=POWER, order=0),
        bad("feature.delta", data=POWER, order=1.5),
        bad("feature.stack_memory", data=POWER, n_steps=0),
        bad("feature.stack_memory", data=POWER, delay=0),
        bad("feature.stack_memory", data=Recipe("no-frames", lambda: np.zeros((3, 0)))),
        bad("onset.onset_detect"),
        bad("onset.onset_detect", onset_envelope=signal("stereo")),
        bad("onset.onset_detect", onset_envelope=signal("short"), units="beats"),
        bad("onset.onset_backtrack", events=[], energy=signal("short")),
        bad("onset.onset_backtrack", events=[-1], energy=signal("short")),
        bad("onset.onset_strength"),
    ]


def cases() -> list[Case]:
    """Return the cases of librosa's features and onsets."""
    return _shapes() + _frames() + _mel() + _chroma() + _stacks() + _onsets() + _bad()
