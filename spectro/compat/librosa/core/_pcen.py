"""`librosa.pcen`."""

from __future__ import annotations

import math

import numpy as np

from ....arithmetic.extrema import maximum_filter
from ....arrays import constant
from ....callers import warn
from ....errors import ParameterError
from ....spectrograms.pcen import pcen as normalize_energy
from ....typing import Array
from ...registry import mirrors
from .._arrays import array, is_complex
from ..util._shapes import is_positive_int

__all__ = ["pcen"]


@mirrors("librosa.pcen", tier=1)
def pcen(
    S: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    gain: float = 0.98,
    bias: float = 2,
    power: float = 0.5,
    time_constant: float = 0.400,
    eps: float = 1e-6,
    b: float | None = None,
    max_size: int = 1,
    ref: Array | None = None,
    axis: int = -1,
    max_axis: int | None = None,
    zi: Array | None = None,
    return_zf: bool = False,
) -> Array | tuple[Array, Array]:
    """Per-channel energy normalisation: mirrors `librosa.pcen`.

    Parameters
    ----------
    S : array [..., F, N], not negative
        Energies, of a mel spectrogram say.
    sr, hop_length
        Give `b`, with `time_constant` in seconds.
    gain, bias, power, eps : float
        See `spectro.spectrograms.pcen`.
    b : float, optional
        Weight of a new frame in the running mean.
    max_size : int
        Neighbours on `max_axis` whose maximum is averaged, rather than `S`.
    ref : array, optional
        What is averaged, instead.
    axis, max_axis : int
        Of time, and of frequency (which 2-D input need not tell).
    zi : array, optional
        What is left of the running mean before the first frame; by default that of energies of 1.
    return_zf : bool
        Whether to return that for the next call, too.

    Returns
    -------
    array, shape of `S`, float64
        float32 for an `mx.array`.

    Raises
    ------
    ParameterError
        For an option out of range.
    """
    for name, value in (("power", power), ("gain", gain), ("bias", bias)):
        if value < 0:
            raise ParameterError(f"{name} must not be negative, got {value}")
    for name, value in (("eps", eps), ("time_constant", time_constant)):
        if value <= 0:
            raise ParameterError(f"{name} must be greater than 0, got {value}")
    if not is_positive_int(max_size):
        raise ParameterError(f"max_size must be a positive integer, got {max_size}")
    if b is None:
        # So that the low-pass filter's squared response falls to a half in about that many frames.
        frames = time_constant * sr / float(hop_length)
        b = (math.sqrt(1 + 4 * frames**2) - 1) / (2 * frames**2)
    if not 0 <= b <= 1:
        raise ParameterError(f"b must lie between 0 and 1, got {b}")
    received = array(S)
    xp, s = received.xp, received.data
    if is_complex(s):
        warn("pcen of complex input ignores its phase: call pcen(np.abs(D)) to have no warning")
        s = xp.abs(s)
    s = s.astype(np.float64) if xp is np else s
    energy = None  # what is averaged, if not `s`
    if ref is not None:
        energy = array(ref).data
        energy = energy.astype(np.float64) if xp is np else energy
    elif max_size > 1:
        energy = _loudest(xp, s, max_size, axis, max_axis)
    energy = None if energy is None else xp.moveaxis(energy, axis, -1)
    s = xp.moveaxis(s, axis, -1)
    if zi is None:
        state = constant(np.full((1,) * s.ndim, 1.0 - b), xp, s)
    else:
        state = xp.moveaxis(array(zi).data, axis, -1)
    values, state = normalize_energy(xp, s, energy, state, float(b), gain, bias, power, eps)
    result, state = (received.give_back(xp.moveaxis(x, -1, axis)) for x in (values, state))
    return (result, state) if return_zf else result


def _loudest(xp: object, s: Array, size: int, axis: int, max_axis: int | None) -> Array:
    if s.ndim == 1:
        raise ParameterError("max_size above 1 needs input of 2 dimensions or more, got 1")
    if max_axis is None:
        if s.ndim != 2:
            raise ParameterError(f"max_size above 1 needs max_axis for input of {s.ndim:d} dimensions")
        max_axis = (1 - axis) % 2
    return maximum_filter(xp, s, size, max_axis % s.ndim - s.ndim)  # type: ignore[arg-type]
