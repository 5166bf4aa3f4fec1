"""`librosa.feature`: energy and zero crossings of frames of the waveform."""

from __future__ import annotations

import math
from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import Received, as_numpy, dtype_name
from ....backends import cpu
from ....backends.dispatch import has_native_reductions
from ....config import settings
from ....errors import ParameterError
from ....features.waveform import frame_sums
from ....framing.frames import frame_count
from ....framing.padding import PadMode, pad
from ....spectrum.plan import StftPlan
from ....spectrum.scales import root
from ....typing import Array
from ...registry import mirrors
from .._arrays import array, audio, is_complex
from ..util._shapes import frame

__all__ = ["rms", "zero_crossing_rate"]

_PADS: dict[Any, PadMode] = {"constant": "constant", "reflect": "reflect", "edge": "edge", "wrap": "wrap"}
_NO_SIGN = 1e-10  # of samples up to it


def _padded(received: Received, side: int, mode: Any) -> Array:
    data = received.data
    if side == 0:
        return data
    if mode in _PADS and (mode == "constant" or data.shape[-1] > side):
        return pad(received.xp, data, side, side, mode)
    padded = np.pad(as_numpy(data), [(0, 0)] * (data.ndim - 1) + [(side, side)], mode=mode)
    return mx.array(padded) if received.xp is mx else padded


def _check_frames(length: int, frame_length: int, hop_length: int) -> None:
    if length < frame_length:
        raise ParameterError(f"there are {length} samples, too few for frame_length={frame_length}")
    if hop_length < 1:
        raise ParameterError(f"hop_length must be at least 1, got {hop_length}")


def _sums(received: Received, x: Array, size: int, hop: int) -> Array:
    """Return the sums of frames of x [..., T]: [..., 1, N]."""
    lead, length = x.shape[:-1], x.shape[-1]
    sums = frame_sums(received.xp, x.reshape(math.prod(lead), length), size, hop)
    return sums.reshape(*lead, 1, frame_count(length, size, hop))


@mirrors("librosa.feature.rms", tier=1)
def rms(
    *,
    y: Array | None = None,
    S: Array | None = None,
    frame_length: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    pad_mode: Any = "constant",
    dtype: Any = np.float32,
) -> Array:
    """Return the root mean square of each frame: mirrors `librosa.feature.rms`.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `S`.
    S : array [..., F, N]
        Magnitudes of the STFT without a window.
    frame_length, hop_length : int
    center : bool
        Whether `y` is padded by frame_length // 2, as `pad_mode` says.
    dtype : dtype
        Of the result.

    Returns
    -------
    array [..., 1, N]

    Raises
    ------
    ParameterError
        If neither is given, for too little audio, or if F is not 1 + frame_length // 2.
    """
    if y is not None:
        received = array(y) if settings().librosa == "0.11" else audio(y)
        side = int(frame_length // 2) if center else 0
        if (direct := _native_rms(received, frame_length, hop_length, side, pad_mode)) is not None:
            return received.give_back(direct.astype(dtype_name(dtype), copy=False))
        x = _padded(received, side, pad_mode)
        _check_frames(x.shape[-1], frame_length, hop_length)
        magnitude = received.xp.abs(x) if is_complex(x) else x
        wide = magnitude.astype(np.float64) if received.xp is np else magnitude
        energy = _sums(received, wide * wide, frame_length, hop_length) / frame_length
    elif S is not None:
        received = array(S)
        s = received.data
        if s.shape[-2] != frame_length // 2 + 1:
            raise ParameterError(f"S has {s.shape[-2]} bins, where frame_length={frame_length} has others")
        energy = _energy_of_bins(received, frame_length)
    else:
        raise ParameterError("y or S must be given, audio or a spectrogram of it")
    if received.xp is mx:
        return received.give_back(root(mx, energy, 2))
    return received.give_back(np.sqrt(energy).astype(dtype_name(dtype)))


def _native_rms(received: Received, frame_length: int, hop: int, side: int, mode: Any) -> np.ndarray | None:
    """Return the answer of the native kernel [..., 1, N], None where it has none."""
    x = received.data
    if received.xp is mx or x.size == 0 or x.ndim == 0 or not has_native_reductions(received):
        return None
    if mode not in _PADS or (mode != "constant" and x.shape[-1] <= side):
        return None
    _check_frames(x.shape[-1] + 2 * side, frame_length, hop)
    plan = StftPlan(int(frame_length), int(hop), pad=side, pad_mode=_PADS[mode], precision="double")
    values = cpu.frame_rms(plan, x.reshape(-1, x.shape[-1]))
    return values.reshape(*x.shape[:-1], 1, values.shape[-1])


def _energy_of_bins(received: Received, frame_length: int) -> Array:
    """Return the mean square by Parseval: a bin stands for its conjugate too, but for 0 and Nyquist."""
    xp, s = received.xp, received.data
    magnitude = xp.abs(s) if is_complex(s) else s
    magnitude = magnitude.astype(np.float64) if xp is np else magnitude
    weights = np.full((s.shape[-2], 1), 2.0)
    weights[0] = 1.0
    if frame_length % 2 == 0:
        weights[-1] = 1.0
    table = mx.array(weights.astype(np.float32)) if xp is mx else weights
    return (magnitude * magnitude * table).sum(axis=-2, keepdims=True) / frame_length**2


@mirrors("librosa.feature.zero_crossing_rate", tier=1)
def zero_crossing_rate(
    y: Array, *, frame_length: int = 2048, hop_length: int = 512, center: bool = True, **kwargs: Any
) -> Array:
    """Return the share of samples at which the sign changes: mirrors `librosa.feature.zero_crossing_rate`.

    Parameters
    ----------
    y : array [..., n]
    frame_length, hop_length : int
    center : bool
        Whether `y` is padded by frame_length // 2 with its end values.
    **kwargs
        As for `librosa.zero_crossings`.

    Returns
    -------
    array [..., 1, N], float64
        float32 for an `mx.array`.

    Raises
    ------
    ParameterError
        For audio that is not real and finite, or too short.
    """
    received = audio(y)
    xp = received.xp
    x = _padded(received, int(frame_length // 2) if center else 0, "edge")
    _check_frames(x.shape[-1], frame_length, hop_length)
    if kwargs:
        from ..core import audio as _audio

        frames = frame(x, frame_length=frame_length, hop_length=hop_length)
        crossings = array(_audio.zero_crossings(frames, **{"pad": False} | kwargs | {"axis": -2})).data
        share = crossings.astype(np.float64 if xp is np else mx.float32).mean(axis=-2, keepdims=True)
        return received.give_back(share)
    negative = x < -_NO_SIGN
    crossing = (negative[..., 1:] != negative[..., :-1]).astype(xp.int32)
    counts = _sums(received, crossing, frame_length - 1, hop_length)
    count = frame_count(x.shape[-1], frame_length, hop_length)
    return received.give_back(
        counts[..., :count].astype(np.float64 if xp is np else mx.float32) / frame_length
    )
