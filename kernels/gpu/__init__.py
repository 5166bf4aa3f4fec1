"""GPU kernels: one source for Metal and CUDA, loaded, specialised, tuned and called.

source      the kernels' text                 plans       radices, threads, tables of turns
geometry    what is asked, as hashable values launches    a kernel call as a value
tables      constants on the device           running     building and calling
tuning      which plan; cache: its file       diagnostics counters, the device's name
transforms, filtering, chunks, products       the differentiable functions
"""

from __future__ import annotations

from .chunks import overlap_add
from .filtering import filtered, filtered_in_range
from .geometry import Geometry, Scale, decibels
from .products import product
from .running import KernelError, target
from .tables import Filterbank, Window
from .transforms import istft, stft, supports

__all__ = [
    "Filterbank",
    "Geometry",
    "KernelError",
    "Scale",
    "Window",
    "decibels",
    "filtered",
    "filtered_in_range",
    "istft",
    "overlap_add",
    "product",
    "stft",
    "supports",
    "target",
]
