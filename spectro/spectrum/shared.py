"""One STFT, any number of descriptors of it.

A descriptor has two parts: a reduction, which sees each frame by itself, and `finish`, which sees
all frames of an example.

Precision. numpy audio in float32 is analysed in float64 and the result rounded once, where the
descriptor asks for it (`wide`): a float32 FFT leaves noise of 1e-7 of a frame's loudest bin in the
quietest ones, which is nothing to an energy but tens of dB to a valley between partials. The native
CPU kernels do the same for an `mx.array`; elsewhere it is computed in float32 all through, since MLX
has no float64 FFT.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ..typing import Array, CenterPadMode, CenterTailPad
from ..validation import check_audio, check_int
from .reductions import Reduction
from .transform import SpectralTransform, get_transform_mlx

__all__ = ["Descriptor", "describe", "describe_one", "frame_transform"]


def unchanged(xp: ModuleType, values: Array) -> Array:
    """Return `values`."""
    return values


@dataclass(frozen=True)
class Descriptor:
    """A function of audio: of each frame's spectrum by itself, then of all frames together.

    Attributes
    ----------
    reduction : Reduction
        What is taken of each frame.
    finish : callable
        ``finish(xp, values)`` makes the descriptor [B, K', N], or [B, N], of the values [B, K, N] of all
        frames: it may take a peak over them, or a difference in time.
    wide : bool
        Whether numpy computes in float64 even where the audio is float32.
    """

    reduction: Reduction
    finish: Callable[[ModuleType, Array], Array] = unchanged
    wide: bool = True


def frame_transform(
    n_fft: int,
    hop_length: int,
    win_length: int | None,
    window_fn: str,
    center: bool,
    center_pad_mode: CenterPadMode,
    center_tail_pad: CenterTailPad,
) -> SpectralTransform:
    """Return the STFT that the descriptors share their options with."""
    check_int("n_fft", n_fft, minimum=2)
    return get_transform_mlx(
        n_fft=n_fft,
        hop_length=hop_length,
        win_length=n_fft if win_length is None else win_length,
        window_fn=window_fn,
        periodic=True,
        center=center,
        normalized=False,
        window=None,
        center_pad_mode=center_pad_mode,
        center_tail_pad=center_tail_pad,
    )


def describe(descriptors: Sequence[Descriptor], transform: SpectralTransform, x: Array) -> list[Array]:
    """Return each descriptor of audio [T] or [B, T] from one STFT, without B for a single signal."""
    received = check_audio(x)
    xp = received.xp
    wide = any(descriptor.wide for descriptor in descriptors)
    reductions = [descriptor.reduction for descriptor in descriptors]
    values = transform.reduce(received, reductions, "double" if wide else "auto")
    results = []
    for descriptor, value in zip(descriptors, values, strict=True):
        result = descriptor.finish(xp, value)
        if xp is np:
            result = np.ascontiguousarray(result, dtype=received.data.dtype)
        results.append(received.give_back(result[0] if received.data.ndim == 1 else result))
    return results


def describe_one(descriptor: Descriptor, transform: SpectralTransform, x: Array) -> Array:
    """Return one descriptor of audio [T] or [B, T]."""
    return describe([descriptor], transform, x)[0]
