"""What stands where: every attribute that was replaced, and what to put back."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import CellType, FunctionType, ModuleType
from typing import Any

from ...callers import module_is_user

__all__ = ["Bindings", "all_modules", "user_modules"]

_NOTHING = object()
_TABLE = 1000  # entries; what is longer holds data


class Bindings:
    """Attributes of modules and classes that were replaced, in order."""

    def __init__(self) -> None:
        self._before: list[tuple[Any, str, Any, Any]] = []

    def put(self, owner: Any, name: str, value: Any) -> None:
        """Replace an attribute and remember what stood there, if anything did in `owner` itself."""
        before = vars(owner).get(name, _NOTHING)
        setattr(owner, name, value)
        self._before.append((owner, name, before, value))

    def restore(self) -> None:
        """Put everything back, last first; what somebody else has replaced since is left alone."""
        while self._before:
            _put_back(*self._before.pop())

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Put everything back for a block of code."""
        lifted = [entry for entry in reversed(self._before) if _put_back(*entry)]
        try:
            yield
        finally:
            for owner, name, _, value in reversed(lifted):
                setattr(owner, name, value)

    def rebind(self, places: Mapping[int, Callable[[], Any]], modules: Iterable[ModuleType]) -> list[str]:
        """Replace, in some modules, what was imported by name before (keyed by its id).

        Returns
        -------
        list of str
            Where the same objects stand that cannot be replaced: in containers, objects, defaults and
            closures. Looked for in the modules that name a library, or one of these.
        """
        if not places:
            return []
        stuck: dict[str, None] = {}
        libraries = {id(module) for module in all_modules() if not _is_users(module)}
        for module in modules:
            # There may be thousands of modules: sets say quickly which of them are concerned.
            ids = set(map(id, list(vars(module).values())))
            if ids.isdisjoint(places) and ids.isdisjoint(libraries):
                continue
            values = list(vars(module).items())
            for name, value in values:
                if id(value) in places:
                    self.put(module, name, places[id(value)]())
            if _is_users(module):
                for name, value in values:
                    if any(id(held) in places for held in _held(value)):
                        stuck[f"{module.__name__}.{name}"] = None
        return list(stuck)


def _put_back(owner: Any, name: str, before: Any, value: Any) -> bool:
    """Put back what stood in a place, unless somebody has replaced it since."""
    if vars(owner).get(name, _NOTHING) is not value:
        return False
    if before is _NOTHING:
        delattr(owner, name)
    else:
        setattr(owner, name, before)
    return True


def all_modules() -> Iterator[ModuleType]:
    """Yield the modules loaded."""
    return (module for module in list(sys.modules.values()) if isinstance(module, ModuleType))


def user_modules() -> Iterator[ModuleType]:
    """Yield the modules loaded that belong neither to a reference nor to spectro, nor to Python itself."""
    for name, module in list(sys.modules.items()):
        known = isinstance(module, ModuleType) and name.partition(".")[0] not in sys.stdlib_module_names
        if (known or name == "__main__") and module is not None and module_is_user(name):
            yield module


def _is_users(module: ModuleType) -> bool:
    return module_is_user(vars(module).get("__name__"))


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _held(value: Any, depth: int = 3) -> Iterator[Any]:
    """Yield what a value holds that may be called through it later, some levels deep."""
    for part in _parts(value):
        yield part
        if depth > 1:
            yield from _held(part, depth - 1)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        if len(value) <= _TABLE:
            yield from value.values() if isinstance(value, dict) else value
    elif isinstance(value, functools.partial):
        yield value.func
    elif isinstance(value, FunctionType):
        yield from value.__defaults__ or ()
        yield from (value.__kwdefaults__ or {}).values()
        yield from map(_content, value.__closure__ or ())
    elif isinstance(value, type):
        for held in vars(value).values() if module_is_user(value.__module__) else ():
            yield held.__func__ if isinstance(held, (staticmethod, classmethod)) else held
    elif not isinstance(value, ModuleType) and module_is_user(type(value).__module__):
        yield from getattr(value, "__dict__", {}).values()
