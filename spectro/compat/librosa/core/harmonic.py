"""`librosa.core.harmonic`: energies of harmonics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ....callers import warn
from ....errors import ParameterError
from ....spectrum.harmonics import interpolate, peaks_along
from ....typing import Array
from ... import fallback as _fallback
from ...registry import mirrors

__all__ = ["f0_harmonics", "interp_harmonics", "salience"]


@mirrors("librosa.interp_harmonics", tier=2, numpy=True)
def interp_harmonics(
    x: Array,
    *,
    freqs: Array,
    harmonics: Any,
    kind: str = "linear",
    fill_value: float = 0,
    axis: int = -2,
) -> np.ndarray:
    """Return the values of a spectrogram at multiples of each frequency: mirrors `librosa.interp_harmonics`.

    Parameters
    ----------
    x : array [..., F, ...]
    freqs : array [F], or one like `x`
        What the bins stand for; must not repeat.
    harmonics : sequence of float [H]
    kind, fill_value
        As for `scipy.interpolate.interp1d`, which is needed for other kinds than "linear".
    axis : int
        That of the frequencies.

    Returns
    -------
    array [..., H, F, ...], float64

    Raises
    ------
    ParameterError
        If the shapes of `freqs` and `x` do not fit.
    """
    freqs = _checked(freqs, x, axis)
    lines = np.moveaxis(x, axis, -1)
    if freqs.ndim == 1:
        found = interpolate(lines, freqs, np.multiply.outer(np.asarray(harmonics), freqs), kind, fill_value)
    else:
        lines, centres = x.swapaxes(axis, -1), freqs.swapaxes(axis, -1)
        wanted = np.multiply.outer(centres, np.asarray(harmonics))
        values = [
            interpolate(lines[where], centres[where], wanted[where], kind, fill_value)
            for where in np.ndindex(*lines.shape[:-1])
        ]
        # The order of axes is librosa's, which for axis=-1 is not that of above.
        return np.array(values).reshape(wanted.shape).swapaxes(-2, axis).swapaxes(-1, axis - 1)
    # The axis of frequencies goes back to where it was, that of the harmonics before it.
    place = axis % x.ndim
    return np.moveaxis(found, (-2, -1), (place, place + 1))


def _checked(freqs: np.ndarray, x: np.ndarray, axis: int) -> np.ndarray:
    per_bin = freqs.ndim == 1 and len(freqs) == x.shape[axis]
    if not per_bin and freqs.shape != x.shape:
        raise ParameterError(f"freqs must have shape ({x.shape[axis]},) or {x.shape}, got {freqs.shape}")
    ordered = np.sort(freqs, axis=0 if per_bin else axis)
    if np.any(np.diff(ordered, axis=0 if per_bin else axis) == 0):
        warn("freqs repeat: what is interpolated between them may be wrong")
    return freqs


@mirrors("librosa.f0_harmonics", tier=2, numpy=True)
def f0_harmonics(
    x: Array,
    *,
    f0: Array,
    freqs: Array,
    harmonics: Any,
    kind: str = "linear",
    fill_value: float = 0,
    axis: int = -2,
) -> np.ndarray:
    """Return the values of a spectrogram at multiples of the frequency of each frame: `librosa.f0_harmonics`.

    Parameters
    ----------
    x : array [..., F, N]
    f0 : array [..., N]
    freqs, harmonics, kind, fill_value, axis
        As for `interp_harmonics`; frequencies that are not finite are left out.

    Returns
    -------
    array [..., H, N], float64

    Raises
    ------
    ParameterError
        If the shapes of `freqs` and `x` do not fit.
    """
    freqs = _checked(freqs, x, axis)
    lines = np.moveaxis(x, axis, -1)
    centres = np.broadcast_to(freqs, lines.shape) if freqs.ndim == 1 else np.moveaxis(freqs, axis, -1)
    wanted = np.multiply.outer(f0, np.asarray(harmonics))
    shape = np.broadcast_shapes(lines.shape[:-1], wanted.shape[:-1])
    lines, centres = (np.broadcast_to(a, (*shape, a.shape[-1])) for a in (lines, centres))
    wanted = np.broadcast_to(wanted, (*shape, wanted.shape[-1]))
    values = []
    for where in np.ndindex(*shape):
        finite = np.isfinite(centres[where])
        positions = centres[where][finite]
        values.append(interpolate(lines[where][finite], positions, wanted[where], kind, fill_value))
    found = np.array(values).reshape(wanted.shape)
    return np.nan_to_num(np.moveaxis(found, -1, axis), copy=False, nan=fill_value)


@mirrors("librosa.salience", tier=2, numpy=True)
def salience(
    S: Array,
    *,
    freqs: Array,
    harmonics: Sequence[float],
    weights: Any = None,
    aggregate: Callable[..., Any] | None = None,
    filter_peaks: bool = True,
    fill_value: float = np.nan,
    kind: str = "linear",
    axis: int = -2,
) -> np.ndarray:
    """Return the mean energy of each frequency's harmonics: mirrors `librosa.salience`.

    Parameters
    ----------
    S : real array [..., F, N]
    freqs, harmonics, kind, axis
        As for `interp_harmonics`.
    weights : array [H], optional
        Of the harmonics.
    aggregate : callable, optional
        Instead of the weighted mean.
    filter_peaks : bool
        Whether to put `fill_value` where `S` has no peak along `axis`.

    Returns
    -------
    float64 array like `S`
    """
    weights = np.ones(len(harmonics)) if weights is None else np.array(weights, dtype=float)
    energy = interp_harmonics(S, freqs=freqs, harmonics=harmonics, kind=kind, axis=axis)
    if aggregate is None or aggregate is np.average:
        found = np.average(energy, axis=axis - 1, weights=weights)
    else:
        found = aggregate(energy, axis=axis - 1)
    return np.where(peaks_along(S, axis), found, fill_value) if filter_peaks else found


__getattr__ = _fallback.fall_through(__name__, "librosa.core.harmonic")
