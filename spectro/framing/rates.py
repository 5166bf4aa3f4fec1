"""Frames by rate: a fractional hop, and an origin that says where in its frame a reference sample stands.

With `fps` frames a second the hop h = sample_rate / fps need not be whole. Frame i belongs to sample
int(i h), so the positions never drift, and it starts at

    int(i h) - size // 2 - origin

An origin of 0 centres the frame on its sample; a positive one moves it to the left, into the past
("online" ends it with the sample itself), a negative one to the right ("stream" begins it there).
Outside the signal everything is zero. These are the conventions of madmom 0.17.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import ModuleType
from typing import Literal, TypeAlias, get_args

import mlx.core as mx
import numpy as np

from ..errors import ParameterError
from ..typing import Array
from ..validation import check_choice, check_int, check_number
from .padding import pad

__all__ = [
    "FrameOrigin",
    "FramingEnd",
    "equal_runs",
    "frame_origin_from_mode",
    "frame_starts",
    "frame_starts_from_fps",
    "frames_at",
    "hop_size_from_fps",
    "interleave",
    "num_frames_for_hop",
    "runs_at",
]

FramingEnd: TypeAlias = Literal["normal", "extend"]
FrameOrigin: TypeAlias = (
    Literal["center", "offline", "left", "past", "online", "right", "future", "stream"] | int
)
_ORIGINS = ("center", "offline", "left", "past", "online", "right", "future", "stream")


def hop_size_from_fps(fps: float, sample_rate: float = 44100) -> float:
    """Return the samples, possibly fractional, between frames at `fps` frames a second.

    Examples
    --------
    >>> hop_size_from_fps(100, 22050)
    220.5
    """
    return check_number("sample_rate", sample_rate, above=0) / check_number("fps", fps, above=0)


def num_frames_for_hop(num_samples: int, hop_size: float, *, end: FramingEnd = "normal") -> int:
    """Return how many frames a signal has.

    "normal" stops with the last reference sample inside the signal; "extend" goes on while some
    centred frame could touch it: one more where the hop divides the length.
    """
    length = check_int("num_samples", num_samples, minimum=0)
    hop = check_number("hop_size", hop_size, above=0)
    check_choice("end", end, get_args(FramingEnd))
    return math.ceil(length / hop) if end == "normal" else math.floor(length / hop + 1)


def frame_origin_from_mode(frame_size: int, origin: FrameOrigin) -> int:
    """Return the origin as a number of samples.

    0 for "center" and "offline", (frame_size - 1) // 2 for "left", "past" and "online",
    -(frame_size // 2) for "right", "future" and "stream"; an integer is returned as it is.
    """
    size = check_int("frame_size", frame_size, minimum=1)
    if not isinstance(origin, str):
        return check_int("origin", origin)
    mode = check_choice("origin", origin, _ORIGINS)
    if mode in ("center", "offline"):
        return 0
    return (size - 1) // 2 if mode in ("left", "past", "online") else -(size // 2)


def frame_starts(
    num_frames: int, *, frame_size: int, hop_size: float, origin: FrameOrigin = "offline"
) -> np.ndarray:
    """Return the first sample of each frame, int64 [num_frames]; negative before the signal.

    Examples
    --------
    >>> frame_starts(4, frame_size=8, hop_size=2.5).tolist()
    [-4, -2, 1, 3]
    """
    count = check_int("num_frames", num_frames, minimum=0)
    hop = check_number("hop_size", hop_size, above=0)
    shift = check_int("frame_size", frame_size, minimum=1) // 2 + frame_origin_from_mode(frame_size, origin)
    return (np.arange(count) * hop).astype(np.int64) - shift


def frame_starts_from_fps(
    num_samples: int,
    *,
    frame_size: int,
    fps: float,
    sample_rate: float = 44100,
    origin: FrameOrigin = "offline",
    end: FramingEnd = "normal",
) -> np.ndarray:
    """Return the first sample of each frame of a signal of `num_samples`, int64 [N].

    Parameters
    ----------
    num_samples, frame_size : int
    fps, sample_rate : float
        Frames and samples a second.
    origin : int or {"center", "offline", "left", "past", "online", "right", "future", "stream"}
        Where a frame lies about its reference sample: see `frame_origin_from_mode`.
    end : {"normal", "extend"}
        How many frames there are: see `num_frames_for_hop`.

    Raises
    ------
    ParameterError
        For a value out of range.

    Examples
    --------
    >>> frame_starts_from_fps(1000, frame_size=512, fps=100, sample_rate=22050).tolist()
    [-256, -36, 185, 405, 626]
    """
    hop = hop_size_from_fps(fps, sample_rate)
    count = num_frames_for_hop(num_samples, hop, end=end)
    return frame_starts(count, frame_size=frame_size, hop_size=hop, origin=origin)


def frames_at(xp: ModuleType, x: Array, starts: np.ndarray, size: int) -> tuple[Array, int]:
    """Arrange x [B, T] so that plain framing finds the frames that begin at `starts` [N].

    Returns (y, hop) with frame i of x, y[:, i * hop : i * hop + size]: any STFT of `size` samples
    and `hop` then serves any starts. Equal steps need only padding; unequal ones copy the frames
    side by side. Samples outside x are zero.
    """
    starts = np.asarray(starts, np.int64)
    if starts.ndim != 1 or len(starts) == 0:
        raise ParameterError(f"frame starts must have shape [N] with N > 0, got {starts.shape}")
    # Only what some frame reads is touched.
    length = x.shape[-1]
    cut = int(np.clip(starts.min(), 0, length))
    x = x[:, cut : max(cut, int(np.clip(starts.max() + size, 0, length)))]
    starts, length = starts - cut, x.shape[-1]
    first, end = int(starts.min()), int(starts.max()) + size
    # Frames that lie wholly outside need no more than `size` zeros to stand on.
    left, right = min(max(0, -first), size), min(max(0, end - length), size)
    padded = pad(xp, x, left, right, "constant") if left or right else x
    positions = np.clip(starts, -size, length) + left
    steps = np.diff(positions)
    hop = int(steps[0]) if len(steps) else size
    if hop > 0 and (steps == hop).all():
        return padded[:, positions[0] : positions[-1] + size], hop
    index = (positions[:, None] + np.arange(size)).reshape(-1).astype(np.int32)
    return xp.take(padded, mx.array(index) if xp is mx else index, axis=-1), size


def runs_at(xp: ModuleType, x: Array, starts: np.ndarray, size: int) -> Iterator[tuple[Array, int]]:
    """Yield `frames_at` of every q-th frame, from the first, the second, ... q-th on: see `equal_runs`."""
    starts = np.asarray(starts, np.int64)
    q = equal_runs(starts)
    for r in range(q):
        yield frames_at(xp, x, starts[r::q], size)


# A hop of so many halves, thirds, ... of a sample at most makes runs of equal steps.
_RUNS = 8


def equal_runs(starts: np.ndarray) -> int:
    """Return the least q for which starts[0::q], ..., starts[q - 1::q] each have equal steps; 1 for none.

    A hop of 220.5 samples makes two such runs: an STFT of each needs no copy of the frames.

    Examples
    --------
    >>> equal_runs(np.array([0, 220, 441, 661, 882]))
    2
    """
    for q in range(1, min(_RUNS, len(starts) - 1) + 1):
        steps = starts[q:] - starts[:-q]
        if all((steps[r::q] == steps[r]).all() for r in range(min(q, len(steps)))):
            return q
    return 1


def interleave(xp: ModuleType, runs: list[Array], axis: int) -> Array:
    """Return frame i of run r as frame i q + r: what `equal_runs` took apart, along `axis`."""
    if len(runs) == 1:
        return runs[0]
    count, q = sum(run.shape[axis] for run in runs), len(runs)
    if xp is np:
        shape = list(runs[0].shape)
        shape[axis] = count
        out = np.empty(shape, runs[0].dtype)
        for r, run in enumerate(runs):
            out[(slice(None),) * (axis % out.ndim) + (slice(r, None, q),)] = run
        return out
    first = np.cumsum([0, *(run.shape[axis] for run in runs[:-1])])
    i = np.arange(count)
    return xp.take(
        xp.concatenate(runs, axis=axis), mx.array((first[i % q] + i // q).astype(np.int32)), axis=axis
    )
