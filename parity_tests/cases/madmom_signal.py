"""madmom.audio.signal: signals, frames, levels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Call, Case
from ..signals import SAMPLE_RATE, Recipe, signal
from .madmom_calls import case, frames_of, function, resolve, signal_of

__all__ = ["cases"]

MONO = ("chirp", "noise", "click", "music", "short", "pcm")
ALL = (*MONO, "silence", "columns", "pcm-columns")
NOT_SILENT = (*MONO, "columns", "pcm-columns")


def _edits() -> list[Case]:
    kernel = Recipe("kernel-5", lambda: np.array([1.0, 2.0, 4.0, 2.0, 0.5]) / 8)
    found: list[Case] = []

    def add(name: str, sources: tuple[str, ...], *every: dict[str, Any]) -> None:
        full = f"audio.signal.{name}"
        found.extend(case(full, x, function(full), options) for x in sources for options in every or ({},))

    add("smooth", NOT_SILENT[:4], {"kernel": None}, {"kernel": 0}, {"kernel": 7}, {"kernel": kernel})
    add("smooth", ("columns",), {"kernel": 10}, {"kernel": kernel}, {"kernel": 300})
    add("adjust_gain", ("chirp", "noise", "music", "columns"), {"gain": 6.0}, {"gain": -3.5})
    add("adjust_gain", ("pcm", "pcm-columns"), {"gain": -2.0})
    add("attenuate", ALL, {"attenuation": 0}, {"attenuation": 4.2})
    add("normalize", NOT_SILENT)
    add("remix", ("columns", "pcm-columns"), {"num_channels": 1}, {"num_channels": 1, "channel": 1})
    add("remix", ("music", "pcm"), {"num_channels": 3}, {"num_channels": 1}, {"num_channels": None})
    add("trim", ("click", "gap", "gap-columns", "music"), {"where": "f"}, {"where": "b"}, {})
    add("rescale", ("pcm", "pcm-columns", "integer"), {"dtype": np.float32}, {"dtype": np.float64})
    add("rescale", ("music", "noise"), {"dtype": np.float32})
    return found


def _levels() -> list[Case]:
    def of_frames(name: str) -> Call:
        def call(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
            return np.asarray(resolve(ns, name)(frames_of(ns, x), **options))

        return call

    found = []
    for name in ("energy", "root_mean_square", "sound_pressure_level"):
        full = f"audio.signal.{name}"
        # The level of silence is the lowest float64, which is beyond the rule's float32.
        found += [case(full, x, function(full)) for x in (NOT_SILENT if "level" in name else ALL)]
        framed = of_frames(full)
        found += [
            case(full, Recipe(f"{x}-framed", signal(x).values), framed) for x in ("music", "pcm", "columns")
        ]
    quieter = function("audio.signal.sound_pressure_level")
    return [*found, case("audio.signal.sound_pressure_level", "noise", quieter, {"p_ref": 2e-5})]


def _frames() -> list[Case]:
    def every_frame(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.stack([np.asarray(f) for f in frames_of(ns, x, **options)])

    def by_processor(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        options = {"frame_size": 50, "hop_size": 40} | options
        processor = resolve(ns, "audio.signal.FramedSignalProcessor")(**options)
        return np.stack([np.asarray(f) for f in processor(signal_of(ns, x))])

    def one_frame(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, "audio.signal.signal_frame")(x, **options))

    every: list[dict[str, Any]] = [
        {"fps": 333.3},
        {"hop_size": 80.5, "end": "extend"},
        {"hop_size": 70, "frame_size": 33, "origin": "online"},
        {"hop_size": 70, "origin": "future", "end": "extend"},
        {"hop_size": 70, "origin": "left", "frame_size": 40},
        {"hop_size": 70, "origin": "right", "frame_size": 41},
        {"hop_size": 90, "origin": -17},
        {"hop_size": 90, "origin": 17, "num_frames": 20},
    ]
    found = [
        case(f"audio.signal.{name}", x, call, options)
        for name, call in (("FramedSignal", every_frame), ("FramedSignalProcessor", by_processor))
        for x, some in (("pcm", every), ("short", every[:3]), ("columns", every[:2]))
        for options in some
    ]
    found.append(case("audio.signal.FramedSignalProcessor", "short", by_processor, {"origin": "stream"}))
    for x in ("short", "pcm-columns"):
        for index, more in ((0, {}), (2, {"pad": "repeat"}), (7, {"origin": 9}), (-3, {"pad": 5}), (90, {})):
            options = {"index": index, "frame_size": 24, "hop_size": 10.4, **more}
            found.append(case("audio.signal.signal_frame", x, one_frame, options))
    return found


def _signals() -> list[Case]:
    every: list[dict[str, Any]] = [
        {"num_channels": 1},
        {"num_channels": 2},
        {"norm": True},
        {"gain": -6.0, "num_channels": 1},
        {"start": 0.5, "stop": 2.0, "dtype": np.float32},
    ]

    def made(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(
            resolve(ns, "audio.signal.Signal")(x, sample_rate=options.pop("sample_rate"), **options)
        )

    def by_processor(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(resolve(ns, "audio.signal.SignalProcessor")(**options)(x))

    rate = {"sample_rate": SAMPLE_RATE}
    found = [
        case(f"audio.signal.{name}", x, call, rate | options)
        for name, call in (("Signal", made), ("SignalProcessor", by_processor))
        for x in ("pcm", "noise")
        for options in every
    ]
    return [*found, case("audio.signal.Signal", "columns", made, rate | {"num_channels": 1, "channel": 1})]


def cases() -> list[Case]:
    """Return the cases."""
    return [*_edits(), *_levels(), *_frames(), *_signals()]
