"""Runs cases on spectro and judges the results."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import metadata
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

import spectro
from spectro.backends.choices import listening

from . import goldens, references
from .case import Case
from .cases import all_cases
from .kinds import KINDS, Kind, installed, to_numpy
from .references import Answer
from .rule import Verdict, compare, excuse

__all__ = [
    "Result",
    "Spectro",
    "check_device",
    "describe",
    "judge",
    "kinds_of",
    "missing",
    "run",
    "select",
    "use_device",
]


@dataclass(frozen=True)
class Result:
    """One case, run with one kind of array."""

    case: Case
    kind: Kind
    verdict: Verdict

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.verdict.failure


class Spectro:
    """The `ns` of a case's call: `ns.spectro` is the native API, `ns.torch` the compat namespace, ..."""

    def __getattr__(self, name: str) -> ModuleType:
        return spectro if name == "spectro" else importlib.import_module(f"spectro.compat.{name}")


def select(names: Iterable[str] = ()) -> list[Case]:
    """Return the cases of the functions named, by full name, namespace ("torch") or pattern; () for all.

    Raises
    ------
    ValueError
        If a name matches nothing.
    """
    cases = all_cases()
    names = list(names)
    if not names:
        return cases

    def matches(function: str, name: str) -> bool:
        return function == name or function.startswith(f"{name}.") or fnmatchcase(function, name)

    for name in names:
        if not any(matches(case.function, name) for case in cases):
            known = ", ".join(sorted({case.function for case in cases}))
            raise ValueError(f"no function matches {name!r}; there are {known}")
    return [case for case in cases if any(matches(case.function, name) for name in names)]


def missing(case: Case) -> list[str]:
    """Return the optional libraries that the case needs and that are not installed."""
    return [library for library in case.needs if not installed(library)]


def kinds_of(case: Case, torch: bool | None = None) -> list[Kind]:
    """Return the kinds of array to run a case with; torch tensors only where torch is installed."""
    torch = installed("torch") if torch is None else torch
    return [KINDS[name] for name in case.kinds if torch or KINDS[name].library != "torch"]


def check_device(device: str | None) -> None:
    """Raise ValueError if MLX cannot compute on "cpu" or "gpu" here."""
    if device == "gpu" and not mx.is_available(mx.gpu):
        raise ValueError("MLX has no GPU here; leave out --device, or install its Metal or CUDA build")


def describe(live: bool, device: str | None) -> str:
    """Return what is compared with what, for a title."""
    if live:
        names = [name for name in ("torch", "torchaudio", "librosa", "madmom") if installed(name)]
        against = ", ".join(f"{name} {references.version(name)}" for name in names)
    else:
        against = ", ".join(sorted(path.name.replace("-", " ") for path in goldens.FOLDER.iterdir()))
        against = f"goldens of {against}"
    with use_device(device):
        where = mx.default_device().type.name
    versions = f"spectro {spectro.__version__}, MLX {metadata.version('mlx')}"
    return f"{versions} on the {where}, against {against}"


@contextlib.contextmanager
def use_device(device: str | None) -> Iterator[None]:
    """Let MLX compute on "cpu" or "gpu" inside the block."""
    before = mx.default_device()
    if device is not None:
        mx.set_default_device(mx.Device(mx.gpu if device == "gpu" else mx.cpu))
    try:
        yield
    finally:
        mx.set_default_device(before)


def judge(case: Case, kind: Kind, answer: Answer | None) -> Verdict:
    """Run a case with one kind of array and compare the outcome with the reference's answer."""
    if answer is None and case.needs_golden:
        return Verdict(failure="there is no golden; make goldens anew")
    x: Any = None if case.x is None else kind.array(case.x)
    settings: dict[str, Any] = {"arrays": kind.library, "default_dtype": f"float{kind.bits}"}
    if case.reference == "librosa":
        settings["librosa"] = case.release
    with spectro.config(**settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with listening() as choices:
                y = case.call(Spectro(), x, **kind.materialize(case.options))
                values = to_numpy(y)
        except Exception as error:  # whatever is raised is judged, as a value would be
            return Verdict(failure=_judge_error(case, error, answer))
    if case.native and case.bad:
        return Verdict(failure="no error was raised")
    if answer is None or answer.float32 is None or answer.float64 is None:
        raised = answer.error if answer else "an error"
        return Verdict(failure=f"returned {values.dtype} {values.shape}, the reference raised {raised}")
    if not kind.owns(y):
        return Verdict(failure=f"returned a {type(y).__name__}, given a {kind.library} array")
    verdict = compare(values, _as_held_by(kind, answer.float32), answer.float64, kind.bits)
    return excuse(verdict) if any(choice.narrowed for choice in choices) else verdict


def _as_held_by(kind: Kind, reference: np.ndarray) -> np.ndarray:
    """Return the reference's answer in the dtype of the kind: librosa often answers float32 in float64."""
    narrow = {"float64": np.float32, "complex128": np.complex64}.get(reference.dtype.name)
    return reference if narrow is None or kind.library != "mlx" else reference.astype(narrow)


def _judge_error(case: Case, error: Exception, answer: Answer | None) -> str:
    """Return what is wrong with the exception raised, "" if nothing is."""
    said = f"{type(error).__name__}: {error}"
    if case.native and case.bad:
        if not isinstance(error, spectro.SpectroError):
            return f"raised {said}, not a SpectroError"
        missing = [name for name in case.names if name not in str(error)]
        return f"the message names no {', '.join(missing)}: {said}" if missing else ""
    if answer is None or not answer.error:
        return f"raised {said}"
    # A subclass will do: code that catches the reference's class catches it too.
    names = {base.__name__ for base in type(error).__mro__}
    return "" if answer.error in names else f"raised {said}, the reference {answer.error}"


def run(
    cases: Iterable[Case],
    live: bool = False,
    device: str | None = None,
    progress: Callable[[Case], None] = lambda case: None,
) -> list[Result]:
    """Run cases with every kind of array; live against the installed references, else the goldens.

    Cases that need a library that is not installed are left out; so are, live, those of its reference.
    """
    results = []
    with use_device(device):
        for case in cases:
            if missing(case) or (live and not references.available(case)):
                continue
            progress(case)
            answer = None
            if case.needs_golden:
                answer = references.ask(case) if live else goldens.load(case)
            results += [Result(case, kind, judge(case, kind, answer)) for kind in kinds_of(case)]
    return results
