"""`preemphasis`, `deemphasis`, `convolve` and `fftconvolve`."""

from __future__ import annotations

from itertools import zip_longest

from ....arrays import dtype_name
from ....signal.convolution import convolve as convolution
from ....signal.emphasis import deemphasis as back
from ....signal.emphasis import preemphasis as emphasize
from ....typing import Array
from ...registry import mirrors
from ._arrays import answer, floating, received, second

__all__ = ["check_mode", "convolve", "deemphasis", "fftconvolve", "preemphasis"]

MODES = ("full", "valid", "same")


@mirrors("torchaudio.functional.preemphasis", tier=1)
def preemphasis(waveform: Array, coeff: float = 0.97) -> Array:
    """y[n] = x[n] - coeff x[n - 1] over [..., T]: mirrors `torchaudio.functional.preemphasis`."""
    first = received("waveform", waveform)
    if not any(kind in dtype_name(waveform) for kind in ("float", "complex")):
        raise RuntimeError(f"waveform must be floating point, got {dtype_name(waveform)}")
    return answer(first, waveform, emphasize(first.xp, first.data, coeff))


@mirrors("torchaudio.functional.deemphasis", tier=1)
def deemphasis(waveform: Array, coeff: float = 0.97) -> Array:
    """y[n] = x[n] + coeff y[n - 1] over [..., T], cut to [-1, 1]: mirrors the torchaudio function."""
    first = received("waveform", waveform)
    if "float" not in dtype_name(waveform):
        raise RuntimeError(f"waveform must be floating point, got {dtype_name(waveform)}")
    y = back(first.xp, first.data, coeff)
    return answer(first, waveform, first.xp.clip(y, -1.0, 1.0))


@mirrors("torchaudio.functional.fftconvolve", tier=1)
def fftconvolve(x: Array, y: Array, mode: str = "full") -> Array:
    """Convolve along the last axis, for long `x` and `y`: mirrors `torchaudio.functional.fftconvolve`.

    Parameters
    ----------
    x, y : real arrays [..., Tx] and [..., Ty]
        As many dimensions in each; the others broadcast.
    mode : {"full", "valid", "same"}
        All Tx + Ty - 1 samples; those where the shorter lies within the longer; the middle Tx ones.

    Raises
    ------
    ValueError
        For shapes that do not go together, an unknown mode.
    """
    return _convolve(x, y, mode)


@mirrors("torchaudio.functional.convolve", tier=1)
def convolve(x: Array, y: Array, mode: str = "full") -> Array:
    """Convolve along the last axis: mirrors `torchaudio.functional.convolve`, computed as `fftconvolve`.

    Parameters, errors: as `fftconvolve`; RuntimeError if the dtypes differ.
    """
    received("x", x), received("y", y)
    if x.dtype != y.dtype:
        raise RuntimeError(f"x and y must have one dtype, got {dtype_name(x)} and {dtype_name(y)}")
    return _convolve(x, y, mode)


def _convolve(x: Array, y: Array, mode: str) -> Array:
    first = received("x", x)
    a, b = floating(first), second("y", y, first)
    if a.ndim != b.ndim:
        raise ValueError(f"The operands must be the same dimension, got {a.ndim} and {b.ndim}")
    if any(1 not in (i, j) and i != j for i, j in zip_longest(a.shape[:-1], b.shape[:-1])):
        shapes = f"{tuple(a.shape)} and {tuple(b.shape)}"
        raise ValueError(f"Leading dimensions of x and y are not broadcastable, got shapes {shapes}")
    check_mode(mode)
    full = convolution(first.xp, a, b)
    longest, shortest = sorted((a.shape[-1], b.shape[-1]), reverse=True)
    length = {"full": full.shape[-1], "valid": longest - shortest + 1, "same": a.shape[-1]}[mode]
    begin = (full.shape[-1] - length) // 2
    return answer(first, x, full[..., begin : begin + length])


def check_mode(mode: str) -> str:
    """Return `mode` if it is one, else raise ValueError."""
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")
    return mode
