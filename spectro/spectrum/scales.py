"""Scales of a spectrogram's values: decibels and logarithms.

Decibels of power S are 10 log10(max(S, amin)) - 10 log10(max(ref, amin)), of
magnitude the same with 20. `top_db` then lifts everything to within `top_db` of
the peak; over which axes the peak is taken is what references disagree about.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Literal, get_args

import mlx.core as mx
import numpy as np

from ..arrays import receive
from ..compiled.by_values import by_kernel, has_kernel
from ..errors import ArrayTypeError, ParameterError
from ..kernels import cpu
from ..kernels import gpu as native
from ..typing import Array, LogMelMode
from ..validation import check_choice, check_number, is_kind

__all__ = [
    "LINEAR",
    "Scale",
    "affine_log",
    "amplitude_to_db",
    "clip_below_peak",
    "decibels",
    "from_db",
    "logarithm",
    "magnitude",
    "root",
    "to_db",
    "without_gradient",
]


def to_db(
    xp: ModuleType,
    x: Array,
    multiplier: float,
    amin: float,
    ref: float | Array,
    top_db: float | None,
    axes: tuple[int, ...],
) -> Array:
    """Return decibels of non-negative `x` over `ref`, the peak for `top_db` taken over `axes`."""
    known = isinstance(ref, (int, float))
    zero = math.log10(max(amin, ref)) if known else xp.log10(xp.maximum(ref, amin))
    return decibels(xp, x, multiplier, amin, zero, top_db, axes)


def decibels(
    xp: ModuleType,
    x: Array,
    multiplier: float,
    amin: float,
    zero: float | Array,
    top_db: float | None,
    axes: tuple[int, ...],
) -> Array:
    """Return multiplier (log10(max(x, amin)) - zero), the peak for `top_db` taken over `axes`."""

    def plain(x: Array) -> Array:
        db = multiplier * xp.log10(xp.maximum(x, amin)) - multiplier * zero
        return db if top_db is None else clip_below_peak(xp, db, top_db, axes)

    last = axes == tuple(range(-len(axes), 0)) and (top_db is None or top_db >= 0)
    if not (isinstance(zero, (int, float)) and last and _in_single(x)):
        return plain(x)
    unit, offset = multiplier / math.log(10.0), -multiplier * zero
    scale = cpu.Scale(logarithmic=True, floor=amin, multiplier=unit, offset=offset, range=top_db)
    return by_kernel(x, partial(cpu.scale_values, scale=scale, axes=len(axes)), plain)


def _in_single(x: Array) -> bool:
    """Return whether the native kernel takes the logarithm of `x`: numpy's in float64 is as fast."""
    return has_kernel(x) and x.dtype != np.float64


def from_db(xp: ModuleType, db: Array, ref: float, power: float) -> Array:
    """Return ref (10^(db / 10))^power: power for an exponent of 1, magnitude for 1/2."""
    return ref * (10.0 ** (0.1 * db)) ** power


def clip_below_peak(xp: ModuleType, db: Array, top_db: float, axes: tuple[int, ...]) -> Array:
    """Lift values more than `top_db` below the peak over `axes` (none: the whole array)."""
    peak = xp.max(db, axis=axes, keepdims=True) if axes else xp.max(db)
    return xp.maximum(db, peak - top_db)


def logarithm(xp: ModuleType, x: Array, mode: str, amin: float, scale: float) -> Array:
    """Return a natural logarithm of non-negative `x`.

    ln(max(x, amin)) for "clamp", ln(x + amin) for "add", ln(1 + scale x) for "log1p".
    """
    if mode == "log1p":
        return xp.log1p(scale * x)
    return affine_log(xp, x, amin, 1.0, 0.0) if mode == "clamp" else affine_log(xp, x, -math.inf, 1.0, amin)


def affine_log(xp: ModuleType, x: Array, floor: float, gain: float, bias: float) -> Array:
    """Return ln(max(gain x + bias, floor))."""

    def plain(x: Array) -> Array:
        u = x if gain == 1.0 else gain * x
        u = u if bias == 0.0 else u + bias
        return xp.log(u if floor == -math.inf else xp.maximum(u, floor))

    if not _in_single(x):
        return plain(x)
    scale = cpu.Scale(logarithmic=True, gain=gain, bias=bias, floor=floor)
    return by_kernel(x, partial(cpu.scale_values, scale=scale), plain)


@dataclass(frozen=True)
class Scale:
    """What is made of the bands v of a spectrogram: a function of each value, then a range below the peak.

        linear   v
        clamp    gain ln(max(v, amin))
        add      gain ln(v + amin)
        log1p    gain ln(1 + slope v)
        db       gain log10(max(v, amin))

    The function of each value is what a kernel fuses with the filterbank. The range needs another pass,
    since no peak is known before the last frame.

    Attributes
    ----------
    kind : {"linear", "clamp", "add", "log1p", "db"}
    amin, slope, gain : float
    top_db : float, optional
        Lift values to this much below the peak over `peak_axes` of [B, M, N].
    """

    kind: Literal["linear", "clamp", "add", "log1p", "db"] = "linear"
    amin: float = 0.0
    slope: float = 1.0
    gain: float = 1.0
    top_db: float | None = None
    peak_axes: tuple[int, ...] = (-2, -1)

    def apply(self, xp: ModuleType, v: Array) -> Array:
        """Return scaled bands [B, M, N]."""
        return self.limit_range(xp, self.map_values(xp, v))

    def map_values(self, xp: ModuleType, v: Array) -> Array:
        """Return the function of each value."""
        if self.kind == "linear":
            return v
        if self.kind == "db":
            return to_db(xp, v, self.gain, self.amin, 1.0, None, ())
        y = logarithm(xp, v, self.kind, self.amin, self.slope)
        return y if self.gain == 1.0 else y * self.gain

    def limit_range(self, xp: ModuleType, y: Array) -> Array:
        """Return scaled values with those too far below the peak lifted."""
        return y if self.top_db is None else clip_below_peak(xp, y, self.top_db, self.peak_axes)


LINEAR = Scale()


def without_gradient(xp: ModuleType, x: Array) -> Array:
    """Return `x` as a constant to `mx.grad`."""
    return mx.stop_gradient(x) if xp is mx else x


def root(xp: ModuleType, x: Array, p: float) -> Array:
    """Return x^(1/p) of x >= 0 with gradient 0, not infinity, where x is 0. NaN stays NaN."""
    positive = xp.logical_not(x <= 0)
    inside = xp.where(positive, x, xp.ones_like(x))
    value = xp.sqrt(inside) if p == 2 else inside ** (1.0 / p)
    return xp.where(positive, value, xp.zeros_like(x))


def magnitude(xp: ModuleType, z: Array) -> Array:
    """Return |z|, with gradient 0 where z is 0."""
    if xp is mx and z.dtype == mx.complex64 and native.target() == "cuda":
        # There `mx.compile` makes a kernel of the abs of complex numbers that does not build (MLX 0.32).
        return root(xp, xp.real(z) ** 2 + xp.imag(z) ** 2, 2)
    return xp.abs(z)


def check_log_mode(mode: str) -> LogMelMode:
    """Return `mode` if it is a `LogMelMode`."""
    checked: LogMelMode = check_choice("log_mode", mode, get_args(LogMelMode))
    return checked


def amplitude_to_db(
    x: Array,
    *,
    stype: Literal["power", "magnitude"] = "power",
    top_db: float | None = 80.0,
    amin: float = 1e-10,
    ref_value: float = 1.0,
    mode: Literal["torchaudio_compat", "per_example"] = "torchaudio_compat",
) -> Array:
    """Convert a spectrogram to decibels.

    Parameters
    ----------
    x : real array [..., F, N]
        Power or magnitude, as `stype` says.
    stype : {"power", "magnitude"}
    top_db : float, optional
        Lowest value kept, below the peak; None keeps all.
    amin, ref_value : float
        Floor of `x`, and the value that becomes 0 dB.
    mode : {"torchaudio_compat", "per_example"}
        Over what the peak is taken: as `torchaudio.functional.amplitude_to_DB` does, the last
        three axes (so a batch [B, F, N] shares one peak); or each [F, N] by itself.

    Returns
    -------
    array like `x`, dB

    Raises
    ------
    ParameterError
        For an unknown option, amin <= 0 or a negative top_db.

    Examples
    --------
    >>> import numpy as np
    >>> amplitude_to_db(np.array([[1.0, 0.1, 1e-12]]), top_db=None).round(3).tolist()
    [[0.0, -10.0, -100.0]]
    """
    check_choice("stype", stype, ("power", "magnitude"))
    check_choice("mode", mode, ("torchaudio_compat", "per_example"))
    check_number("amin", amin, above=0)
    check_number("ref_value", ref_value, minimum=0)
    if top_db is not None:
        check_number("top_db", top_db, minimum=0)
    received = receive(x)
    if not is_kind(received, "f"):
        raise ArrayTypeError(f"x must be real and floating-point, got {received.data.dtype}")
    if 0 in received.data.shape:
        raise ParameterError(f"x is empty: shape {tuple(received.data.shape)}")
    rank = received.data.ndim
    shared = min(rank, 3 if mode == "torchaudio_compat" else 2)
    multiplier = 10.0 if stype == "power" else 20.0
    axes = tuple(range(-shared, 0))
    return received.give_back(to_db(received.xp, received.data, multiplier, amin, ref_value, top_db, axes))
