"""Every kernel call as a value: what MLX is told, before any GPU is involved.

`Launch` is all that `running.run` needs on a GPU, and all that tests/metal needs to run the same call
on a CPU.
"""

from __future__ import annotations

from dataclasses import dataclass

import mlx.core as mx

from . import tables
from .geometry import Geometry, Scale
from .plans import Plan

PRODUCT_TILE = 64  # as in common/product.h
PEAKS = 8  # partial maxima a group leaves, as in common/scaling.h
VALUES = 4  # a thread's, as in common/in_range.h
GROUPS_X = 1 << 20  # groups in a row of the grid: threads in it stay below 2**31, rows below CUDA's 65535


@dataclass
class Launch:
    """One kernel call."""

    kernel: str
    inputs: dict[str, mx.array]
    outputs: dict[str, tuple[tuple[int, ...], mx.Dtype]]
    template: list[tuple[str, int | bool]]
    threads: tuple[int, int]
    groups: int

    @property
    def groups_x(self) -> int:
        """Groups in a row of the grid."""
        return min(self.groups, GROUPS_X)

    @property
    def grid(self) -> tuple[int, int, int]:
        """Threads in all, a whole number of groups."""
        return self.threads[0] * self.groups_x, self.threads[1] * -(-self.groups // GROUPS_X), 1

    @property
    def threadgroup(self) -> tuple[int, int, int]:
        """Threads of a group."""
        return *self.threads, 1


def _divided(rows: int, per_row: int) -> tuple[int, int, int]:
    """Parameters 4 .. 6 of every transform: groups a row, groups, groups in a row of the grid."""
    groups = rows * per_row
    return per_row, groups, min(groups, GROUPS_X)


def stft(
    x: mx.array,
    window: tables.Window,
    geometry: Geometry,
    plan: Plan,
    onesided: bool,
    gains: tuple[float, float],
) -> Launch:
    """X [B, N, F] of x [B, T]; `gains` scale the inner bins, and the first and the last."""
    batch, frames = x.shape[0], geometry.frames
    divided = _divided(batch, -(-frames // plan.frames))
    params = (geometry.length, frames, geometry.hop, geometry.left, *divided)
    bins = geometry.bins if onesided else geometry.n_fft
    return Launch(
        "stft",
        {
            "audio": x,
            "window": window.times(0.5 * gains[0]),
            "root": tables.roots(plan.points, plan.radices),
            "params": tables.integers(params),
            "gains": tables.reals((gains[1] / gains[0],)),
        },
        {"spectrum": ((batch, frames, bins), mx.complex64)},
        [*plan.template(), ("MODE", geometry.mode_number), ("ONESIDED", onesided)],
        (plan.threads, plan.frames),
        divided[1],
    )


def ring_floats(n_fft: int, hop: int, fold: bool) -> tuple[int, int]:
    """Floats of the overlap-add's ring as (a, b) in a + b * frames."""
    return n_fft - hop + (4 if fold else 0), hop


def _tiles(geometry: Geometry, plan: Plan, fold: bool, tile_frames: int) -> tuple[int, int]:
    """Chunks a tile, and tiles a row, for tiles of about `tile_frames` frames."""
    step = plan.frames * geometry.hop
    chunks = max(1, -(-tile_frames // plan.frames))
    if fold:  # the whole reflected beginning belongs to the first tile
        chunks = max(chunks, -(-(geometry.n_fft + 4) // step))
    reach = geometry.length + geometry.left + (2 if fold else 0)
    return chunks, -(-reach // (chunks * step))


def istft(
    z: mx.array,
    window: tables.Window,
    geometry: Geometry,
    plan: Plan,
    gains: tuple[float, float],
    normalise: float | None,
    fold: bool = False,
    tile_frames: int = 32,
) -> Launch:
    """Overlap-added inverse transforms [B, T] of z [B, N, F].

    Divided by the sum of squared windows where that exceeds `normalise` (None: nowhere).
    """
    batch = z.shape[0]
    chunks, tiles = _tiles(geometry, plan, fold, tile_frames)
    divided = _divided(batch, tiles)
    a, b = ring_floats(geometry.n_fft, geometry.hop, fold)
    return Launch(
        "istft",
        {
            "spectrum": z,
            "window": window.array,
            "root": tables.roots(plan.points, plan.radices[::-1]),
            "inverse": window.inverse_envelope(geometry.hop, normalise or 0.0),
            "params": tables.integers((geometry.length, z.shape[1], chunks, geometry.left, *divided)),
            "gains": tables.reals((gains[0], gains[1] / gains[0], normalise or 0.0)),
        },
        {"signal": ((batch, geometry.length), mx.float32)},
        [
            *plan.template(backwards=True),
            ("HOP", geometry.hop),
            ("RING", a + b * plan.frames),
            ("FOLD", fold),
            ("NORM", normalise is not None),
        ],
        (plan.threads, plan.frames),
        divided[1],
    )


def _power_number(power: float) -> int:
    return int(power) if power in (1.0, 2.0) else 0


def filtered(
    x: mx.array,
    window: tables.Window,
    bank: tables.Filterbank,
    geometry: Geometry,
    plan: Plan,
    power: float,
    scale: Scale,
    bands_first: bool = True,
    peaks: bool = False,
) -> Launch:
    """Bands [B, M, N] (or [B, N, M]) of x [B, T]: scale(sum_k W[k, m] |X_k|**power).

    With `peaks` also maxima of parts of each row of the batch [B, parts].
    """
    batch, frames = x.shape[0], geometry.frames
    divided = _divided(batch, -(-frames // plan.frames))
    shape = (batch, bank.bands, frames) if bands_first else (batch, frames, bank.bands)
    params = (geometry.length, frames, geometry.hop, geometry.left, *divided, bank.bands)
    outputs: dict[str, tuple[tuple[int, ...], mx.Dtype]] = {"bands_out": (shape, mx.float32)}
    if peaks:
        outputs["peaks"] = ((batch, divided[0] * PEAKS), mx.float32)
    return Launch(
        "filtered_peaks" if peaks else "filtered",
        {
            "audio": x,
            "window": window.times(0.5),
            "root": tables.roots(plan.points, plan.radices),
            "spans": bank.spans,
            "weights": bank.weights,
            "params": tables.integers(params),
            "gains": tables.reals((scale.multiplier, scale.floor, scale.per_octave, scale.offset, power)),
        },
        outputs,
        [
            *plan.template(),
            ("MODE", geometry.mode_number),
            ("POWER", _power_number(power)),
            ("SCALE", scale.number),
            ("BANDS_FIRST", bands_first),
        ],
        (plan.threads, plan.frames),
        divided[1],
    )


def in_range(bands: mx.array, peaks: mx.array, scale: Scale, top: float, shared: bool) -> Launch:
    """Scaled bands [B, M, N], lifted to `top` below the largest of peaks [B, PEAKS], or [PEAKS] for all."""
    rows, length, threads = bands.shape[0], bands.shape[1] * bands.shape[2], 256
    per_row = -(-length // (threads * VALUES))
    _, groups, groups_x = _divided(rows, per_row)
    return Launch(
        "in_range",
        {
            "bands": bands,
            "peaks": peaks,
            "params": tables.integers((length, rows, per_row, groups, groups_x, int(shared))),
            "gains": tables.reals((scale.multiplier, scale.floor, scale.per_octave, scale.offset, top)),
        },
        {"scaled_out": (bands.shape, mx.float32)},
        [("T", threads), ("SCALE", scale.number)],
        (threads, 1),
        groups,
    )


def filtered_adjoint(
    x: mx.array,
    cotangent: mx.array,
    window: tables.Window,
    bank: tables.Filterbank,
    geometry: Geometry,
    plan: Plan,
    power: float,
    tile_frames: int = 32,
) -> Launch:
    """dL/dx [B, T] from x and dL/dbands [B, M, N], for a linear scale."""
    batch = x.shape[0]
    fold = geometry.mode_number == 1
    chunks, tiles = _tiles(geometry, plan, fold, tile_frames)
    divided = _divided(batch, tiles)
    a, b = ring_floats(geometry.n_fft, geometry.hop, fold)
    params = (geometry.length, geometry.frames, chunks, geometry.left, *divided, bank.bands)
    return Launch(
        "filtered_adjoint",
        {
            "audio": x,
            "cotangent": cotangent,
            "window": window.times(0.5),
            "root": tables.roots(plan.points, plan.radices),
            "root_back": tables.roots(plan.points, plan.radices[::-1]),
            "columns": bank.columns,
            "weights": bank.column_weights,
            "params": tables.integers(params),
            "gains": tables.reals((0.0, 0.0, 0.0, 0.0, power)),
        },
        {"signal": ((batch, geometry.length), mx.float32)},
        [
            *plan.template(),
            *plan.slots("B", backwards=True),
            ("HOP", geometry.hop),
            ("RING", a + b * plan.frames),
            ("MODE", geometry.mode_number),
            ("POWER", _power_number(power)),
        ],
        (plan.threads, plan.frames),
        divided[1],
    )


def chunks(x: mx.array, weights: tables.Window, hop: int, length: int, normalise: float | None) -> Launch:
    """Overlap-added chunks [B, T] of x [B, C, S], over the summed weights where these exceed `normalise`."""
    batch, count, size = x.shape
    threads = 256
    groups = -(-batch * length // threads)
    return Launch(
        "chunks",
        {
            "chunks": x,
            "window": weights.array,
            "params": tables.integers((length, count, hop, size, batch, min(groups, GROUPS_X))),
            "gains": tables.reals((normalise or 0.0,)),
        },
        {"signal": ((batch, length), mx.float32)},
        [("T", threads), ("NORM", normalise is not None)],
        (threads, 1),
        groups,
    )


def product(x: mx.array, w: mx.array) -> Launch:
    """The product [R, M] of x [R, K] and w [K, M]."""
    (rows, depth), columns = x.shape, w.shape[1]
    across = -(-columns // PRODUCT_TILE)
    groups = across * -(-rows // PRODUCT_TILE)
    return Launch(
        "product",
        {
            "factor": x,
            "weights": w,
            "params": tables.integers((rows, depth, columns, across, groups, min(groups, GROUPS_X))),
        },
        {"result": ((rows, columns), mx.float32)},
        [],
        (256, 1),
        groups,
    )
