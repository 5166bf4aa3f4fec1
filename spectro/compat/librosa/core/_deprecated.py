"""Parameters that librosa keeps for old callers only."""

from __future__ import annotations

__all__ = ["DEPRECATED", "Deprecated"]


class Deprecated:
    """The value of a parameter that nobody gave."""

    def __repr__(self) -> str:
        return "Deprecated()"


DEPRECATED = Deprecated()
