"""How a transform is cut up: radices, threads and frames per group, and the tables that go with them.

A real frame of n samples is a complex transform of N = n/2 points. A plan is fast where every pass keeps every
thread busy, passes are few (each is an exchange through shared memory) and a thread's points fit its registers.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

RADICES = (16, 10, 8, 7, 6, 5, 4, 3, 2)
MAX_PASSES = 6  # template slots R0 .. R5
MAX_POINTS = 16  # complex points a thread holds
SHARED_BYTES = 32768  # Metal's limit, and what CUDA offers without asking
MAX_N_FFT = 8192

# Flops of a butterfly per point, to weigh plans; an exchange costs about as much as 10 of them.
_FLOPS = {2: 2.0, 3: 5.3, 4: 4.0, 5: 8.0, 6: 7.3, 7: 12.0, 8: 6.5, 10: 10.0, 16: 9.0}
_EXCHANGE = 10.0


@dataclass(frozen=True)
class Plan:
    """One way to run transforms of `points` complex points."""

    points: int
    radices: tuple[int, ...]
    threads: int  # per frame
    frames: int  # per group
    skew: int  # one word of padding every 2**skew points, 0 for none

    @property
    def words(self) -> int:
        """Complex words of shared memory a frame takes; odd, so that frames start on different banks."""
        last = self.points - 1
        return (last + (last >> self.skew if self.skew else 0) + 1) | (1 if self.skew else 0)

    @property
    def group_threads(self) -> int:
        return self.threads * self.frames

    def work_bytes(self) -> int:
        return 8 * self.words * self.frames

    def template(self) -> list[tuple[str, int]]:
        slots = self.radices + (1,) * (MAX_PASSES - len(self.radices))
        return [
            ("N", self.points),
            ("T", self.threads),
            ("FRAMES", self.frames),
            ("SKEW", self.skew),
            ("WORDS", self.words),
            *((f"R{i}", r) for i, r in enumerate(slots)),
        ]

    def key(self) -> str:
        """The plan in one word, as the autotuner's cache stores it."""
        return f"{'.'.join(map(str, self.radices))}/{self.threads}/{self.frames}/{self.skew}"

    @staticmethod
    def parse(points: int, key: str) -> Plan:
        """The plan of `key`; ValueError when it is none for this many points."""
        radices_text, threads, frames, skew = key.split("/")
        radices = tuple(int(r) for r in radices_text.split("."))
        plan = Plan(points, radices, int(threads), int(frames), int(skew))
        if int(np.prod(radices)) != points or not set(radices) <= set(RADICES) or not _fits(plan, 0):
            raise ValueError(f"no plan for {points} points: {key!r}")
        return plan


def _factorings(n: int, largest: int = RADICES[0]) -> Iterator[tuple[int, ...]]:
    """Every way to write n as a product of radices, largest first."""
    if n == 1:
        yield ()
    for radix in RADICES:
        if radix <= largest and n % radix == 0:
            for rest in _factorings(n // radix, radix):
                yield (radix, *rest)


def _cost(points: int, radices: tuple[int, ...], threads: int) -> float:
    total = 0.0
    for radix in radices:
        butterflies = points // radix
        rounds = -(-butterflies // threads)
        total += (_FLOPS[radix] + _EXCHANGE) * rounds * threads / butterflies
    return total


def _held(points: int, radices: tuple[int, ...], threads: int) -> int:
    return max(-(-(points // r) // threads) * r for r in radices)


def _fits(plan: Plan, extra_bytes: int) -> bool:
    warps = plan.threads % 32 == 0 and plan.threads > 32  # CUDA's named barriers allow 15 frames then
    return (
        plan.work_bytes() + extra_bytes <= SHARED_BYTES
        and plan.group_threads <= (512 if plan.points >= 8 else 1024)
        and (not warps or plan.frames < 16)
    )


@functools.lru_cache(maxsize=None)
def layouts(points: int) -> tuple[tuple[tuple[int, ...], int], ...]:
    """(radices, threads per frame) for this many points, most promising first; empty when not smooth."""
    found: dict[tuple[tuple[int, ...], int], float] = {}
    for radices in _factorings(points):
        if not radices or len(radices) > MAX_PASSES:
            continue
        for radix in set(radices):
            threads = points // radix
            while threads > 512:
                threads //= 2
            if _held(points, radices, threads) <= MAX_POINTS:
                found[radices, threads] = _cost(points, radices, threads)
    return tuple(sorted(found, key=lambda c: (found[c], -c[1])))


@functools.lru_cache(maxsize=None)
def plans(n_fft: int, ring_floats: tuple[int, int] | None = None, group: int = 256) -> tuple[Plan, ...]:
    """Plans for frames of `n_fft` samples, best guess first; empty when only the portable route can do it.

    `ring_floats` = (a, b): the overlap-add's ring takes a + b * frames floats beside the frames.
    """
    if n_fft % 2 or not 4 <= n_fft <= MAX_N_FFT:
        return ()
    points = n_fft // 2
    out: list[Plan] = []
    for radices, threads in layouts(points)[:6]:
        for target in (group, group // 2, 2 * group):
            for skew in (4, 0):
                frames = max(1, target // threads)
                plan = Plan(points, radices, threads, frames, skew)
                while frames > 1 and not _fits(plan, _ring_bytes(ring_floats, frames)):
                    frames -= 1
                    plan = Plan(points, radices, threads, frames, skew)
                if _fits(plan, _ring_bytes(ring_floats, frames)):
                    if plan not in out:
                        out.append(plan)
                    break  # the skewed one fits: no need for the plain one
    return tuple(out)


def _ring_bytes(ring: tuple[int, int] | None, frames: int) -> int:
    return 4 * (ring[0] + ring[1] * frames) if ring else 0


def roots(points: int, radices: tuple[int, ...]) -> np.ndarray:
    """exp(-2 pi i k / 2N) for k < N, then each later pass's turns, as float32 pairs [entries, 2].

    The turns of a pass of radix R over sub-transforms of length P are exp(-2 pi i k r / (R P)) in rows
    r = 1 .. R - 1 of k = 0 .. P - 1, so that neighbouring threads read neighbouring entries.
    """
    parts = [np.arange(points) / (2 * points)]
    length = radices[0]
    for radix in radices[1:]:
        turns = np.arange(1, radix)[:, None] * np.arange(length)[None, :]
        parts.append((turns / (radix * length)).ravel())
        length *= radix
    angle = -2.0 * np.pi * np.concatenate(parts)
    table = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    return np.concatenate([table, np.zeros((max(0, 4 - len(table)), 2), np.float32)])
