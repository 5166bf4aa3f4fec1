"""librosa.filters: windows, filterbanks and wavelets."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import FLOAT, Case
from ..signals import window
from .librosa_calls import NUMPY, Function, array, bad, case, each, needing_scipy

__all__ = ["cases"]

BOTH = ("numpy32", "numpy64")
WINDOWS: tuple[Any, ...] = ("hann", "hamming", "blackman", "boxcar", "bartlett", "ones", ("kaiser", 4.0), 7.5)
SCIPY: tuple[Any, ...] = ("blackmanharris", "triang", ("tukey", 0.3))
HANNING = Function("hanning", np.hanning)
CENTRES = array("centres", (440.0 * 2 ** (np.arange(5) / 4)).round(3))


def _banks() -> list[Case]:
    found: list[Case] = []
    small: dict[str, Any] = {"sr": 16000, "n_fft": 256, "dtype": FLOAT}
    found += each(
        "filters.mel",
        BOTH,
        small,
        [
            {"n_mels": 20},
            {"n_mels": 20, "htk": True},
            {"n_mels": 20, "norm": None},
            {"n_mels": 20, "norm": 1},
            {"n_mels": 20, "norm": np.inf, "htk": True},
            {"n_mels": 13, "fmin": 100.0, "fmax": 6000.0},
            {"n_mels": 20, "n_fft": 301},
            {"n_mels": 20, "sr": 22050.0},
            {"n_mels": 1},
            {"n_mels": 60},
        ],
    )
    found += each(
        "filters.chroma",
        BOTH,
        small,
        [
            {},
            {"n_chroma": 24},
            {"n_chroma": 7, "tuning": -0.25},
            {"ctroct": 4.0, "octwidth": 1.0},
            {"octwidth": None},
            {"norm": 1},
            {"norm": None},
            {"norm": np.inf, "base_c": False},
            {"n_fft": 301, "tuning": 0.4},
        ],
    )
    for octave, chroma in ((12, 12), (36, 12), (24, 24), (24, 8)):
        bins = {"bins_per_octave": octave, "n_chroma": chroma, "dtype": FLOAT}
        found.append(case("filters.cq_to_chroma", BOTH, n_input=84, **bins))
        found.append(case("filters.cq_to_chroma", BOTH, n_input=50, **bins, base_c=False))
        found.append(case("filters.cq_to_chroma", BOTH, n_input=50, **bins, fmin=61.0))
    found.append(_smoothed())
    return found


def _smoothed() -> Case:
    smooth = array("smooth", [0.25, 0.5, 0.25])
    whole = case("filters.cq_to_chroma", BOTH, n_input=48, bins_per_octave=24, window=smooth, dtype=FLOAT)
    return needing_scipy(whole)


def _windows() -> list[Case]:
    found = []
    for w in WINDOWS:
        found += [case("filters.get_window", NUMPY, window=w, Nx=n) for n in (1, 64)]
        found.append(case("filters.get_window", NUMPY, window=w, Nx=33, fftbins=False))
        found += [
            case("filters.window_bandwidth", NUMPY, window=w),
            # Of other windows librosa keeps what it first computed, for whatever n.
            *(case("filters.window_bandwidth", NUMPY, window=w, n=64) for _ in range(isinstance(w, str))),
        ]
        found.append(
            case("filters.window_sumsquare", BOTH, window=w, n_frames=5, n_fft=64, hop_length=24, dtype=FLOAT)
        )
    for w in SCIPY:
        found.append(needing_scipy(case("filters.get_window", NUMPY, window=w, Nx=40)))
        found.append(needing_scipy(case("filters.window_bandwidth", NUMPY, window=w)))
    found.append(case("filters.get_window", NUMPY, window=HANNING, Nx=9))
    found.append(case("filters.get_window", window=window("ramp", 12), Nx=12))
    found.append(case("filters.get_window", NUMPY, window=[1.0, 2.0], Nx=2))
    for options in ({"win_length": 40}, {"norm": 1}, {"norm": np.inf, "win_length": 63}, {"hop_length": 100}):
        sizes: dict[str, Any] = {"n_frames": 4, "n_fft": 64, "hop_length": 16, "dtype": FLOAT}
        found.append(case("filters.window_sumsquare", BOTH, window="hann", **sizes | options))
    for n in (1, 8, 21):
        found += [case("filters.diagonal_filter", NUMPY, window=w, n=n) for w in ("hann", "boxcar") if n > 1]
        found.append(case("filters.diagonal_filter", NUMPY, window="hamming", n=n, zero_mean=n > 1))
    for options in ({"slope": 2.0}, {"angle": 0.4}, {"angle": 0.7853981633974483}):
        found.append(needing_scipy(case("filters.diagonal_filter", NUMPY, window="hann", n=9, **options)))
    return found


def _wavelets() -> list[Case]:
    found = []
    options: dict[str, Any]
    for options in (
        {},
        {"gamma": 20.0},
        {"gamma": None},
        {"filter_scale": 0.5},
        {"window": "hamming"},
        {"window": ("kaiser", 4.0), "gamma": 5.0},
        {"alpha": 0.08},
        {"sr": 8000},
    ):
        given: dict[str, Any] = {"sr": 16000, "freqs": CENTRES} | options
        found += [_part("filters.wavelet_lengths", 0, given), _part("filters.wavelet_lengths", 1, given)]
        if options.get("gamma", 0) is not None:
            found += [_part("filters.wavelet", 0, given), _part("filters.wavelet", 1, given)]
    short: dict[str, Any] = {"sr": 4000, "freqs": CENTRES, "dtype": np.complex128}
    found += [_part("filters.wavelet", 0, short | {"norm": norm}) for norm in (None, 2, np.inf)]
    found += [
        _part("filters.wavelet", 0, short | {"pad_fft": False}),
        _part("filters.wavelet", 0, short | {"mode": "edge"}),
    ]
    for tuning in (0.0, 0.25, -0.3, 0.5):
        found += [_part("filters.mr_frequencies", part, {"tuning": tuning}) for part in (0, 1)]
    some = {
        "center_freqs": array("some-centres", [110.0, 440.0]),
        "sample_rates": array("some-rates", [882.0, 4410.0]),
    }
    for options in (
        some,
        some | {"Q": 20.0},
        some | {"passband_ripple": 0.5},
        some | {"stopband_attenuation": 40},
        some | {"ftype": "cheby2"},
        some | {"flayout": "sos"},
        {"tuning": 0.25},
        {"flayout": "sos"},
    ):
        found.append(_semitones(options))
    return found


def _part(name: str, part: int, options: dict[str, Any]) -> Case:
    # Of a window whose bandwidth is not tabled, librosa's cutoff of float32 frequencies is float64.
    tabled = not isinstance(options.get("window"), tuple)
    return case(name, NUMPY if tabled else ("numpy64",), **options, part=part)


def _semitones(options: dict[str, Any]) -> Case:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        filters, rates = ns.librosa.filters.semitone_filterbank(**options)
        flat = [np.concatenate([np.ravel(part) for part in found]) for found in filters[::9]]
        return np.concatenate([*flat, rates])

    return Case(
        "librosa.filters.semitone_filterbank", "librosa", call, None, options, kinds=NUMPY, needs=("scipy",)
    )


def _bad() -> list[Case]:
    return [
        bad("filters.mel", sr=16000, n_fft=256, norm="area"),
        bad("filters.mel", sr=16000, n_fft=256, norm=-2),
        bad("filters.mel", n_fft=256),
        bad("filters.cq_to_chroma", n_input=24, bins_per_octave=15),
        bad("filters.get_window", window=window("hann", 12), Nx=13),
        bad("filters.get_window", window="nonsense", Nx=13),
        bad("filters.get_window", window=None, Nx=13),
        bad("filters.wavelet_lengths", freqs=CENTRES, filter_scale=0),
        bad("filters.wavelet_lengths", freqs=CENTRES, gamma=-1),
        bad("filters.wavelet_lengths", freqs=[440.0]),
        bad("filters.wavelet_lengths", freqs=[440.0, 220.0]),
        bad("filters.wavelet_lengths", freqs=[0.0, 220.0], alpha=0.1),
        bad("filters.semitone_filterbank", center_freqs=CENTRES),
        bad("filters.window_sumsquare", window="hann", n_frames=4, win_length=70, n_fft=64),
    ]


def cases() -> list[Case]:
    """Return the cases of librosa.filters."""
    return _banks() + _windows() + _wavelets() + _bad()
