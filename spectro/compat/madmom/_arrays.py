"""The ndarray subclasses of the namespace: arrays that remember where they come from.

A view, a slice or a result of arithmetic keeps the attributes of the array it was made of, as in madmom;
so does a pickled copy (madmom itself keeps them for `Signal` alone).
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

__all__ = ["DataArray", "Frames2D"]


class DataArray(np.ndarray):
    """Base class; a subclass lists the attributes it adds, with their defaults, in `_ADDS`."""

    _ADDS: ClassVar[dict[str, Any]] = {}
    _kept: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        bases = [vars(base)["_ADDS"] for base in reversed(cls.__mro__) if "_ADDS" in vars(base)]
        cls._kept = {name: default for added in bases for name, default in added.items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what `__new__` takes."""

    def __array_finalize__(self, obj: Any) -> None:
        if obj is not None:
            for name, default in self._kept.items():
                self.__dict__[name] = getattr(obj, name, default)

    def __reduce__(self) -> tuple[Any, ...]:
        parts: Any = super().__reduce__()
        make, arguments, state = parts
        return make, arguments, (*state, self.__dict__)

    def __setstate__(self, state: tuple[Any, ...]) -> None:  # type: ignore[override]
        self.__dict__.update(state[-1])
        super().__setstate__(state[:-1])


class Frames2D(DataArray):
    """Arrays of frames by bins."""

    @property
    def num_frames(self) -> int:
        """Number of frames."""
        return len(self)

    @property
    def num_bins(self) -> int:
        """Number of bins, or bands."""
        return int(self.shape[1])
