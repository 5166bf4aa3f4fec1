"""madmom.audio.spectrogram, chroma, cepstrogram and hpss."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from ..case import Call, Case
from ..signals import Recipe, magnitude, signal, spectrum
from .madmom_calls import (
    Named,
    case,
    frames_of,
    function,
    objects,
    of_audio,
    processed,
    resolve,
    spectrogram_of,
)

__all__ = ["cases"]

SIGNALS = ("chirp", "noise", "music", "short", "pcm", "silence")
# Where a logarithm has no floor: signals without silence.
LOUD = ("noise", "long", "short")
LAZY = ("numpy32", "numpy64", "mlx")
SINGLE = ("numpy32", "mlx")
MEL, PITCH = Named("audio.filters.MelFilterbank"), Named("audio.filters.PitchClassProfileFilterbank")
HARMONIC = Named("audio.filters.HarmonicPitchClassProfileFilterbank")


def _both(
    name: str, every: list[dict[str, Any]], sources: tuple[str, ...] = SIGNALS, processor: bool = True
) -> list[Case]:
    """Return cases of a class and of its processor, which also runs lazily."""
    full = f"audio.spectrogram.{name}"
    # In 64 bits only white noise: what the FFT rounds in quiet bins the logarithm brings out, T's as well as
    # ours, and madmom's float32, which is float64 up to the spectrum, does not show how much that is.
    found = [case(full, x, of_audio(full), every[0]) for x in sources]
    found += [case(full, "noise", of_audio(full), options) for options in every[1:]]
    found += [case(full, "long", of_audio(full), options, SINGLE[:1]) for options in every]
    if processor:
        call = _difference if "Difference" in name else processed(f"{full}Processor")
        lazy = [x for x in sources if x != "pcm"]
        found += [case(f"{full}Processor", x, call, every[0], LAZY) for x in lazy]
        found += [case(f"{full}Processor", "noise", call, options, LAZY) for options in every[1:]]
        found += [case(f"{full}Processor", "long", call, options, SINGLE) for options in every]
        found.append(case(f"{full}Processor", "pcm", call, every[0]))
    return found


def _difference(ns: Any, x: Any, **options: Any) -> Any:
    if isinstance(x, mx.array):
        return processed("audio.spectrogram.SpectrogramDifferenceProcessor")(ns, x, **options)
    processor = resolve(ns, "audio.spectrogram.SpectrogramDifferenceProcessor")
    return np.asarray(processor(**objects(ns, options))(spectrogram_of(ns, x)))


def _spectrograms() -> list[Case]:
    filters: list[dict[str, Any]] = [
        {},
        {"num_bands": 6, "fmin": 100.0, "fmax": 6000.0},
        {"filterbank": MEL, "num_bands": 8},
        {"norm_filters": False, "fref": 430.0},
        {"unique_filters": False, "num_bands": 3, "fmin": 1000.0, "fmax": 7000.0},
    ]
    logs: list[dict[str, Any]] = [
        {},
        {"mul": 10.0, "add": 0.5},
        {"log": Named("np.log"), "add": 1e-3},
        {"log": Named("np.log1p"), "add": None},
        {"log": None, "mul": None},
    ]
    differences: list[dict[str, Any]] = [
        {"positive_diffs": True},
        {"diff_frames": 2},
        {"diff_ratio": 0.1, "diff_max_bins": 3},
        {"diff_max_bins": 4, "positive_diffs": True, "diff_frames": 3},
    ]
    scaled = [bank | log for bank in filters[:3] for log in ({}, {"mul": 5.0}, {"add": 0.1})] + filters[3:]
    bands: list[dict[str, Any]] = [
        {"crossover_frequencies": [500.0, 2000.0]},
        {"crossover_frequencies": [1000.0], "fmin": 100.0, "fmax": 5000.0},
        {"crossover_frequencies": [700.0, 3000.0], "norm_filters": False},
        {"crossover_frequencies": [700.0, 710.0], "unique_filters": False},
    ]
    kept = "audio.spectrogram.SpectrogramDifference"
    stacked = "audio.spectrogram.SpectrogramDifferenceProcessor"
    every: list[dict[str, Any]] = [
        {"stack_diffs": Named("np.hstack")},
        {"stack_diffs": Named("np.vstack"), "diff_frames": 1},
    ]
    return [
        *_both("Spectrogram", [{}], ("chirp", "noise", "music", "short", "pcm", "silence", "dc", "click")),
        *_both("FilteredSpectrogram", filters),
        *_both("LogarithmicSpectrogram", logs),
        *_both("LogarithmicFilteredSpectrogram", scaled),
        *_both("SpectrogramDifference", differences),
        *_both("MultiBandSpectrogram", bands),
        case(kept, "long", of_audio(kept), {"keep_dims": False, "diff_frames": 2}),
        case(stacked, "long", _difference, every[0], LAZY),
        case(stacked, "long", _difference, every[1]),
    ]


def _given() -> list[Case]:
    """Of objects that exist already, of other options, and of pieces."""

    def filtered_twice(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        spec = spectrogram_of(ns, x).filter(**options).log(mul=3)
        return np.asarray(spec.diff(diff_frames=1)[2:9])

    def views(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        spec = resolve(ns, "audio.spectrogram.LogarithmicFilteredSpectrogram")(frames_of(ns, x), **options)
        part = spec[3:8] * 2
        return np.asarray(part + part.filterbank.sum() + part.stft.frames.hop_size + part.bin_frequencies)

    def pieces(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        spec = spectrogram_of(ns, x)
        processor = resolve(ns, "audio.spectrogram.SpectrogramDifferenceProcessor")(**options)
        parts = [processor(spec[i : i + 1], reset=i == 0)[-1:] for i in range(6)]
        return np.concatenate([np.asarray(part) for part in parts])

    def tuning(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        spec = spectrogram_of(ns, x)
        return np.array([spec.tuning_frequency(**options)])

    spectrograms = "audio.spectrogram."
    tuned = function(f"{spectrograms}tuning_frequency")
    grid = Recipe("bins-32-16000", lambda: np.arange(32) * 250.0)
    found = [
        *(case(f"{spectrograms}FilteredSpectrogram", x, filtered_twice, {"num_bands": 3}) for x in LOUD),
        *(case(f"{spectrograms}LogarithmicFilteredSpectrogram", x, views, {"num_bands": 6}) for x in LOUD),
        case(f"{spectrograms}SpectrogramDifferenceProcessor", "noise", pieces, {"diff_frames": 1}),
        *(
            case(f"{spectrograms}Spectrogram", Recipe(f"{x}-tuned", signal(x).values), tuning)
            for x in ("music", "long")
        ),
    ]
    for x in ("music", "noise", "chirp", "short"):
        for options in ({}, {"num_hist_bins": 8, "fref": 430.0}):
            values = {"bin_frequencies": grid} | options
            found.append(case(f"{spectrograms}tuning_frequency", magnitude(x, 64, 40), tuned, values))
        for hop in (60, 45):
            z = spectrum(x, 32, hop, layout="bnf")
            found.append(case(f"{spectrograms}spec", z, function(f"{spectrograms}spec")))
    superflux = f"{spectrograms}SuperFluxProcessor"
    found += [
        case(superflux, x, processed(superflux), kinds=LAZY) for x in ("noise", "long", "music", "short")
    ]
    others: list[dict[str, Any]] = [
        {"diff_max_bins": 5},
        {"num_bands": 12, "mul": 10},
        {"log": Named("np.log")},
        {"diff_frames": 2},
    ]
    found += [case(superflux, "long", processed(superflux), more, LAZY) for more in others]

    def semitones(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        audio = resolve(ns, "audio.signal.Signal")(x, sample_rate=4410)  # the bands' own rate
        return np.asarray(resolve(ns, f"{spectrograms}SemitoneBandpassSpectrogram")(audio, **options))

    every: list[dict[str, Any]] = [
        {"fmin": 400.0, "fmax": 600.0},
        {"fps": 100.0, "fmin": 900.0, "fmax": 1100.0},
    ]
    found += [
        case(f"{spectrograms}SemitoneBandpassSpectrogram", x, semitones, o, needs=("scipy",))
        for x in ("noise", "music", "pcm", "long")
        for o in every
    ]
    return found


def _chroma() -> list[Case]:
    every: list[dict[str, Any]] = [
        {},
        {"num_classes": 24},
        {"fmin": 300.0, "fmax": 4000.0},
        {"fref": None},
        {"fref": 430.0},
    ]
    found = []
    for name, more in (
        ("PitchClassProfile", {"filterbank": PITCH}),
        ("HarmonicPitchClassProfile", {"window": 3}),
    ):
        full = f"audio.chroma.{name}"
        found += [case(full, x, of_audio(full)) for x in ("music", "noise", "pcm")]
        found += [case(full, "long", of_audio(full), options) for options in (*every, more)]
    found.append(case(full, "noise", of_audio(full), {"filterbank": HARMONIC}))

    def clp(ns: Any, x: np.ndarray, as_processor: bool, **options: Any) -> np.ndarray:
        audio = resolve(ns, "audio.signal.Signal")(x, sample_rate=4410)
        if as_processor:
            return np.asarray(resolve(ns, "audio.chroma.CLPChromaProcessor")(**options)(audio))
        return np.asarray(resolve(ns, "audio.chroma.CLPChroma")(audio, **options))

    band = {"fmin": 400.0, "fmax": 800.0}
    options: list[dict[str, Any]] = [
        {},
        {"norm": False},
        {"compression_factor": 10},
        {"fps": 100.0, "threshold": 0.5},
    ]
    for as_processor, name in ((False, "CLPChroma"), (True, "CLPChromaProcessor")):
        found += [
            case(f"audio.chroma.{name}", x, clp, {"as_processor": as_processor} | band | o, needs=("scipy",))
            for x in ("noise", "pcm")
            for o in options
        ]
    return found


def _cepstra() -> list[Case]:
    def mfcc(as_processor: bool) -> Call:
        def call(ns: Any, x: Any, **options: Any) -> Any:
            if as_processor:
                return processed("audio.cepstrogram.MFCCProcessor")(ns, x, **options)
            made = resolve(ns, "audio.cepstrogram.MFCC")
            return np.asarray(made(spectrogram_of(ns, x), **objects(ns, options)))

        return call

    def oracle(as_processor: bool) -> Call:
        # madmom looks for attributes that its plain spectrograms lack, and fails: so they are given some.
        def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
            spec = spectrogram_of(ns, x)
            spec.filterbank = spec.mul = spec.add = None
            if as_processor:
                return np.asarray(
                    resolve(ns, "audio.cepstrogram.MFCCProcessor")(**objects(ns, options))(spec)
                )
            return np.asarray(resolve(ns, "audio.cepstrogram.MFCC")(spec, **objects(ns, options)))

        return call

    every: list[dict[str, Any]] = [
        {},
        {"num_bands": 10, "fmin": 200.0},
        {"fmax": 5000.0, "norm_filters": False},
        {"mul": 10.0, "add": 1.0},
        {"add": 1e-3},
    ]
    found = []
    for as_processor, name in ((False, "MFCC"), (True, "MFCCProcessor")):
        full, kinds = f"audio.cepstrogram.{name}", SINGLE if as_processor else SINGLE[:1]
        for x, options in (
            *(("long", o) for o in every),
            *((x, every[0]) for x in LOUD[::2]),
            ("noise", every[3]),
        ):
            found.append(case(full, x, mfcc(as_processor), options, kinds, oracle=oracle(as_processor)))
        named = {"transform": Named("np.abs")} | ({} if as_processor else {"filterbank": MEL})
        found.append(case(full, "noise", mfcc(as_processor), named, oracle=oracle(as_processor)))
    cepstra = "audio.cepstrogram.Cepstrogram"
    for x in ("noise", "music", "chirp", "short"):
        found.append(case(cepstra, x, of_audio(cepstra)))
        found.append(
            case(
                f"{cepstra}Processor",
                x,
                processed(f"{cepstra}Processor"),
                kinds=LAZY[: 2 if x == "chirp" else 3],
            )
        )
        named = {"transform": Named("np.sqrt")}
        found.append(case(cepstra, x, of_audio(cepstra), named, SINGLE[:1]))
        found.append(case(f"{cepstra}Processor", x, processed(f"{cepstra}Processor"), named, SINGLE[:1]))
    return found


def _separation() -> list[Case]:
    name = "audio.hpss.HarmonicPercussiveSourceSeparation"

    def ours(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.stack([np.asarray(part) for part in resolve(ns, name)(**options)(spectrogram_of(ns, x))])

    def oracle(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        # madmom's process() looks for an attribute that spectrograms lack; its parts work.
        separation, spec = resolve(ns, name)(**options), np.asarray(spectrogram_of(ns, x))
        return np.stack([spec * mask for mask in separation.masks(*separation.slices(spec))])

    every: list[dict[str, Any]] = [
        {},
        {"masking": 2.0},
        {"masking": None, "harmonic_filter": (5, 1)},
        {"percussive_filter": (1, 9)},
    ]
    return [
        case(name, x, ours, o, oracle=oracle, needs=("scipy",)) for x in ("music", "noise") for o in every
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return [*_spectrograms(), *_given(), *_chroma(), *_cepstra(), *_separation()]
