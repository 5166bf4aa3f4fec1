"""`librosa.stft`, `istft` and `magphase`.

librosa computes a forward transform in float64 and rounds it, whatever the audio's dtype; so do we where
MLX does not compute.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import Received, as_numpy, dtype_name
from ....backends import portable
from ....backends.dispatch import analyze, synthesize
from ....backends.repeats import always, repeatable
from ....callers import warn
from ....errors import NolaWarning, ParameterError
from ....framing.padding import PadMode
from ....framing.windows import Window, as_window
from ....spectrum.plan import StftPlan
from ....typing import Array
from ...registry import mirrors
from .._arrays import array, audio, is_complex
from .._windows import WindowSpec, get_window
from ..util._shapes import is_positive_int
from ..util._values import dtype_c2r, dtype_r2c

__all__ = ["istft", "magphase", "stft"]

_IMPOSSIBLE_PADS = ("wrap", "maximum", "mean", "median", "minimum")
_DIRECT_PADS: dict[Any, PadMode] = {"constant": "constant", "edge": "edge", "reflect": "reflect"}


@dataclass(frozen=True)
class Framed:
    """Audio as the core transforms it.

    Attributes
    ----------
    batch : Received
        [B, T].
    lead : tuple of int
        The axes that B stands for.
    plan : StftPlan
    window : Window
    """

    batch: Received
    lead: tuple[int, ...]
    plan: StftPlan
    window: Window

    def restore(self, values: Array) -> Array:
        """Return [B, ...] with the caller's axes and in the caller's kind of array."""
        return self.batch.give_back(values.reshape(*self.lead, *values.shape[1:]))


def find_window(window: WindowSpec, win_length: int, n_fft: int) -> Window:
    """Return the periodic window `window` [win_length], centred in n_fft samples."""
    if isinstance(window, str):
        return _named_window(window, win_length, n_fft)
    return _centred_window(window, win_length, n_fft)


def _centred_window(window: WindowSpec, win_length: int, n_fft: int) -> Window:
    if win_length < 1:  # scipy, which makes librosa's windows, raises ValueError
        raise ValueError(
            f"a frame and its window must have samples, got n_fft={n_fft}, win_length={win_length}"
        )
    samples = as_numpy(np.asarray(get_window(window, win_length)))
    if samples.shape[-1] > n_fft:
        raise ParameterError(f"win_length must be at most n_fft={n_fft}, got {samples.shape[-1]}")
    return as_window(samples, n_fft)


_named_window = lru_cache(maxsize=64, typed=True)(_centred_window)  # 512.0 is not 512: it is refused


def frame_audio(
    y: Array,
    n_fft: int,
    hop_length: int | None,
    win_length: int | None,
    window: WindowSpec,
    center: bool,
    pad_mode: Any,
) -> Framed:
    """Check what `stft` is given, and return how the core transforms it."""
    win = n_fft if win_length is None else win_length
    if hop_length is None:
        hop_length = int(win // 4)
    elif not is_positive_int(hop_length):
        raise ParameterError(f"hop_length must be a positive integer, got {hop_length}")
    received = audio(y)
    table = find_window(window, win, n_fft)
    data = received.data
    length = data.shape[-1]
    plan = StftPlan(int(n_fft), int(hop_length), precision="double")
    if center:
        if pad_mode in _IMPOSSIBLE_PADS:
            raise ParameterError(f"pad_mode={pad_mode!r} is not possible for an STFT")
        if n_fft > length:
            warn(f"n_fft={n_fft} is too large for input signal of length={length}")
        data, plan = _centred(received, plan, pad_mode)
    if plan.frames(data.shape[-1]) < 1:
        raise ParameterError(f"n_fft={n_fft} is too large for {length} samples that are not centred")
    lead = tuple(data.shape[:-1])
    batch = data.reshape(math.prod(lead), data.shape[-1])
    return Framed(Received(received.xp, batch, received.give_back), lead, plan, table)


def _centred(received: Received, plan: StftPlan, pad_mode: Any) -> tuple[Array, StftPlan]:
    """Return the signal and a plan by which the core pads it; or a padded signal, where it pads unlike numpy.

    librosa pads the end of the last frames by themselves. What is reflected is therefore no more than the
    signal from the first frame that reaches beyond the end: with hops above half a frame that is less than
    the padding, and is reflected again and again.
    """
    length, side = received.data.shape[-1], plan.n_fft // 2
    first = (length + side - plan.n_fft) // plan.hop + 1  # the first frame to reach beyond the end
    together = first <= math.ceil(side / plan.hop)  # some frame reaches beyond both ends
    left = length if together else length - (first * plan.hop - side)
    beyond = together or first * plan.hop + plan.n_fft <= length + 2 * side
    plain = not beyond or pad_mode == "constant" or (pad_mode == "edge" and left > 0) or left > side
    if pad_mode in _DIRECT_PADS and length > 0 and plain:
        mode = _DIRECT_PADS[pad_mode]
        if mode != "reflect" or length > side:
            return received.data, replace(plan, pad=side, pad_mode=mode)
    x = as_numpy(received.data)
    ends = [(0, 0)] * (x.ndim - 1)
    if together or not beyond:
        padded = np.pad(x, [*ends, (side, side)], mode=pad_mode)
    else:
        start = np.pad(x, [*ends, (side, 0)], mode=pad_mode)[..., : side + length - left]
        padded = np.concatenate(
            [start, np.pad(x[..., length - left :], [*ends, (0, side)], mode=pad_mode)], -1
        )
    return (mx.array(padded) if received.xp is mx else padded), plan


@mirrors("librosa.stft", tier=1)
@repeatable(finite=always)
def stft(
    y: Array,
    *,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    dtype: Any = None,
    pad_mode: Any = "constant",
    out: Array | None = None,
) -> Array:
    """Short-time Fourier transform: mirrors `librosa.stft`.

    Parameters
    ----------
    y : real array [..., n]
    n_fft, hop_length, win_length : int
        Frame, hop (default win_length // 4) and window (default n_fft; centred in the frame).
    window : str, tuple, number, callable or array [win_length]
        As for `filters.get_window`.
    center : bool
        Whether frame i is centred on sample i * hop_length, `y` being padded by n_fft // 2.
    dtype : complex dtype, optional
        complex64 by default, complex128 for float64 audio.
    pad_mode : str or callable
        As for `numpy.pad`, without those that look at the whole signal.
    out : complex array [..., 1 + n_fft // 2, N or more], optional
        Filled, and returned up to frame N.

    Returns
    -------
    complex array [..., 1 + n_fft // 2, N]
        In numpy the bins of a frame are adjacent in memory.

    Raises
    ------
    ParameterError
        For an option out of range, audio that is not real and finite, or too little of it.
    """
    framed = frame_audio(y, n_fft, hop_length, win_length, window, center, pad_mode)
    batch = framed.batch
    name = dtype_name(dtype_r2c(dtype_name(batch.data)) if dtype is None else dtype)
    if batch.xp is np and name != "complex64" and batch.data.dtype == np.float32:
        batch = Received(np, batch.data.astype(np.float64), batch.give_back)
    z = analyze(framed.plan, framed.window, batch, "bnf")
    if batch.xp is np and z.dtype != name:
        z = z.astype(name)
    z = z.swapaxes(1, 2).reshape(*framed.lead, z.shape[2], z.shape[1])
    return batch.give_back(z) if out is None else _fill(out, batch.give_back(z))


def _fill(out: Array, z: Array) -> Array:
    shape = tuple(z.shape)
    if out.ndim != len(shape) or tuple(out.shape[:-1]) != shape[:-1] or out.shape[-1] < shape[-1]:
        raise ParameterError(f"out must have shape {shape} or more frames, got {tuple(out.shape)}")
    if "complex" not in dtype_name(out):
        raise ParameterError(f"out must be complex, got {out.dtype}")
    target = out if tuple(out.shape) == shape else out[..., : shape[-1]]
    target[...] = z
    return target


@mirrors("librosa.istft", tier=1)
@repeatable()
def istft(
    stft_matrix: Array,
    *,
    hop_length: int | None = None,
    win_length: int | None = None,
    n_fft: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    dtype: Any = None,
    length: int | None = None,
    out: Array | None = None,
) -> Array:
    """Inverse short-time Fourier transform: mirrors `librosa.istft`.

    Parameters
    ----------
    stft_matrix : complex array [..., F, N]
    hop_length, win_length, n_fft : int
        Hop (default win_length // 4), window (default n_fft) and frame (default 2 (F - 1)).
    window : str, tuple, number, callable or array [win_length]
    center : bool
        Whether the first n_fft // 2 samples are padding, to be dropped.
    dtype : real dtype, optional
        float32 by default, float64 for complex128.
    length : int, optional
        Samples to return: cut, or padded with zeros.
    out : real array [..., n], optional
        Filled, and returned.

    Returns
    -------
    real array [..., n]

    Raises
    ------
    ParameterError
        If the window is longer than the frame, or the shape of `out` is wrong.
    ValueError
        If `length` is negative.

    Warns
    -----
    NolaWarning
        Where no window covers a sample; it is not divided then, as in librosa.
    """
    received = array(stft_matrix)
    xp, z = received.xp, received.data
    n_fft = 2 * (z.shape[-2] - 1) if n_fft is None else n_fft
    win = n_fft if win_length is None else win_length
    hop = int(win // 4) if hop_length is None else hop_length
    table = find_window(window, win, n_fft)
    if not is_complex(z):
        z = z.astype(mx.complex64 if xp is mx else dtype_r2c(z.dtype))
    bins = n_fft // 2 + 1
    if z.shape[-2] != bins:  # an FFT of n_fft samples has so many: cut, or filled up with zeros
        z = z[..., :bins, :]
        z = xp.pad(z, [(0, 0)] * (z.ndim - 2) + [(0, bins - z.shape[-2]), (0, 0)])
    start = n_fft // 2 if center else 0
    frames = z.shape[-1]
    if length is not None and length < 0:
        raise ValueError(f"length must not be negative, got {length}")
    if length:
        frames = min(frames, math.ceil((length + 2 * start) / hop))
        count = length
    else:
        count = n_fft + hop * (frames - 1) - 2 * start
    lead = tuple(z.shape[:-2])
    name = dtype_name(dtype_c2r(dtype_name(z)) if dtype is None else dtype)
    if out is not None and tuple(out.shape) != (*lead, count):
        raise ParameterError(f"out must have shape {(*lead, count)}, got {tuple(out.shape)}")
    plan = StftPlan(
        int(n_fft), int(hop), floor=float(np.finfo(np.float64 if name == "float64" else np.float32).tiny)
    )
    _warn_uncovered(plan, table, int(frames), int(start), int(count))
    rows = z[..., :frames].swapaxes(-1, -2).reshape(math.prod(lead), frames, bins)
    x = synthesize(plan, table, Received(xp, rows, received.give_back), start, count)
    x = x.reshape(*lead, count)
    if xp is np and x.dtype != name:
        x = x.astype(name)
    if out is None:
        return received.give_back(x)
    out[...] = received.give_back(x)
    return out


def _warn_uncovered(plan: StftPlan, window: Window, frames: int, start: int, count: int) -> None:
    # Samples past the last frame are zeros that were asked for; those before the first window's first
    # sample that is not 0 no hop would cover.
    inside = min(count, plan.extent(frames) - start)
    if start and inside > 0 and not _is_covered(plan, window, frames, start, inside):
        warn(
            f"hop_length={plan.hop} and this window leave samples that no frame covers (NOLA is violated): "
            "they cannot be reconstructed, and librosa's numbers for them are returned",
            NolaWarning,
        )


@lru_cache(maxsize=64)
def _is_covered(plan: StftPlan, window: Window, frames: int, start: int, count: int) -> bool:
    return portable.lowest_envelope(plan, window.samples, frames, start, count) > 0


@mirrors("librosa.magphase", tier=1)
def magphase(D: Array, *, power: float = 1) -> tuple[Array, Array]:
    """Return magnitude^power and phase, as exp(j angle): mirrors `librosa.magphase`.

    Parameters
    ----------
    D : complex array
    power : float

    Returns
    -------
    magnitude : real array, shape of `D`
    phase : complex array, shape of `D`
        1 where `D` is 0.
    """
    received = array(D)
    xp, z = received.xp, received.data
    magnitude = xp.abs(z)
    silent = magnitude == 0
    divisor = xp.where(silent, xp.ones_like(magnitude), magnitude)
    if xp is mx:
        return magnitude**power, mx.where(silent, mx.array(1, mx.complex64), z / divisor)
    # By parts: a complex division makes NaN of numbers below the smallest normal one.
    phase = np.empty_like(z, dtype=dtype_r2c(z.dtype))
    phase.real = z.real / divisor + silent
    phase.imag = z.imag / divisor
    return received.give_back(magnitude if power == 1 else magnitude**power), received.give_back(phase)
