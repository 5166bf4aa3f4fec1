"""Who is calling: code that was moved to spectro, or a reference library itself.

The libraries lean on each other and on themselves (torchaudio on `torch.stft`, librosa's features on its
own `stft`). What they call from inside must stay their own, so a swapped name asks for the module of its
caller; that is one dictionary look-up.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

__all__ = ["LIBRARIES", "is_user", "module_is_user", "user_behind"]

LIBRARIES = ("torch", "torchaudio", "librosa", "madmom")
_INSIDE = frozenset({*LIBRARIES, "spectro"})

_CONTAINERS = ("torch.nn.", "madmom.processors")

_known: dict[Any, bool] = {}


def module_is_user(name: Any) -> bool:
    """Return whether a module of this name belongs neither to a reference nor to spectro."""
    known = _known.get(name)
    if known is None:
        known = _known[name] = str(name).partition(".")[0] not in _INSIDE
    return known


def is_user(frame: FrameType) -> bool:
    """Return whether the code of `frame` is the user's."""
    return module_is_user(frame.f_globals.get("__name__"))


def user_behind(frame: FrameType | None) -> bool:
    """Return whether the user called the object whose `forward` or `process` was called from `frame`.

    Between the two stand the library's call of a module and its containers (`Sequential` and the like).
    """
    while frame is not None:
        name = frame.f_globals.get("__name__") or ""
        if not name.startswith(_CONTAINERS):
            return module_is_user(name)
        frame = frame.f_back
    return True
