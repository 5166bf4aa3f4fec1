"""`torch.istft`."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from ...arrays import Received, as_numpy, kind_of
from ...backends.dispatch import synthesize
from ...backends.portable import lowest_envelope
from ...backends.repeats import repeatable
from ...framing.windows import Window, as_window
from ...spectrum.plan import NOLA_FLOOR, StftPlan
from ...typing import Array
from ...validation import is_kind
from ..registry import mirrors
from ._checks import array, boolean, integer, promote, require, warn_once, window_array
from ._stft import NO_WINDOW

__all__ = ["istft"]

TOO_LONG = "The length of signal is shorter than the length parameter: the tail is padded with zeros"


@mirrors("torch.istft", tier=1)
@repeatable()
def istft(
    input: Array,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Array | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Array:
    """Invert `stft` by windowed overlap-add: mirrors `torch.istft`.

    Parameters
    ----------
    input : complex array [F, N] or [B, F, N]
        F is n_fft // 2 + 1, or n_fft for a two-sided spectrum.
    n_fft, hop_length, win_length, window, center, normalized
        As for `stft`, with hop_length <= win_length.
    onesided : bool, optional
        Default: whether F differs from n_fft.
    length : int, optional
        Samples to return; past the last frame they are zero, with a warning.
    return_complex : bool
        Invert a two-sided spectrum to a complex signal.

    Returns
    -------
    real (or complex) array [T] or [B, T]

    Raises
    ------
    RuntimeError
        As `torch.istft` does, also where no window covers a sample (NOLA). Under `mx.compile`,
        when the window itself is traced, that cannot be seen and the sample stands undivided.
    TypeError, IndexError
        As `torch.istft` does.
    """
    received = array("input", input)
    n_fft = integer("n_fft", n_fft)
    hop_length = integer("hop_length", hop_length, optional=True)
    win_length = integer("win_length", win_length, optional=True)
    length = integer("length", length, optional=True)
    for name, value in (("center", center), ("normalized", normalized), ("return_complex", return_complex)):
        boolean(name, value)
    boolean("onesided", onesided, optional=True)
    if window is not None and kind_of(window) is None:
        raise TypeError(f"argument 'window' must be an array, not {type(window).__name__}")
    if window is None:
        warn_once(NO_WINDOW)
    xp, z = received.xp, received.data
    if not is_kind(received, "c"):
        raise RuntimeError(f"input must be complex, as stft returns it, got {z.dtype}")
    if z.ndim < 2:
        raise IndexError(f"input must have the axes frequency and frame, got shape {tuple(z.shape)}")
    if 0 in z.shape:
        raise RuntimeError(f"input is empty: shape {tuple(z.shape)}")
    if z.ndim > 3:
        raise RuntimeError(f"input must be 2-D or 3-D, got shape {tuple(z.shape)}")

    hop = n_fft // 4 if hop_length is None else hop_length
    win = n_fft if win_length is None else win_length
    bins, frames = (int(size) for size in z.shape[-2:])
    half = bins != n_fft if onesided is None else onesided
    wanted = n_fft // 2 + 1 if half else n_fft
    if bins != wanted:
        raise RuntimeError(f"input must have {wanted} bins with n_fft={n_fft}, onesided={half}; got {bins}")
    if not 0 < hop <= win:
        raise RuntimeError(f"hop_length must be in 1 .. win_length={win}, got {hop}")
    if not 0 < win <= n_fft:
        raise RuntimeError(f"win_length must be in 1 .. n_fft={n_fft}, got {win}")
    table = window_array(window, input, win)
    complex_window = table is not None and "complex" in str(table.dtype)
    require(not (return_complex and half), "a complex result needs a two-sided spectrum")
    require(return_complex or not complex_window, "a complex window needs return_complex=True")

    z = promote(xp, z if z.ndim == 3 else z[None], table)
    plan = StftPlan(
        int(n_fft),
        int(hop),
        pad=int(n_fft) // 2 if center else 0,
        onesided=not return_complex,
        scale=1 / math.sqrt(n_fft) if normalized else 1.0,
    )
    # A real signal's spectrum is its first half; torch drops the rest of a two-sided one as well.
    z = z if return_complex else z[:, : plan.bins]
    kept, total = _kept_and_total(plan, frames, center, length)
    if kept <= 0:
        raise RuntimeError(f"no samples are left of {frames} frames with center={center}, length={length}")
    shape = np.ones(win) if table is None else table
    require(
        _is_covered(plan, shape, frames, kept),
        f"the window overlap-add is below {NOLA_FLOOR} somewhere: hop_length={hop} is too wide for this "
        "window, or center is wrong",
    )
    if total > kept:
        warn_once(TOO_LONG)
    batch = Received(xp, z, received.give_back)
    x = synthesize(plan, as_window(shape, plan.n_fft), batch, plan.pad, kept, "bfn")
    x = xp.pad(x, [(0, 0), (0, total - kept)]) if total > kept else x
    return received.give_back(x if len(input.shape) == 3 else x.squeeze(0))


def _kept_and_total(plan: StftPlan, frames: int, center: bool, length: int | None) -> tuple[int, int]:
    """Return how many samples the frames give, and how many are returned with zeros after them.

    torch cuts by a Python slice from `pad` to pad + length, or to -pad: hence an end below zero
    counts from the frames' extent, and n_fft = 1 with `center` leaves nothing.
    """
    extent = plan.extent(frames)
    end = plan.pad + length if length is not None else -plan.pad if center else extent
    stop = end + extent if end < 0 else min(end, extent)
    kept = max(0, stop - plan.pad)
    return kept, kept + max(0, end - extent)


def _is_covered(plan: StftPlan, window: Array, frames: int, length: int) -> bool:
    try:
        samples = as_numpy(window)
    except ValueError:  # traced by MLX, it has no values yet
        return True
    return _lowest_envelope(plan, as_window(samples, plan.n_fft), frames, length) >= NOLA_FLOOR


@lru_cache(maxsize=256)
def _lowest_envelope(plan: StftPlan, window: Window, frames: int, length: int) -> float:
    return lowest_envelope(plan, window.samples, frames, plan.pad, length)
