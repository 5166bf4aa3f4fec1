"""A backend's name and why it serves a call; and who wants to hear of every choice that is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

__all__ = ["Choice", "listening", "tell"]


class Choice(NamedTuple):
    """A backend's name and why it serves the call; `narrowed` if it has fewer bits than a plan asks for."""

    backend: str
    reason: str
    narrowed: bool = False

    def __str__(self) -> str:
        return f"{self.backend}: {self.reason}"


_listener: ContextVar[list[Choice] | None] = ContextVar("spectro_choices", default=None)


@contextmanager
def listening() -> Iterator[list[Choice]]:
    """Collect the choices that are made in the block, in their order."""
    heard: list[Choice] = []
    token = _listener.set(heard)
    try:
        yield heard
    finally:
        _listener.reset(token)


def tell(choice: Choice) -> Choice:
    """Pass `choice` on to whoever listens, and return it."""
    heard = _listener.get()
    if heard is not None:
        heard.append(choice)
    return choice
