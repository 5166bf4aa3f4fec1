"""What the native CPU kernels leave of spectra that are never written: descriptors, filter responses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ..compiled.by_values import by_values
from ..filterbanks.bank import Filterbank
from ..framing.windows import Window
from ..kernels import cpu as native
from ..kernels.cpu import mlx_arrays
from ..spectrum.plan import StftPlan
from ..spectrum.reductions import (
    Autocorrelation,
    Bands,
    Bandwidth,
    Centroid,
    Extremes,
    Flatness,
    Reduction,
    Rolloff,
    Spectrum,
)
from ..typing import Array
from . import cpu, portable

__all__ = ["reduce", "respond"]

_Make = Callable[[Any, np.dtype[Any]], native.descriptors.Descriptor]

# For each kind of reduction, what the kernel knows it as.
_KINDS: dict[type, _Make] = {
    Bands: lambda r, dtype: native.descriptors.Bands(
        r.bank.native(dtype), cpu.fused_scale(1.0, 2.0, r.scale)
    ),
    Centroid: lambda r, dtype: native.descriptors.Centroid(r.frequencies),
    Bandwidth: lambda r, dtype: native.descriptors.Bandwidth(r.frequencies, r.p),
    Rolloff: lambda r, dtype: native.descriptors.Rolloff(r.frequencies, r.roll_percent),
    Flatness: lambda r, dtype: native.descriptors.Flatness(r.power, r.amin),
    Autocorrelation: lambda r, dtype: native.descriptors.Autocorrelation(r.lags, r.relative),
    Extremes: lambda r, dtype: native.descriptors.Extremes(r.ranges),
}


def respond(xp: ModuleType, plan: StftPlan, x: Array, window: Window, bank: Filterbank) -> Array:
    """Return the responses [B, M, N] of complex filters to audio x [B, T] that MLX does not trace."""
    usual = plan.onesided and plan.scale == 1.0 and bank.is_constant and cpu.is_real(x)
    if cpu.is_for_portable(window) or not usual:
        return bank.product(xp, cpu.stft(xp, plan, x, window, "bnf")).swapaxes(1, 2)
    values, make = (x, {}) if xp is np else (mlx_arrays.view(x), {"make": mlx_arrays.filled})
    options = cpu.forward_options(plan, x.shape[-1])
    kernel = cpu.kernel_plan(plan, window, values.dtype)
    filters = bank.native(kernel.arithmetic)
    framing = {"padding": options["padding"], "frames": options["frames"]}
    return native.responses(kernel, filters, values, **framing, **make)


def reduce(
    xp: ModuleType, plan: StftPlan, x: Array, window: Window, reductions: Sequence[Reduction]
) -> list[Array]:
    """Return each reduction [B, K, N] of the spectra of audio x [B, T], by one kernel if it can."""
    known = plan.onesided and plan.scale == 1.0 and all(_is_known(reduction) for reduction in reductions)
    if cpu.is_for_portable(window) or not (known and cpu.is_real(x)):
        if xp is np:
            return portable.reduce(plan, x, reductions, lambda plan, x: cpu.power(np, plan, x, window))
        spectrum = Spectrum(xp, z=cpu.stft(xp, plan, x, window, "bnf"))
        return [reduction.of_frames(spectrum).swapaxes(1, 2) for reduction in reductions]
    if xp is np:
        values = _described(plan, x, window, tuple(reductions))
    else:
        values = _lazy_function(plan, window, tuple(reductions))(x)
    results = []
    for reduction in reductions:
        results.append(values[:, : reduction.rows])
        values = values[:, reduction.rows :]
    return results


def _is_known(reduction: Reduction) -> bool:
    if isinstance(reduction, Bands):
        return reduction.bank.is_constant and reduction.scale.kind != "log1p"
    return type(reduction) in _KINDS


def _described(
    plan: StftPlan, x: np.ndarray, window: Window, reductions: tuple[Reduction, ...]
) -> np.ndarray:
    """Return the rows of all reductions [B, rows, N], in the dtype that is computed in."""
    options = cpu.forward_options(plan, x.shape[-1])
    kernel = cpu.kernel_plan(plan, window, x.dtype)
    descriptors = _known_descriptors(reductions, plan.bins, kernel.arithmetic, native.current())
    return native.describe(kernel, descriptors, x, padding=options["padding"], frames=options["frames"])


@lru_cache(maxsize=64)
def _known_descriptors(
    reductions: tuple[Reduction, ...], bins: int, dtype: np.dtype[Any], library: object
) -> native.Descriptors:
    """What the kernel makes of a spectrum, found without looking through frequencies and weights."""
    return native.Descriptors([_KINDS[type(r)](r, dtype) for r in reductions], bins, dtype)


@lru_cache(maxsize=64)
def _lazy_function(plan: StftPlan, window: Window, reductions: tuple[Reduction, ...]) -> cpu.Operation:
    """The rows of all reductions of an `mx.array`; the derivative is that of plain operations."""

    def plain(x: mx.array) -> mx.array:
        spectrum = Spectrum(mx, z=portable.stft(mx, plan, x, window.array(mx, x), "bnf"))
        rows = [reduction.of_frames(spectrum).swapaxes(1, 2) for reduction in reductions]
        return mx.concatenate(rows, axis=1)

    def compute(values: np.ndarray) -> mx.array:
        return mx.array(_described(plan, values, window, reductions).astype(np.float32, copy=False))

    return by_values(compute, plain)
