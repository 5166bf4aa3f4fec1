"""Phase: a spectrogram played at another speed, and a phase for magnitudes that have none.

Phase vocoder (Flanagan & Golden 1966; Laroche & Dolson 1999). The spectrogram Z is read at fractional frames
t_k: the magnitude is interpolated, and the phase runs on from one output frame to the next by what it turned
between the two input frames about t_k,

    phi_0 = arg Z[i_0]        phi_{k+1} = phi_k + arg Z[i_k + 1] - arg Z[i_k],    i_k = floor(t_k)

Texts subtract the advance of the bin's own frequency from that turn, take the principal value and add the
advance again. Both together leave the turn as it is but for multiples of 2 pi, so no advance appears here.

Griffin-Lim (1984; with momentum, Perraudin, Balazs & Sondergaard 2013). Magnitudes S get the phase of a
signal whose spectrogram is near to them, by going there and back: with G the STFT of the inverse STFT,

    c_n = G(S p_n)        q = c_n - m / (1 + m) c_{n-1}        p_{n+1} = q / |q|
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Literal

import mlx.core as mx
import numpy as np

from ..arrays import is_traced
from ..backends.dispatch import choose
from ..kernels import cpu as native
from ..kernels.cpu import mlx_arrays
from ..typing import Array

__all__ = ["angle", "griffin_lim", "phase_vocoder", "phasors", "polar", "vocoder_steps"]


def angle(xp: ModuleType, z: Array) -> Array:
    """Return the phase of complex `z`, radians in (-pi, pi]."""
    return xp.arctan2(xp.imag(z), xp.real(z))


def polar(xp: ModuleType, magnitude: Array, phase: Array) -> Array:
    """Return magnitude * exp(j phase), in the precision of real `magnitude` and `phase`."""
    real, imag = magnitude * xp.cos(phase), magnitude * xp.sin(phase)
    if xp is mx:
        return real + mx.array(1j) * imag
    z = np.empty(real.shape, np.result_type(real, np.complex64))
    z.real, z.imag = real, imag
    return z


def phasors(xp: ModuleType, phase: Array) -> Array:
    """Return exp(j phase), in the precision of `phase`."""
    if xp is np and choose(phase).backend == "cpu":
        return native.phasors(phase)
    return polar(xp, xp.ones_like(phase), phase)


def take_phase(
    xp: ModuleType, magnitude: Array, now: Array, before: Array | None, inertia: float, floor: float
) -> Array:
    """Return `magnitude` with the phase of q = now - inertia * before: magnitude * q / (|q| + floor)."""
    if choose(now).backend == "cpu":
        if xp is np:
            return native.take_phase(
                magnitude.astype(now.real.dtype, copy=False), now, before, inertia, floor
            )
        given = [magnitude, now] if before is None else [magnitude, now, before]
        if not any(is_traced(x) for x in given):
            m, c, *b = (mlx_arrays.view(x) for x in given)
            make = mlx_arrays.filled
            return native.take_phase(m, c, b[0] if b else None, inertia, floor, make=make)
    q = now if before is None else now - inertia * before
    return q * (magnitude / (xp.abs(q) + floor))


def vocoder_steps(frames: int, rate: float) -> np.ndarray:
    """Return the times, in frames, at which `phase_vocoder` reads for a speed of `rate`: float64 [K]."""
    return np.arange(0, frames, rate, dtype=np.float64)


def phase_vocoder(
    xp: ModuleType,
    z: Array,
    steps: np.ndarray,
    beyond: Literal["silence", "line"] = "silence",
    sizes: Array | None = None,
) -> Array:
    """Return the spectrogram z [..., F, N] read at the times `steps` [K] in [0, N), in frames: [..., F, K].

    Parameters
    ----------
    beyond : {"silence", "line"}
        What a step after the last frame is interpolated towards: a frame of silence; or one whose magnitude
        goes on as it came from the last frame but one, at the phase of the last.
    sizes : real array [..., F, K], optional
        The magnitudes at the steps, if they shall not be interpolated between the two frames about each.
    """
    if (
        sizes is None
        and z.size
        and len(steps)
        and choose(z).backend == "cpu"
        and not (xp is mx and is_traced(z))
    ):
        line = beyond == "line"
        if xp is np:
            return native.phase_vocoder(z, steps, line=line)
        return native.phase_vocoder(mlx_arrays.view(z), steps, line=line, make=mlx_arrays.filled)
    first = np.floor(steps).astype(np.int32)
    here, there = (mx.array(i) if xp is mx else i for i in (first, first + 1))
    magnitude, phase = xp.abs(z), angle(xp, z)
    if beyond == "line":
        next_one = 2 * magnitude[..., -1:] - magnitude[..., -2:][..., :1]
        magnitude = xp.concatenate([magnitude, next_one], axis=-1)
        phase = xp.concatenate([phase, phase[..., -1:]], axis=-1)
    else:  # two frames, since rounding can bring a step to N
        silence = [(0, 0)] * (z.ndim - 1) + [(0, 2)]
        magnitude, phase = xp.pad(magnitude, silence), xp.pad(phase, silence)
    if sizes is None:
        weight = steps - first
        weight = mx.array(weight.astype(np.float32)) if xp is mx else weight.astype(magnitude.dtype)
        sizes = weight * xp.take(magnitude, there, axis=-1) + (1 - weight) * xp.take(magnitude, here, axis=-1)
    turns = xp.take(phase[..., 1:] - phase[..., :-1], here[:-1], axis=-1)
    begin = phase[..., first[0] : first[0] + 1]
    return polar(xp, sizes, running_phase(xp, xp.concatenate([begin, turns], axis=-1)))


def running_phase(xp: ModuleType, turns: Array) -> Array:
    """Return the running sum of `turns`, radians, over the last axis, in (-pi, pi].

    Summed as integers, fractions of a circle that overflow where the circle closes: nothing is rounded,
    however long the sum.
    """
    circle, integer = (2.0**32, mx.int32) if xp is mx else (2.0**64, np.int64)
    part = turns * (0.5 / math.pi)
    # A circle is as long as the integers, and the nearest float below half of it still fits.
    part = xp.clip(
        part - xp.round(part), -0.5, np.nextafter(0.5, 0, dtype=np.float32 if xp is mx else turns.dtype)
    )
    exact = xp.cumsum((part * circle).astype(integer), axis=-1).astype(turns.dtype) * (2 * math.pi / circle)
    if xp is np:
        return exact
    # Integers have no gradient: that is the gradient of the sum of floats, whose value is taken away again.
    plain = mx.cumsum(turns, axis=-1)
    return mx.stop_gradient(exact) + (plain - mx.stop_gradient(plain))


def griffin_lim(
    xp: ModuleType,
    magnitude: Array,
    phase: Array | None,
    synthesize: Callable[[Array], Array],
    analyze: Callable[[Array], Array],
    n_iter: int,
    momentum: float,
    floor: float,
) -> Array:
    """Return a signal whose spectrogram has nearly the magnitudes `magnitude` [..., F, N].

    Parameters
    ----------
    phase : complex array [..., F, N], optional
        What `magnitude` is multiplied by at first, of any length: exp(j angle), or random numbers. None is 1.
    synthesize, analyze : callable
        The inverse STFT and the STFT, with the window, the hop and the length that belong to `magnitude`.
    n_iter : int
        Times there and back.
    momentum : float
        0 for the original method; near 1 converges sooner.
    floor : float
        Added to a magnitude before it is divided by.
    """
    inertia = momentum / (1.0 + momentum)
    z = magnitude + 0j if phase is None else magnitude * phase
    before: Array | None = None
    for _ in range(n_iter):
        rebuilt = analyze(synthesize(z))
        z = take_phase(xp, magnitude, rebuilt, before, inertia, floor)
        before = rebuilt if inertia else None
    return synthesize(z)
