"""TorchScript reads the source of what it compiles, and must find the reference's own."""

from __future__ import annotations

import functools
import sys
from typing import Any

from .bindings import Bindings
from .calls import is_swapped, mark

__all__ = ["shield"]


def shield(bindings: Bindings) -> None:
    """Let `torch.jit.script` see everything as it was before."""
    jit: Any = sys.modules.get("torch.jit")
    script = getattr(jit, "script", None)
    if script is None or is_swapped(script):
        return

    @functools.wraps(script)
    def unswapped(obj: Any, optimize: Any = None, _frames_up: int = 0, *args: Any, **kwargs: Any) -> Any:
        with bindings.paused():
            return script(obj, optimize, _frames_up + 1, *args, **kwargs)

    bindings.put(jit, "script", mark(unswapped))
