"""`madmom.utils`: events, notes and file names; the names not mirrored are madmom's own.

Here: `combine_events`, `quantize_events`, `quantize_notes`, `expand_notes`, `segment_axis` (events.py), the
file helpers (files.py), and the tuples of types for `isinstance`.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ... import fallback as _fallback
from .._arguments import OverrideDefaultListAction
from .events import combine_events, expand_notes, quantize_events, quantize_notes, segment_axis
from .files import filter_files, match_file, search_files, search_path, strip_suffix

__all__ = [
    "OverrideDefaultListAction",
    "combine_events",
    "expand_notes",
    "file_types",
    "filter_files",
    "integer_types",
    "match_file",
    "quantize_events",
    "quantize_notes",
    "search_files",
    "search_path",
    "segment_axis",
    "string_types",
    "strip_suffix",
    "suppress_warnings",
]

string_types = str
integer_types = (int, np.integer)
file_types = io.IOBase


def suppress_warnings(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function without its warnings: a decorator."""

    @wraps(function)
    def quiet(*args: Any, **kwargs: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*args, **kwargs)

    return quiet


__getattr__ = _fallback.fall_through(__name__, "madmom.utils")
