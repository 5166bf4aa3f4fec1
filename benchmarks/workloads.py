"""What is timed: named ways to do one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import mlx.core as mx

from .timing import Ratio, Work, compare


@dataclass(frozen=True)
class Workload:
    """Named ways to do one thing."""

    name: str
    ours: dict[str, Work]
    theirs: dict[str, Work]


def evaluated(work: Callable[[], mx.array | list[mx.array]]) -> Work:
    """Return `work` with its result evaluated."""
    return lambda: mx.eval(work())


def run(workloads: Iterable[Workload], seconds: float, threads: int) -> list[Ratio]:
    """Time every workload for about `seconds`, printing as it goes; ours on so many threads."""
    from spectro.kernels import cpu

    mx.set_default_device(mx.cpu)
    cpu.set_num_threads(threads)
    ratios = []
    for workload in workloads:
        for ratio in compare(workload.name, workload.ours, workload.theirs, seconds):
            print(ratio.line(), flush=True)
            ratios.append(ratio)
    return ratios
