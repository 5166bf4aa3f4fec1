"""The operations on numpy arrays: each is one native call, described in its C++ header.

`make` decides where an output lives: it gets shape, dtype and a function that fills the memory at an
address, and returns the array. The default makes numpy arrays; ``mlx_arrays.filled`` makes `mx.array`
without a copy.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from . import outputs
from .library import num_threads
from .plans import FilterBank, Plan, real_type, require_library

PAD_MODES = {"constant": 0, "reflect": 1, "edge": 2, "replicate": 2, "wrap": 3, "circular": 3}
LAYOUTS = {"bfn": 0, "bnf": 1}
QUANTITIES = {"complex": 0, "magnitude": 1, "power": 2}
SIDES = {"one": 0, "two": 1, "two_lower": 2}

Fill = Callable[[int], None]
Form = tuple["np.dtype[Any]", tuple[int, ...], tuple[int, ...]]  # dtype, shape and strides
Make = Callable[[tuple[int, ...], "np.dtype[Any]", Fill], Any]
_Byte = ctypes.c_char
_Shape = ctypes.c_int64 * 6
_Scale = ctypes.c_double * 10


def new_numpy(shape: tuple[int, ...], dtype: np.dtype[Any], fill: Fill) -> np.ndarray:
    """Make a numpy array."""
    out = outputs.empty(shape, dtype)
    fill(address(out))
    return out


def address(array: np.ndarray) -> int:
    """Return where the first element lies (several times faster than ``array.ctypes.data``)."""
    try:
        return ctypes.addressof(_Byte.from_buffer(array))
    except (TypeError, ValueError, BufferError):  # read-only, empty or not contiguous
        return array.__array_interface__["data"][0]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Padding:
    """Samples before and after the signal, and what they are: a key of PAD_MODES."""

    left: int = 0
    right: int = 0
    mode: str = "constant"

    def __post_init__(self) -> None:
        if self.left < 0 or self.right < 0:
            raise ValueError(f"padding must not be negative, got {self.left} and {self.right}")
        if self.mode not in PAD_MODES:
            raise ValueError(f"unknown pad mode {self.mode!r}; known: {', '.join(PAD_MODES)}")


NO_PADDING = Padding()


@dataclass(frozen=True)
class Scale:
    """From powers to values.

    Bands sum ``v = factor * |X|**power``; if `logarithmic`, the value is
    ``multiplier * ln(max(gain * v + bias, floor)) + offset``. With a `range`, :func:`filtered` lifts values
    to that much below the peak of their signal, or of all signals together if `joint`.
    """

    power: float = 2.0
    factor: float = 1.0
    logarithmic: bool = False
    gain: float = 1.0
    bias: float = 0.0
    floor: float = 0.0
    multiplier: float = 1.0
    offset: float = 0.0
    range: float | None = None
    joint: bool = False

    @classmethod
    def decibels(
        cls, *, power: float = 2.0, amin: float = 1e-10, reference: float = 1.0, factor: float = 1.0
    ) -> Scale:
        """10 log10 of a power (20 log10 of a magnitude, power=1), relative to `reference`."""
        unit = (10.0 if power == 2 else 20.0) / float(np.log(10.0))
        return cls(power, factor, True, 1.0, 0.0, amin, unit, -unit * float(np.log(max(amin, reference))))


def check(code: int) -> None:
    """Raise for what a native function returned."""
    if code:
        raise MemoryError("no memory for the scratch space of a native CPU kernel")


@dataclass(frozen=True)
class Call:
    """A native function with all its arguments but two: where the input lies, and where the output goes.

    Preparing it costs more than a short transform, so it serves every array of one shape and strides.
    """

    function: Callable[..., int]
    before: tuple[Any, ...]  # the arguments before the input's address
    between: tuple[Any, ...]  # after it, before the output's
    after: tuple[Any, ...]  # after that, but for the number of threads, which is the last
    shape: tuple[int, ...]
    dtype: np.dtype[Any]  # of the output
    owners: tuple[Plan | FilterBank, ...]  # whose handles must live as long

    def __call__(self, x: np.ndarray, make: Make = new_numpy) -> Any:
        """Return the output of x, whose form the call was prepared for."""
        source = address(x)

        def fill(out: int) -> None:
            args = (*self.before, source, *self.between, out, *self.after, num_threads())
            check(self.function(*args))

        return make(self.shape, self.dtype, fill)


def samples_adjacent(x: np.ndarray) -> np.ndarray:
    """Return signals [batch, length] as the kernels take them: samples adjacent, rows any distance apart."""
    size = x.itemsize
    if x.ndim == 2 and ((x.strides[1] != size and x.shape[1] > 1) or x.strides[0] % size):
        return np.ascontiguousarray(x)
    return x


def form_of(x: np.ndarray) -> Form:
    """Return all that a prepared call depends on of its input."""
    return x.dtype, x.shape, x.strides


def describe_signal(x: np.ndarray, plan: Plan, padding: Padding) -> tuple[np.ndarray, Any]:
    """Return x as the kernels take it, and its description."""
    x = samples_adjacent(x)
    return x, _describe_form(form_of(x), plan, padding)


def _describe_form(form: Form, plan: Plan, padding: Padding) -> Any:
    dtype, shape, strides = form
    if len(shape) != 2:
        raise ValueError(f"signal must be [batch, length], got shape {shape}")
    if dtype != plan.dtype:
        raise TypeError(f"signal must be {plan.dtype} like the plan, got {dtype}")
    return _describe(*shape, strides[0] // dtype.itemsize, padding)


def _describe(batch: int, length: int, stride: int, padding: Padding) -> Any:
    return _Shape(batch, length, stride, padding.left, padding.right, PAD_MODES[padding.mode])


def frame_count(plan: Plan, frames: int | None, length: int, padding: Padding) -> int:
    """Return `frames`, or as many as fit."""
    return plan.frames_in(padding.left + length + padding.right) if frames is None else frames


def _shape(layout: str, batch: int, bins: int, frames: int) -> tuple[int, int, int]:
    return (batch, bins, frames) if layout == "bfn" else (batch, frames, bins)


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
    signal, (batch, length) = _describe_form(form, plan, padding), form[1]
    count = frame_count(plan, frames, length, padding)
    kind, bins = QUANTITIES[quantity], plan.n_fft if twosided else plan.bins
    return Call(
        plan.library.spectro_stft,
        before=(plan.handle,),
        between=(signal, count),
        after=(LAYOUTS[layout], kind, twosided, scale if edge_scale is None else edge_scale, scale),
        shape=_shape(layout, batch, bins, count),
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


def _spectrum(spectrum: np.ndarray, plan: Plan, layout: str, bins: int) -> tuple[np.ndarray, int, int]:
    if spectrum.ndim != 3:
        raise ValueError(f"spectrum must have three axes ({layout}), got shape {spectrum.shape}")
    if spectrum.dtype != plan.complex_dtype:
        raise TypeError(f"spectrum must be {plan.complex_dtype} like the plan, got {spectrum.dtype}")
    batch, *rest = spectrum.shape
    found, frames = rest if layout == "bfn" else reversed(rest)
    if found != bins:
        raise ValueError(f"spectrum must have {bins} bins, got shape {spectrum.shape} in layout {layout}")
    return np.ascontiguousarray(spectrum), batch, frames


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
    spectrum, batch, frames = _spectrum(spectrum, plan, layout, bins)

    def fill(out: int) -> None:
        args = (plan.handle, address(spectrum), batch, frames, LAYOUTS[layout], SIDES[sides], scale)
        args += (normalised, envelope_floor, out, start, length)
        check(plan.library.spectro_istft(*args, num_threads()))

    return make((batch, length), plan.dtype, fill)


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
    gradient, batch, frames = _spectrum(gradient, plan, layout, plan.n_fft if twosided else plan.bins)
    shape = _describe(batch, length, length, padding)

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


def scale_array(scale: Scale) -> Any:
    """Return a scale as the kernels take it."""
    s = scale
    below = -1.0 if s.range is None else s.range
    values = (s.power, s.factor, s.logarithmic, s.gain, s.bias, s.floor, s.multiplier, s.offset)
    return _Scale(*values, below, s.joint)


def check_bank(bank: FilterBank, plan: Plan, is_complex: bool = False) -> None:
    """Raise unless the bank fits the plan, and its weights are real or complex as wanted."""
    if bank.is_complex != is_complex:
        raise ValueError(f"the weights must be {'complex' if is_complex else 'real'}")
    if bank.bins != plan.bins or bank.dtype != plan.arithmetic:
        raise ValueError(
            f"filterbank of {bank.bins} bins, {bank.dtype} does not fit {plan.bins} bins, {plan.arithmetic}"
        )


def prepare_filtered(
    plan: Plan,
    bank: FilterBank,
    form: Form,
    *,
    scale: Scale = Scale(),
    padding: Padding = NO_PADDING,
    frames: int | None = None,
    layout: str = "bfn",
) -> Call:
    """Return what :func:`filtered` does to signals of one form."""
    check_bank(bank, plan)
    signal, (batch, length) = _describe_form(form, plan, padding), form[1]
    count = frame_count(plan, frames, length, padding)
    return Call(
        plan.library.spectro_filtered,
        before=(plan.handle, bank.handle, scale_array(scale)),
        between=(signal, count),
        after=(LAYOUTS[layout],),
        shape=_shape(layout, batch, bank.bands, count),
        dtype=plan.dtype,
        owners=(plan, bank),
    )


def filtered(plan: Plan, bank: FilterBank, x: np.ndarray, make: Make = new_numpy, **options: Any) -> Any:
    """Filtered spectrogram of x ``[batch, length]``: ``[batch, bands, frames]``, or in "bnf" transposed.

    The options are those of :func:`prepare_filtered`.
    """
    x = samples_adjacent(x)
    return prepare_filtered(plan, bank, form_of(x), **options)(x, make)


def filtered_adjoint(
    plan: Plan,
    bank: FilterBank,
    x: np.ndarray,
    gradient: np.ndarray,
    *,
    scale: Scale = Scale(),
    padding: Padding = NO_PADDING,
    layout: str = "bfn",
    make: Make = new_numpy,
) -> Any:
    """The gradient of :func:`filtered` with respect to x, given that of its output."""
    check_bank(bank, plan)
    if gradient.dtype != plan.dtype:
        raise TypeError(f"gradient must be {plan.dtype} like the plan, got {gradient.dtype}")
    x, shape = describe_signal(x, plan, padding)
    gradient = np.ascontiguousarray(gradient)
    frames = gradient.shape[2 if layout == "bfn" else 1]
    if gradient.shape != _shape(layout, x.shape[0], bank.bands, frames):
        raise ValueError(
            f"gradient of shape {gradient.shape} does not fit {bank.bands} bands in layout {layout}"
        )

    def fill(out: int) -> None:
        args = (plan.handle, bank.handle, scale_array(scale), address(x), shape, frames)
        args += (address(gradient), LAYOUTS[layout], out)
        check(plan.library.spectro_filtered_adjoint(*args, num_threads()))

    return make(x.shape, plan.dtype, fill)


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


def all_finite(x: np.ndarray) -> bool:
    """Whether no value of a contiguous array, real or complex, is infinite or NaN."""
    size, parts = _PARTS[x.dtype.char]
    return bool(require_library().spectro_all_finite(size, address(x), parts * x.size, num_threads()))


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
