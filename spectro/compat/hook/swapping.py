"""Puts spectro in the place of what it mirrors, in the modules of one library.

A function is replaced by a wrapper (calls.py) wherever the library shows it: under the mirrored name, in
the module that defines it and in the packages above, so that every way to import it finds the same.
A torch module keeps its class, whose `forward` is replaced (objects.py).

librosa loads its modules when they are first used. A wrapper that stands there already keeps it so: as
long as no call is passed on, librosa's own code, and numba and scikit-learn with it, is never loaded.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from ..fallback import stands_alone
from ..registry import Mirror, mirrored
from . import calls
from .bindings import Bindings
from .calls import Swap, is_swapped
from .following import OWN_OBJECTS
from .objects import Twins
from .profile import Profile
from .scripting import shield
from .spectral import is_spectral

__all__ = ["Library"]


class Library:
    """One reference library.

    Attributes
    ----------
    swaps : dict
        What has been replaced so far, by the reference's names.
    """

    def __init__(
        self, name: str, bindings: Bindings, profile: Profile | None, say: Callable[[str], None] | None
    ) -> None:
        self.name = name
        self.swaps: dict[str, Swap] = {}
        self._bindings = bindings
        self._profile = profile
        self._say = say
        self._wrappers: dict[str, Any] = {}
        self._mirrors: dict[str, list[Mirror]] = {}  # by the module they stand in
        self._names: dict[str, list[str]] = {}  # the mirrored names, by their last parts

    def loaded(self, module: ModuleType) -> None:
        """Replace what is mirrored in a module that has been loaded; nothing before the library is whole."""
        top = sys.modules.get(self.name)
        if top is None or (getattr(top.__spec__, "_initializing", False) and top is not module):
            return
        parts = [module]
        if module is top or not self._mirrors:
            self._read_registry()
            prefix = f"{self.name}."
            parts = [
                top,
                *(m for n, m in list(sys.modules.items()) if n.startswith(prefix) and m is not None),
            ]
        for part in parts:
            self._put_mirrors(part)
        for part in parts:
            self._put_late(part)
            self._watch(part)
        if self.name in ("torch", "torchaudio"):
            shield(self._bindings)

    def wrapper_of(self) -> dict[int, Callable[[], Any]]:
        """Return what gives the wrapper for each original that is known, by its id."""
        known = {name: vars(self.swaps[name]).get("original") for name in self._wrappers}
        return {
            id(original): partial(self._wrappers.__getitem__, name)
            for name, original in known.items()
            if original is not None
        }

    def original_of(self) -> dict[int, Callable[[], Any]]:
        """Return what gives the original for each wrapper, by its id."""
        return {id(wrapper): partial(self._original, name) for name, wrapper in self._wrappers.items()}

    def _read_registry(self) -> None:
        by_module, by_leaf = defaultdict(list), defaultdict(list)
        for mirror in mirrored(self.name).values():
            module, _, leaf = mirror.name.rpartition(".")
            by_module[module].append(mirror)
            by_leaf[leaf].append(mirror.name)
        self._mirrors, self._names = by_module, by_leaf

    def _swap(self, name: str, ours: Any, original: Any, find: Callable[[], Any] | None = None) -> Swap:
        swap = self.swaps[name] = Swap(name, ours, find, self._profile, self._say)
        if original is not None:
            swap.original = original
        if stands_alone(self.name):
            swap.arrays = "numpy"
        return swap

    # What is mirrored

    def _put_mirrors(self, module: ModuleType) -> None:
        for mirror in self._mirrors.get(module.__name__, ()):
            leaf = mirror.name.rpartition(".")[2]
            theirs = vars(module).get(leaf)
            if is_swapped(theirs) or (theirs is None and leaf not in dir(module)):
                continue  # done already, or a name that this version of the library does not have
            if isinstance(mirror.object, type):
                self._put_class(mirror, getattr(module, leaf))
            else:
                self._put_function(mirror, module, theirs)

    def _put_function(self, mirror: Mirror, module: ModuleType, theirs: Any) -> None:
        leaf = mirror.name.rpartition(".")[2]

        def find() -> Any:
            # What the module's own __getattr__ answers, behind our back: librosa keeps it where we stand.
            before = vars(module).get(leaf)
            found = vars(module)["__getattr__"](leaf)
            if before is wrapper:
                setattr(module, leaf, wrapper)
            return found

        swap = self._swap(mirror.name, mirror.object, theirs, find)
        wrapper = self._wrappers[mirror.name] = calls.function(swap)
        self._bindings.put(module, leaf, wrapper)
        if theirs is not None:
            self._put_aliases(mirror.name)

    def _put_class(self, mirror: Mirror, theirs: Any) -> None:
        if not hasattr(mirror.object, "adopt"):
            self._watch_class(mirror.name, theirs)
            return
        if is_swapped(vars(theirs).get("forward")):
            return
        swap = self._swap(mirror.name, mirror.object, theirs)
        if theirs is mirror.object:  # it stands in for a class that is not installed
            self._bindings.put(theirs, "forward", calls.own_method(swap, theirs.forward))
            return
        twins = Twins(mirror.object)
        self._bindings.put(theirs, "__init__", twins.recording(theirs.__init__))
        self._bindings.put(theirs, "forward", calls.method(swap, theirs.forward, twins.of))

    # The same functions under other names

    def _put_aliases(self, name: str) -> None:
        """Put a wrapper where else the library has its original: at its definition and above."""
        original, wrapper = self.swaps[name].original, self._wrappers[name]
        leaf = name.rpartition(".")[2]
        parts = (getattr(original, "__module__", None) or "").split(".")
        for n in range(len(parts), 0, -1):
            module = sys.modules.get(".".join(parts[:n]))
            if module is not None and vars(module).get(leaf) is original:
                self._bindings.put(module, leaf, wrapper)
        if self.name == "torch":
            self._put_tensor_method(name, leaf)

    def _put_tensor_method(self, name: str, leaf: str) -> None:
        """Replace the method that torch gives tensors by the name of a function: x.stft(...)."""
        tensor: Any = getattr(sys.modules["torch"], "Tensor", None)
        theirs = vars(tensor).get(leaf) if tensor is not None else None
        if callable(theirs) and not is_swapped(theirs):
            swap = self._swap(f"torch.Tensor.{leaf}", self.swaps[name].ours, theirs)
            wrapper = self._wrappers[swap.name] = calls.function(swap)
            self._bindings.put(tensor, leaf, wrapper)

    def _put_late(self, module: ModuleType) -> None:
        """Find, in a module loaded late or anew, the definitions of what is swapped elsewhere."""
        for leaf in self._names.keys() & vars(module).keys():
            found = vars(module)[leaf]
            if is_swapped(found) or getattr(found, "__module__", None) != module.__name__:
                continue
            for name in self._names[leaf]:
                if name not in self.swaps or _place(self._original(name)) != _place(found):
                    continue
                if isinstance(found, type):  # of a module that was reloaded
                    self._put_class(self._mirror(name), found)
                else:
                    self.swaps[name].original = found
                    self._put_aliases(name)

    def _mirror(self, name: str) -> Mirror:
        return next(m for m in self._mirrors[name.rpartition(".")[0]] if m.name == name)

    def _original(self, name: str) -> Any:
        try:
            return self.swaps[name].original
        except (AttributeError, ImportError):  # the module that has it is being loaded itself
            return None

    # What is not mirrored

    def _watch(self, module: ModuleType) -> None:
        """Have an eye on the spectral functions and modules that nobody mirrors."""
        if not is_spectral(module.__name__):
            return
        for leaf, theirs in list(vars(module).items()):
            if leaf.startswith("_") or getattr(theirs, "__module__", None) != module.__name__:
                continue
            name = f"{module.__name__}.{leaf}"
            forward = vars(theirs).get("forward") if isinstance(theirs, type) else None
            if isinstance(theirs, FunctionType) and not is_swapped(theirs):
                swap = self._swap(name, None, theirs)
                wrapper = self._wrappers[name] = calls.observed(swap, theirs)
                self._bindings.put(module, leaf, wrapper)
            elif forward is not None and not is_swapped(forward):
                swap = self._swap(name, None, theirs)
                self._bindings.put(theirs, "forward", calls.observed(swap, forward, of_module=True))

    def _watch_class(self, name: str, theirs: Any) -> None:
        """Have an eye on a class of madmom's: its objects stay its own (following.py says why)."""
        own = theirs.__module__.partition(".")[0] == self.name  # not our stand-in
        if not own or not is_spectral(theirs.__module__):
            return
        make, process = vars(theirs).get("__new__"), vars(theirs).get("process")
        if isinstance(make, staticmethod) and not is_swapped(make.__func__):
            swap = self._swap(name, None, theirs)
            self._bindings.put(
                theirs, "__new__", staticmethod(calls.observed(swap, make.__func__, why=OWN_OBJECTS))
            )
        elif isinstance(process, FunctionType) and not is_swapped(process):
            swap = self._swap(name, None, theirs)
            self._bindings.put(
                theirs, "process", calls.observed(swap, process, of_module=True, why=OWN_OBJECTS)
            )


def _place(thing: Any) -> tuple[Any, Any]:
    """Return where a function is defined."""
    return getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
