"""Native CPU kernels: float32 and float64, one SIMD lane a frame, threads of their own (see ``simd.h``).

>>> plan = cpu.plan_for(1024, 256, window)                             # doctest: +SKIP
>>> cpu.stft(plan, x, padding=cpu.Padding(512, 512, "reflect")).shape  # doctest: +SKIP
(1, 513, 1876)
"""

from . import descriptors, mlx_reuse, outputs
from .banks import apply_bank
from .calls import Call, Fill, Form, Padding, address, form_of, recording, same_bytes, samples_adjacent
from .companding import mu_encode
from .descriptors import Descriptors, describe
from .emphasis import preemphasis
from .energies import pcen
from .filtering import Scale, filtered, filtered_adjoint, prepare_filtered
from .kaldi import condition
from .library import Status, current, num_threads, set_num_threads, status
from .medians import median_filter
from .operations import (
    all_finite,
    frame_rms,
    frame_zero_crossings,
    istft,
    istft_adjoint,
    overlap_add,
    prepare_all_finite,
    prepare_stft,
    reciprocal_envelope,
    stft,
    stft_adjoint,
)
from .phases import phase_vocoder, phasors, take_phase
from .plans import FilterBank, NativeUnavailableError, Plan, bank_for, plan_for
from .resampling import WIDEST_VECTOR, polyphase
from .responses import responses
from .scaling import scale_values

__all__ = [
    "WIDEST_VECTOR",
    "Call",
    "Descriptors",
    "Fill",
    "FilterBank",
    "Form",
    "NativeUnavailableError",
    "Padding",
    "Plan",
    "Scale",
    "Status",
    "address",
    "all_finite",
    "apply_bank",
    "bank_for",
    "condition",
    "current",
    "describe",
    "descriptors",
    "filtered",
    "filtered_adjoint",
    "form_of",
    "frame_rms",
    "frame_zero_crossings",
    "istft",
    "istft_adjoint",
    "median_filter",
    "mu_encode",
    "num_threads",
    "overlap_add",
    "pcen",
    "phase_vocoder",
    "phasors",
    "plan_for",
    "polyphase",
    "preemphasis",
    "prepare_all_finite",
    "prepare_filtered",
    "prepare_stft",
    "reciprocal_envelope",
    "recording",
    "release_memory",
    "responses",
    "same_bytes",
    "samples_adjacent",
    "scale_values",
    "set_num_threads",
    "status",
    "stft",
    "stft_adjoint",
    "take_phase",
]


def release_memory() -> None:
    """Give back the memory that is kept for the next large output."""
    outputs.release()
    mlx_reuse.release()
