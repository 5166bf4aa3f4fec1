"""The native CPU kernels as a backend: for numpy, CPU torch tensors, and `mx.array` on the CPU device.

An `mx.array` is evaluated, computed from in place, and answered by a new one; MLX does not see the
operation. Three things make that safe:

- What MLX follows (`mx.grad`, `mx.jvp`) is done by `mx.custom_function`s: plain evaluation would silently
  give a zero gradient. A linear operation and its adjoint are each other's derivative, which gives every
  order. Anything else is computed without one, whose result MLX would have to evaluate in a thread of its
  own.
- While MLX traces (`mx.compile`, `mx.vmap`) there are no values and `mx.eval` raises ValueError: then the
  portable backend's operations go into the graph instead.
- A window that is part of the caller's graph is left to the portable backend, so that its gradient is not
  lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ..compiled.by_values import by_values, only, values_of, where_followed
from ..filterbanks.bank import Filterbank
from ..framing.windows import Window
from ..kernels import cpu as native
from ..kernels.cpu import mlx_arrays
from ..spectrum.plan import StftPlan
from ..spectrum.scales import Scale, clip_below_peak
from ..typing import Array
from . import portable

__all__ = ["istft", "power", "project", "stft", "why_not"]

_REAL = (np.dtype(np.float32), np.dtype(np.float64))
_COMPLEX = (np.dtype(np.complex64), np.dtype(np.complex128))
_MLX_TYPES = (mx.float32, mx.complex64)
_TORCH_TYPES = frozenset(
    f"torch.{name}" for name in ("float16", "bfloat16", *(t.name for t in (*_REAL, *_COMPLEX)))
)
# Whether all signals share the peak, by the axes of [B, M, N] that it is taken over.
_JOINT = {(): True, (-3, -2, -1): True, (-2, -1): False}
_QUANTITIES = {1.0: "magnitude", 2.0: "power"}
Operation = Callable[..., Any]


def why_not(x: Array) -> str:
    """Return why the kernels cannot serve a call with array `x` (numpy, torch or mlx); "" if they can."""
    if native.current() is None:
        return native.status().reason
    dtype = x.dtype
    if isinstance(x, mx.array):
        if mx.default_device().type != mx.DeviceType.cpu:
            return f"the default device is {mx.default_device()}"
        known = dtype in _MLX_TYPES
    elif isinstance(x, np.ndarray):
        known = dtype in _REAL or dtype in _COMPLEX or dtype == np.float16
    else:
        known = str(dtype) in _TORCH_TYPES
    return "" if known else f"no kernel for {dtype}"


def stft(xp: ModuleType, plan: StftPlan, x: Array, window: Window, layout: str) -> Array:
    """Return the STFT of x [B, T]: [B, N, F] in layout "bnf", [B, F, N] in "bfn"."""
    if is_for_portable(window) or not is_real(x):
        return portable.analyze(xp, plan, x, window, layout)
    if xp is np:
        return _native_stft(plan, x, window, layout)
    return _stft_function(plan, window, layout, x.shape[-1])(x)


def power(
    xp: ModuleType, plan: StftPlan, x: Array, window: Window, layout: str = "bnf", exponent: float = 2.0
) -> Array:
    """Return |STFT|^exponent (1 or 2) of audio x [B, T], without its phase ever being written."""
    if is_for_portable(window) or not is_real(x):
        return portable.power_spectrum(xp, portable.analyze(xp, plan, x, window, layout), exponent)
    if xp is np:
        return _native_stft(plan, x, window, layout, quantity=_QUANTITIES[exponent])
    return _power_function(plan, window, layout, exponent)(x)


def istft(
    xp: ModuleType, plan: StftPlan, z: Array, window: Window, start: int, length: int, layout: str
) -> Array:
    """Return samples start .. start + length - 1 of the inverse STFT of z, [B, length]."""
    if is_for_portable(window) or not plan.onesided or (xp is np and z.dtype not in _COMPLEX):
        return portable.synthesize(xp, plan, z, window, start, length, layout)
    if xp is np:
        real = _REAL[_COMPLEX.index(z.dtype)]
        options = _inverse_options(plan, start, layout)
        return native.istft(kernel_plan(plan, window, real), z, **options, length=length)
    frames = z.shape[2 if layout == "bfn" else 1]
    return _istft_function(plan, window, start, length, layout, frames)(z)


def project(
    xp: ModuleType,
    plan: StftPlan,
    x: Array,
    window: Window,
    power: float,
    bank: Filterbank,
    scale: Scale,
    by_frames: bool = False,
) -> Array:
    """Return scale(|STFT|^power @ bank) of x [B, T]: [B, M, N], by one kernel.

    With `by_frames`, the bands of a frame lie side by side where that costs nothing.
    """
    if is_for_portable(window) or not (plan.onesided and bank.is_constant and is_real(x)):
        return portable.filter_spectrum(xp, stft(xp, plan, x, window, "bnf"), power, bank, scale)
    fused = _kernel_scale(plan.scale, power, scale)
    if xp is np:
        values = _native_bands(plan, x, window, bank, fused, layout="bnf" if by_frames else "bfn")
        values = values.swapaxes(1, 2) if by_frames else values
    else:
        values = _filtered_function(plan, window, bank, fused, x.shape[-1])(x)
    values = values if fused.logarithmic else scale.map_values(xp, values)
    return values if fused.range is not None else scale.limit_range(xp, values)


def _native_stft(
    plan: StftPlan, x: np.ndarray, window: Window, layout: str, quantity: str = "complex", **make: Any
) -> Any:
    x = native.samples_adjacent(x)
    return _stft_call(plan, window, native.form_of(x), layout, quantity, native.current())(x, **make)


def _native_bands(
    plan: StftPlan,
    x: np.ndarray,
    window: Window,
    bank: Filterbank,
    scale: native.Scale,
    layout: str = "bfn",
    **make: Any,
) -> Any:
    x = native.samples_adjacent(x)
    return _bands_call(plan, window, bank, scale, native.form_of(x), layout, native.current())(x, **make)


# Kept for audio of the same form, found by what their callers hold.
@lru_cache(maxsize=128)
def _stft_call(
    plan: StftPlan, window: Window, form: native.Form, layout: str, quantity: str, library: object
) -> native.Call:
    kernel, options = kernel_plan(plan, window, form[0]), forward_options(plan, form[1][-1])
    return native.prepare_stft(kernel, form, layout=layout, quantity=quantity, **options)


@lru_cache(maxsize=128)
def _bands_call(
    plan: StftPlan,
    window: Window,
    bank: Filterbank,
    scale: native.Scale,
    form: native.Form,
    layout: str,
    library: object,
) -> native.Call:
    kernel, options = kernel_plan(plan, window, form[0]), forward_options(plan, form[1][-1])
    signal = {"padding": options["padding"], "frames": options["frames"]}
    return native.prepare_filtered(
        kernel, bank.native(kernel.arithmetic), form, scale=scale, layout=layout, **signal
    )


def _arithmetic(plan: StftPlan, dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype to compute in: float64 where it is asked for, or float32 would err more than torch's.

    It does where n_fft is short, or has a prime factor above 7 and so takes a convolution (Bluestein).
    """
    if plan.precision == "double" or plan.n_fft < 128:
        return _REAL[1]
    rest = plan.n_fft
    for prime in (2, 3, 5, 7):
        while rest % prime == 0:
            rest //= prime
    return _REAL[1] if rest > 1 else dtype


def fused_scale(spectrum_scale: float, power: float, scale: Scale) -> native.Scale:
    """Return what the kernel computes of a scale: linear for log1p, which the libraries have exact near 0."""
    factor = spectrum_scale**power
    if scale.kind in ("linear", "log1p"):
        return native.Scale(power, factor)
    gain = scale.gain / math.log(10.0) if scale.kind == "db" else scale.gain
    if scale.kind == "add":
        return native.Scale(power, factor, logarithmic=True, bias=scale.amin, multiplier=gain)
    return native.Scale(power, factor, logarithmic=True, floor=scale.amin, multiplier=gain)


@lru_cache(maxsize=64)
def _kernel_scale(spectrum_scale: float, power: float, scale: Scale) -> native.Scale:
    """Return the same with the range below the peak, where the kernel knows both."""
    fused = fused_scale(spectrum_scale, power, scale)
    if not fused.logarithmic or scale.top_db is None or scale.peak_axes not in _JOINT:
        return fused
    return replace(fused, range=scale.top_db, joint=_JOINT[scale.peak_axes])


def is_for_portable(window: Window) -> bool:
    """Return whether the kernels cannot take the window."""
    return window.in_graph or window.samples.dtype.kind == "c"


def is_real(x: Array) -> bool:
    """Return whether `x` holds real samples that the kernels take."""
    return bool(x.dtype == mx.float32 if isinstance(x, mx.array) else x.dtype in _REAL)


def kernel_plan(plan: StftPlan, window: Window, dtype: np.dtype[Any]) -> native.Plan:
    """Return the kernel's plan for signals of `dtype`."""
    return _known_plan(plan, window, dtype, native.current())


@lru_cache(maxsize=128)
def _known_plan(plan: StftPlan, window: Window, dtype: np.dtype[Any], library: object) -> native.Plan:
    """The kernel's plan, found without looking through the window's values."""
    return native.plan_for(plan.n_fft, plan.hop, window.samples, dtype, _arithmetic(plan, dtype))


@lru_cache(maxsize=128)
def forward_options(plan: StftPlan, length: int) -> dict[str, Any]:
    """Return what the kernels of forward transforms want to know."""
    return {
        "padding": native.Padding(*plan.pads(length), plan.pad_mode),
        "twosided": not plan.onesided,
        "scale": plan.scale,
        "frames": plan.frames(length),
    }


def _inverse_options(plan: StftPlan, start: int, layout: str) -> dict[str, Any]:
    return {
        "start": start,
        "layout": layout,
        "scale": 1.0 / plan.scale,
        "envelope_floor": plan.floor,
    }


# Reductions of frames of numpy audio, without a transform


def frame_rms(plan: StftPlan, x: np.ndarray) -> np.ndarray:
    """Return the root mean square [B, N] of every frame of x [B, T]."""
    return native.frame_rms(**_framed(plan, x))


def frame_zero_crossings(plan: StftPlan, x: np.ndarray, threshold: float) -> np.ndarray:
    """Return how often the sign changes in every frame of x [B, T], [B, N]; -threshold and up is positive."""
    return native.frame_zero_crossings(**_framed(plan, x), threshold=threshold)


def _framed(plan: StftPlan, x: np.ndarray) -> dict[str, Any]:
    options = forward_options(plan, x.shape[-1])
    kernel = kernel_plan(plan, _flat_window(plan.n_fft), x.dtype)
    return {"plan": kernel, "x": x, "padding": options["padding"], "frames": options["frames"]}


@lru_cache(maxsize=64)
def _flat_window(length: int) -> Window:
    return Window(np.ones(length))


def overlap_add(y: np.ndarray, hop: int) -> np.ndarray:
    """Return the sum [B, T] of frames [B, N, n] placed `hop` apart."""
    return native.overlap_add(y, hop, length=(y.shape[1] - 1) * hop + y.shape[2])


# mx.array


def linear(forward: Operation, backward: Operation) -> Operation:
    """Return a linear operation on `mx.array` whose adjoint is `backward`: each is the other's derivative."""
    traced_forward, traced_backward = mx.custom_function(forward), mx.custom_function(backward)
    # A derivative is itself followed only where a second one is wanted.
    there, back = where_followed(traced_forward, forward), where_followed(traced_backward, backward)
    traced_forward.vjp(lambda primals, cotangents, outputs: back(only(cotangents)))
    traced_backward.vjp(lambda primals, cotangents, outputs: there(only(cotangents)))
    traced_forward.jvp(lambda primals, tangents: there(only(tangents)))
    traced_backward.jvp(lambda primals, tangents: back(only(tangents)))
    return there


def transposed(function: Operation, shape: tuple[int, ...], dtype: mx.Dtype, y: mx.array) -> mx.array:
    """The adjoint of a linear function of plain operations, applied to y."""
    return mx.vjp(function, [mx.zeros(shape, dtype)], [y])[1][0]


@lru_cache(maxsize=128)
def _stft_function(plan: StftPlan, window: Window, layout: str, length: int) -> Operation:
    options = forward_options(plan, length)
    padding = options["padding"]

    def plain(x: mx.array) -> mx.array:
        return portable.stft(mx, plan, x, window.array(mx, x), layout)

    def forward(x: mx.array) -> mx.array:
        values = values_of(x)
        if values is None:
            return plain(x)
        return _native_stft(plan, values, window, layout, make=mlx_arrays.filled)

    def backward(z: mx.array) -> mx.array:
        values = values_of(z)
        if values is None:
            return transposed(plain, (z.shape[0], length), mx.float32, z)
        return native.stft_adjoint(
            kernel_plan(plan, window, _REAL[0]),
            values,
            length=length,
            padding=padding,
            layout=layout,
            twosided=not plan.onesided,
            scale=plan.scale,
            make=mlx_arrays.filled,
        )

    return linear(forward, backward)


@lru_cache(maxsize=64)
def _power_function(plan: StftPlan, window: Window, layout: str, exponent: float) -> Operation:
    def plain(x: mx.array) -> mx.array:
        return portable.power_spectrum(mx, stft(mx, plan, x, window, layout), exponent)

    def compute(values: np.ndarray) -> mx.array:
        quantity = _QUANTITIES[exponent]
        return _native_stft(plan, values, window, layout, quantity=quantity, make=mlx_arrays.filled)

    return by_values(compute, plain)


@lru_cache(maxsize=128)
def _istft_function(
    plan: StftPlan, window: Window, start: int, length: int, layout: str, frames: int
) -> Operation:
    options = _inverse_options(plan, start, layout)

    def plain(z: mx.array) -> mx.array:
        return portable.istft(mx, plan, z, window.array(mx, z), start, length, layout)

    def forward(z: mx.array) -> mx.array:
        values = values_of(z)
        if values is None:
            return plain(z)
        kernel = kernel_plan(plan, window, _REAL[0])
        return native.istft(kernel, values, length=length, make=mlx_arrays.filled, **options)

    def backward(x: mx.array) -> mx.array:
        values = values_of(x)
        if values is None:
            shape = (plan.bins, frames) if layout == "bfn" else (frames, plan.bins)
            return transposed(plain, (x.shape[0], *shape), mx.complex64, x)
        kernel = kernel_plan(plan, window, _REAL[0])
        return native.istft_adjoint(kernel, values, frames=frames, make=mlx_arrays.filled, **options)

    return linear(forward, backward)


@lru_cache(maxsize=64)
def _filtered_function(
    plan: StftPlan, window: Window, bank: Filterbank, scale: native.Scale, length: int
) -> Operation:
    weights = bank.native(_arithmetic(plan, _REAL[0]))
    options = {"scale": scale, "padding": native.Padding(*plan.pads(length), plan.pad_mode)}
    unscaled = replace(plan, scale=1.0)  # the kernel's scale includes the spectrum's

    def limited(y: mx.array) -> mx.array:
        below, axes = scale.range, () if scale.joint else (-2, -1)
        return y if below is None else clip_below_peak(mx, y, below, axes)

    def plain(x: mx.array) -> mx.array:
        """The same up to the range, by operations that MLX can differentiate any number of times."""
        z = portable.stft(mx, unscaled, x, window.array(mx, x), "bnf")
        squares = mx.real(z) ** 2 + mx.imag(z) ** 2
        powers = squares if scale.power == 2 else squares ** (scale.power / 2)
        v = (powers @ bank.array(mx, powers)).swapaxes(1, 2) * scale.factor
        if not scale.logarithmic:
            return v
        return mx.log(mx.maximum(v * scale.gain + scale.bias, scale.floor)) * scale.multiplier + scale.offset

    def plain_gradient(x: mx.array, y: mx.array) -> mx.array:
        return mx.vjp(plain, [x], [y])[1][0]

    def forward(x: mx.array) -> mx.array:
        values = values_of(x)
        if values is None:
            return limited(plain(x))
        return _native_bands(plan, values, window, bank, scale, make=mlx_arrays.filled)

    @mx.custom_function
    def gradient(x: mx.array, y: mx.array) -> mx.array:
        values, upstream = values_of(x), values_of(y)
        if values is None or upstream is None:
            return plain_gradient(x, y)
        kernel = kernel_plan(plan, window, _REAL[0])
        return native.filtered_adjoint(kernel, weights, values, upstream, make=mlx_arrays.filled, **options)

    def backward(primals: Any, cotangents: Any, outputs: Any) -> mx.array:
        # To lift what has been lifted changes nothing: the range has the same derivative at the output.
        upstream = mx.vjp(limited, [only(outputs)], [only(cotangents)])[1][0]
        return only(gradient(only(primals), upstream))

    followed = mx.custom_function(forward)
    followed.vjp(backward)
    gradient.vjp(
        lambda primals, cotangents, outputs: mx.vjp(plain_gradient, list(primals), [only(cotangents)])[1]
    )

    def tangent(primals: Any, tangents: Any) -> mx.array:
        return mx.jvp(lambda x: limited(plain(x)), [only(primals)], [only(tangents)])[1][0]

    followed.jvp(tangent)
    return where_followed(followed, forward)
