"""madmom.features.onsets: detection functions, and peaks."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np

from ..case import Call, Case
from ..signals import SAMPLE_RATE, Recipe, phase
from .madmom_calls import Named, case, frames_of, function, objects, resolve, signal_of, spectrogram_of

__all__ = ["cases"]

LAZY = ("numpy32", "numpy64", "mlx")
MAGNITUDE: dict[str, list[dict[str, Any]]] = {
    "high_frequency_content": [{}],
    "spectral_diff": [{}, {"diff_frames": 2}],
    "spectral_flux": [{}, {"diff_frames": 3}],
    "superflux": [{}, {"diff_frames": 2, "diff_max_bins": 5}],
    "modified_kullback_leibler": [{}, {"diff_frames": 2, "epsilon": 1e-3}],
}
PHASE: dict[str, list[dict[str, Any]]] = {
    "complex_flux": [
        {},
        {"diff_frames": 2, "diff_max_bins": 5},
        {"temporal_filter": 4, "temporal_origin": 1},
    ],
    "phase_deviation": [{}],
    "weighted_phase_deviation": [{}],
    "normalized_weighted_phase_deviation": [{}, {"epsilon": 0.01}],
    "complex_domain": [{}],
    "rectified_complex_domain": [{}, {"diff_frames": 2}],
}


def _of_spectrogram(name: str, bank: bool, circular_shift: bool) -> Call:
    def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        stft = resolve(ns, "audio.stft.ShortTimeFourierTransform")(
            frames_of(ns, x), circular_shift=circular_shift
        )
        spec = resolve(ns, "audio.spectrogram.Spectrogram")(stft)
        spec = spec.filter(num_bands=6) if bank else spec
        return np.asarray(resolve(ns, f"features.onsets.{name}")(spec, **options))

    return call


def _functions() -> list[Case]:
    """Of white noise where there is a phase: that of a bin of rounding says which transform it was."""
    found = []
    slices = [Recipe(f"noise-{i}", lambda i=i: np.roll(_noise(), 97 * i)) for i in range(8)]  # type: ignore[misc]
    for name, every in MAGNITUDE.items():
        plain = _of_spectrogram(name, False, False)
        found += [
            case(f"features.onsets.{name}", x, plain, options, LAZY[: 1 if "kullback" in name else 2])
            for x in ("noise", "music", "long", "pcm", "short", "chirp")
            for options in every
        ]
        # Another name for the input, since a case is known by it.
        bands = _of_spectrogram(name, True, False)
        found += [case(f"features.onsets.{name}", x, bands, options) for x in slices[:2] for options in every]
    for name, every in PHASE.items():
        shifted = _of_spectrogram(name, False, True)
        found += [case(f"features.onsets.{name}", x, shifted, options) for x in slices for options in every]
    found += [
        case(
            "features.onsets.complex_flux", x, _of_spectrogram("complex_flux", True, True), {"diff_frames": 1}
        )
        for x in slices[:2]
    ]
    wrap = function("features.onsets.wrap_to_pi")
    phases = [phase("noise", 32, 60), phase("noise", 32, 45), phase("noise", 64, 60), phase("music", 32, 60)]
    turns = [
        Recipe(f"{p}-turned-{k}", lambda p=p, k=k: p.values() * k)  # type: ignore[misc]
        for p in phases
        for k in (1, -2)
    ]
    return found + [case("features.onsets.wrap_to_pi", x, wrap) for x in turns]


def _noise() -> np.ndarray:
    return np.random.default_rng(21).integers(-(2**19), 2**19, 700) / 2.0**20


def _processors() -> list[Case]:
    name = "features.onsets.SpectralOnsetProcessor"

    def call(ns: Any, x: Any, **options: Any) -> Any:
        options = {"frame_size": 64, "fps": 601.5, "sample_rate": SAMPLE_RATE} | objects(ns, options)
        processor = resolve(ns, name)(**options)
        return processor.to_mlx()(x) if isinstance(x, mx.array) else np.asarray(processor(signal_of(ns, x)))

    bank = {"filterbank": Named("audio.filters.LogarithmicFilterbank"), "num_bands": 6}
    # Of these madmom gives float64 for float32 audio, which mlx does not have.
    wide = ("high_frequency_content", "normalized_weighted_phase_deviation")
    return [
        *(
            case(name, "noise", call, {"onset_method": method}, LAZY[:2] if method in wide else LAZY)
            for method in (*MAGNITUDE, *PHASE)
        ),
        case(name, "noise", call, bank | {"onset_method": "superflux", "log": Named("np.log10")}, LAZY),
        case(name, "long", call, bank | {"onset_method": "spectral_flux", "origin": "online"}, LAZY),
        case(name, "noise", call, bank | {"onset_method": "complex_flux"}, LAZY),
        case(name, "pcm", call, {"onset_method": "spectral_flux", "end": "extend"}),
        case(name, "columns", call, {"onset_method": "spectral_diff"}),
    ]


def _correlation() -> list[Case]:
    """`correlation_diff`, whose index is a quotient and no integer in Python 3: asked with that repaired."""
    name = "features.onsets.correlation_diff"

    def of_spectrum(function: Callable[[Any], Any]) -> Call:
        def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
            return np.asarray(function(ns)(np.asarray(spectrogram_of(ns, x)), **options))

        return call

    def repaired(ns: Any) -> Any:
        function = resolve(ns, name)
        names = dict(vars(inspect.getmodule(function)))
        exec(inspect.getsource(function).replace("len(c) / 2", "len(c) // 2"), names)
        return names["correlation_diff"]

    every: list[dict[str, Any]] = [{}, {"diff_frames": 2, "diff_bins": 3}, {"pos": True, "diff_bins": 2}]
    ours, theirs = of_spectrum(lambda ns: resolve(ns, name)), of_spectrum(repaired)
    found = [case(name, x, ours, o, oracle=theirs) for x in ("noise", "music", "long", "pcm") for o in every]
    return [*found, case(name, "noise", ours, {"diff_frames": 0}, bad=True)]


def _activations(seed: int, columns: int = 0) -> Recipe:
    """A detection function with clear peaks on a floor of noise."""

    def make() -> np.ndarray:
        rng = np.random.default_rng(seed)
        shape = (160, columns) if columns else (160,)
        x = rng.integers(0, 2**14, shape) / 2.0**17
        where = rng.choice(160, 14, replace=False)
        x[where] += rng.integers(2**16, 2**18, x[where].shape) / 2.0**18
        return x

    return Recipe(f"activations-{seed}{f'-{columns}' if columns else ''}", make)


def _peaks() -> list[Case]:
    def peaks(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        found = resolve(ns, "features.onsets.peak_picking")(x, **options)
        return np.stack(found) if isinstance(found, tuple) else np.asarray(found)

    def processor(ns: Any, x: np.ndarray, piece: int = 0, **options: Any) -> np.ndarray:
        made = resolve(ns, "features.onsets.OnsetPeakPickingProcessor")(**options)
        if not piece:
            return np.asarray(made(x))
        parts = [made(x[i : i + piece], reset=i == 0) for i in range(0, len(x), piece)]
        return np.concatenate([np.asarray(part, float) for part in parts])

    every: list[dict[str, Any]] = [
        {"threshold": 0.2},
        {"threshold": 0.1, "smooth": 5},
        {"threshold": 0.05, "pre_avg": 10, "post_avg": 3},
        {"threshold": 0.05, "pre_max": 4, "post_max": 2},
        {"threshold": 0.1, "pre_max": 0, "post_max": 0},
    ]
    seconds: list[dict[str, Any]] = [
        {"threshold": 0.2, "fps": 100},
        {"threshold": 0.1, "smooth": 0.05, "pre_avg": 0.1, "post_avg": 0.05, "fps": 100},
        {"threshold": 0.1, "pre_max": 0.03, "post_max": 0.03, "combine": 0.1, "fps": 50},
        {"threshold": 0.1, "delay": 0.25, "combine": 0},
    ]
    found = [
        case("features.onsets.peak_picking", x, peaks, options, needs=("scipy",))
        for x in (_activations(1), _activations(2, 3))
        for options in every
    ]
    name = "features.onsets.OnsetPeakPickingProcessor"
    found += [
        case(name, _activations(seed), processor, options, needs=("scipy",))
        for seed in (3, 4)
        for options in seconds
    ]
    online = {"online": True, "threshold": 0.2, "pre_avg": 0.1, "pre_max": 0.05}
    found += [
        case(name, _activations(5), processor, online | {"piece": piece}, needs=("scipy",))
        for piece in (1, 40, 160)
    ]
    return found


def cases() -> list[Case]:
    """Return the cases."""
    return [*_functions(), *_processors(), *_correlation(), *_peaks()]
