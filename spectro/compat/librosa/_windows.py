"""`librosa.filters.get_window`, which everything that frames a signal asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from ...constantq.windows import sample
from ...errors import ParameterError
from ...typing import Array
from ..registry import mirrors

__all__ = ["WindowSpec", "get_window"]

WindowSpec: TypeAlias = str | float | tuple[Any, ...] | Callable[[int], Any] | Array


@mirrors("librosa.filters.get_window", tier=1, numpy=True)
def get_window(window: WindowSpec, Nx: int, *, fftbins: bool | None = True) -> Array:
    """Return a window: mirrors `librosa.filters.get_window`.

    Parameters
    ----------
    window : str, tuple, number, callable or array
        A name, a name with parameters or the beta of a Kaiser window, as for `scipy.signal.get_window`
        (which must be installed for all but the usual ones); a function of the length; or the window.
    Nx : int
    fftbins : bool, optional
        Whether the window is periodic, for spectral analysis, or symmetric.

    Returns
    -------
    array [Nx], float64 where it is not the caller's own

    Raises
    ------
    ParameterError
        For an array of another length, or what is no window.
    """
    if callable(window):
        return window(Nx)
    if isinstance(window, (str, tuple)) or np.isscalar(window):
        if not isinstance(Nx, (int, np.integer)) or Nx < 0:
            raise ParameterError(f"a window has a whole number of samples, got {Nx!r}")
        return sample(window, Nx, bool(fftbins))  # type: ignore[arg-type]
    if isinstance(window, (np.ndarray, list)):
        if len(window) == Nx:
            return np.asarray(window)
        raise ParameterError(f"window must have {Nx:d} samples, got {len(window):d}")
    raise ParameterError(f"window must be a name, a tuple, a number, a function or an array, got {window!r}")
