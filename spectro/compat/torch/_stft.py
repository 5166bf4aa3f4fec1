"""`torch.stft`."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ...arrays import Received, dtype_name, kind_of
from ...backends.dispatch import analyze
from ...backends.repeats import repeatable
from ...framing.padding import PadMode, pad
from ...framing.windows import Window, as_window
from ...spectrum.plan import StftPlan
from ...typing import Array
from ...validation import is_kind
from ..registry import mirrors
from ._checks import array, boolean, integer, promote, require, warn_once, window_array

__all__ = ["NO_WINDOW", "PAD_MODES", "by_frames", "check_padding", "prepare", "stft"]

PAD_MODES: dict[str, PadMode] = {
    "reflect": "reflect",
    "constant": "constant",
    "replicate": "edge",
    "circular": "wrap",
}
# Warnings and errors of this package begin with the words by which callers of torch filter and match them.
NO_WINDOW = (
    "A window was not provided, so a rectangular one is used, which leaks between bins: pass "
    "hann_window(n_fft), or ones to keep the rectangle without this warning"
)
REAL_VIEW = "stft with return_complex=False is deprecated: use return_complex=True, and view_as_real on that"


@mirrors("torch.stft", tier=1)
@repeatable()
def stft(
    input: Array,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Array | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Array:
    """Short-time Fourier transform: mirrors `torch.stft`.

    Parameters
    ----------
    input : real or complex array [T] or [B, T]
    n_fft, hop_length, win_length : int
        Frame, hop (default n_fft // 4) and window (default n_fft; centred in the frame).
    window : array [win_length], optional
        Real or complex; none is a rectangle, with a warning.
    center : bool
        Whether frame i is centred on sample i * hop_length of the input padded by n_fft // 2.
    pad_mode : {"reflect", "constant", "replicate", "circular"}
    normalized : bool
        Divide by sqrt(n_fft).
    onesided : bool, optional
        Bins 0 to n_fft // 2 only; default for real input and window, impossible otherwise.
    return_complex : bool, optional
        Must be given for real input; False adds a last axis of real and imaginary part.
    align_to_window : bool, optional
        Without `center`: whether the first window, rather than the first frame, starts at sample 0.

    Returns
    -------
    complex array [..., F, N], or real [..., F, N, 2]
        complex128 if the input or the window has double precision.

    Raises
    ------
    RuntimeError, TypeError, NotImplementedError
        As `torch.stft` does.
    """
    if center and align_to_window is not None:
        raise RuntimeError("stft align_to_window should only be set when center = false")
    if center and kind_of(input) is None:
        raise AttributeError(f"input must be an array, {type(input).__name__!r} has no attribute 'dim'")
    received = array("input", input)
    boolean("return_complex", return_complex, optional=True)
    complex_result = (
        is_kind(received, "c") or _is_complex(window) if return_complex is None else return_complex
    )
    plan, shape, batch = prepare(
        input,
        received,
        n_fft,
        hop_length,
        win_length,
        window,
        center,
        pad_mode,
        normalized,
        onesided,
        align_to_window,
        has_type=return_complex is not None or complex_result,
    )
    z = by_frames(batch.xp, lambda layout: analyze(plan, shape, batch, layout))
    if not complex_result:
        warn_once(REAL_VIEW)
        z = received.xp.stack([received.xp.real(z), received.xp.imag(z)], axis=-1)
    return received.give_back(z.squeeze(0) if len(input.shape) == 1 else z)


def by_frames(xp: ModuleType, transform: Callable[[str], Array]) -> Array:
    """Return the spectrum [B, F, N] of `transform(layout)` in torch's layout: a frame's bins side by side.

    So `view` takes the shapes that it takes of torch's own. MLX has views of anything.
    """
    return transform("bfn") if xp is mx else transform("bnf").swapaxes(1, 2)


def prepare(
    given: Array,
    received: Received,
    n_fft: int,
    hop_length: int | None,
    win_length: int | None,
    window: Array | None,
    center: bool,
    pad_mode: str,
    normalized: bool,
    onesided: bool | None,
    align_to_window: bool | None = None,
    has_type: bool = True,
) -> tuple[StftPlan, Window, Received]:
    """Return what `analyze` takes for the STFT of `given`, which was `received`, or raise as `torch.stft`."""
    xp, x = received.xp, received.data
    n_fft = integer("n_fft", n_fft)
    padding = n_fft // 2 if center else 0
    if center:
        check_padding(x, padding, pad_mode)
    hop_length = integer("hop_length", hop_length, optional=True)
    win_length = integer("win_length", win_length, optional=True)
    boolean("normalized", normalized)
    boolean("onesided", onesided, optional=True)
    if not center:
        boolean("align_to_window", align_to_window, optional=True)
    if window is not None and kind_of(window) is None:
        raise TypeError(f"argument 'window' must be an array, not {type(window).__name__}")
    if window is None:
        warn_once(NO_WINDOW)
    require(has_type, "stft requires the return_complex parameter for real input; new code should pass True")
    is_complex = is_kind(received, "c")
    if not (is_complex or is_kind(received, "f")):
        raise RuntimeError(f"input must be floating point or complex, got {x.dtype}")
    if x.ndim not in (1, 2):
        raise RuntimeError(f"input must be 1-D or 2-D, got shape {tuple(x.shape)}")
    if x.ndim == 2 and x.shape[0] == 0:
        raise RuntimeError(f"input has no signals: shape {tuple(x.shape)}")
    hop, win = _lengths(n_fft, hop_length, win_length, x.shape[-1] + 2 * padding)
    table = window_array(window, given, win)
    complex_fft = is_complex or _is_complex(table)
    require(not (onesided and complex_fft), "onesided output is impossible: input or window is complex")

    x = promote(xp, x if x.ndim == 2 else x[None], table)
    if align_to_window and not center:
        left = (n_fft - win) // 2
        x = pad(xp, x, left, n_fft - win - left, "constant")  # under the window's zeros
    plan = StftPlan(
        int(n_fft),
        int(hop),
        pad=int(padding),
        pad_mode=PAD_MODES[pad_mode] if center else "constant",
        onesided=not complex_fft if onesided is None else onesided,
        scale=1 / math.sqrt(n_fft) if normalized else 1.0,
    )
    rectangle = np.ones(win) if table is None else table
    return plan, as_window(rectangle, plan.n_fft), Received(xp, x, received.give_back)


def _is_complex(x: Any) -> bool:
    return x is not None and "complex" in dtype_name(x)


def _lengths(n_fft: int, hop_length: int | None, win_length: int | None, length: int) -> tuple[int, int]:
    """Return hop and window length, or raise RuntimeError."""
    hop = n_fft // 4 if hop_length is None else hop_length
    win = n_fft if win_length is None else win_length
    if not 0 < n_fft <= length:
        raise RuntimeError(f"n_fft must be in 1 .. {length}, the samples there are, got {n_fft}")
    if hop <= 0:
        raise RuntimeError(f"hop_length must be greater than 0, got {hop}")
    if not 0 < win <= n_fft:
        raise RuntimeError(f"win_length must be in 1 .. n_fft={n_fft}, got {win}")
    return hop, win


def check_padding(x: Array, padding: int, mode: str) -> None:
    """Refuse what `torch.nn.functional.pad` refuses to pad on the last axis of up to 3."""
    if not isinstance(mode, str):
        raise TypeError(f"argument 'pad_mode' must be str, not {type(mode).__name__}")
    if mode not in PAD_MODES:
        raise NotImplementedError(f"pad_mode must be one of {', '.join(PAD_MODES)}, got {mode!r}")
    if mode == "constant":
        return
    if x.ndim > 3:
        raise NotImplementedError(f"pad_mode={mode!r} is for 1-D and 2-D input, got shape {tuple(x.shape)}")
    length = x.shape[-1] if x.ndim else 1
    if mode != "circular":
        if dtype_name(x) in ("bool", "bool_"):
            raise NotImplementedError(f"pad_mode={mode!r} is not implemented for bool")
        if 0 in x.shape:
            raise RuntimeError(f"input is empty: shape {tuple(x.shape)}")
    if mode == "reflect" and padding >= length:
        raise RuntimeError(f"{length} samples are too few to reflect n_fft // 2 = {padding} of them")
    if mode == "circular" and padding > length:
        raise RuntimeError(f"{length} samples are too few to wrap n_fft // 2 = {padding} of them")
