"""The one list of what is mirrored, and the two cases in which the reference itself serves a call.

    @mirrors("torch.stft", tier=1)
    def stft(...): ...

declares a function or a class; the support matrix, the signature test and the
parity cases read the list. The decorator also sends a call to the reference

- in strict mode, with every array converted to a torch tensor and the result
  converted back to the caller's kind, bit for bit;
- where a torch tensor requires grad, since only torch can follow it.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import mlx.core as mx
import numpy as np

from ..arrays import from_torch, kind_asked, kind_of, to_torch, torch_dtype, wants_gradient
from ..config import settings
from . import fallback

__all__ = ["Mirror", "caller_kind", "mirrored", "mirrors"]

T = TypeVar("T", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mirror:
    """One mirrored name: the reference's full name, how common it is (1 first), and our object."""

    name: str
    tier: int
    object: Any

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


def mirrored() -> Mapping[str, Mirror]:
    """Return everything that is mirrored, by the reference's name (imports all namespaces)."""
    package = importlib.import_module(__package__)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return MappingProxyType(dict(sorted(_mirrors.items())))


def mirrors(name: str, tier: int = 1) -> Callable[[T], T]:
    """Declare the function or class below as the mirror of the reference's `name`.

    A class needs what `compat.torchaudio._module.Module` offers: `forward`, `buffers` and `match`.
    """

    def declare(thing: T) -> T:
        served = _mirrored_class(name, thing) if isinstance(thing, type) else _mirrored_function(name, thing)
        served.__mirrors__ = name
        _mirrors[name] = Mirror(name, tier, served)
        return served

    return declare


def _mirrored_function(name: str, function: Any) -> Any:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if _needs_reference((args, kwargs)):
            return _refer(lambda: _mirrors[name].reference(), (args, kwargs))
        with np.errstate(all="ignore"):  # the references compute infinities without a word
            return function(*args, **kwargs)

    return call


def _mirrored_class(name: str, cls: Any) -> Any:
    init, forward = cls.__init__, cls.forward

    @functools.wraps(init)
    def recorded(self: Any, *args: Any, **kwargs: Any) -> None:
        self.__dict__.setdefault("_arguments", {})[name] = (args, kwargs)
        init(self, *args, **kwargs)

    @functools.wraps(forward)
    def served(self: Any, *args: Any, **kwargs: Any) -> Any:
        state = tuple(self.buffers())
        if _needs_reference((args, kwargs, state)):
            return _refer(lambda: _twin(name, self, _device((args, kwargs, state))), (args, kwargs), state)
        with np.errstate(all="ignore"):
            return forward(self, *args, **kwargs)

    cls.__init__, cls.forward = recorded, served
    return cls


def _twin(name: str, ours: Any, device: Any) -> Any:
    """Return the reference's object made with the arguments of ours, in the state of ours, on `device`."""
    twins = ours.__dict__.setdefault("_twins", {})
    if name not in twins:
        args, kwargs = _to_reference(ours._arguments[name])
        twins[name] = _mirrors[name].reference()(*args, **kwargs)
    ours.match(twins[name])
    return twins[name] if device is None else twins[name].to(device)


def _device(values: Any) -> Any:
    """Return the device of the first torch tensor among `values`."""
    return next((leaf.device for leaf in _leaves(values) if kind_of(leaf) == "torch"), None)


def _leaves(value: Any) -> Iterator[Any]:
    if not isinstance(value, (tuple, list, dict)):
        yield value
        return
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, (tuple, list, dict)):
            yield from _leaves(item)
        else:
            yield item


def _needs_reference(values: Any) -> bool:
    return settings().strict or any(wants_gradient(leaf) for leaf in _leaves(values))


def caller_kind(values: Any) -> str:
    """Return the library of the answer: that of the first array, dtype or device, else the setting's."""
    leaves = list(_leaves(values))
    for find in (kind_of, kind_asked):
        found = next((kind for kind in map(find, leaves) if kind is not None), None)
        if found is not None:
            return found
    return settings().arrays


def _refer(reference: Callable[[], Any], call: Any, state: Any = ()) -> Any:
    """Call the reference with everything converted to torch, and convert the answer back."""
    fallback.load("torch")
    following = any(wants_gradient(leaf) for leaf in _leaves((call, state)))
    kind = "torch" if following else caller_kind(call)
    with _default_dtype():
        args, kwargs = _to_reference(call)
        answer = reference()(*args, **kwargs)
    return from_torch(answer, kind)


def _to_reference(value: Any) -> Any:
    device = _device(value)

    def convert(item: Any) -> Any:
        if isinstance(item, Mapping):
            return {key: convert(part) for key, part in item.items()}
        if isinstance(item, (tuple, list)):
            return type(item)(map(convert, item))
        if kind_of(item) is not None:
            return to_torch(item, device)
        if isinstance(item, (mx.Device, mx.DeviceType)):
            return "cpu"  # where the reference computes for MLX's arrays
        if kind_asked(item) in ("numpy", "mlx"):
            return torch_dtype(item)
        mirror = _mirrors.get(getattr(item, "__mirrors__", ""))
        return item if mirror is None else mirror.reference()

    return convert(value)


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
