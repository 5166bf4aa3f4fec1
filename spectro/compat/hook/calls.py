"""What a swapped name does when it is called: it asks who calls, then serves the call or passes it on.

user code     -> spectro, unless torch itself must see the call (following.py)
a reference   -> its own function, as if nothing were swapped
"""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Callable
from time import perf_counter
from types import FunctionType
from typing import Any

from ...arrays import wants_gradient
from ...backends.choices import listening
from ...callers import is_user, user_behind
from ...config import config
from ...errors import FallbackError
from ..exchange import takes_numpy
from ..fallback import announce
from . import following
from .profile import Profile

__all__ = ["Swap", "function", "is_swapped", "mark", "method", "observed", "own_method"]


# By identity: a mark on the function would be copied by whoever decorates it (functools.wraps).
_made: weakref.WeakSet[Any] = weakref.WeakSet()


class Swap:
    """One name of a reference, and what serves it.

    Attributes
    ----------
    name : str
        The reference's full name, "librosa.feature.mfcc".
    ours : callable, optional
        What serves it, imported when it is first needed; None for a name that spectro does not mirror,
        whose calls are only watched.
    profile : Profile, optional
        Where calls are counted.
    active : bool
        False once uninstalled: names that somebody still holds are the reference's own again.
    """

    def __init__(
        self,
        name: str,
        ours: Callable[[], Any] | None,
        find: Callable[[], Any] | None,
        profile: Profile | None,
        say: Callable[[str], None] | None,
    ) -> None:
        self.name = name
        self.library = name.partition(".")[0]
        self.profile = profile
        self.active = True
        self.arrays = "numpy" if takes_numpy(self.library) else "torch"
        self._ours = ours
        self._find = find
        self._say = say
        self._said: set[str] = set()

    @functools.cached_property
    def ours(self) -> Any:
        """What serves it."""
        return None if self._ours is None else self._ours()

    @functools.cached_property
    def original(self) -> Any:
        """The reference's own, which a library that loads its modules late is asked for late."""
        assert self._find is not None
        found = self._find()
        # Looking may have loaded the module that defines it, whereupon it was found there and replaced.
        return vars(self).get("original", found)

    def serve(self, ours: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Call `ours`."""
        profile = self.profile
        try:
            if profile is None:
                return ours(*args, **kwargs)
            with listening() as heard:
                begin = perf_counter()
                answer = ours(*args, **kwargs)
                profile.served(self.name, perf_counter() - begin, heard)
            return answer
        finally:
            self._tell("", "by spectro")

    def pass_on(self, reason: str, theirs: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Let the reference serve a call, as loudly as `config(fallback=...)` wants it."""
        message = f"{self.name} is served by {self.library} itself: {reason}"
        refusal = FallbackError(f'{message}, which config(fallback="error") forbids')
        announce(self.name, message, refusal)
        self._tell(reason, f"by {self.library} itself: {reason}")
        if self.profile is None:
            return theirs(*args, **kwargs)
        begin = perf_counter()
        answer = theirs(*args, **kwargs)
        self.profile.passed_on(self.name, perf_counter() - begin, reason)
        return answer

    def _tell(self, key: str, what: str) -> None:
        if self._say is not None and key not in self._said:
            self._said.add(key)
            self._say(f"{self.name} served {what}")


def function(swap: Swap, shown: Any) -> Callable[..., Any]:
    """Return what stands in the place of a mirrored function, with the signature and docstring of `shown`."""
    library = swap.library

    @functools.wraps(shown)
    def call(*args: Any, **kwargs: Any) -> Any:
        if following.compiling() or not is_user(sys._getframe(1)) or not swap.active:
            return swap.original(*args, **kwargs)
        reason, has_array = following.reason(library, args, kwargs)
        if reason:
            return swap.pass_on(reason, swap.original, args, kwargs)
        if has_array:
            return swap.serve(swap.ours, args, kwargs)
        with config(arrays=swap.arrays):  # what it makes from nothing is the library's
            return swap.serve(swap.ours, args, kwargs)

    return _named(call, swap)


def method(
    swap: Swap, original: Callable[..., Any], twin: Callable[[Any], tuple[Any, Any]]
) -> Callable[..., Any]:
    """Return what stands in the place of a torch module's `forward`; `twin` gives ours, and its buffers."""

    @functools.wraps(original)
    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        if following.compiling() or not user_behind(sys._getframe(1)) or not swap.active:
            return original(self, *args, **kwargs)
        reason, _ = following.reason(swap.library, args, kwargs)
        ours: Any
        ours, buffers = (None, ()) if reason else twin(self)
        if not reason and ours is None:
            reason = f"spectro cannot make its own of this {type(self).__name__}"
        elif any(map(wants_gradient, buffers)):
            reason = following.GRADIENT
        if reason:
            return swap.pass_on(reason, original, (self, *args), kwargs)
        return swap.serve(ours.forward, args, kwargs)

    return mark(forward)


def own_method(swap: Swap, original: Callable[..., Any]) -> Callable[..., Any]:
    """Return `forward` of a mirror that stands in for a class which is not installed."""

    @functools.wraps(original)
    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not user_behind(sys._getframe(2)) or not swap.active:  # behind `Module.__call__`
            return original(self, *args, **kwargs)
        return swap.serve(functools.partial(original, self), args, kwargs)

    return mark(forward)


def observed(
    swap: Swap, original: Callable[..., Any], of_module: bool = False, why: str = "spectro does not mirror it"
) -> Callable[..., Any]:
    """Return what stands in the place of a function, or a `forward`, that is not served: it is told of."""
    asks = user_behind if of_module else is_user

    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        if following.compiling() or not asks(sys._getframe(1)) or not swap.active:
            return original(*args, **kwargs)
        return swap.pass_on(why, original, args, kwargs)

    return mark(call)


def is_swapped(thing: Any) -> bool:
    """Return whether `thing` is one of the functions made here."""
    return isinstance(thing, FunctionType) and thing in _made


def mark(call: Any) -> Any:
    """Let `is_swapped` know a function."""
    _made.add(call)
    return call


def _named(call: Any, swap: Swap) -> Any:
    """Give a wrapper the name that finds it, so that it is pickled by that name, as a function is."""
    module, _, name = swap.name.rpartition(".")
    call.__name__ = call.__qualname__ = name
    call.__module__ = module
    if module == "torch.Tensor":
        call.__module__, call.__qualname__ = "torch", f"Tensor.{name}"
    return mark(call)
