"""Timing several ways of doing the same thing, by turns."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

Work = Callable[[], Any]


@dataclass(frozen=True)
class Ratio:
    """Our time over theirs: median, 10th and 90th percentile, least and most of the rounds.

    `best` is our fastest turn over their fastest: where other programs want the cores as well, the
    median is theirs too, and the fastest turns are the least disturbed.
    """

    workload: str
    ours: str
    theirs: str
    median: float
    low: float
    high: float
    least: float
    most: float
    best: float
    our_ms: float
    their_ms: float
    rounds: int

    def line(self) -> str:
        """Return one line of a table."""
        times = f"{self.our_ms:8.2f} /{self.their_ms:8.2f} ms"
        spread = f"{self.low:.3f} .. {self.high:.3f}"
        ratio = f"{self.median:.3f} ({spread}) best {self.best:.3f}"
        return f"{self.workload:24s} {self.ours:5s} / {self.theirs:10s} {ratio} {times}"


# A turn lasts at least this long, in seconds: the threads of some libraries go on spinning after a call, and
# in turns of single short calls everybody would be measured against the spinning of the one before.
TURN = 0.01
# And before a turn everybody rests, for such spinning to end: a worker of OpenBLAS, numpy's, was seen to keep
# a core busy for 90 to 100 ms after a product, and a call of two threads in that time had one core.
REST = 0.12
# A core that rested is slow to begin with, and a virtual one may take milliseconds to come back at all, which
# would count against the shorter call: so a turn begins with so many seconds of calls that are not timed.
WARM = 0.02


def calls_a_turn(work: Work) -> int:
    """Return how many calls fill a turn (after two calls to warm up)."""
    work(), work()
    begin = time.perf_counter()
    work()
    return max(1, min(200, int(TURN / max(time.perf_counter() - begin, 1e-6))))


def take_turns(rivals: Mapping[str, Work], seconds: float, least: int = 7) -> dict[str, np.ndarray]:
    """Time each rival once a round, for about `seconds` in all; return seconds per call, by round.

    The order changes from round to round, so that none always runs in the wake of the same
    other. A result is dropped before the next call, outside a turn of one call: an allocation is
    part of an operation.
    """
    names = list(rivals)
    repeats = {name: calls_a_turn(rivals[name]) for name in names}
    times: dict[str, list[float]] = {name: [] for name in names}
    end = time.perf_counter() + seconds
    rounds = 0
    while rounds < least or time.perf_counter() < end:
        for name in names[rounds % len(names) :] + names[: rounds % len(names)]:
            work, result = rivals[name], None
            time.sleep(REST)
            warm = time.perf_counter() + WARM
            while time.perf_counter() < warm:
                work()
            begin = time.perf_counter()
            for _ in range(repeats[name]):
                result = work()
            times[name].append((time.perf_counter() - begin) / repeats[name])
            del result
        rounds += 1
    return {name: np.array(values) for name, values in times.items()}


def compare(
    workload: str, ours: Mapping[str, Work], theirs: Mapping[str, Work], seconds: float
) -> list[Ratio]:
    """Time all of ours against all of theirs; return a ratio for each pair."""
    times = take_turns({**ours, **theirs}, seconds)
    ratios = []
    for a in ours:
        for b in theirs:
            quotient = times[a] / times[b]
            low, high = np.percentile(quotient, [10, 90])
            our_ms, their_ms = (float(np.median(times[k]) * 1e3) for k in (a, b))
            ratios.append(
                Ratio(
                    workload=workload,
                    ours=a,
                    theirs=b,
                    median=float(np.median(quotient)),
                    low=float(low),
                    high=float(high),
                    least=float(quotient.min()),
                    most=float(quotient.max()),
                    best=float(times[a].min() / times[b].min()),
                    our_ms=our_ms,
                    their_ms=their_ms,
                    rounds=len(quotient),
                )
            )
    return ratios


def processor() -> str:
    """Return the processor's name."""
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def environment(threads: int) -> dict[str, Any]:
    """Return what a result depends on: processor, instruction set, threads, versions, command."""
    from spectro.kernels import cpu

    installed = {d.name: d.version for d in importlib.metadata.distributions()}
    names = ("numpy", "mlx", "torch", "torchaudio", "librosa")
    versions = {name: installed[name] for name in names if name in installed}
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "threads": threads,
        "isa": cpu.status().isa,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions,
        "command": "python -m " + " ".join(["benchmarks", *sys.argv[1:]]),
    }


def as_dicts(ratios: list[Ratio]) -> list[dict[str, Any]]:
    """Return ratios as JSON takes them."""
    return [{k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(r).items()} for r in ratios]
