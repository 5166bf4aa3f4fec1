"""Several descriptors from one STFT."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any, Literal

from ..compiled.cache import Compiled
from ..diagnostics import register_lru
from ..errors import ArrayTypeError, ParameterError
from ..spectrograms.cepstrum import MFCCTransform, project_bands
from ..spectrum.reductions import Bands
from ..spectrum.shared import Descriptor, describe, frame_transform
from ..typing import Array, CenterPadMode, CenterTailPad, MelNorm, MelScale
from .chroma import chroma
from .descriptors import bandwidth, centroid, contrast, rolloff

__all__ = ["FEATURES", "SpectralFeatureTransform", "spectral_features"]

FEATURES = (
    "chroma_stft",
    "spectral_centroid",
    "spectral_bandwidth",
    "spectral_rolloff",
    "spectral_contrast",
    "mfcc",
)


def cepstrum(**options: Any) -> Descriptor:
    """Return `mfcc` as a descriptor: an `MFCCTransform` without its STFT."""
    transform = MFCCTransform(**options)
    scale = transform.mel_transform.scales["db"]

    def finish(xp: ModuleType, mel: Array) -> Array:
        return project_bands(transform.dct_bank, scale.limit_range(xp, mel))

    return Descriptor(Bands(transform.mel_transform.bank, scale), finish, wide=False)


class SpectralFeatureTransform:
    """Any of chroma, centroid, bandwidth, rolloff, contrast and MFCCs from one STFT, reusable.

    Parameters
    ----------
    include : sequence of str, optional
        What to compute, and in which order: names of `FEATURES`; None for all of them.
    sample_rate : int
        Hz.
    n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
        As for `SpectralTransform`.
    n_chroma, chroma_norm, tuning
        As for `chroma_stft`, whose `norm` is `chroma_norm` here.
    bandwidth_p
        `p` of `spectral_bandwidth`.
    roll_percent
        As for `spectral_rolloff`.
    n_bands, contrast_fmin, contrast_quantile
        `n_bands`, `fmin` and `quantile` of `spectral_contrast`.
    n_mfcc, n_mels, f_min, f_max, mel_norm, mel_scale, top_db, lifter, dct_norm
        As for `MFCCTransform`, whose `norm` is `mel_norm` here.

    Raises
    ------
    ParameterError
        For an unknown or repeated name, and options out of range.

    Examples
    --------
    >>> import mlx.core as mx
    >>> features = SpectralFeatureTransform(include=("spectral_centroid", "mfcc"), n_mfcc=13)
    >>> {name: value.shape for name, value in features(mx.zeros((2, 22050))).items()}
    {'spectral_centroid': (2, 1, 44), 'mfcc': (2, 13, 44)}
    """

    def __init__(
        self,
        *,
        include: tuple[str, ...] | list[str] | None = None,
        sample_rate: int = 22050,
        n_fft: int = 2048,
        hop_length: int = 512,
        win_length: int | None = None,
        window_fn: str = "hann",
        center: bool = True,
        center_pad_mode: CenterPadMode = "reflect",
        center_tail_pad: CenterTailPad = "symmetric",
        n_chroma: int = 12,
        chroma_norm: float | None = 2,
        tuning: float = 0.0,
        bandwidth_p: float = 2.0,
        roll_percent: float = 0.85,
        n_bands: int = 6,
        contrast_fmin: float = 200.0,
        contrast_quantile: float = 0.02,
        n_mfcc: int = 20,
        n_mels: int = 128,
        f_min: float = 0.0,
        f_max: float | None = None,
        mel_norm: MelNorm = "slaney",
        mel_scale: MelScale = "slaney",
        top_db: float | None = 80.0,
        lifter: int = 0,
        dct_norm: Literal["ortho"] | None = "ortho",
    ) -> None:
        self.include = _check_include(include)
        self.sample_rate = sample_rate
        self.spectral = frame_transform(
            n_fft, hop_length, win_length, window_fn, center, center_pad_mode, center_tail_pad
        )
        self.n_fft, self.hop_length = self.spectral.n_fft, self.spectral.hop_length
        mfcc_options: dict[str, Any] = {
            "sample_rate": sample_rate,
            "n_mfcc": n_mfcc,
            "n_fft": n_fft,
            "hop_length": hop_length,
            "n_mels": n_mels,
            "f_min": f_min,
            "f_max": f_max,
            "norm": mel_norm,
            "mel_scale": mel_scale,
            "top_db": top_db,
            "lifter": lifter,
            "dct_norm": dct_norm,
        }
        makers: dict[str, Callable[[], Descriptor]] = {
            "chroma_stft": lambda: chroma(sample_rate, n_fft, n_chroma, chroma_norm, tuning),
            "spectral_centroid": lambda: centroid(sample_rate, n_fft),
            "spectral_bandwidth": lambda: bandwidth(sample_rate, n_fft, bandwidth_p),
            "spectral_rolloff": lambda: rolloff(sample_rate, n_fft, roll_percent),
            "spectral_contrast": lambda: contrast(
                sample_rate, n_fft, n_bands, contrast_fmin, contrast_quantile
            ),
            "mfcc": lambda: cepstrum(**mfcc_options),
        }
        self._descriptors = [makers[name]() for name in self.include]
        self._compiled: Callable[[Array], dict[str, Array]] | None = None

    def extract(self, x: Array) -> dict[str, Array]:
        """Return the features of audio [T] or [B, T] by name, in the order of `include`.

        Each has the shape and dtype that the function of its name returns.

        Raises
        ------
        ParameterError, ArrayTypeError
            As `SpectralTransform.stft`.
        """
        return dict(zip(self.include, describe(self._descriptors, self.spectral, x), strict=True))

    __call__ = extract

    def get_compiled(self) -> Callable[[Array], dict[str, Array]]:
        """Return `extract` compiled by `mx.compile`, cached."""
        if self._compiled is None:
            self._compiled = Compiled(self.extract)
        return self._compiled


def _check_include(include: Any) -> tuple[str, ...]:
    if include is None:
        return FEATURES
    if isinstance(include, str) or not isinstance(include, (tuple, list)):
        raise ArrayTypeError(f"include must be a tuple or list of names, got {include!r}")
    unknown = [name for name in include if name not in FEATURES]
    if unknown or not include or len(set(include)) < len(include):
        raise ParameterError(f"include must name some of {', '.join(FEATURES)}, each once, got {include!r}")
    return tuple(include)


@lru_cache(maxsize=32)
def _shared(options: tuple[tuple[str, Any], ...]) -> SpectralFeatureTransform:
    return SpectralFeatureTransform(**dict(options))


register_lru("feature_cache", _shared)


def spectral_features(
    x: Array,
    *,
    include: tuple[str, ...] | list[str] | None = None,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
    n_chroma: int = 12,
    chroma_norm: float | None = 2,
    tuning: float = 0.0,
    bandwidth_p: float = 2.0,
    roll_percent: float = 0.85,
    n_bands: int = 6,
    contrast_fmin: float = 200.0,
    contrast_quantile: float = 0.02,
    n_mfcc: int = 20,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    mel_norm: MelNorm = "slaney",
    mel_scale: MelScale = "slaney",
    top_db: float | None = 80.0,
    lifter: int = 0,
    dct_norm: Literal["ortho"] | None = "ortho",
) -> dict[str, Array]:
    """Return several features of audio [T] or [B, T] from one STFT: see `SpectralFeatureTransform`.

    Examples
    --------
    >>> import numpy as np
    >>> list(spectral_features(np.zeros(22050, np.float32), include=["mfcc", "spectral_rolloff"]))
    ['mfcc', 'spectral_rolloff']
    """
    options = {name: value for name, value in locals().items() if name != "x"}
    options["include"] = _check_include(include)
    return _shared(tuple(options.items()))(x)
