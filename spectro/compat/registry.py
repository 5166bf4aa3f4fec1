"""The one list of what is mirrored, and the two cases in which the reference itself serves a call.

    @mirrors("torch.stft", tier=1)
    def stft(...): ...

declares a function or a class; the support matrix, the signature test and the
parity cases read the list. The decorator also sends a call to the reference

- in strict mode, with every array converted to what the reference takes (a torch tensor or a
  numpy array) and the result converted back to the caller's kind, bit for bit;
- where a torch tensor requires grad, since only torch can follow it: a reference that takes
  numpy arrays cannot, and the call is refused.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import os
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from types import FunctionType, MappingProxyType
from typing import Any, TypeVar

import numpy as np

from ..arrays import kind_of, loaded_torch, wants_gradient
from ..config import settings
from ..errors import GradientError, SpectroError
from . import fallback
from .exceptions import as_reference
from .exchange import (
    caller_kind,
    compute_in_numpy,
    device_of,
    from_reference,
    leaves,
    takes_numpy,
    to_reference,
)

__all__ = ["Mirror", "caller_kind", "declared", "find", "mirrored", "mirrors"]

T = TypeVar("T", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mirror:
    """One mirrored name: the reference's full name, how common it is (1 first), and our object.

    `releases` has the functions that stand for it in later releases of the reference, by these.
    """

    name: str
    tier: int
    object: Any
    releases: dict[str, Any] = field(default_factory=dict)

    @property
    def library(self) -> str:
        """The reference library."""
        return self.name.partition(".")[0]

    def reference(self) -> Any:
        """Return the reference's own object.

        Raises
        ------
        LibraryImportError
        """
        module, _, attribute = self.name.rpartition(".")
        return getattr(fallback.load(module), attribute)


_mirrors: dict[str, Mirror] = {}
_DECLARATION = re.compile(rb'^@mirrors\(\s*"([\w.]+)"', re.MULTILINE)


def mirrored(library: str | None = None) -> Mapping[str, Mirror]:
    """Return what is mirrored, of all or of one library, by the reference's name (imports the namespaces)."""
    name = __package__ if library is None else f"{__package__}.{library}"
    if importlib.util.find_spec(name) is None:
        return {}
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = ((name, mirror) for name, mirror in _mirrors.items() if library in (None, mirror.library))
    return MappingProxyType(dict(sorted(found)))


@functools.cache
def _written(library: str) -> frozenset[str]:
    names: set[str] = set()
    for folder, _, files in os.walk(os.path.join(os.path.dirname(__file__), library)):
        for file in files:
            if file.endswith(".py"):
                with open(os.path.join(folder, file), "rb") as text:
                    names.update(name.decode() for name in _DECLARATION.findall(text.read()))
    return frozenset(names)


def declared(library: str) -> list[str]:
    """Return the names that are mirrored, read in the files of the namespace, which is not imported."""
    known = {name for name, mirror in _mirrors.items() if mirror.library == library}
    return sorted(_written(library) | known) or list(mirrored(library))


def find(name: str) -> Mirror:
    """Return what mirrors a name (imports its namespace)."""
    return _mirrors[name] if name in _mirrors else mirrored(name.partition(".")[0])[name]


def mirrors(name: str, tier: int = 1, *, numpy: bool = False, release: str = "") -> Callable[[T], T]:
    """Declare the function or class below as the mirror of the reference's `name`.

    With `numpy`, the function knows numpy only: other arrays are converted, and so is its answer.
    With `release`, a function mirrored already is served by the one below, in numpy or not as it is itself,
    while `config` asks for that release of the reference: ``config(librosa="1.0")``.
    A mirror of a torch module has what `compat.torchaudio._module.Module` offers: `forward`, `buffers`
    and `match`. Of any other class, strict mode makes the reference's own objects.
    """
    library = name.partition(".")[0]

    def declare(thing: T) -> T:
        if release:
            _mirrors[name].releases[release] = thing
            return thing
        releases: dict[str, Any] = {}
        if not isinstance(thing, type):
            served = _mirrored_function(name, thing, numpy, releases)
        elif takes_numpy(library):
            served = _mirrored_class(name, thing)
        else:
            served = _mirrored_module(name, thing)
        served.__mirrors__ = name
        _mirrors[name] = Mirror(name, tier, served, releases)
        return served

    return declare


def _mirrored_function(name: str, function: Any, numpy: bool, releases: Mapping[str, Any]) -> Any:
    library = name.partition(".")[0]
    # What is repeated as it was (backends/repeats.py) needs no reference.
    again, function = getattr(function, "again", None), getattr(function, "anew", function)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if again is not None and (answer := again(args, kwargs)) is not None:
            return answer
        try:
            if _needs_reference(name, args, kwargs):
                return _refer(name, lambda: _mirrors[name].reference(), (args, kwargs))
            body = releases.get(getattr(settings(), library), function) if releases else function
            if numpy:
                return compute_in_numpy(body, args, kwargs)
            with _float_errors(name):
                return body(*args, **kwargs)
        except SpectroError as error:
            raise as_reference(error, library)  # noqa: B904 - the same object

    return call


def _float_errors(name: str) -> AbstractContextManager[None]:
    # torch computes infinities without a word; the libraries on numpy warn as numpy does.
    return nullcontext() if takes_numpy(name.partition(".")[0]) else np.errstate(all="ignore")


def _mirrored_class(name: str, cls: Any) -> Any:
    """In strict mode, let `cls(...)` make the reference's object, computed by the reference for good."""
    # Pickles and reprs name the public place, which stays where it is when files are moved.
    cls.__module__ = f"{__package__}.{name.rpartition('.')[0]}"
    make = cls.__new__
    if make is object.__new__ and cls.__init__ is object.__init__:
        return cls  # a base class: nobody makes one

    @functools.wraps(make)
    def new(kind: Any, *args: Any, **kwargs: Any) -> Any:
        if kind is cls and _needs_reference(name, args, kwargs):
            given, named = _to_reference((args, kwargs), name)
            return _mirrors[name].reference()(*given, **named)
        if make is object.__new__:
            return make(kind)
        return make(kind, *args, **kwargs)

    if "__init__" in vars(cls) and "__new__" not in vars(cls):
        new.__signature__ = inspect.signature(cls.__init__)  # type: ignore[attr-defined] # for readers
    cls.__new__ = new
    return cls


def _mirrored_module(name: str, cls: Any) -> Any:
    init, forward = cls.__init__, cls.forward
    again, forward = getattr(forward, "again", None), getattr(forward, "anew", forward)

    @functools.wraps(init)
    def recorded(self: Any, *args: Any, **kwargs: Any) -> None:
        self.__dict__.setdefault("_arguments", {})[name] = (args, kwargs)
        init(self, *args, **kwargs)

    @functools.wraps(forward)
    def served(self: Any, *args: Any, **kwargs: Any) -> Any:
        if again is not None and (answer := again((self, *args), kwargs)) is not None:
            return answer
        state = tuple(self.buffers())
        if _needs_reference(name, args, kwargs, state):
            twin = functools.partial(_twin, name, self, device_of((args, kwargs, state)))
            return _refer(name, twin, (args, kwargs), state)
        with _float_errors(name):
            return forward(self, *args, **kwargs)

    cls.__init__, cls.forward = recorded, served
    return cls


def _twin(name: str, ours: Any, device: Any) -> Any:
    """Return the reference's object made with the arguments of ours, in the state of ours, on `device`."""
    twins = ours.__dict__.setdefault("_twins", {})
    if name not in twins:
        args, kwargs = _to_reference(ours._arguments[name], name)
        twins[name] = _mirrors[name].reference()(*args, **kwargs)
    ours.match(twins[name])
    return twins[name] if device is None else twins[name].to(device)


def _needs_reference(name: str, *values: Any) -> bool:
    torch = loaded_torch()
    if torch is not None and torch.is_grad_enabled() and _any_requires_grad(values, torch.Tensor):
        if takes_numpy(name.partition(".")[0]):
            raise GradientError(
                f"{name} cannot follow a tensor that requires grad: pass x.detach(), or an mx.array"
            )
        return True
    return settings().strict


def _any_requires_grad(values: Iterable[Any], tensor: type) -> bool:
    """Look for a tensor that requires grad; asked at every call, so without a generator's cost."""
    for value in values:
        if isinstance(value, tensor):
            if value.requires_grad:  # type: ignore[attr-defined] # tensor is torch.Tensor
                return True
        elif isinstance(value, (tuple, list)):
            if _any_requires_grad(value, tensor):
                return True
        elif isinstance(value, dict) and _any_requires_grad(value.values(), tensor):
            return True
    return False


def _refer(name: str, reference: Callable[[], Any], call: Any, state: Any = ()) -> Any:
    """Call the reference with everything converted to its arrays, and convert the answer back."""
    if takes_numpy(name.partition(".")[0]):
        args, kwargs = _to_reference(call, name)
        kind = caller_kind(call) if any(kind_of(leaf) for leaf in leaves(call)) else "numpy"
        return from_reference(reference()(*args, **kwargs), kind, device_of(call))
    fallback.load("torch")
    following = any(wants_gradient(leaf) for leaf in leaves((call, state)))
    kind = "torch" if following else caller_kind(call)
    with _default_dtype():
        args, kwargs = _to_reference(call, name)
        answer = reference()(*args, **kwargs)
    return from_reference(answer, kind)


def _to_reference(value: Any, name: str) -> Any:
    def mirror(item: Any) -> Any:
        # Not of an object, which has the name from its class.
        named = item.__dict__.get("__mirrors__") if isinstance(item, (type, FunctionType)) else None
        return _mirrors[named].reference() if named in _mirrors else item

    return to_reference(value, name.partition(".")[0], mirror)


@contextmanager
def _default_dtype() -> Iterator[None]:
    """Give torch the default dtype of `config(default_dtype=...)` for the block."""
    wanted = settings().default_dtype
    if wanted == "auto":
        yield
        return
    torch: Any = fallback.load("torch")
    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, wanted))
    try:
        yield
    finally:
        torch.set_default_dtype(before)
