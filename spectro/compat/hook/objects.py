"""torch modules: the reference's class stays, and spectro computes its `forward`.

So `isinstance`, subclasses, `nn.Sequential`, buffers, `state_dict`, `to`, pickles and copies are torch's
own, with nothing of spectro in them. Ours is made beside the module when it is first called, and takes
its attributes and buffers at every call, since anybody may have changed them.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from ...config import config

__all__ = ["Twins"]


class Twins:
    """Ours for each module of a reference's class.

    Attributes
    ----------
    given : mapping
        The arguments each module was made with, as far as it was made while this was there.
    """

    def __init__(self, ours: Callable[[], Any]) -> None:
        self._ours = ours  # gives our class, which is imported when it is first needed
        self._known: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self.given: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    def recording(self, init: Callable[..., None]) -> Callable[..., None]:
        """Return the class's `__init__`, with its arguments kept."""

        @functools.wraps(init)
        def recorded(module: Any, *args: Any, **kwargs: Any) -> None:
            init(module, *args, **kwargs)
            self.given[module] = args, kwargs

        return recorded

    def of(self, module: Any) -> tuple[Any, Sequence[Any]]:
        """Return ours for a module, in its state, and the module's buffers; None if there can be none."""
        ours = self._known.get(module, self)
        if ours is self:
            ours = self._known[module] = self._make(module)
        return ours, (() if ours is None else ours.adopt(module))

    def _make(self, module: Any) -> Any:
        args, kwargs = self.given.get(module) or ((), self._kept(module))
        with config(arrays="torch"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the reference has warned already
            try:
                ours = self._ours()(*args, **kwargs)
                ours.adopt(module)
            except Exception:  # whatever a subclass of the user's has made of it
                return None
        return ours

    def _kept(self, module: Any) -> dict[str, Any]:
        """Return the arguments as far as an unpickled or copied module shows them; `adopt` does the rest."""
        children = dict(module.named_children())
        names = [name for name in inspect.signature(self._ours().__init__).parameters if name != "self"]
        return {
            name: getattr(module, name) for name in names if hasattr(module, name) and name not in children
        }
