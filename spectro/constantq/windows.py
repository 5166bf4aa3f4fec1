"""The windows of the filters, and how much wider than their main frequency they let pass."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import LibraryImportError, ParameterError
from ..framing.windows import ALIASES, COSINE_SUMS, bartlett, cosine, kaiser

__all__ = ["WindowSpec", "bandwidth", "sample"]

WindowSpec = str | float | tuple[Any, ...] | Callable[[int], np.ndarray]

# Equivalent noise bandwidths in bins, as librosa has them: they decide which rate an octave is computed at.
_BANDWIDTHS = {
    1.0: ("boxcar", "box", "ones", "rect", "rectangular"),
    1.2337005350199792: ("cosine", "halfcosine"),
    1.3331706523555851: ("triang", "tri", "triangle"),
    1.3334961334912805: ("bartlett", "bart", "brt"),
    1.3629455320350348: ("hamming", "ham", "hamm"),
    1.4560255965133932: ("barthann", "brthan", "bth"),
    1.50018310546875: ("hann", "han"),
    1.7269681554262326: ("blackman", "black", "blk"),
    1.7859588613860062: ("bohman", "bman", "bmn"),
    1.9174603174603191: ("parzen", "par", "parz"),
    1.9763500280946082: ("nuttall", "nut", "nutl"),
    2.0045975283585014: ("blackmanharris", "blackharr", "bkh"),
    2.7762255046484143: ("flattop", "flat", "flt"),
}
_BANDWIDTH_OF = {name: width for width, names in _BANDWIDTHS.items() for name in names}


def sample(window: WindowSpec, length: int, periodic: bool = True) -> np.ndarray:
    """Return a window [length], float64, periodic or symmetric.

    A name, ("kaiser", beta), a number (its beta), or a function of the length. Names other than those of
    `SpectralTransform` and "bartlett" are looked up in `scipy.signal.get_window`.

    Raises
    ------
    LibraryImportError, ParameterError
    """
    if callable(window):
        return np.asarray(window(length), np.float64)
    if isinstance(window, (int, float)):
        return kaiser(length, float(window), periodic)
    if isinstance(window, tuple) and len(window) == 2 and window[0] == "kaiser":
        return kaiser(length, float(window[1]), periodic)
    if isinstance(window, str):
        name = ALIASES.get(window, window)
        if name in COSINE_SUMS:
            return cosine(length, COSINE_SUMS[name], periodic)
        if name == "bartlett":
            return bartlett(length, periodic)
    return _from_scipy(window, length, periodic)


def _from_scipy(window: Any, length: int, periodic: bool) -> np.ndarray:
    try:
        signal = importlib.import_module("scipy.signal")
    except ImportError as error:
        raise LibraryImportError(f"window={window!r} needs scipy: pip install scipy") from error
    try:
        return signal.get_window(window, length, fftbins=periodic)
    except (ValueError, TypeError) as error:
        raise ParameterError(f"window must be a known window, got {window!r}") from error


def bandwidth(window: WindowSpec, count: int = 1000) -> float:
    """Return the equivalent noise bandwidth n sum(w^2) / sum(w)^2 in bins (Harris 1978).

    That of a window whose bandwidth is not known is taken from `count` samples of it.
    """
    name = getattr(window, "__name__", window)
    if isinstance(name, str) and name in _BANDWIDTH_OF:
        return _BANDWIDTH_OF[name]
    w = sample(window, count)
    return float(count * np.sum(w**2) / (np.sum(w) ** 2 + np.finfo(w.dtype).tiny))
