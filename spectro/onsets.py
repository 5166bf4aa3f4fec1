"""Onset strength: how much louder the bands of a dB mel spectrogram got (Boeck & Widmer 2013).

    o[m, i] = max(0, S[m, i] - S[m, i - lag])

shifted by the frames that a centred analysis sees an onset too early.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, get_args

from .banded import banded_mel
from .filterbanks import check_mel_range
from .scales import to_db
from .shared_spectrum import Spectrum, describe_one, frame_transform
from .typing import Array, CenterPadMode, CenterTailPad, MelNorm, MelScale
from .validation import check_choice, check_int, check_number

__all__ = ["OnsetStrength", "onset_strength", "onset_strength_multi"]


@dataclass(frozen=True)
class OnsetStrength:
    """See `onset_strength_multi`; with `mean`, see `onset_strength`."""

    sample_rate: int
    n_fft: int
    n_mels: int
    f_min: float
    f_max: float | None
    lag: int
    norm: MelNorm
    mel_scale: MelScale
    top_db: float | None
    shift: int
    mean: bool
    wide = True  # a difference of logarithms shows the relative error of the quietest bands

    def __post_init__(self) -> None:
        check_int("sample_rate", self.sample_rate, minimum=1)
        check_int("n_mels", self.n_mels, minimum=1)
        check_int("lag", self.lag, minimum=1)
        check_mel_range(*self._range())
        check_choice("norm", self.norm, (None, "slaney"))
        check_choice("mel_scale", self.mel_scale, get_args(MelScale))
        if self.top_db is not None:
            check_number("top_db", self.top_db, minimum=0)

    def _range(self) -> tuple[float, float]:
        return float(self.f_min), float(self.sample_rate / 2 if self.f_max is None else self.f_max)

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return the mel spectrogram [B, n, n_mels]."""
        bank = banded_mel(
            self.n_fft // 2 + 1,
            *self._range(),
            self.n_mels,
            self.sample_rate,
            self.norm,
            self.mel_scale,
            (self.n_fft // 2) * self.sample_rate / self.n_fft,  # the last bin, below Nyquist for an odd n_fft
        )
        return bank.product(spectrum.xp, spectrum.power)

    def finish(self, xp: ModuleType, values: Array) -> Array:
        """Return the rectified differences [B, n_mels, N], or their mean over the bands [B, N]."""
        db = to_db(xp, values, 10.0, 1e-10, 1.0, self.top_db, (-2, -1))
        frames = db.shape[-1]
        rise = xp.maximum(db[..., self.lag :] - db[..., : max(0, frames - self.lag)], 0.0)
        if self.mean:
            rise = rise.mean(axis=-2)
        late = min(self.lag + self.shift, frames)
        kept = rise[..., : frames - late]
        return xp.pad(kept, [(0, 0)] * (kept.ndim - 1) + [(late, 0)])


def _strength(x: Array, mean: bool, options: dict[str, Any]) -> Array:
    options = dict(options)
    n_fft, hop, center = options["n_fft"], options.pop("hop_length"), options.pop("center")
    pads = options.pop("center_pad_mode"), options.pop("center_tail_pad")
    transform = frame_transform(n_fft, hop, None, "hann", center, *pads)
    shift = n_fft // (2 * hop) if center else 0
    return describe_one(OnsetStrength(**options, shift=shift, mean=mean), transform, x)


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
