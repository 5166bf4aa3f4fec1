"""Onset strength: how much louder the bands of a dB mel spectrogram got (Boeck & Widmer 2013).

    o[m, i] = max(0, S[m, i] - S[m, i - lag])

shifted by the frames that a centred analysis sees an onset too early.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, get_args

from ..filterbanks.mel import check_mel_range, warn_empty
from ..spectrograms.mel import mel_bank
from ..spectrum.reductions import Bands
from ..spectrum.scales import Scale
from ..spectrum.shared import Descriptor, describe_one, frame_transform
from ..typing import Array, CenterPadMode, CenterTailPad, MelNorm, MelScale
from ..validation import check_choice, check_int, check_number

__all__ = ["onset_strength", "onset_strength_multi"]


def mel_decibels(
    sample_rate: int,
    n_fft: int,
    n_mels: int,
    f_min: float,
    f_max: float | None,
    norm: MelNorm,
    mel_scale: MelScale,
    top_db: float | None,
) -> Bands:
    """Return the reduction to mel bands in dB; the range `top_db` is left to be taken."""
    check_int("sample_rate", sample_rate, minimum=1)
    check_int("n_mels", n_mels, minimum=1)
    low, high = float(f_min), float(sample_rate / 2 if f_max is None else f_max)
    check_mel_range(low, high)
    check_choice("norm", norm, (None, "slaney"))
    check_choice("mel_scale", mel_scale, get_args(MelScale))
    if top_db is not None:
        check_number("top_db", top_db, minimum=0)
    last = (n_fft // 2) * sample_rate / n_fft  # the last bin, below Nyquist for an odd n_fft
    bank = mel_bank(n_fft // 2 + 1, low, high, n_mels, sample_rate, norm, mel_scale, last)
    warn_empty(bank.weights, "mel filters")
    return Bands(bank, Scale("db", amin=1e-10, gain=10.0, top_db=top_db))


def rises(xp: ModuleType, db: Array, lag: int, shift: int, mean: bool) -> Array:
    """Return the rectified differences of [..., M, N] over `lag` frames (their mean over M), `shift` late."""
    frames = db.shape[-1]
    rise = xp.maximum(db[..., lag:] - db[..., : max(0, frames - lag)], 0.0)
    if mean:
        rise = rise.mean(axis=-2)
    late = min(lag + shift, frames)
    kept = rise[..., : frames - late]
    return xp.pad(kept, [(0, 0)] * (kept.ndim - 1) + [(late, 0)])


def _strength(x: Array, mean: bool, options: dict[str, Any]) -> Array:
    options = dict(options)
    n_fft, hop, center = options["n_fft"], options.pop("hop_length"), options.pop("center")
    pads = options.pop("center_pad_mode"), options.pop("center_tail_pad")
    lag = check_int("lag", options.pop("lag"), minimum=1)
    transform = frame_transform(n_fft, hop, None, "hann", center, *pads)
    shift = n_fft // (2 * hop) if center else 0
    bands = mel_decibels(**options)

    def finish(xp: ModuleType, db: Array) -> Array:
        return rises(xp, bands.scale.limit_range(xp, db), lag, shift, mean)

    # In float64: a difference of logarithms shows the relative error of the quietest bands.
    return describe_one(Descriptor(bands, finish), transform, x)


def onset_strength(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    center: bool = True,
    lag: int = 1,
    norm: MelNorm = "slaney",
    mel_scale: MelScale = "slaney",
    top_db: float | None = 80.0,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
) -> Array:
    """Return the onset strength envelope: the mean over the bands of `onset_strength_multi`.

    Parameters
    ----------
    x, sample_rate, n_fft, hop_length, n_mels, f_min, f_max, center, lag, norm, mel_scale, top_db
        As for `onset_strength_multi`.
    center_pad_mode, center_tail_pad
        As for `SpectralTransform`. (librosa pads with "constant".)

    Returns
    -------
    array [N] or [B, N], dtype of `x`

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`, and for an option out of range.

    Examples
    --------
    >>> import numpy as np
    >>> click = np.zeros(22050)
    >>> click[10240] = 1.0
    >>> abs(int(onset_strength(click).argmax()) * 512 - 10240) <= 512
    True
    """
    return _strength(x, True, {name: value for name, value in locals().items() if name != "x"})


def onset_strength_multi(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    center: bool = True,
    lag: int = 1,
    norm: MelNorm = "slaney",
    mel_scale: MelScale = "slaney",
    top_db: float | None = 80.0,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
) -> Array:
    """Return the half-wave rectified flux of each band of a dB mel spectrogram.

    Parameters
    ----------
    x : array [T] or [B, T]
    sample_rate : int
        Hz.
    n_fft, hop_length, center, center_pad_mode, center_tail_pad
        As for `SpectralTransform`. `center` also shifts the result by n_fft // (2 hop_length) frames,
        so that an onset shows in the frame that is centred on it.
    n_mels, f_min, f_max, norm, mel_scale
        As for `MelSpectrogramTransform`; `f_max` defaults to sample_rate / 2.
    lag : int
        Frames between the two that are compared.
    top_db : float, optional
        Range of the dB scale below the example's peak.

    Returns
    -------
    array [n_mels, N] or [B, n_mels, N], dtype of `x`

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`, and for an option out of range.

    Examples
    --------
    >>> import numpy as np
    >>> onset_strength_multi(np.zeros(22050), n_mels=40).shape
    (40, 44)
    """
    return _strength(x, False, {name: value for name, value in locals().items() if name != "x"})
