"""What a case is: a function, an input, options, and one call that runs them on any namespace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .signals import Recipe

__all__ = ["ALL_KINDS", "FLOAT", "RELEASES", "Call", "Case"]

Call = Callable[..., Any]
# Of which release of a reference a case is, unless it says so: of those not here, the newest with goldens.
RELEASES = {"librosa": "0.11"}
ALL_KINDS = ("numpy32", "numpy64", "mlx", "torch32", "torch64")


class _Float:
    """Stands in a case's options for the dtype of the run: float32 or float64 of its array library."""

    def __repr__(self) -> str:
        return "FLOAT"


FLOAT = _Float()


@dataclass(frozen=True)
class Case:
    """One call whose result is compared.

    Attributes
    ----------
    function : str
        The mirrored name, "torch.stft", or a native one, "spectro.SpectralTransform.stft".
    reference : {"torch", "torchaudio", "librosa", "madmom"}
        The library whose answer is the golden.
    call : callable
        ``call(ns, x, **options)``, where ``ns.torch``, ``ns.torchaudio``, ... are either the compat
        namespaces or the libraries themselves, and ``ns.spectro`` is the native API. Returns one array.
    x : Recipe, optional
        The input; None for a function without one, such as a window.
    options : mapping
        Values; a `Recipe` among them becomes an array like `x`, and `FLOAT` its dtype.
    oracle : callable, optional
        The same by the reference's functions, for a native function; by default `call`.
    kinds : tuple of str
        The kinds of array to run with (kinds.py).
    bad : bool
        Bad input. A native function must raise a `SpectroError`, whatever the reference does with it.
    names : tuple of str
        What the message of that error must contain: the argument, and the value where it has one.
    needs : tuple of str
        Optional libraries without which the call does not promise the reference's numbers.
    release : str
        Of the reference, "1.0": the version that is asked begins so, and spectro is asked for its numbers
        (``config(librosa="1.0")``).
    """

    function: str
    reference: str
    call: Call = field(repr=False)
    x: Recipe | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    oracle: Call | None = field(default=None, repr=False)
    kinds: tuple[str, ...] = ALL_KINDS
    bad: bool = False
    names: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    release: str = ""

    def __post_init__(self) -> None:
        """Fill in the release."""
        if not self.release:
            object.__setattr__(self, "release", RELEASES.get(self.reference, ""))

    @property
    def native(self) -> bool:
        """Whether the function is spectro's own, not a mirrored one."""
        return self.function.startswith("spectro.")

    @property
    def needs_golden(self) -> bool:
        """Whether a reference is asked at all: not for bad options that no reference has."""
        return not (self.native and self.oracle is None)

    @property
    def key(self) -> str:
        """Input and options as text: the case's name within its function."""
        parts = [] if self.x is None else [str(self.x)]
        parts += [f"{name}={_text(value)}" for name, value in self.options.items()]
        return ("bad: " if self.bad else "") + ", ".join(parts)

    @property
    def id(self) -> str:
        """A name that no other case has."""
        release = "" if self.release == RELEASES.get(self.reference, "") else f"@{self.release}"
        return f"{self.function}{release}[{self.key}]"


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}={_text(item)}" for name, item in value.items()) + "}"
    return repr(value) if isinstance(value, str) else str(value)
