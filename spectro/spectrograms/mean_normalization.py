"""Mean and variance normalisation of features over a sliding window of frames."""

from __future__ import annotations

from types import ModuleType

import mlx.core as mx
import numpy as np

from ..typing import Array

__all__ = ["cmn_windows", "normalize_over"]


def cmn_windows(frames: int, window: int, least: int, center: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the first frame of the window of each frame, and the one after its last: Kaldi's sliding CMN.

    A centred window has `window` frames; otherwise it is the frame and up to `window` before it, or the first
    `least` frames where there are not that many yet. At the ends windows are shifted inside.
    """
    t = np.arange(frames)
    start = t - window // 2 if center else t - window
    end = start + window if center else t + 1
    end = np.where(start < 0, end - start, end)
    start = np.maximum(start, 0)
    if not center:
        end = np.where(end > t, np.maximum(t + 1, least), end)
    beyond = np.maximum(end - frames, 0)
    return np.maximum(start - beyond, 0), end - beyond


def normalize_over(
    xp: ModuleType, x: Array, start: np.ndarray, end: np.ndarray, variance: bool = False
) -> Array:
    """Return x [B, N, M] less its mean over the frames start[t] .. end[t] - 1, for each frame t.

    With `variance` also divided by the standard deviation there; a window of one frame gives 0.
    """
    # The result does not depend on a constant in x, and running sums of centred values lose fewer bits.
    x = x - x.mean(axis=1, keepdims=True)
    mean = _window_mean(xp, x, start, end)
    y = x - mean
    if not variance:
        return y
    spread = _window_mean(xp, x * x, start, end) - mean * mean
    alone = (end - start == 1)[:, None]
    return xp.where(mx.array(alone) if xp is mx else alone, xp.zeros_like(y), y / xp.sqrt(spread))


def _window_mean(xp: ModuleType, x: Array, start: np.ndarray, end: np.ndarray) -> Array:
    running = xp.pad(xp.cumsum(x, axis=1), [(0, 0), (1, 0), (0, 0)])
    low, high = (mx.array(i.astype(np.int32)) if xp is mx else i for i in (start, end))
    total = xp.take(running, high, axis=1) - xp.take(running, low, axis=1)
    count = (end - start).astype(np.float32 if xp is mx else x.dtype)[:, None]
    return total / (mx.array(count) if xp is mx else count)
