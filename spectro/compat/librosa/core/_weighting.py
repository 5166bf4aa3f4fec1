"""`librosa.core.convert`: how loud a frequency is heard (IEC 61672-1 for A and C; D is ISO 3891's).

A weighting is a rational function of the squared frequency: zeros at 0 Hz, poles on the real axis (for D
also two pairs of complex ones), scaled to 0 dB at 1 kHz.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from typing import Any

import numpy as np

from ....typing import Array
from ...registry import mirrors

__all__ = [
    "A_weighting",
    "B_weighting",
    "C_weighting",
    "D_weighting",
    "Z_weighting",
    "frequency_weighting",
    "multi_frequency_weighting",
]

# Poles, Hz: the outer two are double in A, B and C.
_HIGH, _LOW = 12194.217, 20.598997
_A_POLES, _B_POLE = (107.65265, 737.86223), 158.48932


def _weights(frequencies: Array, offset: float, inner: tuple[float, ...], min_db: float | None) -> Any:
    """Return offset + 20 log10 |H| with zeros enough to make H flat between its poles."""
    squares = np.asanyarray(frequencies).astype(np.float64) ** 2.0
    with np.errstate(divide="ignore"):
        zeros = (1 + len(inner) / 2) * np.log10(squares)
    gain = np.log10(_HIGH**2.0) + zeros - np.log10(squares + _HIGH**2.0) - np.log10(squares + _LOW**2.0)
    for pole in inner:
        gain = gain - 0.5 * np.log10(squares + pole**2.0)
    return _above(offset + 20.0 * gain, min_db)


def _above(weights: Any, min_db: float | None) -> Any:
    return weights if min_db is None else np.maximum(min_db, weights)


@mirrors("librosa.A_weighting", tier=1, numpy=True)
def A_weighting(frequencies: Array, *, min_db: float | None = -80.0) -> Any:
    """Return the A-weighting of Hz in dB, at least `min_db`: mirrors `librosa.A_weighting`."""
    return _weights(frequencies, 2.0, _A_POLES, min_db)


@mirrors("librosa.B_weighting", tier=1, numpy=True)
def B_weighting(frequencies: Array, *, min_db: float | None = -80.0) -> Any:
    """Return the B-weighting of Hz in dB, at least `min_db`: mirrors `librosa.B_weighting`."""
    return _weights(frequencies, 0.17, (_B_POLE,), min_db)


@mirrors("librosa.C_weighting", tier=1, numpy=True)
def C_weighting(frequencies: Array, *, min_db: float | None = -80.0) -> Any:
    """Return the C-weighting of Hz in dB, at least `min_db`: mirrors `librosa.C_weighting`."""
    return _weights(frequencies, 0.062, (), min_db)


@mirrors("librosa.D_weighting", tier=1, numpy=True)
def D_weighting(frequencies: Array, *, min_db: float | None = -80.0) -> Any:
    """Return the D-weighting of Hz in dB, at least `min_db`: mirrors `librosa.D_weighting`."""
    squares = np.asanyarray(frequencies).astype(np.float64) ** 2.0
    with np.errstate(divide="ignore"):
        zero = 0.5 * np.log10(squares)
    resonance = np.log10((1018.7**2.0 - squares) ** 2 + 1039.6**2.0 * squares)
    resonance -= np.log10((3136.5**2.0 - squares) ** 2 + 3424.0**2.0 * squares)
    poles = np.log10(282.7**2.0 + squares) + np.log10(1160.0**2.0 + squares)
    return _above(20.0 * (zero - np.log10(8.3046305e-3**2.0) + 0.5 * (resonance - poles)), min_db)


@mirrors("librosa.Z_weighting", tier=1, numpy=True)
def Z_weighting(frequencies: Sized, *, min_db: float | None = None) -> Any:
    """Return 0 dB for each frequency: mirrors `librosa.Z_weighting`."""
    return _above(np.zeros(len(frequencies)), min_db)


_KINDS: dict[str | None, Callable[..., Any]] = {
    "A": A_weighting,
    "B": B_weighting,
    "C": C_weighting,
    "D": D_weighting,
    "Z": Z_weighting,
    None: Z_weighting,
}


@mirrors("librosa.frequency_weighting", tier=1, numpy=True)
def frequency_weighting(frequencies: Array, *, kind: str | None = "A", **kwargs: Any) -> Any:
    """Return the weighting `kind` ("A", "B", "C", "D", "Z") in dB: mirrors `librosa.frequency_weighting`."""
    return _KINDS[kind.upper() if isinstance(kind, str) else kind](frequencies, **kwargs)


@mirrors("librosa.multi_frequency_weighting", tier=1, numpy=True)
def multi_frequency_weighting(frequencies: Array, *, kinds: Iterable[str] = "ZAC", **kwargs: Any) -> Any:
    """Return several weightings, stacked on axis 0: mirrors `librosa.multi_frequency_weighting`."""
    return np.stack([frequency_weighting(frequencies, kind=kind, **kwargs) for kind in kinds], axis=0)
