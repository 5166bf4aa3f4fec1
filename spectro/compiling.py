"""Compiled entry points: `mx.compile` with the eager call's types.

`mx.compile` traces a function once per input shape and dtype and replays the
graph. A `Compiled` keeps that, and hands numpy and torch arrays to the eager
function, so that what goes in still comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlx.core as mx

from .backends import gpu

__all__ = ["Compiled"]


class Compiled:
    """A callable of one array: compiled for `mx.array`, eager for numpy and torch."""

    def __init__(self, eager: Callable[[Any], Any]) -> None:
        self._eager = eager
        self._compiled = mx.compile(self._traced)

    def _traced(self, x: mx.array) -> Any:
        with gpu.compiling():
            return self._eager(x)

    def __call__(self, x: Any) -> Any:
        """Call the function on `x`."""
        return self._compiled(x) if isinstance(x, mx.array) else self._eager(x)
