"""How librosa's functions are called: every argument by name, arrays among them as recipes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..case import ALL_KINDS, Call, Case
from ..signals import Recipe

__all__ = [
    "DIRECT",
    "NUMPY",
    "NUMPY_BOTH",
    "Function",
    "array",
    "bad",
    "case",
    "each",
    "needing_scipy",
    "single",
]

# Kinds of array of cases whose float32 answer depends on the FFT's precision, and of those without arrays.
DIRECT = ("numpy32", "numpy64", "torch32", "torch64")
NUMPY = ("numpy32",)
NUMPY_BOTH = ("numpy32", "numpy64")


@dataclass(frozen=True)
class Function:
    """A function among the options of a case, with a name that is the same in every process."""

    name: str
    function: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return self.function(*args, **kwargs)

    def __str__(self) -> str:
        return self.name


def array(name: str, values: Any) -> Recipe:
    """Return a recipe for a short array, of floats on a grid of 2^-10."""

    def make() -> np.ndarray:
        found = np.array(values)
        return np.round(found * 1024) / 1024 if found.dtype.kind == "f" else found

    return Recipe(name, make)


def single(name: str, part: int | None = None) -> Call:
    """Return the call of ``librosa.<name>``; `part` picks one answer of several."""

    def call(ns: Any, given: Any, /, part: int | None = part, **options: Any) -> Any:
        function = ns.librosa
        for attribute in name.split("."):
            function = getattr(function, attribute)
        answer = function(**options)
        answer = answer if part is None else answer[part]
        return answer if hasattr(answer, "shape") and answer.shape != () else np.asarray(answer)

    return call


def case(name: str, kinds: tuple[str, ...] = ALL_KINDS, /, **options: Any) -> Case:
    """Return a case of ``librosa.<name>``."""
    needs = ("soxr",) if name in ("resample", "effects.pitch_shift") else ()
    return Case(f"librosa.{name}", "librosa", single(name), None, options, kinds=kinds, needs=needs)


def each(
    name: str, kinds: tuple[str, ...], shared: Mapping[str, Any], variants: Iterable[Mapping[str, Any]]
) -> list[Case]:
    """Return a case for each variant of some shared options."""
    return [case(name, kinds, **{**shared, **variant}) for variant in variants]


def bad(name: str, /, **options: Any) -> Case:
    """Return a case of bad input to ``librosa.<name>``."""
    return Case(f"librosa.{name}", "librosa", single(name), None, options, kinds=NUMPY, bad=True)


def needing_scipy(found: Case) -> Case:
    """Return a case that is left out where scipy is not installed."""
    return replace(found, needs=("scipy",))
