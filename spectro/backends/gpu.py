"""The fused Metal and CUDA kernels as a backend, for `mx.array` when MLX's default device is a GPU.

The kernels are `mx.custom_function`s, lazy like any MLX operation; they know their derivatives. They
stay out of the way, and the portable operations take the call, where

- the kernels cannot do it: an odd or unsmooth n_fft, a window that is part of the graph ...;
- MLX traces the call, unless for spectro's own `mx.compile` (see tracing.py);
- a kernel does not build: then for good, with one warning.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import mlx.core as mx
import numpy as np

from ..callers import warn
from ..compiled.tracing import may_be_mapped
from ..errors import FallbackWarning
from ..filterbanks.bank import Filterbank
from ..framing.windows import Window
from ..kernels import gpu as native
from ..spectrum.plan import NOLA_FLOOR, StftPlan
from ..spectrum.scales import Scale
from ..typing import Array
from . import portable
from .choices import Choice, tell

__all__ = ["istft", "join_chunks", "name", "project", "stft", "why_not"]

_TYPES = (mx.float32, mx.complex64)
_PLAIN = Choice("portable", "plain MLX operations: another size, type or window than the fused kernels have")
_NARROWED = "in float32: MLX has float64 on the CPU only, and values far below the peak show it"
_FEWEST = 8  # MLX hands smaller arrays to Metal in another address space

_failed: list[str] = []
_Result = TypeVar("_Result")


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


def _tell_if_narrowed(plan: StftPlan) -> None:
    if plan.precision == "double":
        tell(Choice(name(), _NARROWED, narrowed=True))


def stft(plan: StftPlan, x: mx.array, window: Window, layout: str) -> mx.array:
    """Return the STFT of x [B, T]: [B, N, F] in layout "bnf", [B, F, N] (a view) in "bfn"."""
    _tell_if_narrowed(plan)

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
    _tell_if_narrowed(plan)

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
    """Return scale(|STFT|^power @ bank) of x [B, T]: [B, M, N], by one kernel."""
    _tell_if_narrowed(plan)

    def plain() -> mx.array:
        tell(_PLAIN)
        return portable.filter_spectrum(mx, stft(plan, x, window, "bnf"), power, bank, scale)

    def fused() -> mx.array:
        tables = _window(window), _bank(bank), _geometry(plan, x.shape[-1]), power, _scale(scale), plan.scale
        if scale.top_db is None:
            return native.filtered(*tables)(x)
        return native.filtered_in_range(*tables, scale.top_db, len(scale.peak_axes) == 2)(x)

    served = (
        plan.onesided
        and bank.is_constant
        and x.dtype == mx.float32
        and x.size >= _FEWEST
        and _is_constant(window)
        and native.supports(plan.n_fft, plan.hop)
    )
    return _first_of(fused, plain, x) if served else plain()


def join_chunks(x: mx.array, weights: np.ndarray, hop: int, length: int, normalized: bool) -> mx.array | None:
    """Return chunks x [B, C, L] overlap-added with `weights` [L] to [B, length]; None without a kernel."""
    if x.dtype != mx.float32 or x.size < _FEWEST:
        return None
    least = NOLA_FLOOR if normalized else None
    join = native.overlap_add(_weights(weights.astype(np.float64).tobytes()), hop, x.shape[1], length, least)
    return _first_of(lambda: join(x), lambda: None, x)


def _first_of(fused: Callable[[], mx.array], plain: Callable[[], _Result], x: mx.array) -> mx.array | _Result:
    if may_be_mapped(x):
        return plain()
    try:
        return fused()
    except native.KernelError as error:
        if not _failed:
            warn(f"{error}; plain MLX operations are used from now on", FallbackWarning)
            _failed.append(str(error))
        return plain()


def _is_constant(window: Window) -> bool:
    return not window.in_graph and not np.iscomplexobj(window.samples)


@lru_cache(maxsize=128)
def _window(window: Window) -> native.Window:
    return native.Window(window.samples)


@lru_cache(maxsize=32)
def _weights(samples: bytes) -> native.Window:
    return native.Window(np.frombuffer(samples))


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
