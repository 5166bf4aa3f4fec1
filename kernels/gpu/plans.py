"""How a transform is cut up: radices, threads and frames per group, and the tables that go with them.

A real frame of n samples is a complex transform of N = n/2 points. A plan is fast where every pass keeps
every thread busy, passes are few (each is an exchange through shared memory) and a thread's points fit
its registers.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

RADICES = (16, 10, 8, 7, 6, 5, 4, 3, 2)
MAX_PASSES = 6  # template slots R0 .. R5
MAX_POINTS = 16  # complex points a thread holds
SHARED_BYTES = 32768  # a Metal threadgroup's limit
CUDA_SHARED_BYTES = 49152  # what a CUDA block has without asking
MIN_N_FFT = 12  # below, a frame is hardly a group's work
MAX_N_FFT = 8192

# Flops of a butterfly per point, to weigh plans; an exchange costs about as much as 10 of them.
_FLOPS = {2: 2.0, 3: 5.3, 4: 4.0, 5: 8.0, 6: 7.3, 7: 12.0, 8: 6.5, 10: 10.0, 16: 9.0}
_EXCHANGE = 10.0


@dataclass(frozen=True)
class Plan:
    """One way to run transforms of `points` complex points."""

    points: int
    radices: tuple[int, ...]  # of a forward transform
    threads: int  # per frame
    frames: int  # per group
    skew: int  # one word of padding every 2**skew points, 0 for none
    pad: int = 0  # words of padding between frames

    @property
    def words(self) -> int:
        """Complex words of shared memory a frame takes."""
        last = self.points - 1
        return last + (last >> self.skew if self.skew else 0) + 1 + self.pad

    @property
    def group_threads(self) -> int:
        """Threads of a group."""
        return self.threads * self.frames

    def work_bytes(self) -> int:
        """Shared memory of a group's frames."""
        return 8 * self.words * self.frames

    def template(self, backwards: bool = False) -> list[tuple[str, int]]:
        """Template arguments; `backwards` for an inverse transform, which takes the radices in reverse."""
        return [
            ("N", self.points),
            ("T", self.threads),
            ("FRAMES", self.frames),
            ("SKEW", self.skew),
            ("WORDS", self.words),
            *self.slots("R", backwards),
        ]

    def slots(self, letter: str, backwards: bool) -> list[tuple[str, int]]:
        """The radices as template arguments R0 .. R5."""
        radices = self.radices[::-1] if backwards else self.radices
        return [(f"{letter}{i}", r) for i, r in enumerate(radices + (1,) * (MAX_PASSES - len(radices)))]

    def key(self) -> str:
        """The plan in one word, as the autotuner's cache stores it."""
        return f"{'.'.join(map(str, self.radices))}/{self.threads}/{self.frames}/{self.skew}/{self.pad}"

    @staticmethod
    def parse(points: int, key: str) -> Plan:
        """The plan of `key`; ValueError when it is none for this many points."""
        radices_text, *numbers = key.split("/")
        radices = tuple(int(r) for r in radices_text.split("."))
        threads, frames, skew, pad = (int(n) for n in numbers)
        plan = Plan(points, radices, threads, frames, skew, pad)
        if int(np.prod(radices)) != points or not set(radices) <= set(RADICES) or not _fits(plan, 0):
            raise ValueError(f"no plan for {points} points: {key!r}")
        return plan


def _factorings(n: int) -> Iterator[tuple[int, ...]]:
    """Every ordered way to write n as a product of radices."""
    if n == 1:
        yield ()
    for radix in RADICES:
        if n % radix == 0:
            for rest in _factorings(n // radix):
                yield (radix, *rest)


def _rounds(points: int, radices: tuple[int, ...], threads: int) -> list[tuple[int, int]]:
    """For each pass its radix and the butterflies a thread does; the last pass does them in pairs (fft.h)."""
    rounds = [(r, -(-(points // r) // threads)) for r in radices]
    pairs = (points // radices[-1] + 1) // 2
    rounds[-1] = (radices[-1], 2 * -(-pairs // threads))
    return rounds


def _guess(plan: Plan) -> float:
    """What a plan is expected to cost: arithmetic, and exchanges with their bank conflicts."""
    busy = [(radix, count * radix * plan.threads / plan.points) for radix, count in _rounds(*_layout(plan))]
    return sum((_FLOPS[radix] + _EXCHANGE * _conflicts(plan)) * share for radix, share in busy)


def _layout(plan: Plan) -> tuple[int, tuple[int, ...], int]:
    return plan.points, plan.radices, plan.threads


def _cost(points: int, radices: tuple[int, ...], threads: int) -> float:
    rounds = _rounds(points, radices, threads)
    return sum((_FLOPS[r] + _EXCHANGE) * r * count for r, count in rounds) * threads / points


def _fits(plan: Plan, extra_bytes: int, limit: int = SHARED_BYTES) -> bool:
    return plan.work_bytes() + extra_bytes <= limit and plan.group_threads <= 512


@functools.cache
def layouts(points: int) -> tuple[tuple[tuple[int, ...], int], ...]:
    """(radices, threads per frame) for this many points, most promising first; empty when not smooth."""
    found: dict[tuple[tuple[int, ...], int], float] = {}
    fewest = MAX_PASSES
    for count in range(2, MAX_PASSES + 1):
        if any(len(f) == count for f in _factorings(points)):
            fewest = count
            break
    for radices in _factorings(points):
        if not 2 <= len(radices) <= min(fewest + 1, MAX_PASSES):
            continue
        pairs = (points // radices[-1] + 1) // 2
        for threads in {pairs, -(-pairs // 2), *(points // r for r in radices)}:
            held = max(r * count for r, count in _rounds(points, radices, threads))
            if threads <= 512 and held <= MAX_POINTS:
                found[radices, threads] = _cost(points, radices, threads)
    return tuple(sorted(found, key=lambda c: (round(found[c], 3), c[1]))[:12])


@functools.cache
def _conflicts(plan: Plan) -> float:
    """Shared-memory cycles of a transform's exchanges over the fewest possible (16 pairs of banks)."""
    cycles = ideal = 0
    length = 1
    lanes = np.arange(plan.group_threads)
    slot, t = lanes // plan.threads, lanes % plan.threads
    for position, radix in enumerate(plan.radices):
        m = plan.points // radix
        i = t[t < ((m + 1) // 2 if position == len(plan.radices) - 1 else m)]
        base = slot[: i.size] * plan.words
        for r in range(radix):
            places = [i + r * m] if position else []
            if position < len(plan.radices) - 1:
                places.append((i - i % length) * radix + i % length + r * length)
            for place in places:
                address = base + place + (place >> plan.skew if plan.skew else 0)
                for half in range(0, min(address.size, 64), 16):
                    cycles += int(np.bincount(np.unique(address[half : half + 16]) % 16).max())
                    ideal += 1
        length *= radix
    return cycles / max(1, ideal)


@functools.cache
def plans(
    n_fft: int, ring_floats: tuple[int, int] | None = None, group: int = 256, limit: int = SHARED_BYTES
) -> tuple[Plan, ...]:
    """Plans for frames of `n_fft` samples, best guess first; empty when only the portable route can do it.

    `ring_floats` = (a, b): the overlap-add's ring takes a + b * frames floats beside the frames.
    """
    if n_fft % 2 or not MIN_N_FFT <= n_fft <= MAX_N_FFT:
        return ()
    points = n_fft // 2
    out: list[Plan] = []
    for radices, threads in layouts(points):
        frames = _frames(threads, group)
        choices = []
        for skew in (0, 3, 4, 5):
            bare = Plan(points, radices, threads, frames, skew)
            for pad in {0, 1 - bare.words % 2, (threads - bare.words) % 16} if frames > 1 else {0}:
                plan = replace(bare, pad=pad)
                while plan.frames > 1 and not _fits(plan, _ring_bytes(ring_floats, plan.frames), limit):
                    plan = replace(plan, frames=plan.frames - 1)
                if _fits(plan, _ring_bytes(ring_floats, plan.frames), limit):
                    choices.append(plan)
        if choices:
            out.append(min(choices, key=lambda p: _conflicts(p) * (1 + 0.5 * frames / p.frames)))
    return tuple(sorted(out, key=_guess))


def _frames(threads: int, group: int) -> int:
    """Frames for groups of at most `group` threads that leave the fewest lanes of simdgroups idle."""
    most = max(1, group // threads)
    return max(range(-(-most // 2), most + 1), key=lambda n: (n * threads / (-(-n * threads // 32) * 32), n))


def _ring_bytes(ring: tuple[int, int] | None, frames: int) -> int:
    return 4 * (ring[0] + ring[1] * frames) if ring else 0


def roots(points: int, radices: tuple[int, ...]) -> np.ndarray:
    """exp(-2 pi i k / 2N) for k < N, then each later pass's turns, as float32 pairs [entries, 2].

    The turns of a pass of radix R over sub-transforms of length P are exp(-2 pi i k r / (R P)) in rows
    r = 1, 2, 4, 8 (below R) of k = 0 .. P - 1, so that neighbouring threads read neighbouring entries.
    """
    parts = [np.arange(points) / (2 * points)]
    length = radices[0]
    for radix in radices[1:]:
        rows = np.array([r for r in (1, 2, 4, 8) if r < radix])
        turns = rows[:, None] * np.arange(length)[None, :]
        parts.append((turns / (radix * length)).ravel())
        length *= radix
    angle = -2.0 * np.pi * np.concatenate(parts)
    table = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    return np.concatenate([table, np.zeros((max(0, 4 - len(table)), 2), np.float32)])
