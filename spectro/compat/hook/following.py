"""When the reference must see a call itself, though spectro mirrors it.

madmom's arrays and processors are made of each other, and its code asks for their classes: half of a
pipeline in our classes would not fit the other half, so what its objects take part in is madmom's.

torch watches its tensors in many ways: autograd records operations, autocast changes their precision,
tracers and `torch.func` run code with tensors that have no values. Where it watches, an answer that was
computed elsewhere would be wrong or cut off, and the call goes to the library as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ...arrays import kind_of, loaded_torch, wants_gradient
from ...config import settings
from ..exchange import takes_numpy

__all__ = ["GRADIENT", "OWN_OBJECTS", "compiling", "reason"]

OWN_OBJECTS = "madmom's objects stay its own: import spectro.compat.madmom to have them served"
GRADIENT = "the tensor requires grad: torch computes, and records, it"
_DISPATCHED = "torch dispatches on it: a tensor subclass, a tracer, or a mode such as set_default_device"
_SIMPLE = frozenset({int, float, str, bool, type(None)})


def _never() -> bool:
    return False


def compiling() -> bool:
    """Return whether `torch.compile` or `torch.export` reads the code that runs."""
    torch = loaded_torch()
    return False if torch is None else _compiling(torch)()


@lru_cache(maxsize=4)
def _compiling(torch: Any) -> Callable[[], bool]:
    return getattr(getattr(torch, "compiler", None), "is_compiling", _never)


@lru_cache(maxsize=4)
def _watchers(torch: Any) -> tuple[tuple[Callable[[], Any], Callable[[Any], bool], str], ...]:
    """Return what asks this version of torch whether it watches, and what to say if it does."""
    asks = (
        ("_C._len_torch_function_stack", bool, _DISPATCHED),
        ("_C._is_any_autocast_enabled", bool, "torch.autocast is on"),
        ("_C._get_tracing_state", _some, "torch.jit traces the call"),
        ("_C._len_torch_dispatch_stack", bool, "a torch dispatch mode is on"),
        ("_C._functorch.peek_interpreter_stack", _some, "torch.func transforms the call"),
    )
    found = []
    for path, holds, why in asks:
        ask: Any = torch
        for part in path.split("."):
            ask = getattr(ask, part, None)
        if ask is not None:
            found.append((ask, holds, why))
    return tuple(found)


def _some(state: Any) -> bool:
    return state is not None


def reason(library: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[str, bool]:
    """Return why the reference itself must serve a call, "" if spectro can; and whether it has an array."""
    why = "config(strict=True)" if settings().strict else ""
    if library == "madmom" and any(type(x).__module__[:6] == "madmom" for x in (*args, *kwargs.values())):
        why = OWN_OBJECTS
    torch: Any = loaded_torch()
    tensors: list[Any] = []
    arrays = _sort((*args, *kwargs.values()), torch, tensors)
    if why or torch is None or (takes_numpy(library) and not tensors):
        return why, arrays
    if takes_numpy(library):
        return f"{library} takes numpy arrays, not tensors", arrays
    return _why_torch(torch, tensors), arrays or bool(tensors)


def _sort(values: Iterable[Any], torch: Any, tensors: list[Any]) -> bool:
    """Collect what torch may watch; return whether there is an array of another library."""
    arrays = False
    for value in values:
        kind = type(value)
        if kind in _SIMPLE:
            continue
        if torch is not None and kind is torch.Tensor:
            tensors.append(value)
        elif kind in (tuple, list):
            arrays |= _sort(value, torch, tensors)
        elif kind is dict:
            arrays |= _sort(value.values(), torch, tensors)
        elif kind_of(value) in ("numpy", "mlx"):
            arrays = True
        elif hasattr(kind, "__torch_function__"):
            tensors.append(value)
    return arrays


def _why_torch(torch: Any, tensors: list[Any]) -> str:
    for tensor in tensors:
        if type(tensor) is not torch.Tensor and not isinstance(tensor, (torch.nn.Parameter, torch.nn.Buffer)):
            return _DISPATCHED
        if wants_gradient(tensor):
            return GRADIENT
        if tensor.layout is not torch.strided or tensor.is_meta:
            return f"a tensor that is {tensor.layout} on {tensor.device.type}"
    if tensors and torch.autograd.forward_ad._current_level >= 0:
        return "torch's forward-mode derivatives are on"
    for ask, holds, why in _watchers(torch):
        if holds(ask()):
            return why
    return ""
