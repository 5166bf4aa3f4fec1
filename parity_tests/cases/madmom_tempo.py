"""madmom.features.tempo: histograms of intervals, and tempi."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Call, Case
from ..signals import Recipe
from .madmom_calls import case, resolve

__all__ = ["cases"]


def _beats(seed: int, columns: int = 0) -> Recipe:
    """Activations [400] of a beat every 45 to 60 frames over a floor of noise."""

    def make() -> np.ndarray:
        rng = np.random.default_rng(seed)
        shape = (400, columns) if columns else (400,)
        x = rng.integers(0, 2**12, shape) / 2.0**16
        x[10 + seed :: 45 + 3 * (seed % 6)] += 0.5
        return x

    return Recipe(f"beats-{seed}{f'-{columns}' if columns else ''}", make)


def _histogram(name: str) -> Call:
    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        bins, intervals = resolve(ns, f"features.tempo.{name}")(x, **options)
        return np.stack([np.asarray(bins, float), intervals])

    return call


def _processor(name: str) -> Call:
    def call(ns: Any, x: np.ndarray, piece: int = 0, **options: Any) -> np.ndarray:
        made = resolve(ns, f"features.tempo.{name}")(**options)
        if piece:
            parts = [made(x[i : i + piece], reset=i == 0) for i in range(0, len(x), piece)]
            bins, intervals = parts[-1]
        elif name == "TempoHistogramProcessor":  # a base class
            return np.append(made.intervals, [made.min_interval, made.max_interval])
        else:
            bins, intervals = made(x)
        return np.stack([np.asarray(bins, float), intervals])

    return call


def _histograms() -> list[Case]:
    found = []
    ranges: list[dict[str, Any]] = [{"min_tau": 20, "max_tau": 70}, {"min_tau": 150}]
    for seed in (1, 2, 3, 4):
        for options in ranges:
            found.append(
                case(
                    "features.tempo.interval_histogram_acf",
                    _beats(seed),
                    _histogram("interval_histogram_acf"),
                    options,
                )
            )
            if seed < 4:
                full = "features.tempo.interval_histogram_comb"
                gain = {"alpha": 0.79 if seed % 2 else 0.9} | options
                found += [case(full, x, _histogram_comb, gain) for x in (_beats(seed), _beats(seed, 2))]
    limits = {"min_bpm": 60.0, "max_bpm": 180.0, "fps": 50}
    every: dict[str, list[dict[str, Any]]] = {
        "CombFilterTempoHistogramProcessor": [
            limits,
            {"fps": 50},
            limits | {"alpha": 0.5},
            limits | {"online": True, "piece": 50, "hist_buffer": 4.0},
        ],
        "ACFTempoHistogramProcessor": [
            limits,
            {"fps": 50},
            limits | {"online": True, "piece": 50, "hist_buffer": 4.0},
        ],
        "TempoHistogramProcessor": [
            limits,
            {"min_bpm": 40, "max_bpm": 250, "fps": 100},
            limits | {"online": True, "hist_buffer": 5.0},
        ],
        "TCNTempoHistogramProcessor": [{}, {"min_bpm": 70.0, "max_bpm": 150.0}],
    }
    for name, options_of in every.items():
        found += [
            case(f"features.tempo.{name}", _beats(seed), _processor(name), options)
            for seed in (1, 2, 3, 4)
            for options in options_of
        ]
    return found


def _histogram_comb(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
    bins, intervals = resolve(ns, "features.tempo.interval_histogram_comb")(x, **options)
    bins = np.asarray(bins, float)
    return np.concatenate([np.atleast_2d(bins), intervals[None]])


def _tempi() -> list[Case]:
    def given(name: str) -> Call:
        def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
            answer = resolve(ns, f"features.tempo.{name}")((x[:60].copy(), np.arange(30, 90)), **options)
            return np.stack(answer) if isinstance(answer, tuple) else np.asarray(answer)

        return call

    def estimated(ns: Any, x: np.ndarray, piece: int = 0, **options: Any) -> np.ndarray:
        made = resolve(ns, "features.tempo.TempoEstimationProcessor")(**options)
        if not piece:
            return np.asarray(made(x))
        return np.asarray([made(x[i : i + piece], reset=i == 0) for i in range(0, len(x), piece)][-1])

    def by_processor(ns: Any, x: np.ndarray, histogram_processor: str) -> np.ndarray:
        histogram = resolve(ns, f"features.tempo.{histogram_processor}")(fps=50)
        made = resolve(ns, "features.tempo.TempoEstimationProcessor")
        return np.asarray(made(method=None, histogram_processor=histogram, fps=50)(x))

    smooth = {"smooth": 9}
    detect: list[dict[str, Any]] = [{}, {"fps": 50}, {"fps": 100, "interpolate": True}]
    found = []
    for seed in (1, 2, 3, 4):
        x = _beats(seed)
        found += [
            case("features.tempo.smooth_histogram", x, given("smooth_histogram"), o)
            for o in (smooth, {"smooth": 0})
        ]
        found += [
            case("features.tempo.dominant_interval", x, given("dominant_interval"), o) for o in (smooth, {})
        ]
        found += [
            case(
                "features.tempo.detect_tempo",
                x,
                given("detect_tempo"),
                o,
                needs=("scipy",) if "interpolate" in o else (),
            )
            for o in detect
        ]
    flat = Recipe("flat-400", lambda: np.ones(400))
    found.append(case("features.tempo.detect_tempo", flat, given("detect_tempo")))
    every: list[dict[str, Any]] = [
        {"fps": 50},
        {"fps": 50, "method": "acf", "min_bpm": 60.0, "max_bpm": 180.0},
        {"fps": 50, "act_smooth": None, "hist_smooth": 5},
        {"fps": 50, "method": "comb", "interpolate": True},
        {"fps": 50, "online": True, "piece": 100, "hist_buffer": 5.0},
    ]
    name = "features.tempo.TempoEstimationProcessor"
    for seed in (1, 2):
        found += [case(name, _beats(seed), estimated, o, needs=("scipy",)) for o in every]
        found.append(
            case(name, _beats(seed), by_processor, {"histogram_processor": "ACFTempoHistogramProcessor"})
        )
    return found


def cases() -> list[Case]:
    """Return the cases."""
    return [*_histograms(), *_tempi()]
