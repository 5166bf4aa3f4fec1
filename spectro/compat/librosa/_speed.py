"""`librosa.effects`: audio at another speed or pitch."""

from __future__ import annotations

from typing import Any

from ...arrays import dtype_name
from ...errors import ParameterError
from ...typing import Array
from ..registry import mirrors
from ._arrays import array
from .core.audio import resample
from .core.spectrum import istft, phase_vocoder, stft
from .util.utils import fix_length, is_positive_int

__all__ = ["pitch_shift", "time_stretch"]


@mirrors("librosa.effects.time_stretch", tier=2)
def time_stretch(y: Array, *, rate: float, **kwargs: Any) -> Array:
    """Play audio `rate` times as fast at the same pitch: mirrors `librosa.effects.time_stretch`.

    Parameters
    ----------
    y : real array [..., n]
    rate : float
    **kwargs
        As for `stft` and `istft`.

    Returns
    -------
    real array [..., round(n / rate)], dtype of `y`

    Raises
    ------
    ParameterError
        For a rate of 0 or less.
    """
    if rate <= 0:
        raise ParameterError(f"rate must be greater than 0, got {rate}")
    stretched = phase_vocoder(stft(y, **kwargs), rate=rate)
    length = round(y.shape[-1] / rate)
    return istft(stretched, dtype=dtype_name(array(y).data), length=length, **kwargs)


@mirrors("librosa.effects.pitch_shift", tier=2)
def pitch_shift(
    y: Array,
    *,
    sr: float,
    n_steps: float,
    bins_per_octave: int = 12,
    res_type: str = "soxr_hq",
    scale: bool = False,
    **kwargs: Any,
) -> Array:
    """Shift the pitch of audio at the same speed: mirrors `librosa.effects.pitch_shift`.

    Parameters
    ----------
    y : real array [..., n]
    sr : float
    n_steps : float
        How far, in steps of which `bins_per_octave` make an octave.
    res_type, scale
        As for `resample`.
    **kwargs
        As for `stft` and `istft`.

    Returns
    -------
    real array [..., n], dtype of `y`

    Raises
    ------
    ParameterError
        If `bins_per_octave` is not a positive integer.
    """
    if not is_positive_int(bins_per_octave):
        raise ParameterError(f"bins_per_octave must be a positive integer, got {bins_per_octave}")
    rate = 2.0 ** (-float(n_steps) / bins_per_octave)
    stretched = time_stretch(y, rate=rate, **kwargs)
    shifted = resample(stretched, orig_sr=float(sr) / rate, target_sr=sr, res_type=res_type, scale=scale)
    return fix_length(shifted, size=y.shape[-1])
