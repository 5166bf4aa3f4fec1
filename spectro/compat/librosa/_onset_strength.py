"""`librosa.onset.onset_strength` and `onset_strength_multi`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...arithmetic.extrema import maximum_filter
from ...arrays import constant
from ...errors import ParameterError
from ...spectrograms.pcen import running_mean
from ...typing import Array
from ..registry import mirrors
from ._arrays import array
from .core._decibels import power_to_db
from .feature._mel import mel_decibels
from .util._shapes import is_positive_int, sync

__all__ = ["onset_strength", "onset_strength_multi"]

_POLE = 0.99  # of the filter that takes a slow trend away


@mirrors("librosa.onset.onset_strength_multi", tier=1)
def onset_strength_multi(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    lag: int = 1,
    max_size: int = 1,
    ref: Array | None = None,
    detrend: bool = False,
    center: bool = True,
    feature: Callable[..., Any] | None = None,
    aggregate: Callable[..., Any] | bool | None = None,
    channels: Sequence[int] | Sequence[slice] | None = None,
    **kwargs: Any,
) -> Array:
    """Return how much louder groups of bands got: mirrors `librosa.onset.onset_strength_multi`.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `S`.
    sr, n_fft, hop_length
        As for `feature.melspectrogram`.
    S : array [..., bands, N]
        A spectrogram in dB.
    lag : int
        Frames between the two that are compared.
    max_size : int
        Bands whose maximum the earlier frame stands for (Boeck & Widmer 2013).
    ref : array [..., bands, N], optional
        The earlier frames, instead.
    detrend : bool
        Whether to take a slow trend away.
    center : bool
        Whether to undo that a centred analysis sees an onset too early.
    feature : callable, optional
        ``feature(y=y, sr=sr, n_fft=n_fft, hop_length=hop_length, **kwargs)``; default the mel spectrogram.
    aggregate : callable or False, optional
        Of the bands of a channel, the mean by default.
    channels : sequence of int or slice, optional
        Boundaries of the groups, or the groups; by default all bands are one.
    **kwargs
        As for the feature.

    Returns
    -------
    array [..., channels, N]

    Raises
    ------
    ParameterError
        For an option out of range, or `ref` of another shape.
    """
    for name, value in (("lag", lag), ("max_size", max_size)):
        if not is_positive_int(value):
            raise ParameterError(f"{name} must be a positive integer, got {value}")
    if S is None:
        sizes = {"n_fft": n_fft, "hop_length": hop_length}
        if feature is None:
            S = mel_decibels(y, sr, {"fmax": 0.5 * sr} | kwargs | sizes)
        else:
            S = power_to_db(abs(feature(y=y, sr=sr, **sizes, **kwargs)))
    received = array(S)
    xp, s = received.xp, received.data
    s = s if s.ndim > 1 else s[None]
    if ref is None:
        before = s if max_size == 1 else maximum_filter(xp, s, max_size, -2)
    else:
        before = array(ref).data
        if before.shape != s.shape:
            raise ParameterError(f"ref must have shape {tuple(s.shape)}, got {tuple(before.shape)}")
    rise = xp.maximum(0.0, s[..., lag:] - before[..., :-lag])
    if aggregate is not False:
        rise = _grouped(rise, channels, aggregate)
    late = int(lag + (n_fft // (2 * hop_length) if center else 0))
    rise = xp.pad(rise, [(0, 0)] * (rise.ndim - 1) + [(late, 0)])
    if detrend:
        rise = _detrended(xp, rise)
    return received.give_back(rise[..., : s.shape[-1]] if center else rise)


def _grouped(rise: Array, channels: Any, aggregate: Any) -> Array:
    if channels is None and aggregate in (None, np.mean):
        return rise.mean(axis=-2, keepdims=True)
    groups = [slice(None)] if channels is None else channels
    how = np.mean if aggregate is None else aggregate
    return sync(rise, groups, aggregate=how, pad=False, axis=-2)


def _detrended(xp: Any, x: Array) -> Array:
    """Return y[n] = x[n] - x[n - 1] + 0.99 y[n - 1], in float64 where that is possible."""
    x = x.astype(np.float64) if xp is np else x
    steps = xp.concatenate([x[..., :1], x[..., 1:] - x[..., :-1]], axis=-1)
    start = constant(np.zeros((1,) * x.ndim), xp, x)
    # A running mean weighs the newest value by 1 - 0.99.
    return running_mean(xp, steps, 1.0 - _POLE, start)[0] / (1.0 - _POLE)


@mirrors("librosa.onset.onset_strength", tier=1)
def onset_strength(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    lag: int = 1,
    max_size: int = 1,
    ref: Array | None = None,
    detrend: bool = False,
    center: bool = True,
    feature: Callable[..., Any] | None = None,
    aggregate: Callable[..., Any] | bool | None = None,
    **kwargs: Any,
) -> Array:
    """Return how much louder the spectrum got: mirrors `librosa.onset.onset_strength`.

    Parameters
    ----------
    y, sr, S, lag, max_size, ref, detrend, center, feature, aggregate, **kwargs
        As for `onset_strength_multi`, with one channel.

    Returns
    -------
    array [..., N]

    Raises
    ------
    ParameterError
        As `onset_strength_multi`, and for ``aggregate=False``.
    """
    if aggregate is False:
        raise ParameterError("aggregate must not be False: onset_strength_multi leaves the bands apart")
    strength = onset_strength_multi(
        y=y,
        sr=sr,
        S=S,
        lag=lag,
        max_size=max_size,
        ref=ref,
        detrend=detrend,
        center=center,
        feature=feature,
        aggregate=aggregate,
        channels=None,
        **kwargs,
    )
    return strength[..., 0, :]
