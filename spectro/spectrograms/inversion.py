"""From filtered spectra back to spectra: the non-negative x that A x comes nearest to b with."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np

from ..errors import LibraryImportError

__all__ = ["nonnegative_least_squares"]

_BLOCK = 2**18  # bytes of b solved for at once


def _optimize() -> Any:
    try:
        return importlib.import_module("scipy.optimize")
    except ImportError as error:
        raise LibraryImportError(
            f"least squares with bounds need scipy: pip install scipy ({error})"
        ) from error


def nonnegative_least_squares(a: np.ndarray, b: np.ndarray, **options: Any) -> np.ndarray:
    """Return x >= 0 [..., F, N] that makes |a x - b|^2 small, for `a` [M, F] and `b` [..., M, N].

    A vector `b` [M] is solved for exactly (Lawson & Hanson 1974). Several are solved for at once by L-BFGS-B,
    from the pseudo-inverse's answer without its negative part, with `options` for scipy's `fmin_l_bfgs_b`.

    Raises
    ------
    LibraryImportError
        If scipy is not installed.
    """
    if b.ndim == 1:
        return _optimize().nnls(a, b)[0]
    start = np.clip(np.linalg.pinv(a) @ b, 0, None)
    columns = max(1, int(_BLOCK // (math.prod(b.shape[:-1]) * a.itemsize)))
    if b.shape[-1] <= columns:
        return _descend(a, b, start, options).astype(a.dtype)
    x = start
    for first in range(0, b.shape[-1], columns):
        part = slice(first, first + columns)
        x[..., part] = _descend(a, b[..., part], start[..., part], options)
    return x


def _descend(a: np.ndarray, b: np.ndarray, start: np.ndarray, options: dict[str, Any]) -> np.ndarray:
    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        error = a @ flat.reshape(start.shape) - b
        return 0.5 * float(np.sum(error**2)) / b.size, (a.T @ error).ravel() / b.size

    options.setdefault("m", a.shape[1])
    bounds = [(0, None)] * start.size
    x, _, _ = _optimize().fmin_l_bfgs_b(objective, start, bounds=bounds, **options)
    return x.reshape(start.shape)
