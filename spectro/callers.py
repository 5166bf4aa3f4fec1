"""Who is calling: the user's code, or a reference library, or spectro itself.

A warning names the line of the user's code that led to it, however deep in spectro it is given, and also
where a reference stands between the two (torch, which calls a module's `forward`).

The hook asks too: the libraries lean on each other and on themselves (torchaudio on `torch.stft`, librosa's
features on its own `stft`). What they call from inside must stay their own, so a swapped name asks for the
module of its caller; that is one dictionary look-up.
"""

from __future__ import annotations

import sys
import warnings
from types import FrameType
from typing import Any

__all__ = [
    "LIBRARIES",
    "forbid_repeating",
    "is_user",
    "module_is_user",
    "reservations",
    "user_behind",
    "user_frame",
    "warn",
]

LIBRARIES = ("torch", "torchaudio", "librosa", "madmom")
_INSIDE = frozenset({*LIBRARIES, "spectro"})

_CONTAINERS = ("torch.nn.", "madmom.processors")
_PLUMBING = frozenset({"importlib", "contextlib", "functools"})  # calls what the user gave it, or asked for

_known: dict[Any, bool] = {}
_reservations = 0


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


def user_frame() -> FrameType:
    """Return the innermost frame of the user's code; the outermost of all if there is none."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        name = frame.f_globals.get("__name__")
        if module_is_user(name) and str(name).partition(".")[0] not in _PLUMBING:
            break
        frame = frame.f_back
    return frame


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Give a warning at the line of the user's code that led here (`warnings.warn` takes a fixed number)."""
    forbid_repeating()
    frame = user_frame()
    warnings.warn_explicit(
        message,
        category,
        filename=frame.f_code.co_filename,
        lineno=frame.f_lineno,
        module=frame.f_globals.get("__name__"),
        registry=frame.f_globals.setdefault("__warningregistry__", {}),
    )


def forbid_repeating() -> None:
    """Let nothing that is being called now be repeated unseen (backends/repeats.py), as after a warning."""
    global _reservations
    _reservations += 1


def reservations() -> int:
    """Return how often that was forbidden, in whatever thread."""
    return _reservations
