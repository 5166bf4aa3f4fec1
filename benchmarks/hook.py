"""What the hook costs: the time to install it, and the time it adds to a call.

Start-up is measured in new processes that have imported some libraries: how long `import spectro.compat`
and `install()` then take, of the clock and of the processor. For the calls, the mirrors are replaced by a
function that does nothing, so that only the way to them is measured: what a swapped call takes longer than
calling that function, with and without a profile, by turns.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from .timing import take_turns

LOADED = ("numpy", "torch,torchaudio", "torch,torchaudio,librosa,scipy.signal")
ROUNDS = 5
MODULES: dict[str, Any] = {"Spectrogram": {}, "MFCC": {"melkwargs": {"n_mels": 40}}}
STARTUP = """
import sys, time
import numpy
for name in sys.argv[1].split(","):
    __import__(name)
begin = time.perf_counter(), time.process_time()
import spectro.compat
spectro.compat.install(profile=True)
print(1e3 * (time.perf_counter() - begin[0]), 1e3 * (time.process_time() - begin[1]))
"""


def startup() -> list[dict[str, Any]]:
    """Return medians and the most of what installing takes where libraries are loaded, in milliseconds."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def once(loaded: str) -> list[float]:
        command = [sys.executable, "-W", "ignore", "-c", STARTUP, loaded]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return [float(word) for word in done.stdout.split()]

    once(LOADED[-1])  # which leaves all compiled, as installed packages are
    turns = np.array([[once(loaded) for loaded in LOADED] for _ in range(ROUNDS)])
    (clock, processor), most = np.moveaxis(np.median(turns, axis=0), 1, 0), turns[..., 0].max(axis=0)
    return [
        {
            "loaded": loaded.split(","),
            "clock_ms": round(float(clock[i]), 1),
            "most_ms": round(float(most[i]), 1),
            "processor_ms": round(float(processor[i]), 1),
            "rounds": ROUNDS,
        }
        for i, loaded in enumerate(LOADED)
    ]


def nothing(*args: Any, **kwargs: Any) -> None:
    """Stand in for a mirror, so that nothing but the way to it is measured."""


def _swapped_function(name: str, profile: Any) -> Callable[..., Any]:
    from spectro.compat.hook import calls

    return calls.function(calls.Swap(name, lambda: nothing, None, profile, None), nothing)


def _swapped_module(name: str, module: Any, profile: Any) -> Callable[..., Any]:
    """Return `forward` of a module of torchaudio's, whose state is taken over at each call as always."""
    from spectro.compat import registry
    from spectro.compat.hook import calls, objects

    twins = objects.Twins(lambda: registry.find(name).object)
    idle = SimpleNamespace(forward=nothing)

    def twin(theirs: Any) -> tuple[Any, Any]:
        return idle, twins.of(theirs)[1]

    swap = calls.Swap(name, lambda: nothing, None, profile, None)
    forward = calls.method(swap, type(module).forward, twin)

    def call(*args: Any) -> Any:
        return forward(module, *args)

    return call


def overhead(
    name: str, make: Callable[[Any], Callable[..., Any]], call: Any, seconds: float
) -> dict[str, Any]:
    """Return the medians of what the swap adds to a call, in microseconds; `call` calls what it is given."""
    from spectro.compat.hook.profile import Profile

    def work(target: Callable[..., Any]) -> Callable[[], None]:
        def many() -> None:
            for _ in range(50):
                call(target)

        return many

    rivals = {"direct": nothing, "swapped": make(None), "with_profile": make(Profile())}
    times = take_turns({key: work(target) for key, target in rivals.items()}, seconds)
    found: dict[str, Any] = {"name": name, "rounds": len(times["direct"])}
    for key in ("swapped", "with_profile"):
        added = (times[key] - times["direct"]) / 50 * 1e6
        found[f"{key}_us"] = round(float(np.median(added)), 2)
        found[f"{key}_most_us"] = round(float(added.max()), 2)
    return found


def run(seconds: float) -> dict[str, Any]:
    """Measure start-up, and calls for about so many seconds each."""
    import torch
    import torchaudio

    x, window = torch.randn(400), torch.hann_window(400)
    calls: list[tuple[str, Any, Any]] = [
        (
            "torch.stft",
            lambda profile: _swapped_function("torch.stft", profile),
            lambda target: target(x, 400, 100, window=window, return_complex=True),
        ),
        (
            "torch.hann_window",
            lambda profile: _swapped_function("torch.hann_window", profile),
            lambda target: target(400),
        ),
    ]
    for leaf in MODULES:
        name = f"torchaudio.transforms.{leaf}"
        module = getattr(torchaudio.transforms, leaf)(**MODULES[leaf])
        calls.append(
            (
                name,
                lambda profile, name=name, module=module: _swapped_module(name, module, profile),
                lambda target: target(x),
            )
        )
    return {
        "startup": startup(),
        "calls": [overhead(name, make, call, seconds) for name, make, call in calls],
    }


def markdown(results: dict[str, Any]) -> str:
    """Return the results as tables."""
    lines = [
        "# What the hook costs",
        "",
        f"{results['environment']['processor']}, `{results['environment']['command']}`.",
        "",
        "Milliseconds that `import spectro.compat` and `install(profile=True)` take in a new process, by "
        "what it has imported before. Mirrors are imported at the first call.",
        "",
        "| loaded | median | most | median, processor | rounds |",
        "|" + " --- |" * 5,
    ]
    for row in results["startup"]:
        times = f"{row['clock_ms']} | {row['most_ms']} | {row['processor_ms']} | {row['rounds']}"
        lines.append(f"| {', '.join(row['loaded'])} | {times} |")
    lines += [
        "",
        "Microseconds that a swapped call takes longer than calling a function that does nothing.",
        "",
        "| call | median | most | median with a profile | most | rounds |",
        "|" + " --- |" * 6,
    ]
    for row in results["calls"]:
        figures = [row[f"{key}{what}_us"] for key in ("swapped", "with_profile") for what in ("", "_most")]
        lines.append(f"| {row['name']} | {' | '.join(map(str, figures))} | {row['rounds']} |")
    return "\n".join(lines) + "\n"
