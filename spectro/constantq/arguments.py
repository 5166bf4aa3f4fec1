"""The checks that all functions of the family share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import mlx.core as mx
import numpy as np

from ..arrays import Received
from ..config import settings
from ..errors import ArrayTypeError, ParameterError
from ..features.tuning import estimate_tuning
from ..framing.padding import PadMode
from ..validation import check_choice, check_int, check_number
from .frequencies import C1
from .intervals import as_intervals
from .plan import Options, bins_below_nyquist
from .windows import WindowSpec

__all__ = ["batch_of", "check_pad_mode", "make_options", "widen"]


def make_options(
    received: Received | None,
    *,
    sr: float,
    hop_length: int,
    fmin: float | None,
    n_bins: int | None,
    bins_per_octave: int,
    tuning: float | None,
    filter_scale: float,
    norm: float | None,
    sparsity: float,
    window: WindowSpec = "hann",
    scale: bool = True,
    gamma: float | None = 0.0,
    intervals: str | Sequence[float] | np.ndarray = "equal",
) -> Options:
    """Check the options and return them; ``tuning=None`` is estimated from the audio received.

    The numbers are those of the release of librosa that `config` names. With 1.0, ``n_bins=None`` is as many
    as there are below Nyquist.

    Raises
    ------
    ParameterError, ArrayTypeError
        Naming the option and its value.
    """
    spaced = as_intervals(intervals)
    per_octave = check_int(
        "bins_per_octave", bins_per_octave if isinstance(spaced, str) else len(spaced), minimum=1
    )
    lowest = C1 if fmin is None else check_number("fmin", fmin, above=0)
    rate = check_number("sr", sr, above=0)
    if tuning is None:
        if received is None:
            raise ParameterError("tuning must be a number here, got None")
        tuning = estimate_tuning(batch_of(received), rate, per_octave)
    check_number("tuning", tuning)
    if not 0 <= check_number("sparsity", sparsity) < 1:
        raise ParameterError(f"sparsity must be at least 0 and below 1, got {sparsity!r}")
    if isinstance(window, (np.ndarray, mx.array, list)):
        raise ArrayTypeError(
            "window must be a name, a tuple or a function of the length (filters differ in length), "
            f"got {type(window).__name__}"
        )
    release = settings().librosa
    all_bins = n_bins is None and release != "0.11"
    options = Options(
        sr=rate,
        hop_length=check_int("hop_length", hop_length, minimum=1),
        fmin=lowest * 2.0 ** (tuning / per_octave),
        n_bins=1 if all_bins else check_int("n_bins", n_bins, minimum=1),
        bins_per_octave=per_octave,
        filter_scale=check_number("filter_scale", filter_scale, above=0),
        norm=_check_norm(norm),
        sparsity=float(sparsity),
        window=window,
        scale=bool(scale),
        gamma=None if gamma is None else check_number("gamma", gamma, minimum=0),
        intervals=spaced,
        release=release,
    )
    return replace(options, n_bins=bins_below_nyquist(options)) if all_bins else options


def _check_norm(norm: Any) -> float | None:
    if norm is None or norm in (np.inf, -np.inf):
        return norm
    return check_number("norm", norm, minimum=0)


def check_pad_mode(pad_mode: Any) -> PadMode:
    """Return `pad_mode` if frames can be padded so."""
    return check_choice("pad_mode", pad_mode, get_args(PadMode))


def batch_of(received: Received) -> Received:
    """Return the audio as [B, T]."""
    x = received.data
    return Received(received.xp, x[None] if x.ndim == 1 else x, received.give_back)


def widen(received: Received, dtype: Any) -> Received:
    """Return host audio in the precision of the result's `dtype`, if that is the higher one."""
    if dtype is None:
        return received
    if received.xp is mx:
        if dtype not in (mx.complex64, mx.float32, np.complex64, np.float32):
            raise ArrayTypeError(f"dtype must be complex64 for an mx.array, got {dtype}")
        return received
    wide = np.result_type(received.data, np.dtype(dtype))
    real = np.float64 if wide in (np.complex128, np.float64) else np.float32
    data = received.data.astype(wide if np.iscomplexobj(received.data) else real, copy=False)
    return Received(np, data, received.give_back)
