"""Stands in for a library that is not installed: the mirrors serve alone.

`import librosa` then gives a module with the names of `spectro.compat.librosa`. A name that is not
mirrored is an AttributeError that says what to install, and whoever only asks whether the library is
there (`importlib.util.find_spec`) still hears that it is not.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ..fallback import STANDS_IN, stands_alone

__all__ = ["find", "remove"]


def find(fullname: str) -> ModuleSpec | None:
    """Return a spec for a stand-in, None if there is no such module among ours.

    Raises
    ------
    LibraryImportError
        If the library's own module would be needed.
    """
    # Above: Finder.find_spec, the import system, and then who asked it.
    if sys._getframe(3).f_globals.get("__name__") == "importlib.util":
        return None  # a question, not an import
    if importlib.util.find_spec(f"spectro.compat.{fullname}") is None:
        return None
    return ModuleSpec(fullname, _StandIn(), is_package=True)  # type: ignore[arg-type] # as in fallback.py


def remove(library: str) -> None:
    """Forget the stand-ins of a library."""
    if stands_alone(library):
        for name in [name for name in sys.modules if name.partition(".")[0] == library]:
            del sys.modules[name]


class _StandIn:
    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        ours = importlib.import_module(f"spectro.compat.{name}")

        def get(attribute: str) -> Any:
            if (name, attribute) == ("torch", "Tensor"):
                return _Tensor
            value = getattr(ours, attribute)
            if isinstance(value, ModuleType) and value.__name__ == f"{ours.__name__}.{attribute}":
                return importlib.import_module(f"{name}.{attribute}")
            return value

        module.__dict__.update({STANDS_IN: True, "__doc__": ours.__doc__, "__getattr__": get})
        module.__dict__["__dir__"] = lambda: [attribute for attribute in dir(ours) if attribute[:1] != "_"]
        module.__dict__["__all__"] = list(getattr(ours, "__all__", ()))


class _Tensor:
    """Stands for `torch.Tensor`: nothing is one, which code that takes several kinds of array asks."""
