"""madmom.processors and madmom.utils: how processors are put together, buffers, events and notes."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from ..case import Call, Case
from ..signals import Recipe
from .madmom_calls import case, frames_of, function, resolve, signal_of

__all__ = ["cases"]


def _part(ns: Any, name: str, **options: Any) -> Any:
    return resolve(ns, f"processors.{name}")(**options)


def _spectral(ns: Any) -> list[Any]:
    """Return a chain from frames to a filtered spectrogram."""
    return [
        resolve(ns, "audio.stft.ShortTimeFourierTransformProcessor")(),
        resolve(ns, "audio.spectrogram.FilteredSpectrogramProcessor")(num_bands=6),
    ]


def _subclasses(ns: Any) -> tuple[Any, Any, Any]:
    """Return processors as a user writes them."""

    class Scaled(resolve(ns, "processors.Processor")):  # type: ignore[misc]
        def process(self, data: Any, factor: float = 2.0, **kwargs: Any) -> Any:
            return data * factor

    class Summed(resolve(ns, "processors.OnlineProcessor")):  # type: ignore[misc]
        def process_offline(self, data: Any, **kwargs: Any) -> Any:
            return np.cumsum(data)

        def process_online(self, data: Any, reset: bool = True, **kwargs: Any) -> Any:
            before = 0.0 if reset else self.before
            self.before: float = before + np.sum(data)
            return before + np.cumsum(data)

    class Kept(resolve(ns, "processors.OutputProcessor")):  # type: ignore[misc]
        def process(self, data: Any, output: list[Any], **kwargs: Any) -> Any:
            output.append(data)
            return data

    return Scaled, Summed, Kept


def _containers() -> list[Case]:
    def own(ns: Any, x: np.ndarray, **options: Any) -> np.ndarray:
        return np.asarray(_subclasses(ns)[0]()(x, **options))

    def online(ns: Any, x: np.ndarray, piece: int = 100, **options: Any) -> np.ndarray:
        summed = _subclasses(ns)[1](**options)
        if not summed.online:
            return np.asarray(summed(x))
        return np.concatenate([summed(x[i : i + piece], reset=i == 0) for i in range(0, len(x), piece)])

    def output(ns: Any, x: np.ndarray) -> np.ndarray:
        written: list[Any] = []
        _subclasses(ns)[2]()(x, written)
        return np.asarray(written)

    def sequence(ns: Any, x: np.ndarray, nested: bool = False, **options: Any) -> np.ndarray:
        scaled = _subclasses(ns)[0]()
        spectral = _spectral(ns)
        chain = _part(ns, "SequentialProcessor", processors=[spectral if nested else spectral[0]])
        if not nested:
            chain.append(spectral[1])
        chain.extend([np.square, scaled])
        chain.insert(len(chain), None)
        return np.asarray(chain(frames_of(ns, x), **options))

    def pickled(ns: Any, x: np.ndarray) -> np.ndarray:
        chain, file = _part(ns, "SequentialProcessor", processors=_spectral(ns)), io.BytesIO()
        chain.dump(file)
        file.seek(0)
        return np.asarray(resolve(ns, "processors.Processor").load(file)(frames_of(ns, x)))

    def parallel(ns: Any, x: np.ndarray, sizes: tuple[int, ...], **options: Any) -> np.ndarray:
        framing = resolve(ns, "audio.signal.FramedSignalProcessor")
        branches = [[framing(frame_size=size, hop_size=40), *_spectral(ns)] for size in sizes]
        both = _part(ns, "ParallelProcessor", processors=branches, **options)
        return np.asarray(_part(ns, "SequentialProcessor", processors=[both, np.hstack])(signal_of(ns, x)))

    def into(ns: Any, x: np.ndarray, outputs: int) -> np.ndarray:
        scaled, _, kept = _subclasses(ns)
        written: list[Any] = []
        made = _part(
            ns,
            "IOProcessor",
            in_processor=[*_spectral(ns), np.square],
            out_processor=[*([scaled()] * (outputs - 1)), kept()] if outputs > 1 else kept(),
        )
        made(frames_of(ns, x), written)
        return np.asarray(written[0])

    signals = ("noise", "music", "long", "pcm")
    name = "processors.SequentialProcessor"
    every: list[tuple[str, Call, list[dict[str, Any]]]] = [
        ("processors.Processor", own, [{}, {"factor": 0.5}]),
        ("processors.OnlineProcessor", online, [{}, {"online": True}]),
        (name, sequence, [{}, {"nested": True}, {"factor": 3.0}]),
        (
            "processors.ParallelProcessor",
            parallel,
            [{"sizes": (64, 128, 256)}, {"sizes": (128,), "num_threads": 1}],
        ),
        ("processors.IOProcessor", into, [{"outputs": 1}, {"outputs": 3}]),
    ]
    found = [case(full, x, call, o) for full, call, of in every for x in signals for o in of]
    more = (*signals, "chirp", "click", "short", "columns")
    found += [case("processors.OutputProcessor", x, output) for x in more]
    return [*found, *(case(name, Recipe(f"{x}-pickled", _again(x)), pickled) for x in signals)]


def _again(name: str) -> Any:
    from ..signals import signal

    return lambda: signal(name).values().copy()


def _buffers() -> list[Case]:
    def buffered(ns: Any, x: np.ndarray, piece: int, **options: Any) -> np.ndarray:
        made = _part(ns, "BufferProcessor", **options)
        states = [np.array(made(x[i : i + piece])) for i in range(0, 60, piece)]
        made.reset()
        return np.concatenate([*states, np.array(made.buffer(x[:2])), made[-3:]])

    every: list[dict[str, Any]] = [
        {"piece": 4, "buffer_size": 10},
        {"piece": 25, "buffer_size": 10, "init_value": 0.5},
        {"piece": 3, "init": Recipe("ramp-9", lambda: np.arange(9.0))},
    ]
    table: dict[str, Any] = {"piece": 4, "buffer_size": (10, 2)}
    name = "processors.BufferProcessor"
    return [
        *(case(name, x, buffered, o) for x in ("noise", "music", "pcm") for o in every),
        *(case(name, x, buffered, table) for x in ("columns", "pcm-columns")),
    ]


def _events() -> list[Case]:
    """Seconds that are sixteenths of one, or near them."""

    def times(seed: int) -> Recipe:
        def make() -> np.ndarray:
            rng = np.random.default_rng(seed)
            return np.sort(rng.integers(0, 128, 24) / 16.0 + rng.integers(0, 64, 24) / 2.0**12)

        return Recipe(f"events-{seed}", make)

    def notes(seed: int, columns: int) -> Recipe:
        def make() -> np.ndarray:
            rng = np.random.default_rng(seed)
            table = [times(seed).values()[:12], rng.integers(40, 70, 12), rng.integers(1, 32, 12) / 16.0]
            return np.stack([*table, rng.integers(20, 100, 12)], axis=1)[:, :columns].astype(np.float64)

        return Recipe(f"notes-{seed}-{columns}", make)

    seeds = (1, 2, 3)
    rolls: list[dict[str, Any]] = [
        {"fps": 10},
        {"fps": 20, "length": 60, "num_pitches": 60},
        {"fps": 10, "velocity": 7},
    ]
    every: dict[str, tuple[list[Recipe], list[dict[str, Any]]]] = {
        "utils.combine_events": (
            [times(seed) for seed in seeds],
            [{"delta": 0.03}, {"delta": 0.1, "combine": "left"}, {"delta": 0.1, "combine": "right"}],
        ),
        "utils.quantize_events": (
            [times(seed) for seed in seeds],
            [{"fps": 10}, {"fps": 100, "length": 400}, {"fps": 50, "shift": 0.5}],
        ),
        "utils.quantize_notes": ([notes(seed, n) for seed in seeds for n in (2, 3, 4)], rolls),
        "utils.expand_notes": (
            [notes(seed, n) for seed in seeds for n in (2, 3, 4)],
            [{}, {"duration": 1.5, "velocity": 64}],
        ),
    }
    found = [
        case(name, x, function(name), o) for name, (inputs, of) in every.items() for x in inputs for o in of
    ]
    bad: list[tuple[str, Recipe, dict[str, Any]]] = [
        ("utils.combine_events", notes(1, 2), {"delta": 0.1}),
        ("utils.quantize_events", notes(1, 2), {"fps": 10}),
        ("utils.quantize_notes", notes(1, 1), {"fps": 10}),
        ("utils.expand_notes", notes(1, 1), {}),
    ]
    return [*found, *(case(name, x, function(name), o, bad=True) for name, x, o in bad)]


def _segments() -> list[Case]:
    name = "utils.segment_axis"
    every: list[dict[str, Any]] = [
        {"frame_size": 64, "hop_size": 16},
        {"frame_size": 100, "hop_size": 130, "end": "pad", "end_value": 0.5},
        {"frame_size": 100, "hop_size": 30, "end": "wrap"},
        {"frame_size": 64, "hop_size": 16, "axis": 0},
    ]
    bad: list[dict[str, Any]] = [
        {"frame_size": 0, "hop_size": 1},
        {"frame_size": 4, "hop_size": 0},
        {"frame_size": 10000, "hop_size": 4},
    ]
    call = function(name)
    return [
        *(case(name, x, call, o) for x in ("noise", "music", "pcm") for o in every),
        *(case(name, "noise", call, o, bad=True) for o in bad),
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return [*_containers(), *_buffers(), *_events(), *_segments()]
