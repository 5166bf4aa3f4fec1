"""Sees the references' modules load, and stands in for a library that is not installed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ..fallback import stands_alone
from . import absent

__all__ = ["Finder"]


class Finder:
    """First in `sys.meta_path`: asks the finders after it, and calls `loaded` when a module is there."""

    def __init__(self, libraries: Collection[str], loaded: Callable[[ModuleType], None]) -> None:
        self._libraries = frozenset(libraries)
        self._loaded = loaded
        self._asking = threading.local()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of a library by Python's own finders, and watch it load."""
        library = fullname.partition(".")[0]
        if library not in self._libraries or fullname in vars(self._asking):
            return None
        setattr(self._asking, fullname, True)
        try:
            spec = None if stands_alone(library) else self._ask(fullname, path, target)
        finally:
            delattr(self._asking, fullname)
        if spec is None and (fullname == library or stands_alone(library)):
            spec = absent.find(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Watched(spec.loader, self._loaded)  # type: ignore[assignment] # as in fallback.py
        return spec

    def _ask(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        for finder in list(sys.meta_path):
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                return spec
        return None


class _Watched:
    """A module's loader, which says when it has loaded it."""

    def __init__(self, loader: Any, loaded: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._then = loaded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Let the loader make the module."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module as if only its own loader were there, then call `loaded`."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._then(module)
