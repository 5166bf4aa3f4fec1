"""Responses of complex filters given by their spectra (``responses.h``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .calls import NO_PADDING, Make, Padding, address, check, describe_signal, frame_count, new_numpy
from .filtering import check_bank
from .library import num_threads
from .plans import FilterBank, Plan


def responses(
    plan: Plan,
    bank: FilterBank,
    x: np.ndarray,
    *,
    padding: Padding = NO_PADDING,
    frames: int | None = None,
    make: Make = new_numpy,
) -> Any:
    """Apply complex filters to the spectra of x ``[batch, length]``: ``[batch, bands, frames]``."""
    check_bank(bank, plan, is_complex=True)
    x, shape = describe_signal(x, plan, padding)
    count = frame_count(plan, frames, x.shape[1], padding)

    def fill(out: int) -> None:
        args = (plan.handle, bank.handle, address(x), shape, count, out)
        check(plan.library.spectro_responses(*args, num_threads()))

    return make((x.shape[0], bank.bands, count), plan.complex_dtype, fill)
