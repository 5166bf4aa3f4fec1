"""Overlap-add of long chunks of audio, as a separation model leaves them."""

from __future__ import annotations

import mlx.core as mx
import numpy as np

from ..arrays import as_numpy, constant, is_traced, kind_of, receive
from ..backends import cpu, dispatch, gpu
from ..errors import ArrayTypeError, BackendError, ParameterError
from ..spectrum.plan import NOLA_FLOOR
from ..typing import Array, WindowLike
from ..validation import check_int, is_kind
from .frames import overlap_add

__all__ = ["waveform_overlap_add"]


def waveform_overlap_add(
    frames: Array,
    step: int,
    total_samples: int | None = None,
    window: WindowLike = None,
    *,
    normalized: bool = True,
    require_metal: bool = False,
) -> Array:
    """Join overlapping chunks of audio to one signal.

        y[t] = sum_c w[t - c step] x_c[t - c step] / sum_c w[t - c step]

    Parameters
    ----------
    frames : real array [chunks, ..., L]
        Chunk c begins at sample c * step.
    step : int
        Samples between the starts of chunks.
    total_samples : int, optional
        Length of the result, zeros past the last chunk; default (chunks - 1) * step + L.
    window : array [L], optional
        Weight of each sample of a chunk; default ones.
    normalized : bool
        Divide by the summed weights, where they are not zero.
    require_metal : bool
        Raise unless a Metal kernel computes it.

    Returns
    -------
    array [..., total_samples]

    Raises
    ------
    ParameterError
        For a wrong shape or value; `ArrayTypeError` if `frames` is not floating-point.
    BackendError
        If `require_metal` cannot be met.

    Examples
    --------
    >>> import numpy as np
    >>> waveform_overlap_add(np.ones((3, 2, 8), np.float32), 4).shape
    (2, 16)
    """
    step = check_int("step", step, minimum=1)
    received = receive(frames, "frames")
    xp, x = received.xp, received.data
    if not is_kind(received, "f"):
        raise ArrayTypeError(f"frames must hold floating-point audio, got {x.dtype}")
    if x.ndim < 2 or 0 in x.shape:
        raise ParameterError(
            f"frames must have shape [chunks, ..., L] and not be empty, got {tuple(x.shape)}"
        )
    count, *middle, size = x.shape
    natural = (count - 1) * step + size
    total = natural if total_samples is None else check_int("total_samples", total_samples, minimum=1)
    weights = _weights(xp, window, size, x)
    rows = xp.moveaxis(x.reshape(count, -1, size), 0, 1)
    joined = _by_kernel(rows, weights, step, total, normalized, require_metal)
    if joined is not None:
        return received.give_back(joined.reshape(*middle, total))
    rows = rows if window is None else rows * weights
    native = dispatch.has_native_reductions(received)
    y = cpu.overlap_add(rows, step) if native else overlap_add(xp, rows, step)
    if normalized:
        sums = overlap_add(xp, xp.broadcast_to(weights, (1, count, size)), step)
        y = y / xp.where(xp.abs(sums) > NOLA_FLOOR, sums, xp.ones_like(sums))
    y = y[:, :total]
    if total > natural:
        y = xp.pad(y, [(0, 0), (0, total - natural)])
    return received.give_back(y.reshape(*middle, total))


def _by_kernel(
    rows: Array, weights: Array, step: int, total: int, normalized: bool, require_metal: bool
) -> mx.array | None:
    """Return the result [B, total] of the GPU's kernel; None if the call is not one for it.

    Raises
    ------
    BackendError
        If `require_metal` asks for the kernel, and why there is none.
    """
    choice = dispatch.choose(rows)
    obstacle = "" if choice.backend in ("metal", "cuda") else f"the call goes to {choice}"
    if not obstacle and is_traced(weights):
        obstacle = "the window is part of a graph"
    y = None if obstacle else gpu.join_chunks(rows, as_numpy(weights), step, total, normalized)
    if require_metal and (y is None or gpu.name() != "metal"):
        obstacle = obstacle or gpu.why_not(rows) or f"the kernels here are for {gpu.name()}"
        raise BackendError(f"require_metal=True, but {obstacle}")
    return y


def _weights(xp: object, window: WindowLike, size: int, like: Array) -> Array:
    """Return the weights [size] as an array like the chunks; an `mx.array` stays part of the graph."""
    if window is None:
        return constant(np.ones(size), xp, like)  # type: ignore[arg-type]
    if kind_of(window) is None:
        raise ArrayTypeError(f"window must be an array, got {type(window).__name__}")
    if tuple(window.shape) != (size,):
        raise ParameterError(
            f"window must have shape [{size}], the chunks' length, got {tuple(window.shape)}"
        )
    if xp is mx and isinstance(window, mx.array):
        return window.astype(mx.float32)
    return constant(as_numpy(window, "window").astype(np.float64), xp, like)  # type: ignore[arg-type]
