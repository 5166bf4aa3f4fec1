"""Features of framed waveform samples: energy and zero crossings, without a spectrum."""

from __future__ import annotations

from types import ModuleType
from typing import get_args

import numpy as np

from ..arrays import Received
from ..backends import cpu, dispatch
from ..errors import ParameterError
from ..framing.frames import frame_count
from ..framing.padding import PadMode, check_pad, pad
from ..spectrum.plan import StftPlan
from ..spectrum.scales import root
from ..typing import Array
from ..validation import check_audio, check_choice, check_int

__all__ = ["frame_sums", "rms", "zero_crossing_rate"]

# Smaller samples have no sign of their own: librosa's threshold.
_NO_SIGN = 1e-10


def frame_sums(xp: ModuleType, x: Array, size: int, hop: int) -> Array:
    """Return the sums [B, N] of the frames of `x` [B, T]: no frame is ever made.

    A frame is q = size // hop whole hops and a rest of r samples, so its sum is that of q sums of a
    hop and one of the first r samples of the next hop. Nothing is subtracted: a quiet frame after a
    loud one keeps its precision, which running sums would lose.
    """
    batch, length = x.shape
    count = frame_count(length, size, hop)
    whole, rest = divmod(size, hop)
    hops = count + whole
    x = xp.pad(x, [(0, 0), (0, max(0, hops * hop - length))])[:, : hops * hop].reshape(batch, hops, hop)
    total = x[:, whole:, :rest].sum(axis=-1)
    if whole:
        sums = x.sum(axis=-1)
        for q in range(whole):
            total = total + sums[:, q : q + count]
    return total


def _checked(
    x: Array, frame_length: int, hop_length: int, center: bool, pad_mode: str
) -> tuple[Received, Array, StftPlan]:
    """Return the audio as received, [B, T], and how it is cut into frames."""
    check_int("frame_length", frame_length, minimum=1)
    check_int("hop_length", hop_length, minimum=1)
    mode: PadMode = check_choice("pad_mode", pad_mode, get_args(PadMode))
    received = check_audio(x)
    data = received.data if received.data.ndim == 2 else received.data[None]
    side = frame_length // 2 if center else 0
    check_pad(data.shape[-1], side, side, mode)
    if frame_count(data.shape[-1] + 2 * side, frame_length, hop_length) < 1:
        raise ParameterError(f"x has {data.shape[-1]} samples, fewer than one frame_length={frame_length}")
    return received, data, StftPlan(frame_length, hop_length, pad=side, pad_mode=mode, precision="double")


def _answer(received: Received, values: Array) -> Array:
    """Return values [B, N] as [1, N] or [B, 1, N], like the audio."""
    return received.give_back(values if received.data.ndim == 1 else values[:, None])


def rms(
    x: Array,
    *,
    frame_length: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    pad_mode: str = "reflect",
) -> Array:
    """Return the root mean square of each frame.

    Parameters
    ----------
    x : array [T] or [B, T]
    frame_length, hop_length : int
    center : bool
        Pad by frame_length // 2 on both sides.
    pad_mode : {"reflect", "constant", "edge", "wrap"}
        (librosa's default is "constant".)

    Returns
    -------
    array [1, N] or [B, 1, N], dtype of `x`

    Raises
    ------
    ParameterError, ArrayTypeError
        For an option out of range, and audio that is empty, not finite or too short.

    Examples
    --------
    >>> import numpy as np
    >>> rms(np.full(4096, -0.5), frame_length=1024, center=False)[0, :2].tolist()
    [0.5, 0.5]
    """
    received, data, plan = _checked(x, frame_length, hop_length, center, pad_mode)
    if dispatch.has_native_reductions(received):
        return _answer(received, cpu.frame_rms(plan, data))
    xp, padded = received.xp, pad(received.xp, data, plan.pad, plan.pad, plan.pad_mode)
    wide = padded.astype(np.float64) if xp is np else padded
    energy = frame_sums(xp, wide * wide, frame_length, hop_length) / frame_length
    return _answer(received, root(xp, energy, 2).astype(padded.dtype))


def zero_crossing_rate(
    x: Array,
    *,
    frame_length: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    pad_mode: str = "reflect",
) -> Array:
    """Return the share of each frame's samples whose sign differs from the sample before.

    Zero and magnitudes up to 1e-10 count as positive, and a frame's first sample as no crossing.

    Parameters
    ----------
    x : array [T] or [B, T]
    frame_length, hop_length, center
        As for `rms`.
    pad_mode : {"reflect", "constant", "edge", "wrap"}
        (librosa always pads with "edge".)

    Returns
    -------
    array [1, N] or [B, 1, N], dtype of `x`
        Counts over `frame_length`; the gradient is 0.

    Raises
    ------
    ParameterError, ArrayTypeError
        As `rms`.

    Examples
    --------
    >>> import numpy as np
    >>> square = np.tile([1.0, 1.0, -1.0, -1.0], 1024)
    >>> zero_crossing_rate(square, frame_length=512, center=False)[0, :2].tolist()
    [0.498046875, 0.498046875]
    """
    received, data, plan = _checked(x, frame_length, hop_length, center, pad_mode)
    if dispatch.has_native_reductions(received):
        return _answer(received, cpu.frame_zero_crossings(plan, data, _NO_SIGN) / frame_length)
    xp, padded = received.xp, pad(received.xp, data, plan.pad, plan.pad, plan.pad_mode)
    negative = padded < -_NO_SIGN
    crossing = (negative[:, 1:] != negative[:, :-1]).astype(xp.int32)
    counts = frame_sums(xp, crossing, frame_length - 1, hop_length)
    return _answer(received, counts.astype(padded.dtype) / frame_length)
