"""Finds, chooses and loads the compiled kernels (see ``build.py``), and says why when it cannot."""

from __future__ import annotations

import ctypes
import os
from ctypes import c_double, c_int, c_int64, c_void_p
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...environment import variable
from .build import LIBRARY_FOLDER, instruction_sets, library_name

ABI_VERSION = 11
FOLDER = Path(__file__).resolve().parent / LIBRARY_FOLDER
# Weakest first; the position is what spectro_machine_level() counts.
X86_LEVELS = ("baseline", "avx2", "avx512")

_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "plan_new": (c_void_p, (c_int, c_int, c_int64, c_int64, c_void_p)),
    "plan_free": (None, (c_void_p,)),
    "bank_new": (c_void_p, (c_int, c_int64, c_int64, c_int64, c_void_p, c_void_p, c_void_p)),
    "bank_free": (None, (c_void_p,)),
    "stft": (
        c_int,
        (c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_int, c_int, c_int, c_double, c_double, c_int),
    ),
    "stft_adjoint": (c_int, (c_void_p, c_void_p, c_int64, c_int, c_int, c_double, c_void_p, c_void_p, c_int)),
    "istft": (
        c_int,
        (
            *(c_void_p, c_void_p, c_int64, c_int64, c_int, c_int, c_double, c_int, c_double),
            *(c_void_p, c_int64, c_int64, c_int),
        ),
    ),
    "reciprocal_envelope": (c_int, (c_void_p, c_int64, c_int64, c_int64, c_double, c_void_p)),
    "filtered": (
        c_int,
        (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_int, c_int),
    ),
    "filtered_adjoint": (
        c_int,
        (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_int, c_void_p, c_int),
    ),
    "scale_values": (c_int, (c_int, c_void_p, c_void_p, c_int64, c_int64, c_void_p, c_int)),
    "apply_bank": (
        c_int,
        (c_int, c_void_p, c_void_p, c_int, c_int64, c_int64, c_int, c_void_p, c_int, c_int),
    ),
    "polyphase": (
        c_int,
        (
            *(c_int, c_int64, c_int64, c_int64, c_void_p, c_void_p),
            *(c_void_p, c_int64, c_int64, c_void_p, c_int64, c_int),
        ),
    ),
    "condition": (
        c_int,
        (c_int, c_void_p, c_int, c_int, c_double, c_void_p, c_int64, c_void_p, c_void_p, c_void_p, c_int),
    ),
    "preemphasis": (c_int, (c_int, c_void_p, c_int64, c_int64, c_double, c_void_p, c_int)),
    "mu_encode": (c_int, (c_int, c_void_p, c_int64, c_double, c_void_p, c_int)),
    "responses": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_int)),
    "descriptors_new": (c_void_p, (c_int,)),
    "descriptors_free": (None, (c_void_p,)),
    "descriptors_add_bands": (c_int, (c_void_p, c_void_p, c_void_p)),
    "descriptors_add_centroid": (c_int, (c_void_p, c_void_p, c_int64)),
    "descriptors_add_bandwidth": (c_int, (c_void_p, c_void_p, c_int64, c_double)),
    "descriptors_add_rolloff": (c_int, (c_void_p, c_void_p, c_int64, c_double)),
    "descriptors_add_flatness": (c_int, (c_void_p, c_double, c_double)),
    "descriptors_add_autocorrelation": (c_int, (c_void_p, c_int64, c_int)),
    "descriptors_add_extremes": (c_int, (c_void_p, c_void_p, c_int64)),
    "describe": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_int)),
    "frame_rms": (c_int, (c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_int)),
    "frame_zero_crossings": (
        c_int,
        (c_void_p, c_void_p, c_void_p, c_int64, c_double, c_int, c_void_p, c_int),
    ),
    "all_finite": (c_int, (c_int, c_void_p, c_int64, c_int)),
    "overlap_add": (
        c_int,
        (c_int, c_void_p, c_int64, c_int64, c_int64, c_int64, c_void_p, c_int64, c_int64, c_int),
    ),
    "take_phase": (
        c_int,
        (c_int, c_void_p, c_void_p, c_void_p, c_double, c_double, c_void_p, c_int64, c_int),
    ),
    "phase_vocoder": (
        c_int,
        (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_int64, c_int, c_void_p, c_int),
    ),
    "phasors": (c_int, (c_int, c_void_p, c_void_p, c_int64, c_int)),
    "pcen": (c_int, (c_void_p, c_void_p, c_int64, c_int64, c_void_p, c_void_p, c_void_p, c_int)),
    "median_filter": (c_int, (c_int, c_void_p, c_int64, c_int64, c_int64, c_int64, c_void_p, c_int)),
}


class Library(ctypes.CDLL):
    """A loaded library with typed functions. ctypes lets go of the GIL during each call."""

    def __init__(self, path: Path, isa: str) -> None:
        super().__init__(str(path))
        self.isa = isa
        self.path = path
        if self.spectro_abi_version() != ABI_VERSION:
            raise OSError(f"{path} is of another version; build it again")
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self, f"spectro_{name}")
            function.restype, function.argtypes = result, arguments


@cache
def machine_isas() -> tuple[str, ...]:
    """The instruction sets that are built here and that this processor runs, best first."""
    built = [isa for isa in instruction_sets() if (FOLDER / library_name(isa)).exists()]
    if "baseline" in built and len(instruction_sets()) > 1:
        level = Library(FOLDER / library_name("baseline"), "baseline").spectro_machine_level()
        built = [isa for isa in built if X86_LEVELS.index(isa) <= level]
    return tuple(reversed(built))


@cache
def load(isa: str) -> Library:
    """The library for one instruction set.

    Raises
    ------
    OSError
        It is not built, does not load, or this processor cannot run it.
    """
    usable = machine_isas()
    if isa not in usable:
        raise OSError(f"CPU kernels for {isa!r} cannot be used here (usable: {', '.join(usable) or 'none'})")
    return Library(FOLDER / library_name(isa), isa)


@dataclass(frozen=True)
class Status:
    """Whether the native kernels are there. `reason` is empty when they are."""

    loaded: bool
    isa: str
    threads: int
    path: str
    reason: str


@cache
def _choose(name: str) -> tuple[Library | None, str]:
    wanted = name.strip().lower()
    try:
        if wanted:
            return load(wanted), ""
        usable = machine_isas()
        if not usable:
            return (
                None,
                f"not compiled: no library in {FOLDER} (a C++ compiler builds it: kernels/cpu/build.py)",
            )
        return load(usable[0]), ""
    except OSError as error:
        return None, str(error)


def current() -> Library | None:
    """The library in use: the best for this processor, or what ``SPECTRO_CPU_ISA`` names, or None."""
    return _choose(variable(b"SPECTRO_CPU_ISA"))[0]


def status() -> Status:
    """Is the library loaded, which instruction set, how many threads; or why not."""
    library, reason = _choose(variable(b"SPECTRO_CPU_ISA"))
    if library is None:
        return Status(False, "", 0, "", reason)
    return Status(True, library.isa, num_threads(), str(library.path), "")


@cache
def _usable_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS has no affinity
        return os.cpu_count() or 1


_chosen_threads: int | None = None


def set_num_threads(count: int | None) -> None:
    """Set the threads of later calls; None: ``SPECTRO_NUM_THREADS``, or every usable core."""
    global _chosen_threads
    if count is not None and count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    _chosen_threads = count


def num_threads() -> int:
    """Threads a call uses now."""
    if _chosen_threads is not None:
        return _chosen_threads
    text = variable(b"SPECTRO_NUM_THREADS")
    return max(1, int(text)) if text.strip().isdigit() else _usable_cores()


__all__ = ["Library", "Status", "current", "load", "machine_isas", "num_threads", "set_num_threads", "status"]
