"""librosa's tier 2 once more, from spectra on: constant-Q, reassignment, harmonics, inverses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..case import ALL_KINDS, Case
from ..signals import Recipe, signal, spectrum
from .librosa_calls import DIRECT, NUMPY, NUMPY_BOTH, array, case, each, needing_scipy, single
from .librosa_constantq import KINDS, _magnitudes
from .librosa_reconstruction import F0, SR, S, Z
from .native_constantq import SOXR

__all__ = ["cases"]


C = _magnitudes()


def _constantq() -> list[Case]:
    options: list[dict[str, Any]] = [
        {"bins_per_octave": 24},
        {"filter_scale": 0.7, "sparsity": 0.05},
        {"sr": 16000, "tuning": -0.25},
        {"dtype": "complex64", "norm": None},
        {"hop_length": 96, "window": "hamming"},
        {"hop_length": 64, "scale": False},
    ]
    found = []
    for name in ("vqt", "cqt", "hybrid_cqt", "pseudo_cqt"):
        found += each(name, KINDS, {"y": signal("long"), "n_bins": 24, "fmin": 220.0}, options)
    for name in ("vqt", "cqt", "hybrid_cqt"):
        found += [case(name, NUMPY, y=signal("long"), n_bins=36, fmin=110.0, res_type="soxr_vhq")]
    z = spectrum("random", 70, 1)
    shared = {"fmin": 110.0, "hop_length": 128}
    inverse: list[dict[str, Any]] = [
        {"bins_per_octave": 24, "sparsity": 0.0},
        {"sr": 16000, "window": "hamming"},
        {"filter_scale": 0.8},
        {"res_type": "soxr_vhq"},
    ]
    found += each("icqt", NUMPY, {"C": z, **shared}, inverse)
    rebuilt = {"C": C, **shared, "n_iter": 1, "random_state": 2}
    found += each("griffinlim_cqt", NUMPY, rebuilt, inverse)
    found += [
        case(
            "griffinlim_cqt",
            NUMPY,
            **rebuilt,
            tuning=0.2,
            norm=2,
            scale=False,
            pad_mode="edge",
            dtype="float32",
        )
    ]
    return found


def _chroma() -> list[Case]:
    y: dict[str, Any] = {"y": signal("long"), "sr": 16000, "hop_length": 128, "fmin": 65.0, "n_octaves": 3}
    tall = array("chroma-window", [[0.25, 0.5, 0.25]])
    found = [needing_scipy(case("feature.chroma_cqt", KINDS, C=C, bins_per_octave=12, window=tall))]
    found += [case("feature.chroma_cqt", KINDS, **y, tuning=0.1)]
    found += [case("feature.chroma_cens", KINDS, **y, tuning=0.1, cqt_mode="hybrid", n_chroma=6)]
    found += [needing_scipy(case("feature.chroma_cens", KINDS, C=C, bins_per_octave=12, window=tall))]
    found += each(
        "feature.chroma_cens",
        KINDS,
        {"C": C, "bins_per_octave": 12},
        [{"norm": 1}, {"norm": None}, {"smoothing_window": "hamming", "win_len_smooth": 5}],
    )
    found += each(
        "feature.chroma_vqt", KINDS, {**y, "intervals": "equal"}, [{"gamma": 20.0}, {"bins_per_octave": 24}]
    )
    found += each(
        "feature.chroma_vqt",
        KINDS,
        {"V": C, "intervals": "equal"},
        [{"threshold": 0.4}, {"norm": 2}, {"norm": None}],
    )
    return found


def _spectra() -> list[Case]:
    found = each(
        "griffinlim",
        DIRECT,
        {"S": S, "random_state": 5},
        [{"n_iter": 1, "n_fft": 64}, {"n_iter": 1, "momentum": 0.5}],
    )
    found += [case("griffinlim", NUMPY, S=S, random_state=5, n_iter=1, dtype="float64")]
    found += each("phase_vocoder", ALL_KINDS, {"D": Z, "rate": 1.3}, [{"hop_length": 16}, {"n_fft": 64}])
    options: dict[str, Any] = {"n_fft": 64, "sr": 16000, "fill_nan": True}
    for part in (0, 1):
        found += each(
            "reassigned_spectrogram",
            NUMPY_BOTH,
            {"y": signal("noise"), **options, "part": part},
            [{"hop_length": 20, "pad_mode": "reflect"}],
        )
    found += [
        case(
            "reassigned_spectrogram",
            NUMPY_BOTH,
            y=signal("noise"),
            **options,
            reassign_frequencies=False,
            part=1,
        ),
        case("reassigned_spectrogram", ("numpy32",), y=signal("noise"), **options, dtype="complex64", part=0),
    ]
    found += [
        case("reassigned_spectrogram", NUMPY, y=signal("noise"), **options, clip=False, part=p)
        for p in (0, 1)
    ]
    found += [_given_spectrum(options)]
    rows = array("harmonic-rows", np.random.default_rng(9).integers(0, 64, (6, 5)) / 64.0)
    low, high = array("low-bins", np.arange(5) * 100.0), (1, 2, 0.5)
    found += each(
        "interp_harmonics",
        ALL_KINDS,
        {"x": rows, "freqs": low, "harmonics": high, "axis": -1},
        [{}, {"fill_value": 2.0}],
    )
    found += [case("interp_harmonics", DIRECT, x=rows, freqs=_varying(), harmonics=high, axis=-1)]
    found += [
        needing_scipy(case("interp_harmonics", DIRECT, x=rows, freqs=low, harmonics=high, axis=-1, kind=k))
        for k in ("nearest", "quadratic")
    ]
    found += each(
        "salience",
        DIRECT,
        {"S": rows, "freqs": low, "harmonics": high, "axis": -1, "fill_value": 0.0},
        [{}, {"filter_peaks": False}, {"weights": high}],
    )
    found += [
        needing_scipy(
            case("salience", DIRECT, S=S, freqs=SR, harmonics=(1, 2), kind="quadratic", fill_value=0.0)
        )
    ]
    shared = {"x": S, "f0": F0, "freqs": SR}
    found += each(
        "f0_harmonics",
        DIRECT,
        shared,
        [
            {"harmonics": h, "fill_value": f}
            for h, f in (
                ((1,), 0),
                ((0.5, 1), 1.0),
                ((1, 2, 30), -1.0),
                ((3,), 0),
                ((1, 4), 0.5),
                ((0.25,), 0),
            )
        ],
    )
    found += [
        needing_scipy(case("f0_harmonics", DIRECT, **shared, harmonics=(1, 2), kind="nearest", axis=-2))
    ]
    return found


def _varying() -> Recipe:
    return array("varying-bins", np.arange(5) * 100.0 + np.arange(6)[:, None] * 10.0)


def _given_spectrum(options: dict[str, Any]) -> Case:
    def call(ns: Any, x: Any, y: Any, **options: Any) -> Any:
        options["S"] = ns.librosa.stft(y, n_fft=options["n_fft"]) if options["S"] else None
        return ns.librosa.reassigned_spectrogram(y, **options)[1]

    options = {"y": signal("noise"), "S": True, **options}
    return Case("librosa.reassigned_spectrogram", "librosa", call, None, options, kinds=NUMPY_BOTH)


def _bands() -> list[Case]:
    y = signal("long")
    found = [
        case("iirt", NUMPY_BOTH, y=y, **options)
        for options in (
            {"win_length": 256, "sr": 16000},
            {"win_length": 300, "hop_length": 100},
            {"win_length": 512, "res_type": "soxr_vhq"},
            {"win_length": 512, "tuning": -0.5},
        )
    ]
    found += [case("iirt", NUMPY_BOTH, y=signal("noises"), win_length=256)]
    # Filters of order 8 as one fraction lose some 9 digits: float32 audio shows little of what they err.
    found += [case("iirt", NUMPY, y=y, win_length=512, flayout="ba")]
    return [replace(c, needs=("scipy", "soxr")) for c in found]


def _shape_of(name: str) -> Any:
    """Return a call that answers with the shape: the phase begins at random, which no seed reaches."""
    function = single(name)

    def call(ns: Any, x: Any, **options: Any) -> Any:
        return np.array(function(ns, x, **options).shape, np.float64)

    return call


def _inverses() -> list[Case]:
    mel = Recipe("mel-like", lambda: np.random.default_rng(6).integers(0, 2**10, (12, 6)) / 2.0**8)
    mfcc = Recipe("mfcc-like", lambda: np.random.default_rng(7).integers(-(2**8), 2**8, (10, 6)) / 2.0**6)
    shared = {"M": mel, "sr": 16000, "n_fft": 64}
    found = each(
        "feature.inverse.mel_to_stft",
        NUMPY,
        shared,
        [{}, {"power": 1.0}, {"fmin": 200.0}, {"fmax": 6000.0}, {"htk": True}, {"norm": None}],
    )
    found += each(
        "feature.inverse.mfcc_to_mel",
        DIRECT,
        {"mfcc": mfcc},
        [
            {"n_mels": 16},
            {"n_mels": 40, "lifter": 22},
            {"dct_type": 3},
            {"norm": None, "n_mels": 10},
            {"ref": 0.5},
        ],
    )

    def shape(name: str, **options: Any) -> Case:
        return Case(f"librosa.{name}", "librosa", _shape_of(name), None, options, kinds=NUMPY)

    audio: list[dict[str, Any]] = [
        {},
        {"hop_length": 20},
        {"win_length": 48, "window": "hamming"},
        {"center": False},
        {"length": 80},
        {"n_iter": 1, "pad_mode": "reflect"},
        {"power": 1.0},
        {"dtype": "float64"},
    ]
    found += [shape("feature.inverse.mel_to_audio", **shared, **options) for options in audio]
    framing = {"mfcc": mfcc, "sr": 16000, "n_fft": 64}
    cepstral: list[dict[str, Any]] = [
        {"n_mels": 12},
        {"n_mels": 12, "dct_type": 3},
        {"n_mels": 12, "norm": None},
        {"n_mels": 12, "lifter": 10},
        {"n_mels": 12, "ref": 2.0},
        {"n_mels": 20, "hop_length": 20},
        {"n_mels": 16, "n_iter": 1},
        {"n_mels": 10, "length": 80},
    ]
    found += [shape("feature.inverse.mfcc_to_audio", **framing, **options) for options in cepstral]
    return [needing_scipy(c) for c in found]


def cases() -> list[Case]:
    """Return the cases."""
    rates = [replace(c, needs=SOXR) for c in _constantq() + _chroma() if not c.needs]
    filters = [replace(c, needs=(*c.needs, *SOXR)) for c in _constantq() + _chroma() if c.needs]
    return rates + filters + _spectra() + _bands() + _inverses()
