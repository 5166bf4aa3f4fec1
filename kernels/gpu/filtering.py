"""Filtered spectrograms (mel and others) on the GPU: audio to scaled bands in one launch, differentiable."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import mlx.core as mx

from . import launches, running
from .geometry import Geometry, Scale
from .tables import Filterbank, Window
from .transforms import (
    CANDIDATES,
    backward_plans,
    can_fold,
    forward_plans,
    only,
    stft,
    tiled,
)
from .tuning import Choice, choose

LINEAR = Scale()


@functools.lru_cache(maxsize=512)
def filtered(
    window: Window,
    bank: Filterbank,
    geometry: Geometry,
    power: float = 2.0,
    scale: Scale = LINEAR,
    gain: float = 1.0,
    bands_first: bool = True,
) -> Any:
    """The function x [B, T] -> scale(sum_k W[k, m] |gain X_k|**power): [B, M, N], or [B, N, M]."""
    bank = bank.times(gain**power)

    def forward(x: mx.array) -> mx.array:
        def make(choice: Choice) -> launches.Launch:
            return launches.filtered(x, window, bank, geometry, choice.plan, power, scale, bands_first)

        return running.run(make(filtered_choice(x, bank, geometry, make)))

    custom: Any = mx.custom_function(forward)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        x, cotangent = only(primals), only(cotangent)
        if not bands_first:
            cotangent = cotangent.swapaxes(1, 2)
        if scale.kind != "linear":
            bands = filtered(window, bank, geometry, power)(x)
            cotangent = mx.vjp(functools.partial(apply_scale, scale), [bands], [cotangent])[1][0]
        return filtered_adjoint(window, bank, geometry, power)(x, cotangent)

    @custom.jvp  # type: ignore[untyped-decorator]
    def jvp(primals: Any, tangents: Any) -> mx.array:
        def plain(x: mx.array) -> mx.array:
            bands = apply_scale(scale, _plain(window, bank, geometry, power, x))
            return bands if bands_first else bands.swapaxes(1, 2)

        return mx.jvp(plain, [only(primals)], [only(tangents)])[1][0]

    return custom


@functools.lru_cache(maxsize=512)
def filtered_in_range(
    window: Window,
    bank: Filterbank,
    geometry: Geometry,
    power: float,
    scale: Scale,
    gain: float,
    top: float,
    per_row: bool,
) -> Any:
    """`filtered`, bands first, with what is more than `top` below the peak lifted to there.

    The peak is that of each row of the batch, or of all. The kernel finds it; another one scales and lifts.
    """
    plain = filtered(window, bank, geometry, power, scale, gain)
    louder = bank.times(gain**power)

    def forward(x: mx.array) -> mx.array:
        def make(choice: Choice, peaks: bool = False) -> launches.Launch:
            return launches.filtered(x, window, louder, geometry, choice.plan, power, LINEAR, True, peaks)

        bands, peaks = running.run_all(make(filtered_choice(x, louder, geometry, make), True))
        parts = (-1, launches.PEAKS, peaks.shape[1] // launches.PEAKS) if per_row else (launches.PEAKS, -1)
        peaks = mx.max(peaks.reshape(parts), axis=-1)
        return running.run(launches.in_range(bands, peaks, scale, top, not per_row))

    def composed(x: mx.array) -> mx.array:
        bands = plain(x)
        return mx.maximum(bands, mx.max(bands, axis=(-2, -1) if per_row else None, keepdims=True) - top)

    custom: Any = mx.custom_function(forward)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        return mx.vjp(composed, [only(primals)], [only(cotangent)])[1][0]

    @custom.jvp  # type: ignore[untyped-decorator]
    def jvp(primals: Any, tangents: Any) -> mx.array:
        return mx.jvp(composed, [only(primals)], [only(tangents)])[1][0]

    return custom


def filtered_choice(
    x: mx.array, bank: Filterbank, geometry: Geometry, make: Callable[[Choice], launches.Launch]
) -> Choice:
    """The plan for a filtered spectrogram of `x`."""
    candidates = [Choice(p) for p in forward_plans(geometry.n_fft)[:CANDIDATES]]
    work = x.shape[0] * geometry.frames * geometry.n_fft
    return choose("filtered", (geometry.n_fft, geometry.hop, bank.bands), work, candidates, make, [x])


@functools.lru_cache(maxsize=512)
def filtered_adjoint(window: Window, bank: Filterbank, geometry: Geometry, power: float) -> Any:
    """The function (x [B, T], c [B, M, N]) -> d<c, bands(x)>/dx [B, T], for a linear scale."""
    found = backward_plans(geometry.n_fft, geometry.hop, geometry.mode_number == 1)
    fused = bool(found) and (geometry.mode_number == 0 or can_fold(geometry))

    def adjoint(x: mx.array, c: mx.array) -> mx.array:
        if not fused:
            return _plain_adjoint(window, bank, geometry, power, x, c)

        def make(choice: Choice) -> launches.Launch:
            return launches.filtered_adjoint(x, c, window, bank, geometry, choice.plan, power, choice.tile)

        work = x.shape[0] * geometry.frames * geometry.n_fft
        candidates = tiled(found, x.shape[0] * geometry.frames)
        shape = (geometry.n_fft, geometry.hop, bank.bands)
        return running.run(make(choose("filtered_adjoint", shape, work, candidates, make, [x, c])))

    custom: Any = mx.custom_function(adjoint)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> Any:
        # not linear in x any more: derive the composition of the fused STFT with plain operations
        plain = functools.partial(_plain_adjoint, window, bank, geometry, power)
        return tuple(mx.vjp(plain, list(primals), [only(cotangent)])[1])

    return custom


def apply_scale(scale: Scale, y: mx.array) -> mx.array:
    """What common/scaling.h does to a band, in plain operations (for its derivative)."""
    if scale.kind == "linear":
        return y
    y = scale.multiplier * y
    if scale.kind == "log1p":
        return scale.gain * mx.log1p(y)
    y = mx.maximum(y, scale.floor) if scale.kind == "clamp" else y + scale.floor
    return scale.gain * (mx.log10(y) if scale.base10 else mx.log(y)) + scale.offset


def _plain(window: Window, bank: Filterbank, geometry: Geometry, power: float, x: mx.array) -> mx.array:
    z = stft(window, geometry)(x)
    square = mx.real(z) ** 2 + mx.imag(z) ** 2
    if power != 2.0:
        # |X|^p has no slope at 0 that the kernel's would agree with but 0
        positive = square > 0
        square = mx.where(positive, mx.where(positive, square, 1.0) ** (0.5 * power), 0.0)
    return (square @ bank.dense).swapaxes(1, 2)


def _plain_adjoint(
    window: Window, bank: Filterbank, geometry: Geometry, power: float, x: mx.array, c: mx.array
) -> mx.array:
    return mx.vjp(functools.partial(_plain, window, bank, geometry, power), [x], [c])[1][0]
