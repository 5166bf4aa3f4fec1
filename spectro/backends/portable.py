"""STFT, inverse STFT and filtered spectra in plain array operations: the reference for every other backend.

Runs wherever numpy or MLX run, for any n_fft, under `mx.compile`, `mx.vmap` and
`mx.grad`, and with a window that is itself part of the graph.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import ModuleType

import numpy as np

from ..filterbanks.bank import Filterbank
from ..framing.frames import frame, overlap_add
from ..framing.padding import pad
from ..framing.windows import Window
from ..spectrum.plan import StftPlan
from ..spectrum.reductions import Reduction, Spectrum
from ..spectrum.scales import Scale, magnitude
from ..typing import Array

__all__ = [
    "analyze",
    "filter_spectrum",
    "in_layout",
    "istft",
    "lowest_envelope",
    "power_spectrum",
    "reduce",
    "stft",
    "synthesize",
    "window_envelope",
]


def in_layout(z: Array, layout: str) -> Array:
    """Turn a spectrum [B, N, F] into `layout`, or back: "bfn" swaps the last two axes."""
    return z if layout == "bnf" else z.swapaxes(1, 2)


def analyze(xp: ModuleType, plan: StftPlan, x: Array, window: Window, layout: str) -> Array:
    """Return the STFT of x [B, T], `stft`, in the precision that the plan asks for."""
    wide = _in_precision(xp, plan, x)
    z = stft(xp, plan, wide, window.array(xp, wide), layout)
    return z if wide is x else z.astype(np.result_type(x.dtype, np.complex64))


def synthesize(
    xp: ModuleType, plan: StftPlan, z: Array, window: Window, start: int, length: int, layout: str
) -> Array:
    """Return the inverse STFT of z, `istft`, in the precision that the plan asks for."""
    wide = _in_precision(xp, plan, z)
    x = istft(xp, plan, wide, window.array(xp, wide), start, length, layout)
    return x if wide is z else x.astype(z.dtype if np.iscomplexobj(x) else z.real.dtype)


def _in_precision(xp: ModuleType, plan: StftPlan, x: Array) -> Array:
    if xp is not np or plan.precision == "auto":
        return x
    return x.astype(np.result_type(x.dtype, np.float64), copy=False)


def stft(xp: ModuleType, plan: StftPlan, x: Array, window: Array, layout: str) -> Array:
    """X[b, i, k] = scale * sum_n w[n] x[b, i hop + n - pad] exp(-2 pi j k n / n_fft)."""
    left, right = plan.pads(x.shape[-1])
    frames = frame(xp, pad(xp, x, left, right, plan.pad_mode), plan.n_fft, plan.hop) * window
    z = xp.fft.rfft(frames) if plan.onesided else xp.fft.fft(frames)
    return in_layout(z if plan.scale == 1.0 else z * plan.scale, layout)


def istft(
    xp: ModuleType, plan: StftPlan, z: Array, window: Array, start: int, length: int, layout: str
) -> Array:
    """x[t] = sum_i w[t - i hop] y_i[t - i hop] / sum_i w[t - i hop]^2, y_i the inverse FFT of frame i.

    This is the least-squares inverse of Griffin & Lim 1984. The first of the `length`
    samples returned is sample `start` of the overlap-added frames; samples past the last
    frame are zero, and where no window reaches, the numerator stands undivided.
    """
    z = in_layout(z, layout)
    frames = xp.fft.irfft(z, n=plan.n_fft) if plan.onesided else xp.fft.ifft(z)
    if plan.scale != 1.0:
        frames = frames * (1.0 / plan.scale)
    total = overlap_add(xp, frames * window, plan.hop)
    envelope = window_envelope(xp, plan, window, z.shape[-2])
    covered = abs(envelope) > plan.floor  # of a complex window the envelope is complex
    x = (total / xp.where(covered, envelope, xp.ones_like(envelope)))[:, start : start + length]
    missing = length - x.shape[-1]
    return xp.pad(x, [(0, 0), (0, missing)]) if missing > 0 else x


def window_envelope(xp: ModuleType, plan: StftPlan, window: Array, frames: int) -> Array:
    """Return the squared windows of `frames` frames, overlap-added: [extent]."""
    squares = xp.broadcast_to((window * window)[None, None, :], (1, frames, plan.n_fft))
    return overlap_add(xp, squares, plan.hop)[0]


def lowest_envelope(plan: StftPlan, window: np.ndarray, frames: int, start: int, length: int) -> float:
    """Return the smallest magnitude of `window_envelope` over `length` samples from `start`; inf for none."""
    wanted = window_envelope(np, plan, window, frames)[start : start + length]
    return float(abs(wanted).min()) if wanted.size else math.inf


def power_spectrum(xp: ModuleType, z: Array, power: float) -> Array:
    """Return |z|^power without a square root where `power` is 2."""
    if power == 2.0:
        return xp.real(z) ** 2 + xp.imag(z) ** 2
    return magnitude(xp, z) if power == 1.0 else magnitude(xp, z) ** power


def filter_spectrum(xp: ModuleType, z: Array, power: float, bank: Filterbank, scale: Scale) -> Array:
    """y[b, m, i] = scale(sum_k |z[b, i, k]|^power w[k, m]): spectrum [B, N, F] to bands [B, M, N]."""
    bands = bank.product(xp, power_spectrum(xp, z, power))
    return scale.apply(xp, bands.swapaxes(1, 2))


# Elements of a power spectrum in numpy: half a minute of audio at a time, so that hours of it need no more
# memory; and of the part of it that is looked at, so that intermediate arrays stay in the cache.
BLOCK = 2**21
CACHED = 2**17


def reduce(
    plan: StftPlan, x: np.ndarray, reductions: Sequence[Reduction], power: Callable[[StftPlan, Array], Array]
) -> list[Array]:
    """Return each reduction [B, K, N] of the spectra of numpy audio x [B, T], a block of frames at a time.

    With the plan's precision "double" they are float64, rounded nowhere.
    `power(plan, x)` returns |STFT|^2 [B, n, F] of a block; together they are one STFT.
    """
    count = plan.frames(x.shape[-1])
    left, right = plan.pads(x.shape[-1])
    padded = pad(np, x, left, right, plan.pad_mode)
    unpadded = replace(plan, pad=0, tail="symmetric", precision="auto")
    dtype = np.float64 if plan.precision == "double" else x.dtype
    frames = max(1, BLOCK // (plan.bins * x.shape[0]))
    cached = max(1, CACHED * frames // BLOCK)
    pieces: list[list[Array]] = []
    for first in range(0, count, frames):
        extent = plan.extent(min(frames, count - first))
        block = padded[:, first * plan.hop : first * plan.hop + extent]
        spectra = power(unpadded, block.astype(dtype, copy=False))
        for start in range(0, spectra.shape[1], cached):
            spectrum = Spectrum(np, power=spectra[:, start : start + cached])
            pieces.append([reduction.of_frames(spectrum) for reduction in reductions])
    return [np.concatenate(parts, axis=1).swapaxes(1, 2) for parts in zip(*pieces, strict=True)]
