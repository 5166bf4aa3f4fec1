"""Mel-frequency cepstral coefficients: the DCT of a dB mel spectrogram (Davis & Mermelstein 1980)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any, Literal

import mlx.core as mx
import numpy as np

from ..arithmetic.products import product_from_left
from ..arithmetic.sums import multiply
from ..arrays import constant
from ..compiled.by_values import by_kernel, has_kernel
from ..compiled.cache import Compiled
from ..errors import ParameterError
from ..filterbanks.bank import Filterbank
from ..kernels import cpu
from ..typing import Array, CenterPadMode, CenterTailPad, MelNorm, MelScale
from ..validation import check_audio, check_choice, check_int
from .mel import MelSpectrogramTransform

__all__ = ["MFCCTransform", "dct", "dct_basis", "dct_matrix", "lifter_weights", "mfcc", "project_bands"]


@lru_cache(maxsize=64)
def dct_basis(n_mfcc: int, n_mels: int, norm: str | None) -> np.ndarray:
    """Return the DCT-II basis [n_mfcc, n_mels], float64 and read-only.

    D[k, m] = 2 cos(pi k (2m + 1) / (2M)); "ortho" scales the rows to unit length.
    """
    k, m = np.arange(n_mfcc)[:, None], np.arange(n_mels)[None, :]
    basis = 2.0 * np.cos(np.pi / (2 * n_mels) * k * (2 * m + 1))
    if norm == "ortho":
        basis *= np.where(k == 0, np.sqrt(1 / (4 * n_mels)), np.sqrt(1 / (2 * n_mels)))
    basis.setflags(write=False)
    return basis


def dct(x: np.ndarray) -> np.ndarray:
    """Return the DCT-II of each row of x [..., n], not normalised, in the dtype of x: numpy only.

    y[k] = 2 sum_m x[m] cos(pi k (2m + 1) / (2n)) is the FFT of x and its mirror image, half a sample later.
    The FFT is float64, since the rows of `project_bands` share an offset that outweighs what they differ by.

    Examples
    --------
    >>> dct(np.array([1.0, 2.0, 4.0])).round(3).tolist()
    [14.0, -5.196, 1.0]
    """
    n = x.shape[-1]
    wide = x.astype(np.float64)
    turned = np.fft.rfft(np.concatenate((wide, wide[..., ::-1]), axis=-1))[..., :n]
    y = (turned * np.exp(-0.5j * np.pi * np.arange(n) / n)).real
    return y.astype(x.dtype) if x.dtype.kind == "f" else y


def lifter_weights(n_mfcc: int, lifter: float) -> np.ndarray:
    """Return the sinusoidal lifter 1 + (L / 2) sin(pi (k + 1) / L) over coefficients k, float64 [n_mfcc]."""
    return 1 + (lifter / 2) * np.sin(np.pi * np.arange(1, n_mfcc + 1) / lifter)


def project_bands(bank: Filterbank, x: Array) -> Array:
    """Return the transform `bank` [M, K] of bands x [..., M, N]: [..., K, N].

    The decibels of a frame share an offset (-100 in silence) that outweighs what they differ by,
    and M additions of it in float32 lose several ulp. So their mean m goes separately, once:
    D x = D (x - m) + m (D 1), with the sums D 1 [K] made in float64. m itself need not be
    exact, since both terms use the same.
    """

    def compute(values: np.ndarray, **make: Any) -> Array:
        return cpu.apply_bank(bank.native(values.dtype), values, centered=True, **make)

    if bank.is_constant and has_kernel(x):
        return by_kernel(x, compute, lambda x: _project(mx, bank, x))
    return _project(np if isinstance(x, np.ndarray) else mx, bank, x)


def _project(xp: ModuleType, bank: Filterbank, x: Array) -> Array:
    mean, basis = x.mean(axis=-2, keepdims=True), bank.array(xp, x).T
    if xp is mx:
        sums = constant(bank.weights.sum(axis=0), mx, x) if bank.is_constant else basis.sum(axis=1)
        return product_from_left(mx, basis, x - mean) + sums[:, None] * mean
    sums = constant(bank.weights.sum(axis=0), np, x)
    y = np.empty_like(x, shape=(*x.shape[:-2], len(basis), x.shape[-1]))  # in memory as x is
    for i in np.ndindex(x.shape[:-2]):  # signal by signal: less than a copy of all bands
        multiply((x[i] - mean[i]).T, basis.T, y[i].T)
        y[i] += sums[:, None] * mean[i]
    return y


def dct_matrix(n_mfcc: int, n_mels: int, *, norm: Literal["ortho"] | None = "ortho") -> mx.array:
    """Return a DCT-II basis [n_mfcc, n_mels], float32.

    Parameters
    ----------
    n_mfcc, n_mels : int
        Coefficients kept, and bands transformed.
    norm : {"ortho", None}
        Rows of unit length, or 2 cos(pi k (2m + 1) / (2 n_mels)).

    Raises
    ------
    ParameterError
        If n_mfcc > n_mels or an option is unknown.

    Examples
    --------
    >>> dct_matrix(13, 40).shape
    (13, 40)
    """
    check_int("n_mels", n_mels, minimum=1)
    if check_int("n_mfcc", n_mfcc, minimum=1) > n_mels:
        raise ParameterError(f"n_mfcc must be at most n_mels={n_mels}, got {n_mfcc}")
    check_choice("norm", norm, (None, "ortho"))
    return mx.array(dct_basis(n_mfcc, n_mels, norm).astype(np.float32))


class MFCCTransform:
    """MFCCs of audio with librosa's mel defaults (Slaney scale and norm).

    Parameters
    ----------
    sample_rate, n_fft, hop_length, win_length, n_mels, f_min, f_max, norm, mel_scale, top_db
        As for `MelSpectrogramTransform`; the dB range is taken per example.
    n_mfcc : int
        Coefficients kept.
    window_fn, center, center_pad_mode, center_tail_pad
        As for `SpectralTransform`. librosa itself pads with "constant".
    lifter : int
        Length of the sinusoidal lifter; 0 for none.
    dct_norm : {"ortho", None}

    Raises
    ------
    ParameterError
        For a value out of range.

    Examples
    --------
    >>> import mlx.core as mx
    >>> MFCCTransform(16000, n_mfcc=13, n_fft=400, hop_length=160, n_mels=40)(mx.zeros(16000)).shape
    (13, 101)
    """

    def __init__(
        self,
        sample_rate: int = 22050,
        n_mfcc: int = 20,
        n_fft: int = 2048,
        hop_length: int = 512,
        win_length: int | None = None,
        n_mels: int = 128,
        f_min: float = 0.0,
        f_max: float | None = None,
        norm: MelNorm = "slaney",
        mel_scale: MelScale = "slaney",
        top_db: float | None = 80.0,
        window_fn: str = "hann",
        center: bool = True,
        center_pad_mode: CenterPadMode = "reflect",
        center_tail_pad: CenterTailPad = "symmetric",
        lifter: int = 0,
        dct_norm: Literal["ortho"] | None = "ortho",
    ) -> None:
        self.mel_transform = MelSpectrogramTransform(
            sample_rate=sample_rate,
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=win_length,
            n_mels=n_mels,
            f_min=f_min,
            f_max=f_max,
            norm=norm,
            mel_scale=mel_scale,
            top_db=top_db,
            window_fn=window_fn,
            center=center,
            center_pad_mode=center_pad_mode,
            center_tail_pad=center_tail_pad,
        )
        self.n_mfcc = check_int("n_mfcc", n_mfcc, minimum=1)
        if self.n_mfcc > self.mel_transform.n_mels:
            raise ParameterError(f"n_mfcc must be at most n_mels={self.mel_transform.n_mels}, got {n_mfcc}")
        self.lifter = check_int("lifter", lifter, minimum=0)
        self.dct_norm = check_choice("dct_norm", dct_norm, (None, "ortho"))
        basis = dct_basis(self.n_mfcc, self.mel_transform.n_mels, self.dct_norm)
        basis = basis if self.lifter == 0 else basis * lifter_weights(self.n_mfcc, self.lifter)[:, None]
        self.dct_bank = Filterbank(basis.T)
        self._compiled: Compiled | None = None

    @property
    def dct_mat(self) -> mx.array:
        """The DCT basis [n_mfcc, n_mels], float32, before liftering."""
        return dct_matrix(self.n_mfcc, self.mel_transform.n_mels, norm=self.dct_norm)

    def mfcc(self, x: Array) -> Array:
        """Return MFCCs [n_mfcc, N] of audio [T], or [B, n_mfcc, N] of [B, T].

        Raises
        ------
        ParameterError, ArrayTypeError
            As `SpectralTransform.stft`.
        """
        received = check_audio(x)
        coefficients = project_bands(self.dct_bank, self.mel_transform.compute(received, "db"))
        return received.give_back(coefficients[0] if received.data.ndim == 1 else coefficients)

    __call__ = mfcc

    def get_compiled(self) -> Callable[[Array], Array]:
        """Return the transform compiled by `mx.compile`, cached."""
        if self._compiled is None:
            self._compiled = Compiled(self.mfcc)
        return self._compiled


@lru_cache(maxsize=32)
def _shared(options: tuple[tuple[str, Any], ...]) -> MFCCTransform:
    return MFCCTransform(**dict(options))


def mfcc(
    x: Array,
    *,
    sample_rate: int = 22050,
    n_mfcc: int = 20,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    norm: MelNorm = "slaney",
    mel_scale: MelScale = "slaney",
    top_db: float | None = 80.0,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
    lifter: int = 0,
    dct_norm: Literal["ortho"] | None = "ortho",
) -> Array:
    """Return MFCCs [n_mfcc, N] of audio [T], or [B, n_mfcc, N] of [B, T]: see `MFCCTransform`.

    Examples
    --------
    >>> import numpy as np
    >>> mfcc(np.zeros(22050, np.float32), n_mfcc=13).shape
    (13, 44)
    """
    options = {name: value for name, value in locals().items() if name != "x"}
    return _shared(tuple(options.items()))(x)
