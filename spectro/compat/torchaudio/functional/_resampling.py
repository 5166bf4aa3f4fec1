"""`resample`."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from ....arrays import dtype_name
from ....callers import warn
from ....signal.sinc import Polyphase, sinc_filters
from ....typing import Array
from ...registry import mirrors
from ...torch._windows import default_dtype
from ._arrays import answer, received, rows

__all__ = ["KAISER_BETA", "apply_filters", "filters", "resample"]

KAISER_BETA = 14.769656459379492
METHODS = {
    "sinc_interp_hann": "sinc_interp_hann",
    "sinc_interp_kaiser": "sinc_interp_kaiser",
    "sinc_interpolation": "sinc_interp_hann",
    "kaiser_window": "sinc_interp_kaiser",
}  # the old names and what torchaudio has one use in their place


@mirrors("torchaudio.functional.resample", tier=1)
def resample(
    waveform: Array,
    orig_freq: int,
    new_freq: int,
    lowpass_filter_width: int = 6,
    rolloff: float = 0.99,
    resampling_method: str = "sinc_interp_hann",
    beta: float | None = None,
) -> Array:
    """Change the sample rate by a windowed sinc: mirrors `torchaudio.functional.resample`.

    Parameters
    ----------
    waveform : real array [..., T]
    orig_freq, new_freq : int
        Rates, of which only the ratio matters.
    lowpass_filter_width : int
        Zero crossings of the sinc on either side.
    rolloff : float
        Cutoff as a fraction of the lower Nyquist frequency.
    resampling_method : {"sinc_interp_hann", "sinc_interp_kaiser"}
    beta : float, optional
        Of the Kaiser window.

    Returns
    -------
    array [..., ceil(T new_freq / orig_freq)]

    Raises
    ------
    ValueError
        For rates or a width that are not positive, an unknown method.
    Exception
        For rates that are not whole, as torchaudio does.
    TypeError
        If `waveform` is not floating point.
    """
    if orig_freq <= 0.0 or new_freq <= 0.0:
        raise ValueError(f"orig_freq and new_freq must be positive, got {orig_freq} and {new_freq}")
    if orig_freq == new_freq:
        return waveform
    made = filters(orig_freq, new_freq, lowpass_filter_width, rolloff, resampling_method, beta)
    return apply_filters(made, waveform)


def filters(
    orig_freq: float, new_freq: float, width: float, rolloff: float, method: str, beta: float | None
) -> Polyphase:
    """Return the filters for checked arguments, made once."""
    if int(orig_freq) != orig_freq or int(new_freq) != new_freq:
        raise Exception(
            f"orig_freq and new_freq must be whole numbers, got {orig_freq} and {new_freq}: give integers of "
            "the same ratio"
        )
    if method not in METHODS:
        raise ValueError(f"resampling_method must be one of {', '.join(METHODS)}, got {method!r}")
    if METHODS[method] != method:
        warn(f"{method!r} is deprecated: use {METHODS[method]!r}")
    if width <= 0:
        raise ValueError(f"lowpass_filter_width must be positive, got {width}")
    common = math.gcd(int(orig_freq), int(new_freq))
    # torchaudio takes a Kaiser window for any name but this one: for "sinc_interpolation" too.
    kaiser = method != "sinc_interp_hann"
    # torch rounds beta to its default dtype.
    shape = float(np.dtype(default_dtype("numpy")).type(KAISER_BETA if beta is None else beta))
    rates = int(orig_freq) // common, int(new_freq) // common
    return sinc_filters(*rates, width, rolloff, shape if kaiser else None)


def apply_filters(made: Polyphase, waveform: Array) -> Array:
    """Return `waveform` [..., T] resampled."""
    first = received("waveform", waveform)
    x = first.data
    if "float" not in dtype_name(x):
        raise TypeError(f"waveform must be floating point, got {x.dtype}")
    if x.ndim == 0:
        raise IndexError("waveform must have at least 1 dimension")
    y = made.apply(first.xp, rows(x), resampled_length(made, x.shape[-1]))
    return answer(first, waveform, y.reshape(*x.shape[:-1], y.shape[-1]))


@lru_cache(maxsize=256)
def _length(samples: int, up: int, down: int, dtype: str) -> int:
    # torchaudio rounds the exact length to torch's default dtype before it takes the next integer.
    wanted = int(np.ceil(np.dtype(dtype).type(up * samples / down)))
    return min(wanted, (samples // down + 1) * up)


def resampled_length(made: Polyphase, samples: int) -> int:
    """Return how many samples `samples` become."""
    return _length(samples, made.up, made.down, default_dtype("numpy"))
