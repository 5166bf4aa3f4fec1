"""Transforms of numpy arrays, and sums over frames: each is one native call, described in its C++ header."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from .calls import (
    LAYOUTS,
    NO_PADDING,
    Call,
    Form,
    Make,
    Padding,
    address,
    check,
    describe,
    describe_form,
    describe_signal,
    form_of,
    frame_count,
    new_numpy,
    output_shape,
    samples_adjacent,
)
from .library import num_threads
from .plans import Plan, real_type, require_library

QUANTITIES = {"complex": 0, "magnitude": 1, "power": 2}
SIDES = {"one": 0, "two": 1, "two_lower": 2}


def prepare_stft(
    plan: Plan,
    form: Form,
    *,
    padding: Padding = NO_PADDING,
    frames: int | None = None,
    layout: str = "bfn",
    quantity: str = "complex",
    twosided: bool = False,
    scale: float = 1.0,
    edge_scale: float | None = None,
) -> Call:
    """Return what :func:`stft` does to signals of one form."""
    signal, (batch, length) = describe_form(form, plan, padding), form[1]
    count = frame_count(plan, frames, length, padding)
    kind, bins = QUANTITIES[quantity], plan.n_fft if twosided else plan.bins
    return Call(
        function=plan.library.spectro_stft,
        before=(plan.handle,),
        between=(signal, count),
        after=(LAYOUTS[layout], kind, twosided, scale if edge_scale is None else edge_scale, scale),
        shape=output_shape(layout, batch, bins, count),
        dtype=plan.dtype if kind else plan.complex_dtype,
        owners=(plan,),
    )


def stft(plan: Plan, x: np.ndarray, make: Make = new_numpy, **options: Any) -> Any:
    """Transform x ``[batch, length]`` to ``[batch, bins, frames]``; in layout "bnf" the last two are swapped.

    The options are those of :func:`prepare_stft`. `frames` defaults to those that fit; frames beyond the
    padded signal read zeros. `edge_scale` is the factor of the bins 0 and n_fft/2 where it differs from
    `scale`.
    """
    x = samples_adjacent(x)
    return prepare_stft(plan, form_of(x), **options)(x, make)


def _spectrum(spectrum: np.ndarray, plan: Plan, layout: str, bins: int) -> tuple[np.ndarray, str, int, int]:
    """Return a spectrum as the kernels take it (turned rather than copied), its layout, batch and frames."""
    if spectrum.ndim != 3:
        raise ValueError(f"spectrum must have three axes ({layout}), got shape {spectrum.shape}")
    if spectrum.dtype != plan.complex_dtype:
        raise TypeError(f"spectrum must be {plan.complex_dtype} like the plan, got {spectrum.dtype}")
    batch, *rest = spectrum.shape
    found, frames = rest if layout == "bfn" else reversed(rest)
    if found != bins:
        raise ValueError(f"spectrum must have {bins} bins, got shape {spectrum.shape} in layout {layout}")
    if (turned := spectrum.swapaxes(1, 2)).flags.c_contiguous:
        return turned, "bnf" if layout == "bfn" else "bfn", batch, frames
    return np.ascontiguousarray(spectrum), layout, batch, frames


def istft(
    plan: Plan,
    spectrum: np.ndarray,
    *,
    start: int,
    length: int,
    layout: str = "bfn",
    sides: str = "one",
    normalised: bool = True,
    envelope_floor: float = 1e-11,
    scale: float = 1.0,
    make: Make = new_numpy,
) -> Any:
    """Inverse STFT ``[batch, length]``: samples start .. start+length-1 of the overlap-added frames.

    Divided by the sum of the squared windows where that is above `envelope_floor`; samples that no frame
    covers are 0. `sides`: "one"; "two" (n_fft bins, the real part of their inverse); "two_lower" (n_fft
    bins, the upper unread).
    """
    bins = plan.bins if sides == "one" else plan.n_fft
    spectrum, layout, batch, frames = _spectrum(spectrum, plan, layout, bins)
    call = Call(
        function=plan.library.spectro_istft,
        before=(plan.handle,),
        between=(batch, frames, LAYOUTS[layout], SIDES[sides], scale, normalised, envelope_floor),
        after=(start, length),
        shape=(batch, length),
        dtype=plan.dtype,
        owners=(plan,),
    )
    return call(spectrum, make)


def stft_adjoint(
    plan: Plan,
    gradient: np.ndarray,
    *,
    length: int,
    padding: Padding = NO_PADDING,
    layout: str = "bfn",
    twosided: bool = False,
    scale: float = 1.0,
    make: Make = new_numpy,
) -> Any:
    """The adjoint of :func:`stft` with complex output, ``[batch, length]``.

    <stft(x), y> = <x, stft_adjoint(y)>, the first product being the real one, ``sum(re re + im im)``.
    """
    bins = plan.n_fft if twosided else plan.bins
    gradient, layout, batch, frames = _spectrum(gradient, plan, layout, bins)
    shape = describe(batch, length, length, padding)

    def fill(out: int) -> None:
        args = (plan.handle, address(gradient), frames, LAYOUTS[layout], twosided, scale, shape, out)
        check(plan.library.spectro_stft_adjoint(*args, num_threads()))

    return make((batch, length), plan.dtype, fill)


def reciprocal_envelope(
    plan: Plan, *, frames: int, start: int, length: int, envelope_floor: float = 1e-11
) -> np.ndarray:
    """1 / (sum of squared windows) ``[length]``, as :func:`istft` multiplies by it; 1 where it does not."""
    out = np.empty(length, plan.dtype)
    check(
        plan.library.spectro_reciprocal_envelope(
            plan.handle, frames, start, length, envelope_floor, address(out)
        )
    )
    return out


# Training takes many gradients of short clips of one length; there the envelope would cost half a transform.
WORTH_KEEPING = 1 << 16
_kept_envelope = lru_cache(maxsize=16)(reciprocal_envelope)


def istft_adjoint(
    plan: Plan,
    gradient: np.ndarray,
    *,
    frames: int,
    start: int,
    layout: str = "bfn",
    sides: str = "one",
    normalised: bool = True,
    envelope_floor: float = 1e-11,
    scale: float = 1.0,
    make: Make = new_numpy,
) -> Any:
    """The adjoint of :func:`istft`: a transform of the gradient ``[batch, length]`` over the envelope.

    An inner bin of a one-sided spectrum counts for its conjugate too, hence twice the factor.
    """
    if sides == "two_lower":
        raise ValueError("sides='two_lower' has no adjoint here: slice the spectrum and use 'one'")
    length = gradient.shape[1]
    if normalised:
        envelope = _kept_envelope if length <= WORTH_KEEPING else reciprocal_envelope
        gradient = gradient * envelope(
            plan, frames=frames, start=start, length=length, envelope_floor=envelope_floor
        )
    covered = (frames - 1) * plan.hop + plan.n_fft
    # Frames start `start` samples before the gradient does, and may reach beyond it: zeros on both sides.
    padding = Padding(start, max(0, covered - start - length))
    factor = scale / plan.n_fft
    inner = factor if sides == "two" else 2 * factor
    return stft(
        plan,
        gradient,
        padding=padding,
        frames=frames,
        layout=layout,
        twosided=sides == "two",
        scale=inner,
        edge_scale=factor,
        make=make,
    )


def frame_rms(
    plan: Plan,
    x: np.ndarray,
    *,
    padding: Padding = NO_PADDING,
    frames: int | None = None,
    make: Make = new_numpy,
) -> Any:
    """Root mean square of every frame (the plan's window is not applied), ``[batch, frames]``."""
    x, shape = describe_signal(x, plan, padding)
    count = frame_count(plan, frames, x.shape[1], padding)

    def fill(out: int) -> None:
        check(plan.library.spectro_frame_rms(plan.handle, address(x), shape, count, out, num_threads()))

    return make((x.shape[0], count), plan.dtype, fill)


def frame_zero_crossings(
    plan: Plan,
    x: np.ndarray,
    *,
    threshold: float = 0.0,
    zero_is_positive: bool = True,
    padding: Padding = NO_PADDING,
    frames: int | None = None,
    make: Make = new_numpy,
) -> Any:
    """Changes of sign within every frame, ``[batch, frames]``; values up to the threshold count as 0."""
    x, shape = describe_signal(x, plan, padding)
    count = frame_count(plan, frames, x.shape[1], padding)

    def fill(out: int) -> None:
        args = (plan.handle, address(x), shape, count, threshold, zero_is_positive, out)
        check(plan.library.spectro_frame_zero_crossings(*args, num_threads()))

    return make((x.shape[0], count), plan.dtype, fill)


_PARTS = {"f": (4, 1), "d": (8, 1), "F": (4, 2), "D": (8, 2)}  # bytes of a part, parts of a value


def prepare_all_finite(x: np.ndarray) -> Callable[[int], bool]:
    """Return what :func:`all_finite` says of arrays like x, by their address."""
    size, parts = _PARTS[x.dtype.char]
    function, count = require_library().spectro_all_finite, parts * x.size
    return lambda source: bool(function(size, source, count, num_threads()))


def all_finite(x: np.ndarray) -> bool:
    """Whether no value of a contiguous array, real or complex, is infinite or NaN."""
    return prepare_all_finite(x)(address(x))


def overlap_add(frames: np.ndarray, hop: int, *, length: int, start: int = 0, make: Make = new_numpy) -> Any:
    """Sum frames ``[batch, count, n]`` placed `hop` apart: samples start .. start+length-1."""
    kind, library = real_type(frames.dtype), require_library()
    if frames.ndim != 3 or hop < 1:
        raise ValueError(f"frames must be [batch, count, n] and hop positive, got {frames.shape} and {hop}")
    frames = np.ascontiguousarray(frames)
    batch, count, n = frames.shape

    def fill(out: int) -> None:
        args = (kind.itemsize, address(frames), batch, count, n, hop, out, start, length)
        check(library.spectro_overlap_add(*args, num_threads()))

    return make((batch, length), kind, fill)
