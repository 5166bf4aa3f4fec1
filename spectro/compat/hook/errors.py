"""Our exceptions as the reference's: code that runs unchanged catches the classes of the real library."""

from __future__ import annotations

import sys
from functools import lru_cache
from types import ModuleType

__all__ = ["as_reference"]


def as_reference(error: Exception, library: str) -> Exception:
    """Return `error` as the class that the library has in the place of ours, or `error` itself.

    A namespace says which that is: `compat.librosa.ParameterError` stands for `librosa.ParameterError`.
    """
    real, ours = sys.modules.get(library), sys.modules.get(f"spectro.compat.{library}")
    if real is None or ours is None or real is ours:
        return error
    name = _names(ours).get(type(error))
    theirs = getattr(real, name, None) if name else None
    return theirs(*error.args) if isinstance(theirs, type) else error


@lru_cache
def _names(namespace: ModuleType) -> dict[type, str]:
    """Return the exceptions of a namespace, with the names they have there."""
    named = vars(namespace).items()
    return {cls: name for name, cls in named if isinstance(cls, type) and issubclass(cls, Exception)}
