"""`librosa.core.convert`: frames, samples, blocks of frames, and seconds.

Frame i starts at sample i hop_length; `n_fft` given, its middle n_fft // 2 later is meant.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....typing import Array
from ...registry import mirrors
from .._arrays import in_kind_of

__all__ = [
    "blocks_to_frames",
    "blocks_to_samples",
    "blocks_to_time",
    "frames_to_samples",
    "frames_to_time",
    "samples_like",
    "samples_to_frames",
    "samples_to_time",
    "time_to_frames",
    "time_to_samples",
    "times_like",
]


def _middle(n_fft: int | None) -> int:
    return 0 if n_fft is None else int(n_fft // 2)


@mirrors("librosa.frames_to_samples", tier=1, numpy=True)
def frames_to_samples(frames: Array, *, hop_length: int = 512, n_fft: int | None = None) -> Any:
    """Return the samples, int, at which `frames` stand: mirrors `librosa.frames_to_samples`."""
    return (np.asanyarray(frames) * hop_length + _middle(n_fft)).astype(int)


@mirrors("librosa.samples_to_frames", tier=1, numpy=True)
def samples_to_frames(samples: Array, *, hop_length: int = 512, n_fft: int | None = None) -> Any:
    """Return the frames, int, in which `samples` lie: mirrors `librosa.samples_to_frames`."""
    frames = np.floor((np.asanyarray(samples) - _middle(n_fft)) // hop_length)
    return np.asarray(frames, dtype=int)


@mirrors("librosa.samples_to_time", tier=1, numpy=True)
def samples_to_time(samples: Array, *, sr: float = 22050) -> Any:
    """Return seconds: mirrors `librosa.samples_to_time`."""
    return np.asanyarray(samples) / float(sr)


@mirrors("librosa.time_to_samples", tier=1, numpy=True)
def time_to_samples(times: Array, *, sr: float = 22050) -> Any:
    """Return the samples, int, at `times` in seconds: mirrors `librosa.time_to_samples`."""
    return (np.asanyarray(times) * sr).astype(int)


@mirrors("librosa.frames_to_time", tier=1, numpy=True)
def frames_to_time(
    frames: Array, *, sr: float = 22050, hop_length: int = 512, n_fft: int | None = None
) -> Any:
    """Return seconds: mirrors `librosa.frames_to_time`."""
    return samples_to_time(frames_to_samples(frames, hop_length=hop_length, n_fft=n_fft), sr=sr)


@mirrors("librosa.time_to_frames", tier=1, numpy=True)
def time_to_frames(
    times: Array, *, sr: float = 22050, hop_length: int = 512, n_fft: int | None = None
) -> Any:
    """Return the frames, int, in which `times` in seconds lie: mirrors `librosa.time_to_frames`."""
    return samples_to_frames(time_to_samples(times, sr=sr), hop_length=hop_length, n_fft=n_fft)


@mirrors("librosa.blocks_to_frames", tier=1, numpy=True)
def blocks_to_frames(blocks: Array, *, block_length: int) -> Any:
    """Return the first frame of each block of `block_length` frames: mirrors `librosa.blocks_to_frames`."""
    return block_length * np.asanyarray(blocks)


@mirrors("librosa.blocks_to_samples", tier=1, numpy=True)
def blocks_to_samples(blocks: Array, *, block_length: int, hop_length: int) -> Any:
    """Return the first sample of each block: mirrors `librosa.blocks_to_samples`."""
    return frames_to_samples(blocks_to_frames(blocks, block_length=block_length), hop_length=hop_length)


@mirrors("librosa.blocks_to_time", tier=1, numpy=True)
def blocks_to_time(blocks: Array, *, block_length: int, hop_length: int, sr: float) -> Any:
    """Return when each block starts, in seconds: mirrors `librosa.blocks_to_time`."""
    samples = blocks_to_samples(blocks, block_length=block_length, hop_length=hop_length)
    return samples_to_time(samples, sr=sr)


def _positions(X: Any, axis: int) -> np.ndarray:
    count: Any = X if np.isscalar(X) else X.shape[axis]
    return np.arange(count)


@mirrors("librosa.samples_like", tier=1)
def samples_like(
    X: Array | float, *, hop_length: int = 512, n_fft: int | None = None, axis: int = -1
) -> Array:
    """Return the sample of every frame on an axis of `X`, or of X frames: mirrors `librosa.samples_like`."""
    frames = _positions(X, axis)
    return in_kind_of(X, frames_to_samples(frames, hop_length=hop_length, n_fft=n_fft))


@mirrors("librosa.times_like", tier=1)
def times_like(
    X: Array | float, *, sr: float = 22050, hop_length: int = 512, n_fft: int | None = None, axis: int = -1
) -> Array:
    """Return the time, in seconds, of every frame on an axis of `X`: mirrors `librosa.times_like`."""
    frames = _positions(X, axis)
    samples = frames_to_samples(frames, hop_length=hop_length, n_fft=n_fft)
    return in_kind_of(X, samples_to_time(samples, sr=sr))
