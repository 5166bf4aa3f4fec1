"""Settings: process-wide, or for one block of code.

A setting is looked up when a call is made, in this order: the innermost
``with spectro.config(...)`` of the running context, then ``spectro.config(...)``
called as a plain function, then the environment, then the default.
"""

from __future__ import annotations

import os
from contextvars import ContextVar, Token
from dataclasses import dataclass, fields
from functools import lru_cache
from types import TracebackType
from typing import Any, Literal

from .environment import variables
from .errors import ParameterError

__all__ = ["Settings", "config", "settings"]

BackendName = Literal["auto", "metal", "cuda", "cpu", "portable", "torch"]
FallbackMode = Literal["warn", "silent", "error"]
ArrayKind = Literal["mlx", "numpy", "torch"]
DefaultDtype = Literal["auto", "float32", "float64"]
LibrosaRelease = Literal["0.11", "1.0"]


@dataclass(frozen=True)
class Settings:
    """What `settings()` returns: one value for each option of `config`."""

    strict: bool = False
    backend: BackendName = "auto"
    fallback: FallbackMode = "warn"
    arrays: ArrayKind = "mlx"
    default_dtype: DefaultDtype = "auto"
    check_finite: bool = True
    librosa: LibrosaRelease = "0.11"


_CHOICES: dict[str, tuple[Any, ...]] = {
    "strict": (False, True),
    "backend": ("auto", "metal", "cuda", "cpu", "portable", "torch"),
    "fallback": ("warn", "silent", "error"),
    "arrays": ("mlx", "numpy", "torch"),
    "default_dtype": ("auto", "float32", "float64"),
    "check_finite": (False, True),
    "librosa": ("0.11", "1.0"),
}
_RAW_VARIABLES = tuple(f"SPECTRO_{name.upper()}".encode() for name in _CHOICES)
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}

_Changes = tuple[tuple[str, Any], ...]
_process: _Changes = ()
_scoped: ContextVar[_Changes] = ContextVar("spectro_settings", default=())


def _checked(name: str, value: Any, source: str) -> Any:
    if name not in _CHOICES:
        raise ParameterError(f"{source}: unknown setting; known: {', '.join(_CHOICES)}")
    if value not in _CHOICES[name]:
        raise ParameterError(f"{source} must be one of {_CHOICES[name]}, got {value!r}")
    return value


def _from_environment(texts: tuple[bytes | None, ...]) -> dict[str, Any]:
    found = {}
    for name, text in zip(_CHOICES, texts, strict=True):
        if text is not None:
            given = os.fsdecode(text)
            value = _FLAGS.get(given.lower(), given) if _CHOICES[name] == (False, True) else given
            found[name] = _checked(name, value, f"SPECTRO_{name.upper()}")
    return found


@lru_cache(maxsize=64)
def _resolved(texts: tuple[bytes | None, ...], *changes: _Changes) -> Settings:
    values = _from_environment(texts)
    for change in changes:
        values.update(change)
    return Settings(**values)


def settings() -> Settings:
    """Return the settings in force for the running context."""
    return _resolved(variables(_RAW_VARIABLES), _process, _scoped.get())


def _changed(before: _Changes, changes: _Changes) -> _Changes:
    return tuple({**dict(before), **dict(changes)}.items())


class config:  # noqa: N801 - used as a function and as a `with` block, like numpy.errstate
    """Change settings, for the process or for a ``with`` block.

    Parameters
    ----------
    strict : bool
        Compute by the torch (or torchaudio, ...) reference and convert back, bit for bit;
        a call the reference cannot serve is an error. Environment: ``SPECTRO_STRICT``.
    backend : {"auto", "metal", "cuda", "cpu", "portable", "torch"}
        Which backend computes spectra (``SPECTRO_BACKEND``).
    fallback : {"warn", "silent", "error"}
        What a compat namespace does with a name it does not mirror (``SPECTRO_FALLBACK``).
    arrays : {"mlx", "numpy", "torch"}
        What a function without an array argument, such as ``compat.torch.hann_window``,
        returns when no dtype or device says so (``SPECTRO_ARRAYS``).
    default_dtype : {"auto", "float32", "float64"}
        The precision of what a compat namespace makes without being told one, such as a window or
        a filterbank (``SPECTRO_DEFAULT_DTYPE``): "auto" is `torch.get_default_dtype()` where torch
        is loaded, else float32. MLX arrays are made in float32 in any case.
    check_finite : bool
        Whether the native API refuses numpy and torch audio that holds NaN or infinity
        (``SPECTRO_CHECK_FINITE``). A lazy `mx.array` is never evaluated for the check.
    librosa : {"0.11", "1.0"}
        Which release of librosa has the numbers wanted, where the two differ (``SPECTRO_LIBROSA``): decibels
        below the peak of each channel or of all, the phase vocoder, the rates and the highest bins of the
        constant-Q family, Griffin-Lim's random phase, `note_to_hz`. The options that 1.0 adds to these
        functions of `compat.librosa` are understood with "1.0" alone.

    Raises
    ------
    ParameterError
        For an unknown setting or value.

    Examples
    --------
    >>> import spectro
    >>> with spectro.config(strict=True):
    ...     spectro.settings().strict
    True
    >>> spectro.settings().strict
    False
    """

    def __init__(self, **changes: Any) -> None:
        global _process
        self._changes = tuple(
            (name, _checked(name, value, f"config({name}=...)")) for name, value in changes.items()
        )
        self._before = _process
        self._token: Token[_Changes] | None = None
        _process = _changed(_process, self._changes)

    def undo(self) -> None:
        """Take back what this changed for the process, as far as nothing else has changed it since."""
        global _process
        before, now = dict(self._before), dict(_process)
        for name, value in self._changes:
            if now.get(name) != value:
                continue
            del now[name]
            now |= {name: before[name]} if name in before else {}
        _process = tuple(now.items())

    def __enter__(self) -> Settings:
        # Entered as a block: the change belongs to this context alone, so take it back from the process.
        global _process
        _process = self._before
        self._token = _scoped.set(_changed(_scoped.get(), self._changes))
        try:
            return settings()
        except ParameterError:  # a SPECTRO_* variable is wrong: leave nothing changed behind
            _scoped.reset(self._token)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            _scoped.reset(self._token)
            self._token = None


assert {field.name for field in fields(Settings)} == set(_CHOICES)
