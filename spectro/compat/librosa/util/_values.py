"""`librosa.util`: checks, norms and masks of values."""

from __future__ import annotations

import math
from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import dtype_name, kind_of
from ....config import settings
from ....errors import ParameterError
from ....spectrograms.separation import soft_mask
from ....spectrum.phase import phasors
from ....typing import Array
from ...registry import mirrors
from .._arrays import array, audio

__all__ = ["abs2", "dtype_c2r", "dtype_r2c", "normalize", "phasor", "softmask", "tiny", "valid_audio"]


@mirrors("librosa.util.valid_audio", tier=1)
def valid_audio(y: Array) -> bool:
    """Return True if `y` is a real, finite array of one axis or more: mirrors `librosa.util.valid_audio`.

    Raises
    ------
    ParameterError
        If it is not. Of an `mx.array`, finite values are taken for granted.
    """
    audio(y)
    return True


@mirrors("librosa.util.tiny", tier=1)
def tiny(x: Array | float) -> Any:
    """Return the smallest normal number of the dtype of `x`, of float32 for integers: `librosa.util.tiny`."""
    name = dtype_name(x if kind_of(x) is not None else np.asarray(x))
    single = not any(part in name for part in ("float", "complex"))
    if name == "bfloat16":
        return float(np.finfo(np.float32).tiny)  # it has the exponents of float32
    return np.finfo(np.float32 if single else np.dtype(name)).tiny


@mirrors("librosa.util.normalize", tier=1)
def normalize(
    S: Array,
    *,
    norm: float | None = np.inf,
    axis: int | None = 0,
    threshold: float | None = None,
    fill: bool | None = None,
) -> Array:
    """Scale an array to unit norm along an axis: mirrors `librosa.util.normalize`.

    Parameters
    ----------
    S : array
    norm : float or None
        p > 0 for (sum |S|^p)^(1/p), inf and -inf for the maximum and minimum, 0 for the number of
        elements that are not 0, None to leave `S` as it is.
    axis : int, optional
        None takes the norm of the whole array.
    threshold : float, optional
        Norms below it are too small to divide by; default `tiny(S)`.
    fill : bool, optional
        What those become: what they were (None), zeros (False), or constant with unit norm (True).

    Returns
    -------
    array, dtype of `S`

    Raises
    ------
    ParameterError
        For an option out of range, or NaN and infinity in `S`.
    """
    received = array(S)
    xp, data = received.xp, received.data
    if threshold is None:
        threshold = float(tiny(data))
    elif threshold <= 0:
        raise ParameterError(f"threshold must be greater than 0, got {threshold}")
    if fill not in (None, False, True):
        raise ParameterError(f"fill must be None, False or True, got {fill}")
    if xp is np and not np.isfinite(data).all():
        raise ParameterError("S must be finite")
    if norm is None:
        return S
    magnitude = xp.abs(data).astype(np.float64 if xp is np else mx.float32)
    length, constant = _length(xp, magnitude, norm, axis, fill)
    small = length < threshold
    divisor = xp.where(small, xp.ones_like(length), length)
    result = data / divisor
    if fill is not None:
        result = xp.where(small, xp.full(1, constant if fill else 0.0, dtype=result.dtype), result)
    if xp is np:
        kept = np.empty_like(data)  # keeps the memory order of S
        kept[...] = result
        return received.give_back(kept)
    return result.astype(data.dtype)


def _length(
    xp: Any, magnitude: Array, norm: float, axis: int | None, fill: bool | None
) -> tuple[Array, float]:
    """Return the norms, and the value of a constant whose norm is 1."""
    if norm == np.inf:
        return magnitude.max(axis=axis, keepdims=True), 1.0
    if norm == -np.inf:
        return magnitude.min(axis=axis, keepdims=True), 1.0
    if isinstance(norm, bool) or not isinstance(norm, (int, float, np.number)) or not norm >= 0:
        raise ParameterError(f"norm must be None, 0, positive or an infinity, got {norm!r}")
    if norm == 0:
        if fill is True:
            raise ParameterError("fill=True is impossible with norm=0, the number of elements that are not 0")
        return (magnitude > 0).astype(magnitude.dtype).sum(axis=axis, keepdims=True), 1.0
    count = magnitude.size if axis is None else magnitude.shape[axis]
    total = (magnitude**norm).sum(axis=axis, keepdims=True)
    return total ** (1.0 / norm), count ** (-1.0 / norm)


@mirrors("librosa.util.softmask", tier=1)
def softmask(X: Array, X_ref: Array, *, power: float = 1, split_zeros: bool = False) -> Array:
    """Return the share X^p / (X^p + X_ref^p) of `X`: mirrors `librosa.util.softmask`.

    Parameters
    ----------
    X, X_ref : array, not negative
    power : float
        p > 0; infinite for the hard mask X > X_ref.
    split_zeros : bool
        Whether the mask is 1/2, rather than 0, where both are 0.

    Returns
    -------
    array, dtype of `X` (for integers what numpy makes of them and float32); bool for the hard mask

    Raises
    ------
    ParameterError
        For different shapes, negative values or power <= 0.
    """
    first, second = array(X), array(X_ref)
    xp = first.xp
    x, other = first.data, second.data if second.xp is xp else xp.array(np.asarray(second.data))
    if x.shape != other.shape:
        raise ParameterError(
            f"X and X_ref must have one shape, got {tuple(x.shape)} and {tuple(other.shape)}"
        )
    if xp is np and (np.any(x < 0) or np.any(other < 0)):
        raise ParameterError("X and X_ref must not be negative")
    if math.isfinite(power) and "float" not in dtype_name(x):
        x = x.astype(xp.float32 if xp is mx else np.result_type(x.dtype, np.float32))
    mask = soft_mask(xp, x, other, power, split_zeros)
    return first.give_back(mask.astype(x.dtype) if math.isfinite(power) else mask)


@mirrors("librosa.util.abs2", tier=2)
def abs2(x: Array, dtype: Any = None) -> Array:
    """Return |x|^2 without a square root: mirrors `librosa.util.abs2`."""
    received = array(x)
    xp, data = received.xp, received.data
    if xp is mx:
        squares = mx.real(data) ** 2 + mx.imag(data) ** 2 if data.dtype == mx.complex64 else data * data
        return squares if dtype is None else squares.astype(getattr(mx, dtype_name(dtype)))
    target = None if dtype is None else np.dtype(dtype_name(dtype))
    if np.iscomplexobj(data):
        squares = data.real**2 + data.imag**2
        return received.give_back(squares if target is None else squares.astype(target))
    return received.give_back(np.square(data, dtype=target))


@mirrors("librosa.util.phasor", tier=2)
def phasor(angles: Array | float, *, mag: Array | complex | None = None) -> Array:
    """Return mag * exp(j angles), of radians: mirrors `librosa.util.phasor`.

    complex64 for float32 and what it holds, else complex128; with librosa 1.0 complex128 for float64 alone.
    """
    received = array(angles)
    xp, data = received.xp, received.data
    if xp is mx:
        z = mx.cos(data) + 1j * mx.sin(data)
        return z if mag is None else z * mag
    dtype = np.float32 if data.dtype in (np.float32, np.int16, np.int8, np.uint8, np.uint16) else np.float64
    z = phasors(np, data.astype(dtype, copy=False))
    if settings().librosa != "0.11":
        z = z.astype(dtype_r2c(data.dtype), copy=False)
    if mag is not None:
        z *= array(mag).data
    return z[()] if kind_of(angles) is None and z.ndim == 0 else received.give_back(z)


@mirrors("librosa.util.dtype_r2c", tier=2)
def dtype_r2c(d: Any, *, default: Any = np.complex64) -> Any:
    """Return the complex dtype of a real one's precision: mirrors `librosa.util.dtype_r2c`."""
    dtype = np.dtype(d)
    if dtype.kind == "c":
        return dtype
    return np.dtype({"float32": np.complex64, "float64": np.complex128}.get(dtype.name, default))


@mirrors("librosa.util.dtype_c2r", tier=2)
def dtype_c2r(d: Any, *, default: Any = np.float32) -> Any:
    """Return the real dtype of a complex one's precision: mirrors `librosa.util.dtype_c2r`."""
    dtype = np.dtype(d)
    if dtype.kind == "f":
        return dtype
    return np.dtype({"complex64": np.float32, "complex128": np.float64}.get(dtype.name, default))
