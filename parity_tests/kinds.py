"""The kinds of array a case runs with: a library and a precision."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import numpy as np

from .case import FLOAT
from .signals import Recipe

__all__ = ["KINDS", "Kind", "installed", "to_numpy"]


def installed(library: str) -> bool:
    """Return whether `library` can be imported, without importing it."""
    return importlib.util.find_spec(library) is not None


@dataclass(frozen=True)
class Kind:
    """Arrays of one library ("numpy", "mlx" or "torch") in 32 or 64 bits."""

    name: str
    library: str
    bits: int

    @property
    def float_type(self) -> Any:
        """The library's real dtype of this precision."""
        if self.library == "torch":
            import torch

            return torch.float64 if self.bits == 64 else torch.float32
        if self.library == "mlx":
            return mx.float32
        return np.dtype(f"float{self.bits}")

    def array(self, recipe: Recipe) -> Any:
        """Return the recipe's values as an array; integers stay integers."""
        values = recipe.values()
        if values.dtype.kind == "f":
            values = values.astype(np.float64 if self.bits == 64 else np.float32)
        elif values.dtype.kind == "c":
            values = values.astype(np.complex128 if self.bits == 64 else np.complex64)
        if self.library == "torch":
            import torch

            return torch.from_numpy(values.copy())
        return mx.array(values) if self.library == "mlx" else values.copy()

    def materialize(self, value: Any) -> Any:
        """Replace recipes and dtypes inside `value` by arrays and dtypes of this kind."""
        if isinstance(value, Recipe):
            return self.array(value)
        if value is FLOAT:
            return self.float_type
        if isinstance(value, Mapping):
            return {name: self.materialize(item) for name, item in value.items()}
        return value

    def owns(self, x: Any) -> bool:
        """Return whether `x` is an array of this library."""
        if self.library == "torch":
            import torch

            return isinstance(x, torch.Tensor)
        return isinstance(x, mx.array if self.library == "mlx" else np.ndarray)


def to_numpy(x: Any) -> np.ndarray:
    """Return an array of any of the libraries as numpy, evaluated."""
    if isinstance(x, mx.array):
        return np.array(x)
    if hasattr(x, "detach"):
        return np.array(x.detach().resolve_conj().numpy())
    return np.array(x)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("numpy32", "numpy", 32),
        Kind("numpy64", "numpy", 64),
        Kind("mlx", "mlx", 32),
        Kind("torch32", "torch", 32),
        Kind("torch64", "torch", 64),
    )
}
