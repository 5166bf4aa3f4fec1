"""librosa's STFT, its inverse, decibels and PCEN."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import ALL_KINDS, Case
from ..signals import Recipe, power, signal, spectrum, window
from .librosa_calls import NUMPY, Function, array, bad, case, each

__all__ = ["cases"]

SIGNALS = (
    "chirp",
    "noise",
    "click",
    "silence",
    "dc",
    "music",
    "short",
    "stereo",
    "batch",
    "faint",
    "surround",
)
MAX, MEDIAN = Function("max", np.max), Function("median", np.median)
POWER, QUIET, ROOMS = power("music", 64, 64), power("faint", 64, 64), power("surround", 64, 64)
DB = Recipe("decibels", lambda: np.arange(-80, 40, 8).reshape(3, 5) / 2.0)


def _forward() -> list[Case]:
    def stft(y: str, kinds: tuple[str, ...] = ALL_KINDS, **options: Any) -> Case:
        return case("stft", kinds, y=signal(y), **options)

    found = [stft(y, n_fft=64, hop_length=28) for y in SIGNALS]
    found += [stft(y, n_fft=120, hop_length=40) for y in ("chirp", "noise", "music")]
    found += each(
        "stft",
        ALL_KINDS,
        {"y": signal("music")},
        [
            {"n_fft": 64},
            {"n_fft": 400, "hop_length": 160},
            {"n_fft": 63, "hop_length": 16},
            {"n_fft": 61, "hop_length": 21, "window": "hamming"},
            {"n_fft": 2, "hop_length": 31},
            {"n_fft": 512, "hop_length": 128},
            {"n_fft": 64, "win_length": 40},
            {"n_fft": 63, "win_length": 40, "hop_length": 20, "window": window("ramp", 40)},
            {"n_fft": 64, "window": ("kaiser", 4.0)},
            {"n_fft": 64, "window": 5.0},
            {"n_fft": 64, "window": Function("hanning", np.hanning)},
            {"n_fft": 64, "hop_length": 28, "center": False},
            {"n_fft": 100, "hop_length": 150, "center": False},
        ],
    )
    # Padding: hops below and above half a frame, where librosa reflects the tail by itself; short signals.
    for mode in ("reflect", "edge", "constant", "symmetric", "linear_ramp"):
        for n_fft, hop in ((64, 16), (64, 28), (64, 50), (64, 63), (45, 40), (64, 90)):
            found.append(stft("noise", n_fft=n_fft, hop_length=hop, pad_mode=mode))
        found.append(stft("short", n_fft=256, pad_mode=mode))
        found.append(stft("stereo", n_fft=64, hop_length=50, pad_mode=mode))
    found += [
        _dtype("stft", {"y": signal(y), "n_fft": 64}, dtype)
        for y in ("chirp", "stereo")
        for dtype in ("complex64", "complex128")
    ]
    found += [_out(extra) for extra in (0, 3)]
    return found


def _dtype(name: str, options: dict[str, Any], dtype: str) -> Case:
    return case(name, ("numpy32", "torch32"), **options, dtype=dtype)


def _out(extra: int) -> Case:
    def call(ns: Any, x: Any, y: Any, extra: int, **options: Any) -> Any:
        shape = (33, 1 + y.shape[-1] // 16 + extra)
        out = np.zeros(shape, np.complex128 if y.dtype == np.float64 else np.complex64)
        answer = ns.librosa.stft(y, out=out, **options)
        assert np.shares_memory(answer, out)
        return answer

    options = {"y": signal("chirp"), "n_fft": 64, "extra": extra}
    return Case("librosa.stft", "librosa", call, None, options, kinds=("numpy32", "numpy64"))


def _inverse() -> list[Case]:
    def istft(source: str, frame: int = 64, hop: int = 16, **options: Any) -> Case:
        return case("istft", stft_matrix=spectrum(source, frame, hop), hop_length=hop, **options)

    found = [istft(y) for y in SIGNALS if y != "short"] + [istft("random"), istft("short", 48)]
    found += each(
        "istft",
        ALL_KINDS,
        {"stft_matrix": spectrum("music", 64, 16), "hop_length": 16},
        [
            {"length": 700},
            {"length": 300},
            {"length": 1100},
            {"length": 700, "center": False},
            {"center": False},
            {"window": "hamming"},
            {"window": ("kaiser", 6.0), "win_length": 48},
            {"win_length": 40},
            {"window": window("hann", 50), "win_length": 50},
            {"n_fft": 60},
            {"n_fft": 65},
            {"n_fft": 80},
        ],
    )
    found.append(istft("noise", 63, 21, n_fft=63))
    found.append(istft("noise", 64, 48))
    found.append(istft("noise", 64, 70))
    found.append(case("istft", stft_matrix=power("noise", 64, 16), hop_length=16))
    found += [
        _dtype("istft", {"stft_matrix": spectrum("chirp", 64, 16)}, dtype) for dtype in ("float32", "float64")
    ]
    found.append(_filled())
    return found


def _filled() -> Case:
    def call(ns: Any, x: Any, stft_matrix: Any, **options: Any) -> Any:
        out = np.ones(656, stft_matrix.real.dtype)
        answer = ns.librosa.istft(stft_matrix, out=out, hop_length=16)
        assert answer is out
        return answer

    return Case(
        "librosa.istft",
        "librosa",
        call,
        None,
        {"stft_matrix": spectrum("chirp", 64, 16)},
        kinds=("numpy32", "numpy64"),
    )


def _magphase() -> list[Case]:
    found = []
    for source in ("chirp", "silence", "stereo", "random"):
        for p in (1, 2, 0.5):
            found += [case("magphase", D=spectrum(source, 64, 32), power=p, part=part) for part in (0, 1)]
    return found


def _decibels() -> list[Case]:
    found = []
    for name in ("power_to_db", "amplitude_to_db"):
        for s in (POWER, QUIET, ROOMS):
            found += [case(name, S=s), case(name, S=s, top_db=None), case(name, S=s, ref=2.5)]
            found += [case(name, S=s, ref=MAX), case(name, S=s, amin=1e-3), case(name, S=s, top_db=20.0)]
        found += [
            case(name, S=POWER, ref=MEDIAN),
            case(name, S=spectrum("chirp", 64, 64)),
            case(name, S=signal("noise")),
        ]
        found += [case(name, NUMPY, S=s) for s in (3.0, 0, [1.0, 100.0])]
    for name in ("db_to_power", "db_to_amplitude"):
        found += [case(name, S_db=DB, ref=ref) for ref in (1.0, 2.5, 0.1, 3)]
        found += [case(name, NUMPY, S_db=db, ref=ref) for db in (-3.0, 10) for ref in (1.0, 4.0)]
    bins = array("bins-64", np.fft.rfftfreq(64, 1 / 16000.0))
    for kind in "ABCDZ":
        found.append(case("perceptual_weighting", S=POWER, frequencies=bins, kind=kind))
        found.append(case("perceptual_weighting", S=ROOMS, frequencies=bins, kind=kind, ref=MAX))
    return found


def _pcen() -> list[Case]:
    found = [case("pcen", S=s) for s in (POWER, QUIET, ROOMS, power("silence", 64, 64), power("long", 64, 8))]
    found += each(
        "pcen",
        ALL_KINDS,
        {"S": POWER},
        [
            {"sr": 16000, "hop_length": 64},
            {"gain": 0.5, "bias": 1.0, "power": 0.25},
            {"power": 0},
            {"bias": 0, "eps": 1e-3},
            {"time_constant": 0.06},
            {"b": 0.2},
            {"b": 1.0},
            {"max_size": 3},
            {"max_size": 4, "max_axis": 0},
            {"ref": power("music", 64, 64)},
            {"axis": 0},
            {"axis": 0, "max_size": 3},
            {"zi": array("state", [[0.25]])},
        ],
    )
    found += [case("pcen", S=POWER, return_zf=True, part=part) for part in (0, 1)]
    found += [case("pcen", S=spectrum("chirp", 64, 64)), case("pcen", S=ROOMS, max_size=3, max_axis=-2)]
    return found


def _bad() -> list[Case]:
    chirp, z = signal("chirp"), spectrum("chirp", 64, 16)
    found = [
        bad("stft", y=chirp, **{"n_fft": 64} | options)
        for options in (
            {"hop_length": 0},
            {"hop_length": -1},
            {"hop_length": 2.5},
            {"win_length": 65},
            {"win_length": 0},
            {"n_fft": 0},
            {"n_fft": -4},
            {"n_fft": 721, "center": False},
            {"pad_mode": "wrap"},
            {"pad_mode": "mean"},
            {"pad_mode": "nonsense"},
            {"window": "nonsense"},
            {"window": window("hann", 60)},
            {"n_fft": 64.0},
            {"out": z},
            {"out": signal("stereo")},
        )
    ]
    found += [bad("stft", y=signal(y), n_fft=64) for y in ("nan", "infinite", "integer", "complex", "scalar")]
    found += [bad("stft", y=[0.5] * 100, n_fft=64), bad("stft", y=signal("empty"), n_fft=63)]
    found += [
        bad("istft", stft_matrix=z, **options)
        for options in (
            {"win_length": 65},
            {"window": "nonsense"},
            {"out": signal("short")},
            {"length": -5},
        )
    ]
    found += [
        bad("pcen", S=POWER, **options)
        for options in (
            {"power": -1},
            {"gain": -1},
            {"bias": -1},
            {"eps": 0},
            {"time_constant": 0},
            {"max_size": 0},
            {"max_size": 1.5},
            {"b": 2},
            {"b": -0.5},
        )
    ]
    return [
        *found,
        bad("pcen", S=chirp, max_size=3),
        bad("pcen", S=ROOMS, max_size=3),
        bad("power_to_db", S=POWER, amin=0),
        bad("power_to_db", S=POWER, top_db=-1),
        bad("amplitude_to_db", S=POWER, amin=0),
        bad("amplitude_to_db", S=POWER, top_db=-1),
        bad(
            "perceptual_weighting",
            S=POWER,
            frequencies=array("bins-64", np.fft.rfftfreq(64, 1 / 16000.0)),
            kind="Q",
        ),
    ]


def cases() -> list[Case]:
    """Return the cases of librosa's spectrograms and scales."""
    return _forward() + _inverse() + _magphase() + _decibels() + _pcen() + _bad()
