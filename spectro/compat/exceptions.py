"""Exceptions that are a reference's and ours at once.

The core raises spectro's own classes. Where a reference has classes of its own for the same, code moved to
its namespace may meet both: ours from what is mirrored, the reference's from what falls through to it.
A namespace says which of ours stands for which of its reference's:

    __getattr__ = fall_through(__name__, "librosa", exceptions={"ParameterError": ParameterError})

- Asked for such a name, it answers with the reference's class where the reference is installed, so that
  `except` finds what the reference raises, and with ours where it is not.
- An error that leaves a mirrored function gets a class derived from both (`as_reference`), so that the same
  `except` finds it, and so does `except spectro.SpectroError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import LibraryImportError, SpectroError

__all__ = ["as_reference", "declare", "resolve"]

Load = Callable[[str], Any]

# Library -> what imports a module of it, the module that has the classes, and ours by their names there.
_declared: dict[str, tuple[Load, str, Mapping[str, type[SpectroError]]]] = {}
_made: dict[tuple[type[SpectroError], type[Exception]], type[SpectroError]] = {}


def declare(load: Load, module: str, classes: Mapping[str, type[SpectroError]]) -> None:
    """Let `classes` of ours stand for those of the same names in the reference's `module`."""
    _declared[module.partition(".")[0]] = (load, module, classes)


def resolve(library: str, name: str) -> type[Exception]:
    """Return the reference's exception `name`, or ours where the reference is not installed.

    The reference is imported for it: no sooner than somebody asks, or fails.
    """
    load, module, classes = _declared[library]
    try:
        found = getattr(load(module), name, None)
    except LibraryImportError:
        found = None
    return classes[name] if found is None else found


def as_reference(error: SpectroError, library: str) -> SpectroError:
    """Return `error`, made an instance of the reference's class too if that has one for it.

    It stays the same object, with its traceback. Pickled, it becomes the reference's own.
    """
    classes = _declared[library][2] if library in _declared else {}
    names = {cls: name for name, cls in classes.items()}
    name = next((names[cls] for cls in type(error).__mro__ if cls in names), None)
    if name is not None:
        theirs = resolve(library, name)
        if not isinstance(error, theirs):
            error.__class__ = _both(type(error), theirs)
    return error


def _both(ours: type[SpectroError], theirs: type[Exception]) -> type[SpectroError]:
    if (ours, theirs) not in _made:
        _made[ours, theirs] = _make(ours, theirs)
    return _made[ours, theirs]


def _make(ours: type[SpectroError], theirs: type[Exception]) -> type[SpectroError]:
    def as_theirs(self: Exception) -> Any:
        return theirs, self.args

    members = {"__module__": theirs.__module__, "__doc__": ours.__doc__, "__reduce__": as_theirs}
    return type(theirs.__name__, (ours, theirs), members)
