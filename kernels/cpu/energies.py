"""Energies of numpy arrays normalised by the native kernel (``pcen.h``)."""

from __future__ import annotations

import ctypes

import numpy as np

from .calls import address, check
from .library import num_threads
from .plans import require_library

__all__ = ["pcen"]


def pcen(
    energy: np.ndarray,
    averaged: np.ndarray | None,
    state: np.ndarray,
    decay: float,
    gain: float,
    bias: float,
    power: float,
    eps: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Normalise finite energies [..., N] by the running mean of `averaged`, None for themselves: float64.

    `state` [..., 1] is `decay` times the mean before the first frame; that after the last is returned too.
    """
    library = require_library()
    shape = energy.shape if averaged is None else np.broadcast_shapes(energy.shape, averaged.shape)
    energy = np.ascontiguousarray(np.broadcast_to(energy, shape), np.float64)
    if averaged is None:
        averaged = energy
    averaged = np.ascontiguousarray(np.broadcast_to(averaged, shape), np.float64)
    state = np.array(np.broadcast_to(state, (*shape[:-1], 1)), np.float64, order="C")
    out = np.empty(shape)
    options = (ctypes.c_double * 5)(decay, gain, bias, power, eps)
    arrays = (
        address(energy),
        address(averaged),
        state.size,
        shape[-1],
        options,
        address(state),
        address(out),
    )
    check(library.spectro_pcen(*arrays, num_threads()))
    return out, state
