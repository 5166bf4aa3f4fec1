"""The fused Metal and CUDA kernels as a backend, for `mx.array` when MLX's default device is a GPU.

The kernels are `mx.custom_function`s, lazy like any MLX operation, and know their derivatives. They stay out
of the way, and the portable operations take the call, where

- the kernels cannot do it: an odd or unsmooth n_fft, a window that is part of the graph ...;
- MLX traces the call for `mx.vmap`, which has no rule for a kernel. `mx.compile` has, but from inside nobody
  can tell the two apart; so functions keep the kernels if spectro compiled them (`Compiled` says so);
- a kernel does not build: then for good, with one warning.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

import mlx.core as mx
import numpy as np

from ..bank import Filterbank
from ..errors import FallbackWarning
from ..kernels import gpu as native
from ..plan import StftPlan
from ..scales import Scale
from ..typing import Array
from ..windows import Window
from . import portable
from .choices import Choice, tell

__all__ = ["compiling", "istft", "name", "project", "stft", "why_not"]

_TYPES = (mx.float32, mx.complex64)
_PLAIN = Choice("portable", "plain MLX operations: another size, type or window than the fused kernels have")
_FEWEST = 8  # MLX hands smaller arrays to Metal in another address space

_compiling: ContextVar[bool] = ContextVar("spectro_compiling", default=False)
_failed: list[str] = []


@contextmanager
def compiling() -> Iterator[None]:
    """Say that what MLX traces meanwhile, it traces for `mx.compile`."""
    token = _compiling.set(True)
    try:
        yield
    finally:
        _compiling.reset(token)


def name() -> str:
    """Return "metal" or "cuda"."""
    return native.target() or "none"


def why_not(x: Array) -> str:
    """Return why the kernels cannot serve a call with array `x`; "" if they can."""
    if not isinstance(x, mx.array):
        return "the array is in host memory"
    if native.target() is None:
        return "MLX has no GPU here"
    if mx.default_device().type != mx.DeviceType.gpu:
        return f"the default device is {mx.default_device()}"
    if _failed:
        return _failed[0]
    return "" if x.dtype in _TYPES else f"no kernel for {x.dtype}"


def stft(plan: StftPlan, x: mx.array, window: Window, layout: str) -> mx.array:
    """Return the STFT of x [B, T]: [B, N, F] in layout "bnf", [B, F, N] (a view) in "bfn"."""

    def plain() -> mx.array:
        tell(_PLAIN)
        return portable.stft(mx, plan, x, window.array(mx, x), layout)

    def fused() -> mx.array:
        z = native.stft(
            _window(window), _geometry(plan, x.shape[-1]), plan.onesided, (plan.scale, plan.scale)
        )(x)
        return z.swapaxes(1, 2) if layout == "bfn" else z

    served = (
        x.dtype == mx.float32
        and x.size >= _FEWEST
        and _is_constant(window)
        and native.supports(plan.n_fft, plan.hop)
    )
    return _first_of(fused, plain, x) if served else plain()


def istft(plan: StftPlan, z: mx.array, window: Window, start: int, length: int, layout: str) -> mx.array:
    """Return samples start .. start + length - 1 of the inverse STFT of z, [B, length]."""

    def plain() -> mx.array:
        tell(_PLAIN)
        return portable.istft(mx, plan, z, window.array(mx, z), start, length, layout)

    def fused() -> mx.array:
        bins_last = z.swapaxes(1, 2) if layout == "bfn" else z
        frames = bins_last.shape[1]
        function = native.istft(
            _window(window), plan.n_fft, plan.hop, frames, start, length, plan.scale, plan.floor
        )
        return function(bins_last)

    served = (
        plan.onesided
        and z.dtype == mx.complex64
        and z.size >= _FEWEST
        and _is_constant(window)
        and native.supports(plan.n_fft, plan.hop)
    )
    return _first_of(fused, plain, z) if served else plain()


def project(
    plan: StftPlan, x: mx.array, window: Window, power: float, bank: Filterbank, scale: Scale
) -> mx.array:
    """Return scale(|STFT|^power @ bank) of x [B, T]: [B, M, N], by one kernel up to the range of `scale`."""

    def plain() -> mx.array:
        tell(_PLAIN)
        return portable.filter_spectrum(mx, stft(plan, x, window, "bnf"), power, bank, scale)

    def fused() -> mx.array:
        geometry = _geometry(plan, x.shape[-1])
        function = native.filtered(_window(window), _bank(bank), geometry, power, _scale(scale), plan.scale)
        return scale.limit_range(mx, function(x))

    served = (
        plan.onesided
        and bank.is_constant
        and x.dtype == mx.float32
        and x.size >= _FEWEST
        and _is_constant(window)
        and native.supports(plan.n_fft, plan.hop)
    )
    return _first_of(fused, plain, x) if served else plain()


def _first_of(fused: Callable[[], mx.array], plain: Callable[[], mx.array], x: mx.array) -> mx.array:
    if not _compiling.get() and _without_values(x):
        return plain()
    try:
        return fused()
    except native.KernelError as error:
        if not _failed:
            warnings.warn(
                f"{error}; plain MLX operations are used from now on", FallbackWarning, stacklevel=5
            )
            _failed.append(str(error))
        return plain()


def _without_values(x: mx.array) -> bool:
    """Return whether MLX traces for `mx.vmap` or `mx.compile`; under `mx.grad`, arrays have values."""
    for evaluate in (mx.async_eval, mx.eval):  # the first does not wait, but refuses what `mx.grad` follows
        try:
            evaluate(x)
        except ValueError:
            continue
        return False
    return True


def _is_constant(window: Window) -> bool:
    return not window.in_graph and not np.iscomplexobj(window.samples)


@lru_cache(maxsize=128)
def _window(window: Window) -> native.Window:
    return native.Window(window.samples)


@lru_cache(maxsize=64)
def _bank(bank: Filterbank) -> native.Filterbank:
    return native.Filterbank(bank.weights)


@lru_cache(maxsize=256)
def _geometry(plan: StftPlan, length: int) -> native.Geometry:
    left, right = plan.pads(length)
    if plan.tail == "minimal":  # ceil(T / hop) frames, even if more would fit
        right = (plan.frames(length) - 1) * plan.hop + plan.n_fft - left - length
    return native.Geometry(plan.n_fft, plan.hop, length, left, right, plan.pad_mode)


@lru_cache(maxsize=64)
def _scale(scale: Scale) -> native.Scale:
    if scale.kind == "db":
        return native.Scale("clamp", base10=True, floor=scale.amin, gain=scale.gain)
    return native.Scale(scale.kind, multiplier=scale.slope, floor=scale.amin, gain=scale.gain)
