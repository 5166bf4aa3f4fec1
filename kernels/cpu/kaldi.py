"""Kaldi's conditioned frames of numpy arrays by the native kernel (``kaldi.h``)."""

from __future__ import annotations

import ctypes

import numpy as np

from . import outputs
from .calls import address, check
from .library import num_threads
from .plans import real_type, require_library

__all__ = ["condition"]

_Sizes = ctypes.c_int64 * 3


def condition(
    x: np.ndarray,
    count: int,
    shift: int,
    n_fft: int,
    window: np.ndarray,
    *,
    emphasis: float,
    remove_mean: bool,
    raw_energy: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Return frames ``[count, n_fft]`` of x ``[T]``, one every `shift`, and their energies ``[count]``.

    As many samples are taken as the window has: less their mean, pre-emphasised, windowed, then zeros. The
    energy is the sum of squares before the emphasis with `raw_energy`, else of the whole.
    """
    kind, library = real_type(x.dtype), require_library()
    if x.ndim != 1 or window.dtype != kind or not 0 < len(window) <= n_fft:
        raise ValueError(f"a window {window.dtype}, {window.shape} does not fit {x.dtype}, n_fft={n_fft}")
    if (count - 1) * shift + len(window) > len(x):
        raise ValueError(f"{len(x)} samples do not hold {count} frames")
    x, window = np.asarray(x, order="C"), np.asarray(window, order="C")
    frames, energy = outputs.empty((count, n_fft), kind), np.empty(count, kind)
    how = _Sizes(len(window), shift, n_fft), remove_mean, raw_energy, emphasis
    given = address(x), count, address(window), address(frames), address(energy), num_threads()
    check(library.spectro_condition(kind.itemsize, *how, *given))
    return frames, energy
