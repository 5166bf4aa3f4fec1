"""Onset detection functions of a magnitude spectrogram: how much it rises from frame to frame.

They take spectrograms [N, F] or [B, N, F], frames by bins or by bands, and return [N] or [B, N];
`time_axis=-1` takes [F, N] and [B, F, N]. Frames with no earlier one to compare with give 0. The
numbers are madmom 0.17's; those that need the phase are in phase_detection.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from ..arithmetic.extrema import maximum_filter
from ..arithmetic.sums import mean, total
from ..arrays import constant, kind_of, receive
from ..errors import ArrayTypeError, ParameterError
from ..typing import Array
from ..validation import check_int, check_number, is_kind

__all__ = [
    "Spectrograms",
    "correlation_difference",
    "diff_frames_from_hann",
    "high_frequency_content_odf",
    "modified_kullback_leibler_odf",
    "overlap_lag",
    "positive_spectral_diff",
    "receive_spectrograms",
    "rise",
    "spectral_diff_odf",
    "spectral_flux_odf",
    "superflux_odf",
]

EPSILON = float(np.spacing(1.0))


@dataclass(frozen=True)
class Spectrograms:
    """A caller's spectrograms as [..., N, F], and the way back."""

    xp: ModuleType
    arrays: tuple[Array, ...]
    give_back: Callable[[Array], Array]


def receive_spectrograms(time_axis: int, **named: Any) -> Spectrograms:
    """Accept real spectrograms of one library and with the same frames, each with its argument's name."""
    if time_axis not in (-2, -1):
        raise ParameterError(f"time_axis must be -2 ([..., N, F]) or -1 ([..., F, N]), got {time_axis!r}")
    if len({kind_of(x) for x in named.values()}) > 1:
        raise ArrayTypeError(f"{' and '.join(named)} must be arrays of the same library")
    received = {name: receive(x, name) for name, x in named.items()}
    first = next(iter(received.values()))
    arrays = []
    for name, item in received.items():
        x = item.data
        if not is_kind(item, "f"):
            raise ArrayTypeError(f"{name} must be real and floating-point, got {x.dtype}")
        if x.ndim not in (2, 3) or 0 in x.shape:
            raise ParameterError(f"{name} must have rank 2 or 3 and not be empty, got {tuple(x.shape)}")
        if time_axis == -1:
            # Sums over a contiguous axis add pairwise, which keeps float32 sums exact to a few ulp.
            x = x.swapaxes(-1, -2) if item.xp is not np else np.ascontiguousarray(x.swapaxes(-1, -2))
        arrays.append(x)
        if arrays[0].shape[:-1] != x.shape[:-1]:
            raise ParameterError(
                f"{' and '.join(named)} must have the same frames, got {[tuple(a.shape) for a in arrays]}"
            )
    return Spectrograms(first.xp, tuple(arrays), first.give_back)


def rise(xp: ModuleType, x: Array, lag: int, axis: int = -2, before: Array | None = None) -> Array:
    """Return max(0, x[i] - before[i - lag]) along `axis`, 0 for the first `lag` frames; `before` is x."""
    before = x if before is None else before
    count = x.shape[axis]
    if lag >= count:
        return xp.zeros_like(x)
    axis %= x.ndim
    head = (slice(None),) * axis
    now, earlier = (*head, slice(lag, None)), (*head, slice(0, count - lag))
    difference = x[now] - before[earlier]
    padding = [(0, 0)] * x.ndim
    padding[axis] = (lag, 0)
    return xp.pad(xp.maximum(difference, 0.0), padding)


def diff_frames_from_hann(*, frame_size: int, hop_size: float, diff_ratio: float = 0.5) -> int:
    """Return after how many frames a Hann window overlaps itself down to `diff_ratio`, at least 1.

    The distance is from the first sample above diff_ratio times the window's peak to its middle.

    Examples
    --------
    >>> diff_frames_from_hann(frame_size=2048, hop_size=220.5)
    2
    """
    size = check_int("frame_size", frame_size, minimum=1)
    hop = check_number("hop_size", hop_size, above=0)
    ratio = check_number("diff_ratio", diff_ratio, minimum=0)
    return overlap_lag(np.hanning(size), hop, ratio)


def overlap_lag(window: np.ndarray, hop_size: float, diff_ratio: float) -> int:
    """Return the frames of `diff_frames_from_hann` for any window [n]."""
    above = int(np.argmax(window > float(diff_ratio) * window.max()))
    return int(max(1, round((len(window) / 2 - above) / hop_size)))


def positive_spectral_diff(
    x: Array,
    *,
    lag: int | None = None,
    frame_size: int | None = None,
    hop_size: float | None = None,
    diff_ratio: float = 0.5,
    time_axis: int = -1,
) -> Array:
    """Return the rise of every value over an earlier frame: max(0, x[i] - x[i - lag]).

    Parameters
    ----------
    x : real array
        A spectrogram, of any rank.
    lag : int, optional
        Frames to look back; default 1.
    frame_size, hop_size, diff_ratio
        Derive the lag from the frames' overlap instead: see `diff_frames_from_hann`.
    time_axis : int
        The axis of frames.

    Returns
    -------
    array like `x`, 0 in the first `lag` frames

    Raises
    ------
    ParameterError
        If the lag is below 1, given twice, or only one of frame_size and hop_size is given.

    Examples
    --------
    >>> import numpy as np
    >>> positive_spectral_diff(np.array([[1.0, 3.0, 2.0, 5.0]])).tolist()
    [[0.0, 2.0, 0.0, 3.0]]
    """
    received = receive(x)
    if not is_kind(received, "f"):
        raise ArrayTypeError(f"x must be real and floating-point, got {received.data.dtype}")
    axis = check_int("time_axis", time_axis)
    if not -received.data.ndim <= axis < received.data.ndim:
        raise ParameterError(f"time_axis must be an axis of x {tuple(received.data.shape)}, got {axis}")
    if (frame_size is None) != (hop_size is None):
        raise ParameterError(f"pass frame_size and hop_size together, got {frame_size} and {hop_size}")
    if frame_size is not None and hop_size is not None:
        if lag is not None:
            raise ParameterError(f"pass lag, or frame_size and hop_size, not both: got lag={lag}")
        lag = diff_frames_from_hann(frame_size=frame_size, hop_size=hop_size, diff_ratio=diff_ratio)
    steps = check_int("lag", 1 if lag is None else lag, minimum=1)
    return received.give_back(rise(received.xp, received.data, steps, axis))


def high_frequency_content_odf(magnitude: Array, *, time_axis: int = -2) -> Array:
    """Return the mean over bins k of k times the magnitude (Masri 1996)."""
    s = receive_spectrograms(time_axis, magnitude=magnitude)
    (m,) = s.arrays
    return s.give_back(mean(s.xp, m * constant(np.arange(m.shape[-1], dtype=np.float64), s.xp, m)))


def spectral_flux_odf(magnitude: Array, *, diff_frames: int = 1, time_axis: int = -2) -> Array:
    """Return the sum of the rises over `diff_frames` frames (Masri 1996).

    Examples
    --------
    >>> import numpy as np
    >>> spectral_flux_odf(np.array([[1.0, 2.0], [3.0, 1.0], [4.0, 4.0]])).tolist()
    [0.0, 2.0, 4.0]
    """
    s = receive_spectrograms(time_axis, magnitude=magnitude)
    rises = rise(s.xp, s.arrays[0], check_int("diff_frames", diff_frames, minimum=1))
    return s.give_back(total(s.xp, rises))


def spectral_diff_odf(magnitude: Array, *, diff_frames: int = 1, time_axis: int = -2) -> Array:
    """Return the sum of the squared rises over `diff_frames` frames (Duxbury et al. 2002)."""
    s = receive_spectrograms(time_axis, magnitude=magnitude)
    rises = rise(s.xp, s.arrays[0], check_int("diff_frames", diff_frames, minimum=1))
    return s.give_back(total(s.xp, rises * rises))


def superflux_odf(
    magnitude: Array, *, diff_frames: int = 1, diff_max_bins: int = 3, time_axis: int = -2
) -> Array:
    """Return the sum of the rises over the greatest of `diff_max_bins` neighbours of the earlier frame.

    Vibrato then makes no rise (Böck & Widmer 2013). Meant for 24 logarithmic bands an octave.
    """
    s = receive_spectrograms(time_axis, magnitude=magnitude)
    return s.give_back(total(s.xp, superflux_rise(s.xp, s.arrays[0], diff_frames, diff_max_bins)))


def superflux_rise(xp: ModuleType, magnitude: Array, diff_frames: int, diff_max_bins: int) -> Array:
    """Return the rises of `superflux_odf` before they are summed."""
    lag = check_int("diff_frames", diff_frames, minimum=1)
    size = check_int("diff_max_bins", diff_max_bins, minimum=1)
    widened = maximum_filter(xp, magnitude, size, -1) if size > 1 else magnitude
    return rise(xp, magnitude, lag, before=widened)


def modified_kullback_leibler_odf(
    magnitude: Array, *, diff_frames: int = 1, epsilon: float = EPSILON, time_axis: int = -2
) -> Array:
    """Return the mean of ln(1 + m[i] / (m[i - diff_frames] + epsilon)) over bins (Brossier 2006)."""
    s = receive_spectrograms(time_axis, magnitude=magnitude)
    (m,) = s.arrays
    lag = check_int("diff_frames", diff_frames, minimum=1)
    check_number("epsilon", epsilon, above=0)
    count = m.shape[-2]
    if lag >= count:
        return s.give_back(s.xp.zeros_like(m[..., 0]))
    change = mean(s.xp, s.xp.log1p(m[..., lag:, :] / (m[..., : count - lag, :] + epsilon)))
    return s.give_back(s.xp.pad(change, [(0, 0)] * (m.ndim - 2) + [(lag, 0)]))


def correlation_difference(x: np.ndarray, lag: int, shift: int, rises_only: bool = False) -> np.ndarray:
    """Return numpy spectra [N, F] less those of `lag` frames before, shifted by up to `shift` bins.

    Each frame is compared with the shift that correlates most, k in -shift .. shift of
    sum_n x[i, n + k] x[i - lag, n]; the outermost `shift` bins, and the first `lag` frames, are 0.
    """
    difference = np.zeros_like(x)
    now, before = x[lag:], x[: max(0, len(x) - lag)]
    bins = x.shape[1]
    if len(now) == 0 or bins <= 2 * shift:
        return difference
    overlaps = [
        (now[:, max(0, k) : bins + min(0, k)] * before[:, max(0, -k) : bins - max(0, k)]).sum(axis=1)
        for k in range(-shift, shift + 1)
    ]
    best = np.argmax(overlaps, axis=0) - shift
    # Bin n of the frame now stands where n - k stood.
    index = np.arange(shift, bins - shift) - best[:, None]
    difference[lag:, shift : bins - shift] = now[:, shift : bins - shift] - np.take_along_axis(
        before, index, axis=1
    )
    return np.maximum(difference, 0) if rises_only else difference
