"""What the functions of this namespace take: arrays of any library, and what numpy makes of anything else."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ...arrays import Received, kind_of, receive
from ...errors import ParameterError
from ...typing import Array
from ...validation import is_finite, is_kind
from ..exchange import from_reference

__all__ = ["array", "audio", "either", "in_kind_of", "is_complex", "namespace"]


def array(x: Any) -> Received:
    """Receive an array, or what numpy makes of a number or a list."""
    if kind_of(x) is None:
        return Received(np, np.asarray(x), lambda y: y)
    return receive(x)


def audio(y: Any) -> Received:
    """Receive real, finite audio [..., n].

    Raises
    ------
    ParameterError
        For anything else. A lazy `mx.array` is not evaluated to see whether it is finite.
    """
    if kind_of(y) is None:
        raise ParameterError(f"audio must be a numpy, torch or mlx array, got {type(y).__name__}")
    received = receive(y, "y")
    if not is_kind(received, "f"):
        raise ParameterError(f"audio must be floating-point, got {received.data.dtype}")
    if received.data.ndim == 0:
        raise ParameterError("audio must have at least one dimension, got a single number")
    if received.xp is np and not is_finite(received.data):
        raise ParameterError("audio holds NaN or infinity")
    return received


def either(y: Any, s: Any) -> Any:
    """Return whichever of audio and spectrogram is given: the answer goes back in its kind of array."""
    return s if s is not None else y


def namespace(x: Array) -> ModuleType:
    """Return the namespace that computes with an array: mlx.core for its own, else numpy."""
    return mx if isinstance(x, mx.array) else np


def is_complex(x: Array) -> bool:
    """Return whether a numpy or mlx array is complex."""
    return x.dtype == mx.complex64 if isinstance(x, mx.array) else np.iscomplexobj(x)


def in_kind_of(like: Any, values: Any) -> Any:
    """Return numpy `values` as an array of the library of `like`, numpy itself if that is no array."""
    return from_reference(values, kind_of(like) or "numpy", getattr(like, "device", None), exactly=False)
