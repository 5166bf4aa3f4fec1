"""What the hook costs: the time to install it, and the time it adds to a call.

    python -m benchmarks.hook

Start-up is measured in new processes, as the time of the processor that they take to import the
libraries, with the hook and without it. "alone" leaves out the imports of spectro itself, which a program
that imports the mirrors pays too; "with spectro" counts them, and MLX, where numpy is there already as in
any program of this kind. For the calls, the mirrors are replaced by functions that do nothing, so that
only the way to them is measured; the fastest turns count.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from time import perf_counter
from types import SimpleNamespace
from typing import Any

# Prints the milliseconds that importing the libraries named takes, with the hook or without it.
STARTUP = """
import sys, time
import numpy
names, how = sys.argv[1].split(","), sys.argv[2]
if how.startswith("warm"):
    import spectro.compat.registry as registry
    for name in names:
        registry.mirrored(name)
begin = time.process_time()
if how.endswith("hooked"):
    import spectro.compat
    spectro.compat.install(profile=True)
for name in names:
    __import__(name)
print(1e3 * (time.process_time() - begin))
"""
WAYS = ("plain", "hooked", "warm plain", "warm hooked")


def startup(names: str, rounds: int = 5) -> dict[str, float]:
    """Return the medians of what the hook adds to the import of libraries, in milliseconds."""
    with tempfile.TemporaryDirectory() as cache:  # of compiled modules, as an installed package has them
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def once(how: str) -> float:
            command = [sys.executable, "-W", "ignore", "-c", STARTUP, names, how]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            return float(done.stdout)

        for how in WAYS:
            once(how)
        times = [{how: once(how) for how in WAYS} for _ in range(rounds)]
    alone = statistics.median(turn["warm hooked"] - turn["warm plain"] for turn in times)
    whole = statistics.median(turn["hooked"] - turn["plain"] for turn in times)
    return {"alone": round(alone, 1), "with spectro": round(whole, 1)}


def nothing(*args: Any, **kwargs: Any) -> None:
    """Stand in for a mirror, so that nothing but the way to it is measured."""


def per_call(call: Callable[[], Any], rounds: int = 400) -> float:
    """Return microseconds a call: of the fastest turn, the one that other programs disturbed least."""
    turns = []
    for _ in range(rounds):
        begin = perf_counter()
        for _ in range(50):
            call()
        turns.append((perf_counter() - begin) / 50 * 1e6)
    return min(turns)


def overhead(profile: bool) -> dict[str, float]:
    """Return what the swap adds to a call, in microseconds."""
    import torch
    import torchaudio

    from spectro.compat import registry
    from spectro.compat.hook import calls, objects
    from spectro.compat.hook.profile import Profile

    x, window = torch.randn(400), torch.hann_window(400)
    counts = Profile() if profile else None
    found = {}
    function = calls.function(calls.Swap("torch.stft", nothing, None, counts, None))
    by_function = lambda: function(x, 400, 100, window=window, return_complex=True)  # noqa: E731
    empty = lambda: nothing(x, 400, 100, window=window, return_complex=True)  # noqa: E731
    found["torch.stft"] = per_call(by_function) - per_call(empty)
    from_nothing = calls.function(calls.Swap("torch.hann_window", nothing, None, counts, None))
    found["torch.hann_window"] = per_call(lambda: from_nothing(400)) - per_call(lambda: nothing(400))
    for name in ("Spectrogram", "MFCC"):
        full = f"torchaudio.transforms.{name}"
        theirs = getattr(torchaudio.transforms, name)()
        twins = objects.Twins(registry.mirrored("torchaudio")[full].object)
        idle = SimpleNamespace(forward=nothing)
        twin = lambda module, twins=twins, idle=idle: (idle, twins.of(module)[1])  # noqa: E731
        swap = calls.Swap(full, nothing, None, counts, None)
        method = calls.method(swap, type(theirs).forward, twin)
        by_method = per_call(lambda method=method, theirs=theirs: method(theirs, x))
        found[full] = by_method - per_call(lambda: nothing(x))
    return {name: round(value, 2) for name, value in found.items()}


def main() -> None:
    """Measure and print JSON."""
    result: dict[str, Any] = {"call_us": {"plain": overhead(False), "with --profile": overhead(True)}}
    result["startup_ms"] = {
        names: startup(names) for names in ("torch,torchaudio", "librosa", "torch,torchaudio,librosa,madmom")
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
