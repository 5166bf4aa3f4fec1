"""`librosa.decompose`: separation of spectrograms."""

from __future__ import annotations

from typing import Any

import mlx.core as mx

from ...errors import ParameterError
from ...spectrograms.separation import harmonic_percussive_masks
from ...typing import Array
from .. import fallback as _fallback
from ..registry import mirrors
from ._arrays import array, is_complex

__all__ = ["hpss"]


@mirrors("librosa.decompose.hpss", tier=2)
def hpss(
    S: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
) -> tuple[Array, Array]:
    """Separate harmonic from percussive sounds by medians: mirrors `librosa.decompose.hpss`.

    Parameters
    ----------
    S : real or complex array [..., F, N]
    kernel_size : int or (int, int)
        Frames of the median along time, bins of that along frequency.
    power : float
        Of the soft masks; infinite for hard ones.
    mask : bool
        Whether to return the masks rather than the parts.
    margin : float or (float, float)
        How many times stronger than the other a part must be, at least 1.

    Returns
    -------
    harmonic, percussive : arrays like `S`, or masks

    Raises
    ------
    ParameterError
        For a margin below 1, a power or a kernel of 0 or less, or negative magnitudes.
    """
    received = array(S)
    xp, data = received.xp, received.data
    sizes, margins = _pair(kernel_size), _pair(margin)
    if margins[0] < 1 or margins[1] < 1:
        raise ParameterError(f"margins must be at least 1, got {margin}")
    magnitude = xp.abs(data) if is_complex(data) else data
    if xp is not mx and magnitude is data and data.min(initial=0) < 0:
        raise ParameterError("S must not be negative")
    masks = harmonic_percussive_masks(
        xp, magnitude, (int(sizes[0]), int(sizes[1])), power, (float(margins[0]), float(margins[1]))
    )
    parts = masks if mask else tuple(data * m for m in masks)
    return received.give_back(parts[0]), received.give_back(parts[1])


def _pair(value: Any) -> Any:
    return value if isinstance(value, (tuple, list)) else (value, value)


__getattr__ = _fallback.fall_through(__name__, "librosa.decompose")
