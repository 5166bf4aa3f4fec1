"""`librosa`'s decibels: `power_to_db` and its relatives, and `perceptual_weighting`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import Received, as_numpy
from ....callers import warn
from ....errors import ParameterError
from ....spectrum.scales import to_db
from ....typing import Array
from ...registry import mirrors
from .._arrays import array, is_complex
from ._weighting import frequency_weighting

__all__ = ["amplitude_to_db", "db_to_amplitude", "db_to_power", "perceptual_weighting", "power_to_db"]


@mirrors("librosa.power_to_db", tier=1)
def power_to_db(
    S: Array, *, ref: float | Callable[..., Any] = 1.0, amin: float = 1e-10, top_db: float | None = 80.0
) -> Array:
    """Return 10 log10(S / ref): mirrors `librosa.power_to_db`.

    Parameters
    ----------
    S : array or number
        Power.
    ref : float or callable
        What is 0 dB, or a function of `S` that says so, such as `numpy.max`.
    amin : float
        Floor of `S` and `ref`.
    top_db : float, optional
        Lowest value kept, below the peak of the whole array.

    Returns
    -------
    array or number, dB

    Raises
    ------
    ParameterError
        Unless amin > 0 and top_db >= 0.
    """
    received = array(S)
    power = _power(received)
    return received.give_back(_decibels(received.xp, power, _reference(ref, power), amin, top_db))


@mirrors("librosa.power_to_db", release="1.0")
def _power_to_db_1(
    S: Array,
    *,
    ref: float | Callable[..., Any] = 1.0,
    amin: float = 1e-10,
    top_db: float | None = 80.0,
    axes: Any = "auto",
) -> Array:
    """Mirror `power_to_db` of librosa 1.0.

    What `ref` says and the peak of `top_db` are taken over `axes`: the last two, or the one there is, for
    "auto"; all for None.
    """
    received = array(S)
    power = _power(received)
    axes = _peak_axes(axes, power.ndim)
    reference = _reference_over(axes, ref, power)
    return received.give_back(_decibels(received.xp, power, reference, amin, top_db, axes))


@mirrors("librosa.amplitude_to_db", tier=1)
def amplitude_to_db(
    S: Array, *, ref: float | Callable[..., Any] = 1.0, amin: float = 1e-5, top_db: float | None = 80.0
) -> Array:
    """Return 20 log10(|S| / ref): mirrors `librosa.amplitude_to_db`; parameters as for `power_to_db`."""
    received = array(S)
    magnitude = _magnitude(received)
    reference = _reference(ref, magnitude)
    return received.give_back(
        _decibels(received.xp, magnitude * magnitude, reference * reference, amin**2, top_db)
    )


@mirrors("librosa.amplitude_to_db", release="1.0")
def _amplitude_to_db_1(
    S: Array,
    *,
    ref: float | Callable[..., Any] = 1.0,
    amin: float = 1e-5,
    top_db: float | None = 80.0,
    axes: Any = "auto",
) -> Array:
    """Mirror `amplitude_to_db` of librosa 1.0; `axes` as for its `power_to_db`."""
    received = array(S)
    magnitude = _magnitude(received)
    axes = _peak_axes(axes, magnitude.ndim)
    reference = _reference_over(axes, ref, magnitude)
    return received.give_back(
        _decibels(received.xp, magnitude * magnitude, reference * reference, amin**2, top_db, axes)
    )


def _power(received: Received) -> Array:
    if not is_complex(received.data):
        return received.data
    _warn_of_phase("power_to_db", "np.abs(D)**2")
    return received.xp.abs(received.data)


def _magnitude(received: Received) -> Array:
    if is_complex(received.data):
        _warn_of_phase("amplitude_to_db", "np.abs(S)")
    return abs(received.data)


def _warn_of_phase(function: str, instead: str) -> None:
    warn(
        f"{function} was called on complex input, whose phase is ignored: call {function}({instead}) to have "
        "no warning"
    )


def _reference(
    ref: float | Callable[..., Any], magnitude: Array, over: Mapping[str, Any] = MappingProxyType({})
) -> Any:
    """Return what is 0 dB; a function `ref` is told `over` which axes."""
    if not callable(ref):
        return abs(ref) if isinstance(ref, (int, float)) else np.abs(ref)
    if isinstance(magnitude, mx.array):
        # numpy's reductions have the names of MLX's; other functions are given the values.
        same = getattr(mx, getattr(ref, "__name__", ""), None) if ref in (np.max, np.min, np.mean) else None
        if same is not None:
            return same(magnitude, **over)
        return mx.array(np.asarray(ref(as_numpy(magnitude), **over), np.float32))
    return ref(magnitude, **over)


def _peak_axes(axes: Any, rank: int) -> tuple[int, ...]:
    """Return the axes that share a peak, () for all."""
    if isinstance(axes, str) and axes == "auto":
        return (-2, -1)[-min(rank, 2) :] if rank else ()
    return () if axes is None else (axes,) if isinstance(axes, int) else tuple(axes)


def _reference_over(axes: tuple[int, ...], ref: float | Callable[..., Any], magnitude: Array) -> Any:
    try:
        return _reference(ref, magnitude, {"axis": axes or None, "keepdims": True})
    except TypeError as error:
        raise ParameterError(f"ref must take axis and keepdims, as numpy.max does, got {ref}") from error


def _decibels(
    xp: ModuleType, power: Array, ref: Any, amin: float, top_db: float | None, axes: tuple[int, ...] = ()
) -> Array:
    if amin <= 0:
        raise ParameterError(f"amin must be greater than 0, got {amin}")
    if top_db is not None and top_db < 0:
        raise ParameterError(f"top_db must not be negative, got {top_db}")
    if not isinstance(ref, (int, float, mx.array)):
        # An answer has the dtype of `power`, whatever that of the reference.
        ref = np.asarray(ref, power.dtype if xp is np and power.dtype.kind == "f" else None)
    db = to_db(xp, power, 10.0, amin, ref, top_db, axes)
    return db if xp is mx else db[()]


@mirrors("librosa.db_to_power", tier=1)
def db_to_power(S_db: Array, *, ref: float = 1.0) -> Array:
    """Return ref * 10^(S_db / 10): mirrors `librosa.db_to_power`."""
    return _from_db(S_db, ref, 0.1)


@mirrors("librosa.db_to_amplitude", tier=1)
def db_to_amplitude(S_db: Array, *, ref: float = 1.0) -> Array:
    """Return ref * 10^(S_db / 20): mirrors `librosa.db_to_amplitude`."""
    return _from_db(S_db, abs(ref), 0.05)


def _from_db(db: Array, ref: float, exponent: float) -> Array:
    received = array(db)
    xp, values = received.xp, received.data
    return received.give_back(ref * xp.power(10.0, values * exponent))


@mirrors("librosa.perceptual_weighting", tier=1)
def perceptual_weighting(S: Array, frequencies: Array, *, kind: str = "A", **kwargs: Any) -> Array:
    """Return dB of power weighted as the ear does: mirrors `librosa.perceptual_weighting`.

    Parameters
    ----------
    S : array [..., F, N]
        Power.
    frequencies : array [F]
        Hz.
    kind : {"A", "B", "C", "D", "Z"}
    **kwargs
        As for `power_to_db`.

    Returns
    -------
    array [..., F, N], dB, float64
        float32 for an `mx.array`.
    """
    db = array(power_to_db(S, **kwargs))
    offset = np.asarray(frequency_weighting(as_numpy(np.asarray(frequencies)), kind=kind)).reshape(-1, 1)
    return db.give_back(db.data + (mx.array(offset.astype(np.float32)) if db.xp is mx else offset))
