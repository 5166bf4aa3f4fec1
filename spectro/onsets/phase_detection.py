"""Onset detection functions of magnitude and phase: where a steady sinusoid is left.

In a steady sinusoid the phase p[i] of a bin advances equally from frame to frame, so that its second
difference p[i] - 2 p[i - 1] + p[i - 2] is a multiple of 2 pi, and frame i can be predicted from the two
before. Along frequency, the difference of phases is the local group delay: where energy stands within
the frame. The phase must be that of frames whose middle is time 0 (``stft_at_fps(circular_shift=True)``).

Shapes, `time_axis` and the source of the numbers are as in detection.py.
"""

from __future__ import annotations

import math
from types import ModuleType

import numpy as np

from ..arithmetic.extrema import maximum_filter, minimum_filter, range_minimum
from ..arithmetic.sums import mean, total
from ..arrays import as_numpy
from ..errors import ParameterError
from ..filterbanks.bank import Filterbank
from ..typing import Array
from ..validation import check_int, check_number
from .detection import EPSILON, receive_spectrograms, rise, superflux_rise

__all__ = [
    "complex_domain_odf",
    "complex_flux_odf",
    "local_group_delay",
    "normalized_weighted_phase_deviation",
    "phase_deviation",
    "rectified_complex_domain_odf",
    "weighted_phase_deviation",
]

_TURN = 2 * math.pi


def _wrap(xp: ModuleType, phase: Array) -> Array:
    """Return `phase` less the nearest multiple of 2 pi."""
    return phase - _TURN * xp.round(phase * (1 / _TURN))


def _deviation(xp: ModuleType, phase: Array) -> Array:
    """Return |second difference over frames| in [0, pi], 0 for the first two: [..., N, F]."""
    second = phase[..., 2:, :] - 2 * phase[..., 1:-1, :] + phase[..., :-2, :]
    padding = [(0, 0)] * (phase.ndim - 2) + [(min(2, phase.shape[-2]), 0), (0, 0)]
    return xp.pad(abs(_wrap(xp, second)), padding)


def phase_deviation(phase: Array, *, time_axis: int = -2) -> Array:
    """Return the mean |change of the phase's advance| over bins (Bello et al. 2004)."""
    s = receive_spectrograms(time_axis, phase=phase)
    return s.give_back(mean(s.xp, _deviation(s.xp, s.arrays[0])))


def _check_bins(magnitude: Array, phase: Array) -> None:
    if magnitude.shape != phase.shape:
        raise ParameterError(
            "magnitude must have the phase's bins, not a filterbank's bands: "
            f"got {magnitude.shape[-1]} and {phase.shape[-1]}"
        )


def weighted_phase_deviation(magnitude: Array, phase: Array, *, time_axis: int = -2) -> Array:
    """Return the mean over bins of `phase_deviation` weighted by the magnitude (Dixon 2006)."""
    s = receive_spectrograms(time_axis, magnitude=magnitude, phase=phase)
    m, p = s.arrays
    _check_bins(m, p)
    return s.give_back(mean(s.xp, _deviation(s.xp, p) * m))


def normalized_weighted_phase_deviation(
    magnitude: Array, phase: Array, *, epsilon: float = EPSILON, time_axis: int = -2
) -> Array:
    """Return `weighted_phase_deviation` over the frame's mean magnitude plus `epsilon` (Dixon 2006)."""
    s = receive_spectrograms(time_axis, magnitude=magnitude, phase=phase)
    m, p = s.arrays
    _check_bins(m, p)
    check_number("epsilon", epsilon, above=0)
    weighted = mean(s.xp, _deviation(s.xp, p) * m)
    return s.give_back(weighted / (mean(s.xp, m) + epsilon))


def _prediction_error(xp: ModuleType, magnitude: Array, phase: Array) -> Array:
    """Return |X[i] - Y[i]|, Y the steady continuation of frames i - 1 and i - 2: [..., N, F].

    Y[i] has the magnitude of frame i - 1 and the phase 2 p[i - 1] - p[i - 2]; Y[1] has phase 0, and
    Y[0] is 0.
    """
    m, before = magnitude[..., 1:, :], magnitude[..., :-1, :]
    angle = phase[..., 1:, :]
    steady = 2 * phase[..., 1:-1, :] - phase[..., :-2, :]
    angle = angle - xp.concatenate([xp.zeros_like(phase[..., :1, :]), steady], axis=-2)[..., : m.shape[-2], :]
    # |a e^jx - b e^jy|^2 = (a - b)^2 + 4 a b sin^2((x - y) / 2): no small difference of large numbers.
    square = (m - before) ** 2 + 4 * m * before * xp.sin(angle / 2) ** 2
    # The root's slope at 0 is infinite; 0 is taken instead of it.
    some = square > 0
    error = xp.where(some, xp.sqrt(xp.where(some, square, xp.ones_like(square))), square)
    return xp.concatenate([magnitude[..., :1, :], error], axis=-2)


def complex_domain_odf(magnitude: Array, phase: Array, *, time_axis: int = -2) -> Array:
    """Return the sum over bins of the distance to the predicted spectrum (Bello et al. 2004)."""
    s = receive_spectrograms(time_axis, magnitude=magnitude, phase=phase)
    _check_bins(*s.arrays)
    return s.give_back(total(s.xp, _prediction_error(s.xp, *s.arrays)))


def rectified_complex_domain_odf(
    magnitude: Array, phase: Array, *, diff_frames: int = 1, time_axis: int = -2
) -> Array:
    """Return `complex_domain_odf` over the bins that rise within `diff_frames` frames (Dixon 2006)."""
    s = receive_spectrograms(time_axis, magnitude=magnitude, phase=phase)
    m, p = s.arrays
    _check_bins(m, p)
    rises = rise(s.xp, m, check_int("diff_frames", diff_frames, minimum=1)) > 0
    error = _prediction_error(s.xp, m, p)
    return s.give_back(total(s.xp, s.xp.where(rises, error, s.xp.zeros_like(error))))


def local_group_delay(phase: Array, *, time_axis: int = -2) -> Array:
    """Return how much the phase falls from each bin to the next, within [-pi, pi]; 0 for the last bin.

    Like `phase` in shape.
    """
    s = receive_spectrograms(time_axis, phase=phase)
    delay = _group_delay(s.xp, s.arrays[0])
    return s.give_back(delay if time_axis == -2 else delay.swapaxes(-1, -2))


def _group_delay(xp: ModuleType, phase: Array) -> Array:
    delay = _wrap(xp, phase[..., :-1] - phase[..., 1:])
    return xp.pad(delay, [(0, 0)] * (phase.ndim - 1) + [(0, 1)])


def complex_flux_odf(
    magnitude: Array,
    phase: Array,
    *,
    diff_frames: int = 1,
    diff_max_bins: int = 3,
    temporal_filter: int = 3,
    temporal_origin: int = 0,
    filterbank: Array | None = None,
    time_axis: int = -2,
) -> Array:
    """Return `superflux_odf` with each rise weighted by the local group delay, so that tremolo makes none.

    The weight of a bin is the least |local group delay| / pi of it and its two neighbours, of a band
    that of its bins and one more on both sides, each delay being the greatest of `temporal_filter`
    frames (Böck & Widmer 2013).

    Parameters
    ----------
    magnitude : array [N, M] or [B, N, M]
        Bins, or the bands that `filterbank` made of them.
    phase : array [N, F] or [B, N, F]
    diff_frames, diff_max_bins : int
        As for `superflux_odf`.
    temporal_filter, temporal_origin : int
        Frames to look for the greatest delay in (0 for none), and how far into the past they lie.
    filterbank : array [F, M], optional
        What `magnitude` was filtered with.
    time_axis : {-2, -1}

    Raises
    ------
    ParameterError
        If the shapes do not fit or a filter is empty.
    """
    s = receive_spectrograms(time_axis, magnitude=magnitude, phase=phase)
    xp, (m, p) = s.xp, s.arrays
    delay = abs(_group_delay(xp, p)) * (1 / math.pi)
    frames = check_int("temporal_filter", temporal_filter, minimum=0)
    if frames > 0:
        delay = maximum_filter(xp, delay, frames, -2, check_int("temporal_origin", temporal_origin))
    if filterbank is None:
        _check_bins(m, p)
        weight = minimum_filter(xp, delay, 3, -1)
    else:
        begin, end = _reach(as_numpy(filterbank, "filterbank"), p.shape[-1], m.shape[-1])
        weight = range_minimum(xp, delay, begin, end)
    return s.give_back(total(xp, superflux_rise(xp, m, diff_frames, diff_max_bins) * weight))


def _reach(filterbank: np.ndarray, bins: int, bands: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each filter's first bin and the one after its last, widened by one bin on both sides."""
    if filterbank.shape != (bins, bands):
        raise ParameterError(f"filterbank must have shape {(bins, bands)}, got {filterbank.shape}")
    begin, end = Filterbank(filterbank).support
    if (begin == end).any():
        raise ParameterError("filterbank must have no empty filter")
    return np.maximum(begin - 1, 0), np.minimum(end + 1, bins)
