"""A call like an earlier one goes straight to the native kernel.

Between a public function and a kernel stand checks, the choice of a backend and the making of plans. What
they come to depends on the array's kind, dtype, shape and strides, on the options, on the settings, and
beyond that at most on whether the values are finite. For a short clip they take longer than its transform.
So where a function answered with what one native call had made of its first array, that call is kept, and
made again for the next array of the same form.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache, wraps
from types import NoneType
from typing import Any, ClassVar, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import mlx.core as mx
import numpy as np

from ..arrays import is_traced, loaded_torch
from ..callers import reservations
from ..config import Settings, settings
from ..kernels import cpu as native
from ..kernels.cpu import mlx_arrays
from .choices import someone_listens

__all__ = ["Repeats", "always", "if_checked", "kept_of", "repeatable"]

# Calls kept of one function or object; then all are forgotten. Clips of ever another length do not come back.
MOST_FORMS = 64
# Other arrays, a window say, are compared byte by byte: with more bytes it is not worth it.
MOST_BYTES = 1 << 18
_PLAIN = frozenset({bool, int, float, complex, str, type, NoneType})
When = Callable[[Settings], bool]
Function = TypeVar("Function", bound=Callable[..., Any])


class Repeats:
    """Base of a class with `repeatable` methods: changing an attribute of any forgets the calls of all.

    Of all, since one object may be part of another. Arrays that may change in place are compared. What a
    subclass of the user's does is not known, so its calls are not repeated.
    """

    changes: ClassVar[int] = 0

    def __setattr__(self, name: str, value: Any) -> None:
        known = name in self.__dict__ or hasattr(type(self), name)
        super().__setattr__(name, value)
        if known:  # counted after the change: a call that is kept in between is forgotten
            Repeats.changes += 1

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        Repeats.changes += 1

    def _compared(self) -> Iterator[Any]:
        """Yield the arrays that the methods read besides their arguments."""
        return iter(())


class _Asked(NamedTuple):
    """A call: the array, what else it is told by, and the other arrays."""

    x: Any
    key: tuple[Any, ...]
    others: list[Any]


class _State(NamedTuple):
    """What a call depends on besides its arguments."""

    settings: Settings
    library: object
    changes: int


def _state() -> _State:
    return _State(settings(), native.current(), Repeats.changes)


class _View(NamedTuple):
    """How an answer shows the memory that the kernel wrote."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    outer_first: list[int] | None  # its axes in the order of memory; None if that is theirs

    def of_numpy(self, y: np.ndarray) -> np.ndarray:
        return np.ndarray(self.shape, y.dtype, y, 0, self.strides)

    def make(self, _: tuple[int, ...], dtype: np.dtype[Any], fill: native.Fill) -> mx.array:
        """Make the `mx.array` at once, whatever shape the kernel gives its output."""
        if self.outer_first is None:
            return mlx_arrays.filled_again(self.shape, dtype, fill)
        # Not in memory that is used again: the array that stands for it would be gone.
        y = mlx_arrays.filled(tuple(self.shape[axis] for axis in self.outer_first), dtype, fill)
        return y.transpose(*map(self.outer_first.index, range(y.ndim)))


class _Kept(NamedTuple):
    call: native.Call
    is_finite: Callable[[int], bool] | None  # of the values at an address, if that is asked for
    view: _View | None
    strides: tuple[int, ...]
    others: list[np.ndarray]
    state: _State


# Beside the objects, so that they are copied and pickled as ever.
_of_objects: WeakKeyDictionary[Repeats, dict[Any, _Kept]] = WeakKeyDictionary()


def kept_of(thing: Repeats) -> dict[Any, _Kept]:
    """Return the calls that are kept of an object."""
    known = _of_objects.get(thing)
    return _of_objects.setdefault(thing, {}) if known is None else known


@cache
def _is_own(module: str) -> bool:
    return module.partition(".")[0] == "spectro"


def never(settings: Settings) -> bool:
    """Any value will do."""
    return False


def always(settings: Settings) -> bool:
    """The reference refuses others."""
    return True


def if_checked(settings: Settings) -> bool:
    """The native API refuses others if the settings say so."""
    return settings.check_finite


def repeatable(finite: When = never) -> Callable[[Function], Function]:
    """Let a function, or a method of a subclass of `Repeats`, keep its native calls.

    It must depend on nothing but its arguments, the attributes of `self` and the settings, and ask of its
    first array's values nothing but that they be `finite`, in numpy and torch, under some settings: where
    they are not, it is called itself. Its attributes `again`, which may answer None, and `anew` are the two
    halves of a call.
    """

    def decorate(function: Function) -> Function:
        is_method = next(iter(inspect.signature(function).parameters)) == "self"
        of_function: dict[Any, _Kept] = {}

        def known_of(args: tuple[Any, ...]) -> dict[Any, _Kept]:
            return kept_of(args[0]) if is_method else of_function

        def ask(args: tuple[Any, ...], options: dict[str, Any]) -> _Asked | None:
            if someone_listens() or (is_method and not _is_own(type(args[0]).__module__)):
                return None
            asked = _ask(function, args[is_method:], options)
            if asked is not None and is_method:
                asked.others.extend(args[0]._compared())
            return asked

        def again(args: tuple[Any, ...], options: dict[str, Any]) -> Any:
            asked = ask(args, options)
            kept = None if asked is None else known_of(args).get(asked.key)
            return None if asked is None or kept is None else _repeat(kept, asked)

        @wraps(function)
        def anew(*args: Any, **options: Any) -> Any:
            asked = ask(args, options)
            others = None if asked is None else _copies(asked.others)
            if asked is None or others is None:
                return function(*args, **options)
            # Another thread may change any of it meanwhile; then it is not known what the answer came of.
            before, forbidden = _state(), reservations()
            with native.recording() as made:
                answer = function(*args, **options)
            if len(made) != 1 or reservations() != forbidden:
                return answer
            keep = _keep(asked, others, before, answer, made[0], finite(before.settings))
            if keep is not None and _state() == before and _are(others, asked.others):
                known = known_of(args)
                if len(known) >= MOST_FORMS:
                    known.clear()
                known[asked.key] = keep
            return answer

        @wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            answer = again(args, options)
            return anew(*args, **options) if answer is None else answer

        call.again, call.anew = again, anew  # type: ignore[attr-defined]
        return call  # type: ignore[return-value]

    return decorate


def _ask(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> _Asked | None:
    """Take a call apart; None if it has no array, or an argument that cannot be compared."""
    torch = loaded_torch()
    tensor = None if torch is None else torch.Tensor
    x: Any = None
    told: list[Any] = []
    others: list[Any] = []
    for value in (*args, *options.values()):
        kind = type(value)
        if kind in _PLAIN:
            told += (kind, value)  # the type too, since 512.0 equals 512 and is refused
        elif kind is np.ndarray or kind is mx.array or kind is tensor:
            told.append(kind)
            if x is None:
                x = value
            else:
                others.append(value)
        elif kind is tuple and all(type(part) in _PLAIN for part in value):
            told += (*map(type, value), value)
        else:
            return None
    if x is None:
        return None
    return _Asked(x, (function, x.dtype, x.shape, tuple(options), *told), others)


def _values(x: Any) -> np.ndarray | None:
    """Return what lies in memory of an array of any kind; None if its library must see the call."""
    if isinstance(x, np.ndarray):
        return x
    if isinstance(x, mx.array):
        if x.dtype == mx.bfloat16:  # which numpy does not have
            return None
        on_cpu = mx.default_device().type == mx.DeviceType.cpu
        return mlx_arrays.view(x) if on_cpu and not is_traced(x) else None
    try:
        return x.numpy()  # type: ignore[no-any-return]
    except (RuntimeError, TypeError):  # on another device, followed by autograd, lazily conjugate
        return None


def _copies(arrays: list[Any]) -> list[np.ndarray] | None:
    """Return copies by which arrays are known again, whatever happens to them; None if they are too large."""
    found = []
    for array in arrays:
        values = _values(array)
        if values is None or values.nbytes > MOST_BYTES or not values.flags.c_contiguous:
            return None
        found.append(values.copy())
    return found


def _are(copies: list[np.ndarray], arrays: list[Any]) -> bool:
    """Return whether arrays hold what they held when the copies were made."""
    for copy, array in zip(copies, arrays, strict=True):
        values = _values(array)
        if values is None or values.dtype != copy.dtype or values.shape != copy.shape:
            return False
        if values.strides != copy.strides or not native.same_bytes(values, copy):
            return False
    return True


def _repeat(kept: _Kept, asked: _Asked) -> Any:
    """Return what the call that is kept makes of the array, or None if it is not for it as things are now."""
    state = kept.state
    if (
        state.settings is not settings()
        or state.library is not native.current()
        or state.changes != Repeats.changes
        or not _are(kept.others, asked.others)
    ):
        return None
    x = asked.x
    values = _values(x)
    if values is None or values.strides != kept.strides:
        return None
    source = native.address(values)
    if isinstance(x, mx.array):
        return kept.call.at(source, mlx_arrays.filled_again if kept.view is None else kept.view.make)
    if kept.is_finite is not None and not kept.is_finite(source):
        return None
    answer = kept.call.at(source)
    if kept.view is not None:
        answer = kept.view.of_numpy(answer)
    return answer if values is x else loaded_torch().from_numpy(answer)  # type: ignore[union-attr]


def _keep(
    asked: _Asked,
    others: list[np.ndarray],
    state: _State,
    answer: Any,
    record: tuple[native.Call, int, Any],
    finite: bool,
) -> _Kept | None:
    """Return the native call on record, if it took the array and gave the answer; else None."""
    call, source, made = record
    values = _values(asked.x)
    if values is None or native.address(values) != source:
        return None
    answered, written = _values_of_both(answer, made, type(asked.x))
    if answered is None or written is None:
        return None
    # The same memory may have other axes: [T] where the kernel has [1, T], or bins side by side.
    outer_first = sorted(range(answered.ndim), key=lambda axis: -answered.strides[axis])
    turned = answered.transpose(outer_first)
    if not turned.flags.c_contiguous or native.address(turned) != native.address(written):
        return None
    # Compared with what the kernel makes: a function inside this one may have turned what is on record.
    view = None
    if (answered.shape, answered.strides) != (call.shape, call.strides):
        in_order = answered.flags.c_contiguous
        view = _View(answered.shape, answered.strides, None if in_order else outer_first)
    is_finite = None
    if finite and not isinstance(asked.x, mx.array):
        if not values.flags.c_contiguous:
            return None
        is_finite = native.prepare_all_finite(values)
    return _Kept(call, is_finite, view, values.strides, others, state)


def _values_of_both(answer: Any, made: Any, kind: type) -> tuple[np.ndarray, np.ndarray] | tuple[None, None]:
    """Return the values of an answer and of what a kernel made, if they may lie in the same memory."""
    written: Any = made
    if type(answer) is not kind:
        return None, None
    if isinstance(answer, mx.array):
        if type(made) is not kind or answer.dtype != made.dtype or answer.size != made.size:
            return None, None  # before either is evaluated
        written = _values(made)
    answered = _values(answer)
    if (
        answered is None
        or written is None
        or answered.dtype != written.dtype
        or answered.size != written.size
    ):
        return None, None
    return answered, written
