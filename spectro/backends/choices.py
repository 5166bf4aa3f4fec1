"""A backend's name and why it serves a call; and who wants to hear of every choice that is made."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple

__all__ = ["Choice", "listening", "someone_listens", "tell"]


class Choice(NamedTuple):
    """A backend's name and why it serves the call; `narrowed` if it has fewer bits than a plan asks for."""

    backend: str
    reason: str
    narrowed: bool = False

    def __str__(self) -> str:
        return f"{self.backend}: {self.reason}"


_listener: ContextVar[list[Choice] | None] = ContextVar("spectro_choices", default=None)


class listening:  # noqa: N801 - a `with` block
    """Collect the choices that are made in the block, in their order."""

    def __enter__(self) -> list[Choice]:
        heard: list[Choice] = []
        self._token = _listener.set(heard)
        return heard

    def __exit__(self, *error: object) -> None:
        _listener.reset(self._token)


def tell(choice: Choice) -> Choice:
    """Pass `choice` on to whoever listens, and return it."""
    heard = _listener.get()
    if heard is not None:
        heard.append(choice)
    return choice


def someone_listens() -> bool:
    """Return whether somebody wants to hear of the choices made here."""
    return _listener.get() is not None
