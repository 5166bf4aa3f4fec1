"""What a reference library answers to a case: live, by calling it."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from .case import Case
from .kinds import KINDS, installed, to_numpy
from .rule import compare

__all__ = ["Answer", "Libraries", "ask", "available", "installed", "version"]


@dataclass(frozen=True)
class Answer:
    """A reference's answer: its output in float32 and float64, or the exception it raised.

    `error` is the exception's class name and `bases` are the names of the builtin classes above it.
    """

    float32: np.ndarray | None = None
    float64: np.ndarray | None = None
    error: str = ""
    bases: tuple[str, ...] = ()


class Libraries:
    """The `ns` of a case's call: the reference libraries themselves, imported when first named."""

    def __getattr__(self, name: str) -> ModuleType:
        return importlib.import_module(name)


def available(case: Case) -> bool:
    """Return whether the release of the reference that the case is about is installed."""
    return installed(case.reference) and version(case.reference).startswith(case.release)


def version(reference: str) -> str:
    """Return the installed version, without a local part such as "+cpu"."""
    return str(importlib.import_module(reference).__version__).split("+")[0]


@contextlib.contextmanager
def _precision(reference: str, bits: int) -> Iterator[None]:
    """Let a library make its windows, filterbanks and spectra in the precision of the run."""
    if reference == "librosa":
        yield
        return
    if reference == "madmom":
        with _madmom_precision(bits):
            yield
        return
    import torch

    before, threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_default_dtype(torch.float64 if bits == 64 else torch.float32)
    torch.set_num_threads(1)  # the order of a sum must not depend on the machine's cores
    try:
        yield
    finally:
        torch.set_default_dtype(before)
        torch.set_num_threads(threads)


@contextlib.contextmanager
def _madmom_precision(bits: int) -> Iterator[None]:
    """Let madmom keep spectra and filters in float64: it computes both so, and rounds them to be stored."""
    from madmom.audio import filters, stft

    before = stft.STFT_DTYPE, filters.FILTER_DTYPE
    stft.STFT_DTYPE = np.complex128 if bits == 64 else np.complex64
    filters.FILTER_DTYPE = np.float64 if bits == 64 else np.float32
    try:
        yield
    finally:
        stft.STFT_DTYPE, filters.FILTER_DTYPE = before


def ask(case: Case) -> Answer:
    """Run the case with its reference library, in float32 and in float64.

    Raises
    ------
    RuntimeError
        If the library raises in one precision and not in the other, or if its answers differ by more
        than rounding explains: then they are not answers to the same question.
    """
    call = case.oracle or case.call
    outputs: list[np.ndarray] = []
    errors: list[Exception] = []
    for bits in (32, 64):
        kind = KINDS[f"{'numpy' if case.reference in ('librosa', 'madmom') else 'torch'}{bits}"]
        with _precision(case.reference, bits), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            x: Any = None if case.x is None else kind.array(case.x)
            try:
                outputs.append(to_numpy(call(Libraries(), x, **kind.materialize(case.options))))
            except Exception as error:  # whatever a reference raises is its answer
                errors.append(error)
    if len(errors) == 1:
        raise RuntimeError(f"{case.id}: {case.reference} raised in one precision only") from errors[0]
    if errors:
        if not case.bad:
            raise RuntimeError(f"{case.id}: {case.reference} raised") from errors[0]
        return Answer(error=type(errors[0]).__name__, bases=_builtin_bases(type(errors[0])))
    single, double = outputs
    if single.dtype.kind in "fc" and not case.bad:
        verdict = compare(single, single, double, 32)
        if verdict.reference_error > max(1e-2 * verdict.peak, 1e-6):
            raise RuntimeError(
                f"{case.id}: {case.reference} in float32 is off by {verdict.reference_error:.3g}"
            )
    return Answer(single, double)


def _builtin_bases(error: type[BaseException]) -> tuple[str, ...]:
    return tuple(c.__name__ for c in error.__mro__ if c.__module__ == "builtins" and c is not object)
