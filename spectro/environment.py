"""Environment variables, asked for at every call, so that a program may change them while it runs."""

from __future__ import annotations

import os
from collections.abc import Mapping

__all__ = ["variable", "variables"]

# `os.environ.get` raises and catches a KeyError for each name that is not set: several microseconds a call
# for all of them. The dictionary beneath it holds bytes and answers at once; Python promises neither, hence
# the public mapping where it is not there.
_beneath = getattr(os.environ, "_data", None)
_BYTES: Mapping[bytes, bytes] = _beneath if isinstance(_beneath, dict) else os.environb


def variables(names: tuple[bytes, ...]) -> tuple[bytes | None, ...]:
    """Return the values of several variables, None for one that is not set."""
    return tuple(map(_BYTES.get, names))


def variable(name: bytes) -> str:
    """Return the value of one variable, "" if it is not set."""
    value = _BYTES.get(name)
    return os.fsdecode(value) if value else ""
