"""madmom.audio.filters and comb_filters: scales, filters, filterbanks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Case
from ..signals import Recipe, magnitude
from .madmom_calls import Named, case, function, objects, resolve

__all__ = ["cases"]

HERTZ = Recipe("hertz", lambda: np.array([1.0, 20.5, 30.0, 99.0, 440.0, 1234.5, 4186.0, 15999.0]))
STEPS = Recipe("steps", lambda: np.array([0.5, 1.0, 7.25, 33.0, 60.0, 69.0, 100.5]))


def _grid(bins: int, rate: int = 44100) -> Recipe:
    """The frequencies of an STFT's bins."""
    return Recipe(f"bins-{bins}-{rate}", lambda: np.arange(bins) * (rate / (2 * bins)))


def _scaled(base: Recipe, scale: float) -> Recipe:
    return Recipe(f"{base}-{scale}", lambda: base.values() * scale)


def _first(bins: int) -> Recipe:
    return Recipe(f"first-{bins}", lambda: np.arange(bins))


def _scales() -> list[Case]:
    found = []
    for name in ("hz2mel", "hz2midi", "hz2erb", "mel2hz", "midi2hz", "erb2hz"):
        full, base = f"audio.filters.{name}", STEPS if name.endswith("2hz") else HERTZ
        scales = (1.0, 0.5, 0.25, 2.0, 3.0, 0.125, 1.5)
        found += [case(full, _scaled(base, scale), function(full)) for scale in scales]
        found.append(case(full, base, function(full)))
        if "midi" in name:
            found.append(case(full, base, function(full), {"fref": 443.0}))

    def asked(name: str, *every: dict[str, Any]) -> None:
        def call(ns: Any, x: None, **options: Any) -> np.ndarray:
            return np.asarray(resolve(ns, f"audio.filters.{name}")(**options))

        found.extend(case(f"audio.filters.{name}", None, call, options) for options in every)

    ranges = [{"fmin": a, "fmax": b} for a in (20.0, 27.5, 100.0) for b in (1000.0, 8000.0, 17000.0)]
    asked("mel_frequencies", *({"num_bands": n} | r for r in ranges for n in (5, 30)))
    asked("bark_frequencies", {}, *ranges)
    asked("bark_double_frequencies", {}, *ranges)
    asked("log_frequencies", *({"bands_per_octave": 3} | r for r in ranges))
    asked("log_frequencies", {"bands_per_octave": 24, "fmin": 30.0, "fmax": 500.0, "fref": 435.0})
    asked("semitone_frequencies", *ranges, {"fmin": 50.0, "fmax": 900.0, "fref": 435.0})
    for bins in (64, 512):
        for unique in (False, True):
            for name, frequencies in (("hertz", HERTZ), ("low", STEPS)):
                full = "audio.filters.frequencies2bins"
                options = {"bin_frequencies": _grid(bins), "unique_bins": unique}
                found.append(case(full, Recipe(name, frequencies.values), function(full), options))
    for bins in range(1, 9):
        full = "audio.filters.bins2frequencies"
        found.append(case(full, _first(bins), function(full), {"bin_frequencies": _grid(64)}))
    return found


def _filters() -> list[Case]:
    def made(name: str) -> Any:
        def call(ns: Any, x: None, **options: Any) -> np.ndarray:
            one = resolve(ns, f"audio.filters.{name}")(**options)
            return np.append(np.asarray(one), [one.start, one.stop]).astype(one.dtype)

        return call

    def of_data(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        one = resolve(ns, "audio.filters.Filter")(x, **options)
        return np.append(np.asarray(one), [one.start, one.stop]).astype(one.dtype)

    weights = Recipe("weights", lambda: np.array([0.25, 1.0, 0.5, 0.125]))
    found = [
        case("audio.filters.TriangularFilter", None, made("TriangularFilter"), {**corners, **norm})
        for corners in (
            {"start": 0, "center": 1, "stop": 2},
            {"start": 3, "center": 3, "stop": 9},
            {"start": -2, "center": 4, "stop": 7},
            {"start": 10, "center": 14, "stop": 30},
        )
        for norm in ({}, {"norm": True})
    ]
    found += [
        case("audio.filters.RectangularFilter", None, made("RectangularFilter"), {**corners, **norm})
        for corners in (
            {"start": 0, "stop": 1},
            {"start": 5, "stop": 9},
            {"start": -3, "stop": 4},
            {"start": 7, "stop": 27},
        )
        for norm in ({}, {"norm": True})
    ]
    return found + [
        case("audio.filters.Filter", weights, of_data, {"start": start, **norm})
        for start in (0, 3, -1, 7)
        for norm in ({}, {"norm": True})
    ]


def _banks() -> list[Case]:
    every: dict[str, list[dict[str, Any]]] = {
        "MelFilterbank": [
            {},
            {"num_bands": 20, "fmin": 40.0, "fmax": 15000.0},
            {"norm_filters": False},
            {"unique_filters": False},
        ],
        "BarkFilterbank": [
            {"unique_filters": False},
            {"num_bands": "double", "unique_filters": False, "norm_filters": False},
            {"fmin": 200.0, "fmax": 9000.0, "unique_filters": False},
            {"fmin": 1000.0},
        ],
        "LogarithmicFilterbank": [
            {},
            {"num_bands": 6, "fmin": 40.0, "fmax": 15000.0},
            {"num_bands": 24, "norm_filters": False, "fref": 442.0},
            {"unique_filters": False, "bands_per_octave": True, "num_bands": 3},
        ],
        "RectangularFilterbank": [
            {"crossover_frequencies": [270.0, 2000.0]},
            {"crossover_frequencies": [500.0], "fmin": 50.0, "fmax": 9000.0},
            {"crossover_frequencies": [1000.0, 5000.0], "norm_filters": False},
            {"crossover_frequencies": [100.0, 101.0, 4000.0], "unique_filters": False},
        ],
        "PitchClassProfileFilterbank": [
            {},
            {"num_classes": 24},
            {"fmin": 60.0, "fmax": 4000.0},
            {"fref": 435.0},
        ],
        "HarmonicPitchClassProfileFilterbank": [
            {},
            {"num_classes": 12, "window": 3},
            {"fmin": 60.0, "fmax": 4000.0},
            {"fref": 435.0},
        ],
    }
    found = [
        case(f"audio.filters.{name}", _grid(bins), function(f"audio.filters.{name}"), options)
        for name, options_of in every.items()
        for options in options_of
        for bins in (128, 256)
    ]

    def given(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        bank = resolve(ns, "audio.filters.Filterbank")(x, **options)
        corners = np.concatenate([bank.center_frequencies[:, None], bank.corner_frequencies], axis=1)
        return np.concatenate([np.asarray(bank).T, corners], axis=1)

    def filtered(ns: Any, x: np.ndarray, bins: int, **options: Any) -> np.ndarray:
        names = ns.madmom.audio.filters
        bank = names.LogarithmicFilterbank(_grid(bins).values(), **options)
        processor = resolve(ns, "audio.filters.FilterbankProcessor")(np.asarray(bank), bank.bin_frequencies)
        return np.asarray(processor(x.astype(bank.dtype)))

    for bins in (32, 64):
        for shift in (0, 1, 3, 5):
            k, m = np.arange(bins)[:, None], np.arange(5) * 5 + 3 + shift
            bank = Recipe(f"peaks-{bins}-{shift}", lambda k=k, m=m: np.clip(1 - abs(k - m) / 4, 0, 1))  # type: ignore[misc]
            found.append(case("audio.filters.Filterbank", bank, given, {"bin_frequencies": _grid(bins)}))
    for x in ("music", "noise", "chirp", "short"):
        for bands in (3, 6):
            options = {"bins": 32, "num_bands": bands}
            found.append(case("audio.filters.FilterbankProcessor", magnitude(x, 64, 40), filtered, options))

    def semitones(ns: Any, x: None, **options: Any) -> np.ndarray:
        bank = resolve(ns, "audio.filters.SemitoneBandpassFilterbank")(**options)
        filters = np.array([np.concatenate(pair) for pair in bank.filters])
        ends = np.array([[bank.fmin, bank.fmax]] * len(filters))
        return np.concatenate([filters, bank.band_sample_rates[:, None], ends], axis=1)

    narrow = {"fmin": 220.0, "fmax": 300.0}
    found += [
        case("audio.filters.SemitoneBandpassFilterbank", None, semitones, options, needs=("scipy",))
        for options in (
            narrow,
            {"fmin": 1900.0, "fmax": 2200.0},
            narrow | {"order": 3},
            narrow | {"passband_ripple": 2},
            narrow | {"stopband_rejection": 40},
            narrow | {"q_factor": 20},
            narrow | {"fref": 442.0},
            {"fmin": 60.0, "fmax": 70.0},
        )
    ]
    return found


def _combs() -> list[Case]:
    found = []
    for name in ("feed_forward_comb_filter", "feed_backward_comb_filter"):
        full = f"audio.comb_filters.{name}"
        found += [
            case(full, x, function(full), {"tau": tau, "alpha": alpha})
            for x in ("click", "short", "columns", "gap-columns")
            for tau, alpha in ((3, 0.5), (17, -0.79))
        ]

    def bank(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, "audio.comb_filters.comb_filter")(x, **objects(ns, options)))

    def processor(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        made = resolve(ns, "audio.comb_filters.CombFilterbankProcessor")(**objects(ns, options))
        return np.asarray(made(x))

    taus = [{"tau": [2, 5, 9], "alpha": 0.5}, {"tau": [3, 40], "alpha": [0.25, 0.9]}]
    for direction in ("forward", "backward"):
        one = Named(f"audio.comb_filters.feed_{direction}_comb_filter")
        for x in ("short", "gap-columns"):
            for tau in taus:
                found.append(case("audio.comb_filters.comb_filter", x, bank, {"filter_function": one} | tau))
                by_name: Any = direction if x == "short" else one
                options = {"filter_function": by_name} | tau
                found.append(case("audio.comb_filters.CombFilterbankProcessor", x, processor, options))
    return found


def cases() -> list[Case]:
    """Return the cases."""
    return [*_scales(), *_filters(), *_banks(), *_combs()]
