"""Which plan a call gets: the first guess, a forced one, or the fastest of a few, measured once per device.

`SPEC_MLX_AUTOTUNE=0` keeps to the first guess; `SPEC_MLX_TGX=256` or `SPEC_MLX_TGX=stft:256` forces groups of
about that many threads. Nothing is ever timed while MLX traces a function, nor for calls too small to gain.
"""

from __future__ import annotations

import functools
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mlx.core as mx

from . import diagnostics, running
from .cache import PlanCache, default_path, persistent
from .launches import Launch
from .plans import Plan

WORTH_TUNING = 1 << 22  # samples in all frames; below, a launch costs more than the work
ROUNDS = 8
PIPELINED = 8
MOST_BYTES = 1 << 31  # of results that pipelined launches may hold


@dataclass(frozen=True)
class Choice:
    """A plan, and for overlap-add the frames of a tile."""

    plan: Plan
    tile: int = 32

    def key(self) -> str:
        """The choice as the cache keeps it."""
        return f"{self.plan.key()}@{self.tile}"

    @staticmethod
    def parse(points: int, text: str) -> Choice:
        """The choice of `text`; ValueError if it is none."""
        plan, _, tile = text.partition("@")
        return Choice(Plan.parse(points, plan), int(tile))


@functools.cache
def _cache(path: str | None) -> PlanCache:
    from pathlib import Path

    return PlanCache(None if path is None else Path(path))


def cache() -> PlanCache:
    """The cache that the environment names."""
    return _cache(str(default_path()) if persistent() else None)


def forced_threads(kernel: str) -> int | None:
    """Threads per group that `SPEC_MLX_TGX` asks for, for this kernel, if it does."""
    text = os.environ.get("SPEC_MLX_TGX", "")
    name, colon, number = text.rpartition(":")
    if colon and name != kernel:
        return None
    return int(number) if number.isdigit() and int(number) > 0 else None


def allowed() -> bool:
    """Whether `SPEC_MLX_AUTOTUNE` allows measuring."""
    return os.environ.get("SPEC_MLX_AUTOTUNE", "1") not in ("", "0")


def choose(
    kernel: str,
    shape: tuple[int, ...],
    samples: int,
    candidates: Sequence[Choice],
    make: Callable[[Choice], Launch],
    inputs: Sequence[mx.array],
) -> Choice:
    """The candidate to use for a call of this kernel and shape class.

    Parameters
    ----------
    shape : tuple of int
        What decides speed besides the amount of work: n_fft, hop, bands ...
    samples : int
        frames x n_fft, the amount of work; classed by powers of 4.
    candidates : sequence of Choice
        First guess first.
    make : callable
        The launch of a candidate.
    inputs : sequence of mx.array
        The call's arrays: if they cannot be evaluated, MLX is tracing.
    """
    wanted = forced_threads(kernel)
    if wanted is not None:
        return min(candidates, key=lambda c: abs(c.plan.group_threads - wanted))
    first = candidates[0]
    if not allowed() or samples < WORTH_TUNING or len(candidates) == 1:
        return first
    size_class = (samples.bit_length() + 1) // 2
    key = "|".join([diagnostics.spec_mlx_device_key(), kernel, *map(str, (*shape, size_class))])
    known = cache().get(key)
    if known is not None:
        try:
            choice = Choice.parse(first.plan.points, known)
        except ValueError:
            known = None
        else:
            diagnostics.count("tuned_plan_used")
            return choice
    try:
        mx.eval(*inputs)
    except (ValueError, RuntimeError):
        diagnostics.count("tuning_skipped_while_tracing")
        return first
    choice = _fastest(candidates, make)
    diagnostics.count("plan_tuned")
    cache().put(key, choice.key())
    return choice


def _fastest(candidates: Sequence[Choice], make: Callable[[Choice], Launch]) -> Choice:
    """The candidate that took least. They take turns, since the GPU's clock changes while they work."""
    spent = dict.fromkeys(candidates, math.inf)
    works = {choice: work for choice in candidates if (work := _built(make(choice))) is not None}
    for _ in range(ROUNDS):
        for choice, work in works.items():
            spent[choice] = min(spent[choice], _time(work))
    return min(spent, key=lambda choice: spent[choice])


@dataclass(frozen=True)
class _Work:
    """A kernel to time: so many calls at once, each compiled, or Python would be what is timed."""

    call: Callable[[], list[mx.array]]
    calls: int


def _built(launch: Launch) -> _Work | None:
    """A launch ready to be timed; None for a kernel that does not build."""
    size = sum(math.prod(shape) * dtype.size for shape, dtype in launch.outputs.values())
    work = _Work(mx.compile(lambda: running.call(launch)), max(1, min(PIPELINED, MOST_BYTES // size)))
    try:
        running.run_all(launch)  # builds it, and says so if that fails
        mx.eval(work.call())
    except running.KernelError:
        return None
    return work


def _time(work: _Work) -> float:
    """Seconds of a call, of those that are under way together."""
    start = time.perf_counter()
    for _ in range(work.calls):
        mx.async_eval(work.call())  # type: ignore[no-untyped-call]
    mx.synchronize()
    return (time.perf_counter() - start) / work.calls
