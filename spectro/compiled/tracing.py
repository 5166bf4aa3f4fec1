"""Whether MLX traces a call for `mx.vmap`, which has no rule for a kernel.

A rule of the function around it does not help: MLX maps the kernel inside as well. `mx.compile` takes
kernels, but from inside nobody can tell the two apart. So a call that MLX traces does without them,
unless spectro compiles it (`Compiled` says so).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import mlx.core as mx

from ..arrays import is_traced

__all__ = ["compiling", "may_be_mapped"]

_compiling: ContextVar[bool] = ContextVar("spectro_compiling", default=False)


@contextmanager
def compiling() -> Iterator[None]:
    """Say that what MLX traces meanwhile, it traces for `mx.compile`."""
    token = _compiling.set(True)
    try:
        yield
    finally:
        _compiling.reset(token)


def may_be_mapped(x: mx.array) -> bool:
    """Return whether MLX traces, and not surely for `mx.compile`; under `mx.grad`, arrays have values."""
    if _compiling.get() or not is_traced(x):
        return False
    try:
        mx.eval(x)
    except ValueError:
        return True
    return False
