"""Filtered spectrograms of numpy arrays, scaled (``filtered.h``), and their adjoint."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np

from .calls import (
    LAYOUTS,
    NO_PADDING,
    Call,
    Form,
    Make,
    Padding,
    address,
    check,
    describe_form,
    describe_signal,
    form_of,
    frame_count,
    new_numpy,
    output_shape,
    samples_adjacent,
)
from .library import num_threads
from .plans import FilterBank, Plan

_Scale = ctypes.c_double * 10


@dataclass(frozen=True)
class Scale:
    """From powers to values.

    Bands sum ``v = factor * |X|**power``; if `logarithmic`, the value is
    ``multiplier * ln(max(gain * v + bias, floor)) + offset``. With a `range`, :func:`filtered` lifts values
    to that much below the peak of their signal, or of all signals together if `joint`.
    """

    power: float = 2.0
    factor: float = 1.0
    logarithmic: bool = False
    gain: float = 1.0
    bias: float = 0.0
    floor: float = 0.0
    multiplier: float = 1.0
    offset: float = 0.0
    range: float | None = None
    joint: bool = False

    @classmethod
    def decibels(
        cls, *, power: float = 2.0, amin: float = 1e-10, reference: float = 1.0, factor: float = 1.0
    ) -> Scale:
        """10 log10 of a power (20 log10 of a magnitude, power=1), relative to `reference`."""
        unit = (10.0 if power == 2 else 20.0) / float(np.log(10.0))
        return cls(power, factor, True, 1.0, 0.0, amin, unit, -unit * float(np.log(max(amin, reference))))


def scale_array(scale: Scale) -> Any:
    """Return a scale as the kernels take it."""
    s = scale
    below = -1.0 if s.range is None else s.range
    values = (s.power, s.factor, s.logarithmic, s.gain, s.bias, s.floor, s.multiplier, s.offset)
    return _Scale(*values, below, s.joint)


def check_bank(bank: FilterBank, plan: Plan, is_complex: bool = False) -> None:
    """Raise unless the bank fits the plan, and its weights are real or complex as wanted."""
    if bank.is_complex != is_complex:
        raise ValueError(f"the weights must be {'complex' if is_complex else 'real'}")
    if bank.bins != plan.bins or bank.dtype != plan.arithmetic:
        raise ValueError(
            f"filterbank of {bank.bins} bins, {bank.dtype} does not fit {plan.bins} bins, {plan.arithmetic}"
        )


def prepare_filtered(
    plan: Plan,
    bank: FilterBank,
    form: Form,
    *,
    scale: Scale = Scale(),
    padding: Padding = NO_PADDING,
    frames: int | None = None,
    layout: str = "bfn",
) -> Call:
    """Return what :func:`filtered` does to signals of one form."""
    check_bank(bank, plan)
    signal, (batch, length) = describe_form(form, plan, padding), form[1]
    count = frame_count(plan, frames, length, padding)
    return Call(
        function=plan.library.spectro_filtered,
        before=(plan.handle, bank.handle, scale_array(scale)),
        between=(signal, count),
        after=(LAYOUTS[layout],),
        shape=output_shape(layout, batch, bank.bands, count),
        dtype=plan.dtype,
        owners=(plan, bank),
    )


def filtered(plan: Plan, bank: FilterBank, x: np.ndarray, make: Make = new_numpy, **options: Any) -> Any:
    """Filtered spectrogram of x ``[batch, length]``: ``[batch, bands, frames]``, or in "bnf" transposed.

    The options are those of :func:`prepare_filtered`.
    """
    x = samples_adjacent(x)
    return prepare_filtered(plan, bank, form_of(x), **options)(x, make)


def filtered_adjoint(
    plan: Plan,
    bank: FilterBank,
    x: np.ndarray,
    gradient: np.ndarray,
    *,
    scale: Scale = Scale(),
    padding: Padding = NO_PADDING,
    layout: str = "bfn",
    make: Make = new_numpy,
) -> Any:
    """The gradient of :func:`filtered` with respect to x, given that of its output."""
    check_bank(bank, plan)
    if gradient.dtype != plan.dtype:
        raise TypeError(f"gradient must be {plan.dtype} like the plan, got {gradient.dtype}")
    x, shape = describe_signal(x, plan, padding)
    gradient = np.ascontiguousarray(gradient)
    frames = gradient.shape[2 if layout == "bfn" else 1]
    if gradient.shape != output_shape(layout, x.shape[0], bank.bands, frames):
        raise ValueError(
            f"gradient of shape {gradient.shape} does not fit {bank.bands} bands in layout {layout}"
        )

    def fill(out: int) -> None:
        args = (plan.handle, bank.handle, scale_array(scale), address(x), shape, frames)
        args += (address(gradient), LAYOUTS[layout], out)
        check(plan.library.spectro_filtered_adjoint(*args, num_threads()))

    return make(x.shape, plan.dtype, fill)
