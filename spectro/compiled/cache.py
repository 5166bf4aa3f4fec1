"""Compiled entry points: `mx.compile` with the eager call's types.

`mx.compile` traces a function once per input shape and dtype and replays the
graph. A `Compiled` keeps that, and hands numpy and torch arrays to the eager
function, so that what goes in still comes out. A `RepeatedShapeCompileCache`
decides which shapes are worth it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import mlx.core as mx

from ..errors import ArrayTypeError
from ..validation import check_int
from .tracing import compiling

__all__ = ["Compiled", "RepeatedShapeCompileCache"]


class Compiled:
    """A callable of one array: compiled for `mx.array`, eager for numpy and torch."""

    def __init__(self, eager: Callable[[Any], Any]) -> None:
        self._eager = eager
        self._compiled = mx.compile(self._traced)

    def _traced(self, x: mx.array) -> Any:
        with compiling():
            return self._eager(x)

    def __call__(self, x: Any) -> Any:
        """Call the function on `x`."""
        return self._compiled(x) if isinstance(x, mx.array) else self._eager(x)


class RepeatedShapeCompileCache:
    """Compiled callables for the shapes that keep coming, and for no others.

    Compiling costs more than an eager call, so a shape is compiled when it has come `min_hits` times.
    The caller keeps the eager path for the calls before that.

    Parameters
    ----------
    compile_factory : callable
        Called with a shape (a tuple) when it is worth compiling; returns the callable for it.
    min_hits : int
        How many times a shape comes before it is compiled.
    max_compiled_shapes : int
        Callables kept; the least recently used goes first.
    max_pending_shapes : int, optional
        Shapes counted but not yet compiled; the least recently seen is forgotten first. Default
        4 * max_compiled_shapes, at least 16.

    Raises
    ------
    ParameterError
        If a number is below 1; `ArrayTypeError` if it is no integer or the factory not callable.

    Examples
    --------
    >>> cache = RepeatedShapeCompileCache(lambda shape: f"compiled for {shape}")
    >>> [cache.get((2, 400)), cache.get((2, 400)), cache.get((2, 800))]
    [None, 'compiled for (2, 400)', None]
    """

    def __init__(
        self,
        compile_factory: Callable[[tuple[int, ...]], Any],
        *,
        min_hits: int = 2,
        max_compiled_shapes: int = 8,
        max_pending_shapes: int | None = None,
    ) -> None:
        if not callable(compile_factory):
            raise ArrayTypeError(f"compile_factory must be callable, got {compile_factory!r}")
        self._factory = compile_factory
        self._min_hits = check_int("min_hits", min_hits, minimum=1)
        self._max_compiled = check_int("max_compiled_shapes", max_compiled_shapes, minimum=1)
        if max_pending_shapes is None:
            max_pending_shapes = max(16, 4 * self._max_compiled)
        self._max_pending = check_int("max_pending_shapes", max_pending_shapes, minimum=1)
        self._compiled: OrderedDict[tuple[int, ...], Any] = OrderedDict()
        self._hits: OrderedDict[tuple[int, ...], int] = OrderedDict()

    def get(self, shape: Iterable[int]) -> Any | None:
        """Return the callable for `shape`, or None as long as it has not come often enough."""
        key = tuple(int(size) for size in shape)
        if key in self._compiled:
            self._compiled.move_to_end(key)
            return self._compiled[key]
        hits = self._hits.pop(key, 0) + 1
        if hits < self._min_hits:
            self._hits[key] = hits
            if len(self._hits) > self._max_pending:
                self._hits.popitem(last=False)
            return None
        self._compiled[key] = self._factory(key)
        if len(self._compiled) > self._max_compiled:
            self._compiled.popitem(last=False)
        return self._compiled[key]

    def clear(self) -> None:
        """Forget all shapes."""
        self._compiled.clear()
        self._hits.clear()

    def cache_info(self) -> dict[str, Any]:
        """Return the limits, and how many shapes are counted and compiled."""
        return {
            "min_hits": self._min_hits,
            "max_compiled_shapes": self._max_compiled,
            "max_pending_shapes": self._max_pending,
            "pending_shapes": len(self._hits),
            "compiled_shapes": len(self._compiled),
            "compiled_shape_keys": list(self._compiled),
        }
