"""STFT and inverse STFT on the GPU, differentiable to any order.

Both are linear in the signal. With S the STFT (padding included) and D OLA the inverse,
    adjoint of S:      x = fold(OLA(w irfft'(G))), the overlap-add kernel without normalisation;
    adjoint of D OLA:  Z = c S'(D y), the STFT kernel with gains c = 2/n, 1/n at the first and the last bin.
Each is the derivative of the other's derivative, so two pairs of functions know each other's vjp and
`mx.grad` can be nested. Cotangents follow MLX: that of a complex z is dL/dRe z + i dL/dIm z.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np

from . import launches, running
from .geometry import Geometry
from .plans import CUDA_SHARED_BYTES, SHARED_BYTES, Plan, plans
from .tables import Window
from .tuning import Choice, choose

CANDIDATES = 5
TILES = (40, 32, 20, 12)  # frames a group of the overlap-add may turn into samples
ENOUGH_GROUPS = 400  # a few for each of a large GPU's multiprocessors


def forward_plans(n_fft: int) -> tuple[Plan, ...]:
    """Plans of forward transforms here, first guess first; empty when the kernels cannot do this size."""
    return _varied(*(plans(n_fft, None, group, _shared_bytes()) for group in (256, 128)))


def backward_plans(n_fft: int, hop: int, fold: bool) -> tuple[Plan, ...]:
    """Plans with room for the overlap-add's ring; small groups first, since chunks wait for each other."""
    ring = launches.ring_floats(n_fft, hop, fold)
    return (
        _varied(*(plans(n_fft, ring, group, _shared_bytes()) for group in (128, 256))) if hop <= n_fft else ()
    )


def _varied(*lists: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """The two best of each list, then the best for each other number of threads, then the rest."""
    best = [plan for found in zip(*(found[:2] for found in lists), strict=False) for plan in found]
    threads = {plan.threads: plan for found in reversed(lists) for plan in reversed(found)}
    other = [plan for number, plan in threads.items() if number not in {p.threads for p in best}]
    return tuple(dict.fromkeys([*best, *other, *(plan for found in lists for plan in found)]))


def _shared_bytes() -> int:
    return CUDA_SHARED_BYTES if running.target() == "cuda" else SHARED_BYTES


def supports(n_fft: int, hop: int) -> bool:
    """Whether the kernels can do frames of this size and their derivatives.

    They can if n_fft is even and smooth, frames leave no gaps, and a frame fits shared memory with the ring
    of the overlap-add beside it (always up to n_fft = 4096).
    """
    return bool(forward_plans(n_fft)) and bool(backward_plans(n_fft, hop, False))


def only(arguments: Any) -> mx.array:
    """The argument of a function of one, which `mx.custom_function` passes as itself or in a list."""
    return arguments if isinstance(arguments, mx.array) else arguments[0]


def linear(function: Callable[[mx.array], mx.array]) -> Any:
    """A linear `function` of one array as an `mx.custom_function`: its own directional derivative."""
    custom: Any = mx.custom_function(function)

    @custom.jvp  # type: ignore[untyped-decorator]
    def jvp(primals: Any, tangents: Any) -> mx.array:
        return custom(only(tangents))

    return custom


def stft_choice(
    x: mx.array, window: Window, geometry: Geometry, make: Callable[[Choice], launches.Launch]
) -> Choice:
    """The plan for a forward transform of `x`."""
    candidates = [Choice(p) for p in forward_plans(geometry.n_fft)[:CANDIDATES]]
    work = x.shape[0] * geometry.frames * geometry.n_fft
    return choose("stft", (geometry.n_fft, geometry.hop), work, candidates, make, [x])


@functools.lru_cache(maxsize=512)
def stft(
    window: Window, geometry: Geometry, onesided: bool = True, gains: tuple[float, float] = (1.0, 1.0)
) -> Any:
    """The function x [B, T] -> X [B, N, F], its bins times `gains` (inner; first and last)."""

    def forward(x: mx.array) -> mx.array:
        def make(choice: Choice) -> launches.Launch:
            return launches.stft(x, window, geometry, choice.plan, onesided, gains)

        return running.run(make(stft_choice(x, window, geometry, make)))

    custom = linear(forward)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        return stft_adjoint(window, geometry, onesided, gains)(only(cotangent))

    return custom


@functools.lru_cache(maxsize=512)
def stft_adjoint(window: Window, geometry: Geometry, onesided: bool, gains: tuple[float, float]) -> Any:
    """The function G [B, N, F] -> [B, T], adjoint of `stft` with the same arguments."""

    def adjoint(g: mx.array) -> mx.array:
        if not onesided:
            g = _onesided(g, geometry.n_fft)
        # an inverse real FFT counts inner bins twice, the adjoint counts them once
        halves = (0.5 * gains[0], gains[1])
        if geometry.mode_number == 0 or can_fold(geometry):
            return _overlap_add(g, window, geometry, halves, None, fold=geometry.mode_number == 1)
        return _unpad(_overlap_add(g, window, geometry.padded(), halves, None), geometry)

    custom = linear(adjoint)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        return stft(window, geometry, onesided, gains)(only(cotangent))

    return custom


@functools.lru_cache(maxsize=512)
def istft(
    window: Window, n_fft: int, hop: int, frames: int, start: int, length: int, scale: float, least: float
) -> Any:
    """The function Z [B, N, F] -> x [B, length], from sample `start` of the overlapped frames on.

    Divided by `scale`, and by the summed squared windows where they exceed `least`.
    """
    # the frames decide, so the right end is wherever they end
    geometry = Geometry(n_fft, hop, length, start, (frames - 1) * hop + n_fft - start - length)
    gain = 1.0 / (n_fft * scale)

    def inverse(z: mx.array) -> mx.array:
        if os.environ.get("MLX_OLA_FUSE_NORM", "1") in ("", "0"):
            y = _overlap_add(z, window, geometry, (gain, gain), None)
            return y * _inverse_envelope(window, hop, frames, start, length, least)
        return _overlap_add(z, window, geometry, (gain, gain), least)

    custom = linear(inverse)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        return istft_adjoint(window, n_fft, hop, frames, start, length, scale, least)(only(cotangent))

    return custom


@functools.lru_cache(maxsize=512)
def istft_adjoint(
    window: Window, n_fft: int, hop: int, frames: int, start: int, length: int, scale: float, least: float
) -> Any:
    """The function y [B, length] -> [B, N, F], adjoint of `istft` with the same arguments."""
    geometry = Geometry(n_fft, hop, length, start, (frames - 1) * hop + n_fft - start - length)
    gain = 1.0 / (n_fft * scale)
    forward = stft(window, geometry, True, (2.0 * gain, gain))

    def adjoint(y: mx.array) -> mx.array:
        return forward(y * _inverse_envelope(window, hop, frames, start, length, least))

    custom = linear(adjoint)

    @custom.vjp  # type: ignore[untyped-decorator]
    def vjp(primals: Any, cotangent: mx.array, output: Any) -> mx.array:
        return istft(window, n_fft, hop, frames, start, length, scale, least)(only(cotangent))

    return custom


@functools.lru_cache(maxsize=32)
def _inverse_envelope(
    window: Window, hop: int, frames: int, start: int, length: int, least: float
) -> mx.array:
    total = window.envelope_of(hop, frames, start, length)
    return mx.array(np.where(total > least, 1.0 / np.maximum(total, 1e-300), 1.0).astype(np.float32))


def _overlap_add(
    z: mx.array,
    window: Window,
    geometry: Geometry,
    gains: tuple[float, float],
    normalise: float | None,
    fold: bool = False,
) -> mx.array:
    found = backward_plans(geometry.n_fft, geometry.hop, fold)
    if not found:
        raise running.KernelError(f"no overlap-add kernel for n_fft={geometry.n_fft}, hop={geometry.hop}")
    candidates = tiled(found, z.shape[0] * z.shape[1])

    def make(choice: Choice) -> launches.Launch:
        return launches.istft(z, window, geometry, choice.plan, gains, normalise, fold, choice.tile)

    work = z.shape[0] * z.shape[1] * geometry.n_fft
    return running.run(make(choose("istft", (geometry.n_fft, geometry.hop), work, candidates, make, [z])))


def tiled(found: tuple[Plan, ...], frames: int) -> list[Choice]:
    """Plans of an overlap-add with tiles, the largest first that makes enough groups of so many frames."""
    enough = [tile for tile in TILES if frames >= tile * ENOUGH_GROUPS] or [TILES[-1]]
    order = [enough[0], *(tile for tile in TILES if tile != enough[0])]
    return [Choice(plan, tile) for tile in order for plan in found[:CANDIDATES]]


def can_fold(geometry: Geometry) -> bool:
    """Whether the overlap-add kernel can reflect this padding back by itself."""
    return geometry.folds and bool(backward_plans(geometry.n_fft, geometry.hop, True))


def _onesided(g: mx.array, n_fft: int) -> mx.array:
    """Cotangent of n bins as one of n/2 + 1: bins k and n - k of a real signal are conjugates."""
    inner = g[..., 1 : n_fft // 2] + mx.conj(g[..., : n_fft // 2 : -1])
    return mx.concatenate([g[..., :1], inner, g[..., n_fft // 2 : n_fft // 2 + 1]], axis=-1)


def _unpad(y: mx.array, geometry: Geometry) -> mx.array:
    """Adjoint of padding: every padded sample [B, left + T + right] back to the one it was read from."""
    left, length, right = geometry.left, geometry.length, geometry.right
    before, x, after = y[:, :left], y[:, left : left + length], y[:, left + length :]
    if geometry.mode == "reflect":
        x = x.at[:, 1 : left + 1].add(before[:, ::-1]) if left else x
        return x.at[:, length - 1 - right : length - 1].add(after[:, ::-1]) if right else x
    if geometry.mode == "edge":
        x = x.at[:, 0].add(before.sum(axis=1)) if left else x
        return x.at[:, length - 1].add(after.sum(axis=1)) if right else x
    x = x.at[:, length - left :].add(before) if left else x
    return x.at[:, :right].add(after) if right else x


__all__ = [
    "backward_plans",
    "can_fold",
    "forward_plans",
    "istft",
    "istft_adjoint",
    "linear",
    "only",
    "stft",
    "stft_adjoint",
    "supports",
    "tiled",
]
