"""`librosa.effects`: the harmonic and the percussive part of audio."""

from __future__ import annotations

from typing import Any

from ...arrays import dtype_name
from ...typing import Array
from ..registry import mirrors
from . import decompose
from ._arrays import array
from .core.spectrum import istft, stft

__all__ = ["harmonic", "hpss", "percussive"]


@mirrors("librosa.effects.hpss", tier=2)
def hpss(
    y: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> tuple[Array, Array]:
    """Separate audio into its harmonic and percussive parts: mirrors `librosa.effects.hpss`.

    Parameters
    ----------
    y : real array [..., n]
    kernel_size, power, mask, margin
        As for `decompose.hpss`.
    n_fft, hop_length, win_length, center, pad_mode
        As for `stft`. The window is always Hann's; `window` has no effect, as in librosa.

    Returns
    -------
    harmonic, percussive : real arrays [..., n], dtype of `y`

    Raises
    ------
    ParameterError
        As `stft` and `decompose.hpss`.
    """
    framing = {"n_fft": n_fft, "hop_length": hop_length, "win_length": win_length, "center": center}
    masking = {"kernel_size": kernel_size, "power": power, "mask": mask, "margin": margin}
    parts = _separate(y, framing, pad_mode, masking)
    return _to_audio(parts[0], y, framing), _to_audio(parts[1], y, framing)


def _separate(
    y: Array, framing: dict[str, Any], pad_mode: Any, masking: dict[str, Any]
) -> tuple[Array, Array]:
    return decompose.hpss(stft(y, **framing, pad_mode=pad_mode), **masking)


def _to_audio(part: Array, y: Array, framing: dict[str, Any]) -> Array:
    return istft(part, dtype=dtype_name(array(y).data), length=y.shape[-1], **framing)


@mirrors("librosa.effects.harmonic", tier=2)
def harmonic(
    y: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> Array:
    """Return the harmonic part of audio, as `hpss`: mirrors `librosa.effects.harmonic`."""
    framing = {"n_fft": n_fft, "hop_length": hop_length, "win_length": win_length, "center": center}
    masking = {"kernel_size": kernel_size, "power": power, "mask": mask, "margin": margin}
    return _to_audio(_separate(y, framing, pad_mode, masking)[0], y, framing)


@mirrors("librosa.effects.percussive", tier=2)
def percussive(
    y: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> Array:
    """Return the percussive part of audio, as `hpss`: mirrors `librosa.effects.percussive`."""
    framing = {"n_fft": n_fft, "hop_length": hop_length, "win_length": win_length, "center": center}
    masking = {"kernel_size": kernel_size, "power": power, "mask": mask, "margin": margin}
    return _to_audio(_separate(y, framing, pad_mode, masking)[1], y, framing)
