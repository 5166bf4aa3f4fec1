"""Spectra by frame rate and onset detection functions, by madmom."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Call, Case
from ..signals import SAMPLE_RATE, Recipe, magnitude, phase, signal
from .madmom_oracles import framed_stft, onset_function, onset_function_of_audio

__all__ = ["bands", "cases"]

SOURCES = ("music", "chirp", "batch")
MAGNITUDE: dict[str, list[dict[str, Any]]] = {
    "high_frequency_content": [{}],
    "spectral_flux": [{"diff_frames": 1}, {"diff_frames": 3}],
    "spectral_diff": [{"diff_frames": 2}],
    "superflux": [{"diff_frames": 1, "diff_max_bins": 3}, {"diff_frames": 2, "diff_max_bins": 6}],
    "modified_kullback_leibler": [{}, {"diff_frames": 2, "epsilon": 1e-3}],
}
PHASE: dict[str, list[dict[str, Any]]] = {
    "weighted_phase_deviation": [{}],
    "normalized_weighted_phase_deviation": [{}, {"epsilon": 0.01}],
    "complex_domain": [{}],
    "rectified_complex_domain": [{"diff_frames": 1}, {"diff_frames": 2}],
    "complex_flux": [
        {"diff_frames": 1},
        {"diff_frames": 2, "diff_max_bins": 5, "temporal_filter": 4, "temporal_origin": 1},
        {"diff_frames": 1, "temporal_filter": 0},
    ],
}


def bands(bins: int, count: int) -> Recipe:
    """Return overlapping triangles over `bins` of growing width, on a grid of 2^-10 [bins, count]."""

    def make() -> np.ndarray:
        corners = np.unique(np.geomspace(1, bins - 1, count + 2).round())
        corners = corners[: count + 2]
        k = np.arange(bins)[:, None]
        rising = (k - corners[:-2]) / (corners[1:-1] - corners[:-2])
        falling = (corners[2:] - k) / (corners[2:] - corners[1:-1])
        return np.round(np.clip(np.minimum(rising, falling), 0, 1) * 2**10) / 2**10

    return Recipe(f"triangles-{bins}-{count}", make)


def _native_name(name: str) -> str:
    return name if name.endswith("deviation") else f"{name}_odf"


def _call(name: str) -> Call:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return getattr(ns.spectro, _native_name(name))(x, **options)

    return call


def _of_spectrogram(name: str, x: Recipe, options: dict[str, Any]) -> Case:
    return Case(f"spectro.{_native_name(name)}", "madmom", _call(name), x, options, onset_function(name))


def _given() -> list[Case]:
    found = []
    for source in SOURCES:
        m, p = magnitude(source, 64, 16), phase(source, 64, 16)
        found += [_of_spectrogram(name, m, o) for name, every in MAGNITUDE.items() for o in every]
        found += [_of_spectrogram(name, m, {"phase": p} | o) for name, every in PHASE.items() for o in every]
        found.append(_of_spectrogram("phase_deviation", p, {}))
    return found


def _differences() -> list[Case]:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return ns.spectro.positive_spectral_diff(x, **options)

    def oracle(
        ns: Any,
        x: np.ndarray,
        lag: int | None = None,
        frame_size: int | None = None,
        hop_size: float | None = None,
        diff_ratio: float = 0.5,
        time_axis: int = -1,
    ) -> np.ndarray:
        library = ns.madmom.audio.spectrogram
        if frame_size is not None:
            lag = library._diff_frames(diff_ratio, hop_size, frame_size)
        frames = np.moveaxis(x, time_axis, 0)
        given = np.ascontiguousarray(frames).view(library.Spectrogram)
        rises = library.SpectrogramDifference(given, diff_frames=lag or 1, positive_diffs=True)
        return np.moveaxis(np.asarray(rises), 0, time_axis)

    return [
        Case("spectro.positive_spectral_diff", "madmom", call, magnitude(source, 64, 16), options, oracle)
        for source in SOURCES
        for options in (
            {},
            {"lag": 2},
            {"lag": 3, "time_axis": -2},
            {"frame_size": 64, "hop_size": 12.5, "time_axis": -2},
            {"frame_size": 64, "hop_size": 7, "diff_ratio": 0.1, "time_axis": -2},
        )
    ]


def _spectra() -> list[Case]:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return ns.spectro.stft_at_fps(x, **options)

    shape: dict[str, Any] = {"frame_size": 64, "sample_rate": SAMPLE_RATE}
    every: list[dict[str, Any]] = [
        {"fps": 1000},
        {"fps": 761.3},
        {"fps": 761.3, "circular_shift": True},
        {"fps": 500, "include_nyquist": True, "output_layout": "bnf"},
        {"fps": 761.3, "origin": "online"},
        {"fps": 761.3, "origin": "stream", "end": "extend"},
        {"fps": 400, "origin": 7, "end": "extend"},
    ]
    return [
        Case("spectro.stft_at_fps", "madmom", call, signal(source), shape | options, framed_stft)
        for source in SOURCES
        for options in (every if source == "music" else every[2:4])
    ]


def _of_audio() -> list[Case]:
    # White noise alone: madmom transforms in float64, and the phase of a bin that holds nothing but
    # the rounding of a transform says which transform it was.
    def call(ns: Any, x: Any, method: str, **options: Any) -> Any:
        return ns.spectro.onset_detection_function(x, method, **options)

    def case(source: str, method: str, **options: Any) -> Case:
        shape = {"method": method, "sample_rate": SAMPLE_RATE, "fps": 761.3, "frame_size": 64}
        return Case(
            "spectro.onset_detection_function",
            "madmom",
            call,
            signal(source),
            shape | options,
            onset_function_of_audio,
        )

    every = (*MAGNITUDE, "phase_deviation", *PHASE)
    bank = bands(32, 8)
    filtered = {"filterbank": bank, "log": True, "mul": 20.0}
    return [
        *(case(source, method) for source in ("noise", "noises") for method in every),
        *(case("noise", method, **filtered) for method in (*MAGNITUDE, "complex_flux")),
        case("noise", "superflux", diff_frames=3, diff_max_bins=5, origin="online", end="extend"),
        case("noise", "spectral_flux", diff_ratio=0.2, log=True, fps=1000.0),
        case("noise", "complex_flux", temporal_filter=5, temporal_origin=2, **filtered),
    ]


def _turned() -> list[Case]:
    """Frames last, and bands that a filterbank made of the bins."""

    def turn(recipe: Recipe) -> Recipe:
        return Recipe(f"{recipe.name}-turned", lambda: recipe.values().swapaxes(-1, -2).copy())

    bank = bands(32, 8)

    def in_bands() -> np.ndarray:
        return np.round(magnitude("music", 64, 16).values() @ bank.values() * 2**14) / 2**14

    m, p = turn(magnitude("batch", 64, 16)), turn(phase("batch", 64, 16))
    return [
        *(_of_spectrogram(name, m, every[0] | {"time_axis": -1}) for name, every in MAGNITUDE.items()),
        *(
            _of_spectrogram(name, m, {"phase": p, "time_axis": -1} | every[0])
            for name, every in PHASE.items()
        ),
        _of_spectrogram("phase_deviation", p, {"time_axis": -1}),
        _of_spectrogram(
            "complex_flux",
            Recipe("music-bands-64-16", in_bands),
            {"phase": phase("music", 64, 16), "filterbank": bank, "diff_frames": 1},
        ),
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return [*_given(), *_turned(), *_differences(), *_spectra(), *_of_audio()]
