"""Phases of whole numpy arrays by the native kernels (``phases.h``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .calls import Make, address, check, new_numpy
from .library import num_threads
from .plans import real_type, require_library

__all__ = ["phase_vocoder", "phasors", "take_phase"]


def _memory(x: np.ndarray) -> tuple[int, ...]:
    """Return the axes of `x` in the order of their strides: with them in it, it is contiguous."""
    return tuple(sorted(range(x.ndim), key=lambda axis: -x.strides[axis]))


def take_phase(
    magnitude: np.ndarray,
    now: np.ndarray,
    before: np.ndarray | None,
    inertia: float,
    floor: float,
    *,
    make: Make = new_numpy,
) -> Any:
    """Return `magnitude` with the phase of q = now - inertia * before: magnitude * q / (|q| + floor).

    Arrays of one shape and precision, laid out in memory as `now` is, whatever the order of its axes;
    others are brought into it.
    """
    kind, library = real_type(magnitude.dtype), require_library()
    order = _memory(now)
    back = tuple(np.argsort(order))
    m, c = (np.asarray(x.transpose(order), order="C") for x in (magnitude, now))
    b = None if before is None else np.asarray(before.transpose(order), order="C")
    if c.dtype != np.result_type(kind, np.complex64) or any(
        x is not None and x.shape != m.shape for x in (c, b)
    ):
        raise ValueError(f"phases {now.dtype}, {now.shape} do not fit magnitudes {kind}, {magnitude.shape}")

    def fill(out: int) -> None:
        earlier = None if b is None else address(b)
        args = (kind.itemsize, address(m), address(c), earlier, inertia, floor, out, m.size, num_threads())
        check(library.spectro_take_phase(*args))

    return make(c.shape, c.dtype, fill).transpose(back)


def phasors(angle: np.ndarray) -> np.ndarray:
    """Return exp(j angle) of radians."""
    kind, library = real_type(angle.dtype), require_library()
    angle = np.asarray(angle, order="C")

    def fill(out: int) -> None:
        check(library.spectro_phasors(kind.itemsize, address(angle), out, angle.size, num_threads()))

    return new_numpy(angle.shape, np.result_type(kind, np.complex64), fill)


def phase_vocoder(z: np.ndarray, steps: np.ndarray, *, line: bool = False, make: Make = new_numpy) -> Any:
    """Return the spectrogram z [..., F, N] read at the times `steps` [K] in [0, N], in frames: [..., F, K].

    A step past the last frame is interpolated towards silence; with `line`, towards a frame whose magnitude
    goes on as it came from the last but one.
    """
    kind, library = real_type(z.real.dtype), require_library()
    *lead, bins, frames = z.shape
    given = z.reshape(-1, bins, frames)
    shape = np.array([*given.shape, *(s // given.itemsize for s in given.strides)], np.int64)
    first = np.floor(steps).astype(np.int64)
    weight = np.asarray(steps - first, np.float64)
    if first.min() < 0 or first.max() > frames:
        raise ValueError(f"steps must lie within the {frames} frames")

    def fill(out: int) -> None:
        read = (address(shape), address(first), address(weight), first.size, int(line))
        check(library.spectro_phase_vocoder(kind.itemsize, address(given), *read, out, num_threads()))

    return make((*lead, bins, first.size), given.dtype, fill)
