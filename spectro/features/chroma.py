"""Chroma: the energy of each pitch class, all octaves together (Ellis 2007, "Chroma feature analysis").

A bin at f Hz has pitch q = n log2(f / A0) in steps of an octave's nth part. In the column of that
bin, class c gets a Gaussian of the distance from q to c around the circle of n classes, half as wide
as the bin is far from the next one (a step at least); the column is scaled to unit length, and
weighted by a second Gaussian that favours the octaves about A440.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from ..errors import ArrayTypeError, ParameterError
from ..filterbanks.bank import Filterbank
from ..spectrum.reductions import Bands, safe_divisor
from ..spectrum.scales import root, without_gradient
from ..spectrum.shared import Descriptor, describe_one, frame_transform
from ..typing import Array, CenterPadMode, CenterTailPad
from ..validation import check_int, check_number

__all__ = ["chroma", "chroma_filterbank", "chroma_stft"]

_LOWEST_A = 27.5  # A0, Hz


@lru_cache(maxsize=64)
def chroma_filterbank(
    sample_rate: float,
    n_fft: int,
    n_chroma: int = 12,
    tuning: float = 0.0,
    norm: float | None = 2,
    centre_octave: float = 5.0,
    octave_width: float | None = 2.0,
    from_c: bool = True,
) -> np.ndarray:
    """Return the filterbank [F, n_chroma] of `librosa.filters.chroma`, float64 and read-only.

    `tuning` is the deviation from A440 in steps of n_chroma to the octave. Classes begin at C, or at A.
    The weight of an octave falls with its distance from `centre_octave`, unless `octave_width` is None.
    """
    frequencies = np.arange(1, n_fft) * (sample_rate / n_fft)
    pitch = n_chroma * np.log2(frequencies / (_LOWEST_A * 2.0 ** (tuning / n_chroma)))
    # 0 Hz has no pitch: it is put an octave and a half below the first bin, so that it belongs nowhere much.
    pitch = np.concatenate([[pitch[0] - 1.5 * n_chroma], pitch])
    width = np.concatenate([np.maximum(np.diff(pitch), 1.0), [1.0]])
    bins = n_fft // 2 + 1
    pitch, width = pitch[:bins], width[:bins]

    half = np.round(n_chroma / 2)
    # The 10 turns change nothing but the rounding, which is then the reference's.
    distance = (pitch[:, None] - np.arange(n_chroma) + half + 10 * n_chroma) % n_chroma - half
    bank = normalize(np, np.exp(-0.5 * (2 * distance / width[:, None]) ** 2).T, norm).T.copy()
    if octave_width is not None:
        bank *= np.exp(-0.5 * ((pitch[:, None] / n_chroma - centre_octave) / octave_width) ** 2)
    if from_c:
        bank = np.roll(bank, -3 * (n_chroma // 12), axis=1)
    bank.setflags(write=False)
    return bank


def check_norm(norm: Any) -> float | None:
    """Return `norm` if it is None, 0, positive or an infinity."""
    if norm is None:
        return None
    if isinstance(norm, bool) or not isinstance(norm, (int, float, np.integer, np.floating)):
        raise ArrayTypeError(f"norm must be a number or None, got {norm!r}")
    if not (norm >= 0 or norm == -np.inf):
        raise ParameterError(f"norm must be None, 0, positive or an infinity, got {norm!r}")
    return float(norm)


def normalize(xp: ModuleType, x: Array, norm: float | None) -> Array:
    """Scale non-negative `x` [..., K, N] to unit `norm` along K, leaving what is too small to divide by."""
    if norm is None:
        return x
    if norm == -np.inf:
        length = x.min(axis=-2, keepdims=True)
    elif norm == 0:
        length = (x > 0).astype(x.dtype).sum(axis=-2, keepdims=True)
    else:
        length = x.max(axis=-2, keepdims=True)
        if norm != np.inf:
            # The peak is taken out so that no power under- or overflows; it cancels, also from the gradient.
            peak = safe_divisor(xp, without_gradient(xp, length))
            length = peak * root(xp, ((x / peak) ** norm).sum(axis=-2, keepdims=True), norm)
    return x / safe_divisor(xp, length)


@lru_cache(maxsize=64)
def _bank(*arguments: Any) -> Filterbank:
    return Filterbank(chroma_filterbank(*arguments))


def chroma(
    sample_rate: int, n_fft: int, n_chroma: int = 12, norm: float | None = 2, tuning: float = 0.0
) -> Descriptor:
    """Return the descriptor behind `chroma_stft`."""
    check_int("sample_rate", sample_rate, minimum=1)
    check_int("n_chroma", n_chroma, minimum=1)
    check_number("tuning", tuning)
    length = check_norm(norm)
    bank = _bank(sample_rate, n_fft, n_chroma, float(tuning))
    # Sums of energies, which a float32 FFT gives well enough.
    return Descriptor(Bands(bank), lambda xp, energy: normalize(xp, energy, length), wide=False)


def chroma_stft(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    n_chroma: int = 12,
    norm: float | None = 2,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
    tuning: float = 0.0,
) -> Array:
    """Return the chromagram of a power spectrum.

    Parameters
    ----------
    x : array [T] or [B, T]
    sample_rate : int
        Hz.
    n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
        As for `SpectralTransform`.
    n_chroma : int
        Classes to the octave, the first of them C.
    norm : float, optional
        Every frame is divided by this norm of it (2, 1, inf, ...); None leaves energies. Near-silent
        frames, whose norm float cannot divide by, stay as they are. (librosa's default is inf.)
    tuning : float
        Deviation from A440, in steps of `n_chroma` to the octave.

    Returns
    -------
    array [n_chroma, N] or [B, n_chroma, N], dtype of `x`

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`, and for an option out of range.

    Examples
    --------
    >>> import numpy as np
    >>> a = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> int(chroma_stft(a)[:, 20].argmax())  # C is 0, A is 9
    9
    """
    transform = frame_transform(
        n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
    )
    return describe_one(chroma(sample_rate, n_fft, n_chroma, norm, tuning), transform, x)
