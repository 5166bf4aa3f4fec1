"""What the transforms with a window share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from ....arrays import kind_of
from ....typing import Array
from .._module import Module, float64

__all__ = ["Windowed"]


class Windowed(Module):
    """Base of the transforms that frame audio: sizes with their defaults, and the window buffer."""

    BUFFERS: ClassVar[tuple[str, ...]] = ("window",)
    window: Array

    def __init__(
        self,
        n_fft: int,
        win_length: int | None,
        hop_length: int | None,
        window_fn: Callable[..., Array],
        wkwargs: dict[str, Any] | None,
        hops: int = 2,
    ) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.win_length = win_length if win_length is not None else n_fft
        self.hop_length = hop_length if hop_length is not None else self.win_length // hops
        self._window = window_fn, wkwargs
        self.make_buffers()

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Call the window function; ours can compute in any dtype, the result of others is converted."""
        function, options = self._window
        if dtype is not None and hasattr(function, "__mirrors__"):
            return self.new_table(function(self.win_length, **{**(options or {}), "dtype": float}), dtype)
        window = function(self.win_length, **(options or {}))
        if kind_of(window) is None:
            raise TypeError(f"window_fn must return an array, got {type(window).__name__}")
        return window if dtype is None else self.new_table(float64(window), dtype)
