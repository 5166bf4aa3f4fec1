"""`preemphasis`, `deemphasis`, `convolve` and `fftconvolve`."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np

from ....arrays import Received, dtype_name
from ....backends.repeats import repeatable
from ....signal.convolution import convolve as convolution
from ....signal.emphasis import deemphasis as back
from ....signal.emphasis import preemphasis as emphasize
from ....typing import Array
from ...registry import mirrors
from ...torch._checks import require
from ._arrays import answer, floating, received, rows, second

__all__ = ["check_mode", "convolve", "deemphasis", "fftconvolve", "preemphasis"]

MODES = ("full", "valid", "same")


@mirrors("torchaudio.functional.preemphasis", tier=1)
@repeatable()
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
    y = back(first.xp, rows(first.data), coeff).reshape(first.data.shape)
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
    RuntimeError
        For complex input.
    """
    first, b = _pair(x, y, mode)
    is_complex = any("complex" in dtype_name(array) for array in (x, y))
    require(not is_complex, "x and y must be real: fftconvolve takes FFTs of real values")
    return _convolved(x, first, b, mode)


@mirrors("torchaudio.functional.convolve", tier=1)
def convolve(x: Array, y: Array, mode: str = "full") -> Array:
    """Convolve along the last axis: mirrors `torchaudio.functional.convolve`, computed as `fftconvolve`.

    Parameters, errors: as `fftconvolve`; RuntimeError if the dtypes differ.
    """
    first, b = _pair(x, y, mode)
    dtype = dtype_name(x)
    if dtype in ("bool", "bool_"):
        raise NotImplementedError("convolutions of bool are not implemented")
    require(dtype == dtype_name(y), f"x and y must have one dtype, got {dtype} and {dtype_name(y)}")
    return _convolved(x, first, b, mode)


def _pair(x: Array, y: Array, mode: str) -> tuple[Received, Array]:
    """Return both arrays in the namespace of the first, checked in the reference's order."""
    first = received("x", x)
    b = second("y", y, first)
    if first.data.ndim != b.ndim:
        raise ValueError(f"The operands must be the same dimension, got {first.data.ndim} and {b.ndim}")
    if any(1 not in (i, j) and i != j for i, j in zip_longest(first.data.shape[:-1], b.shape[:-1])):
        shapes = f"{tuple(first.data.shape)} and {tuple(b.shape)}"
        raise ValueError(f"Leading dimensions of x and y are not broadcastable, got shapes {shapes}")
    check_mode(mode)
    return first, b


def _convolved(x: Array, first: Received, b: Array, mode: str) -> Array:
    a, xp = floating(first), first.xp
    # numpy's double precision, of either, is the result's as in torch; MLX has none.
    a = a.astype(np.promote_types(a.dtype, b.dtype)) if xp is np and b.dtype == np.float64 else a
    full = convolution(xp, a, b)
    longest, shortest = sorted((a.shape[-1], b.shape[-1]), reverse=True)
    length = {"full": full.shape[-1], "valid": longest - shortest + 1, "same": a.shape[-1]}[mode]
    begin = (full.shape[-1] - length) // 2
    return answer(first, x, full[..., begin : begin + length])


def check_mode(mode: str) -> str:
    """Return `mode` if it is one, else raise ValueError."""
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")
    return mode
