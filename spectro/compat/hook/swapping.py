"""Puts spectro in the place of what it mirrors, in the modules of one library.

A function is replaced by a wrapper (calls.py) wherever the library shows it: under the mirrored name, in
the module that defines it and in the packages above, so that every way to import it finds the same.
A torch module keeps its class, whose `forward` is replaced (objects.py).

Nothing of ours is imported before it is used: what is mirrored is read in the files that declare it.

librosa loads its modules when they are first used too. A wrapper that is made when its name is asked for
keeps it so: as long as no call is passed on, librosa's own code, and numba and scikit-learn with it, is
never loaded.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial, wraps
from types import FunctionType, ModuleType
from typing import Any

from ..fallback import stands_alone
from ..registry import declared, find
from . import calls
from .bindings import Bindings
from .calls import Swap, is_swapped, mark
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
        self._mirrors: dict[str, list[str]] = {}  # the mirrored names, by the module they stand in
        self._names: dict[str, list[str]] = {}  # and by their last parts

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
        for name in declared(self.name):
            module, _, leaf = name.rpartition(".")
            by_module[module].append(name)
            by_leaf[leaf].append(name)
        self._mirrors, self._names = by_module, by_leaf

    def _swap(
        self,
        name: str,
        ours: Callable[[], Any] | None,
        original: Any,
        find: Callable[[], Any] | None = None,
    ) -> Swap:
        swap = self.swaps[name] = Swap(name, ours, find, self._profile, self._say)
        if original is not None:
            swap.original = original
        if stands_alone(self.name):
            swap.arrays = "numpy"
        return swap

    # What is mirrored

    def _put_mirrors(self, module: ModuleType) -> None:
        late = {}
        for name in self._mirrors.get(module.__name__, ()):
            leaf = name.rpartition(".")[2]
            theirs = vars(module).get(leaf)
            if theirs is None:
                late[leaf] = name
            elif isinstance(theirs, type):
                self._put_class(name, theirs)
            elif not is_swapped(theirs):
                self._put_function(name, module, theirs)
        if late:
            self._wait(module, late)

    def _wait(self, module: ModuleType, late: Mapping[str, str]) -> None:
        """Put wrappers where a module makes its names when they are asked for, when ours is."""
        theirs = vars(module).get("__getattr__")
        if theirs is None or is_swapped(theirs):
            return  # names that this version of the library does not have; done already

        @wraps(theirs)
        def get(leaf: str) -> Any:
            if leaf not in late or leaf not in dir(module):
                return theirs(leaf)
            if isinstance(self._ours(late[leaf]), type):
                self._put_class(late[leaf], theirs(leaf))
                return theirs(leaf)
            return self._put_function(late[leaf], module, None, theirs)

        self._bindings.put(module, "__getattr__", mark(get))

    def _put_function(
        self, name: str, module: ModuleType, theirs: Any, get: Callable[[str], Any] | None = None
    ) -> Any:
        """Put a wrapper in a module, whose own function is `theirs`, or what `get` will answer."""
        leaf = name.rpartition(".")[2]

        def their_own() -> Any:
            # What the module's own __getattr__ answers, behind our back: librosa keeps it where we stand.
            assert get is not None
            before = vars(module).get(leaf)
            found = get(leaf)
            if before is wrapper:
                setattr(module, leaf, wrapper)
            return found

        swap = self._swap(name, partial(self._ours, name), theirs, their_own)
        wrapper = calls.function(swap, self._ours(name) if theirs is None else theirs)
        self._wrappers[name] = wrapper
        self._bindings.put(module, leaf, wrapper)
        if theirs is not None:
            self._put_aliases(name)
        return wrapper

    def _put_class(self, name: str, theirs: Any) -> None:
        if not hasattr(theirs, "forward"):
            self._watch_class(name, theirs)
            return
        if is_swapped(vars(theirs).get("forward")):
            return
        swap = self._swap(name, partial(self._ours, name), theirs)
        if stands_alone(self.name):
            self._bindings.put(theirs, "forward", calls.own_method(swap, theirs.forward))
            return
        twins = Twins(partial(self._ours, name))
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
            swap = self._swap(f"torch.Tensor.{leaf}", partial(self._ours, name), theirs)
            wrapper = self._wrappers[swap.name] = calls.function(swap, theirs)
            self._bindings.put(tensor, leaf, wrapper)

    def _put_late(self, module: ModuleType) -> None:
        """Find, in a module loaded late or anew, the definitions of what is swapped elsewhere."""
        for leaf in self._names.keys() & vars(module).keys():
            found = vars(module)[leaf]
            if is_swapped(found) or getattr(found, "__module__", None) != module.__name__:
                continue
            for name in self._names[leaf]:
                if _place(self._original(name)) != _place(found):
                    continue
                if isinstance(found, type):  # of a module that was reloaded
                    self._put_class(name, found)
                else:
                    self.swaps[name].original = found
                    self._put_aliases(name)

    @staticmethod
    def _ours(name: str) -> Any:
        return find(name).object

    def _original(self, name: str) -> Any:
        module, _, leaf = name.rpartition(".")
        if name not in self.swaps and module in sys.modules:
            getattr(sys.modules[module], leaf, None)  # a name that waits to be asked for (_wait)
        try:
            return self.swaps[name].original if name in self.swaps else None
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
            if not is_spectral(module.__name__, leaf):
                continue
            name = f"{module.__name__}.{leaf}"
            forward = vars(theirs).get("forward") if isinstance(theirs, type) else None
            if isinstance(theirs, FunctionType) and not is_swapped(theirs):
                swap = self._swap(name, None, theirs)
                wrapper = self._wrappers[name] = calls.observed(swap, theirs)
                self._bindings.put(module, leaf, wrapper)
                self._put_aliases(name)
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
