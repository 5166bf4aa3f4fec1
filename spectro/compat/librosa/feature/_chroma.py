"""`librosa.feature.chroma_stft`."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import Received, is_traced
from ....backends.dispatch import analyze_power, project
from ....errors import GradientError, ParameterError
from ....features.tuning import tuning_of_spectra
from ....spectrum.scales import LINEAR
from ....typing import Array
from ...registry import mirrors
from .._arrays import array
from .._filterbanks import chroma_bank
from .._windows import WindowSpec
from ..core._stft import frame_audio
from ..util._values import normalize

__all__ = ["chroma_stft"]


@mirrors("librosa.feature.chroma_stft", tier=1)
def chroma_stft(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    norm: float | None = np.inf,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    tuning: float | None = None,
    n_chroma: int = 12,
    **kwargs: Any,
) -> Array:
    """Return the energy of each pitch class: mirrors `librosa.feature.chroma_stft`.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `S`.
    sr : float
        Hz.
    S : array [..., F, N]
        Power.
    norm : float, optional
        Of each frame, as for `util.normalize`.
    n_fft, hop_length, win_length, window, center, pad_mode
        As for `stft`.
    tuning : float, optional
        Deviation from A440 in bins; by default it is estimated, of an `mx.array` by evaluating it.
    n_chroma : int
    **kwargs
        As for `filters.chroma`.

    Returns
    -------
    array [..., n_chroma, N]

    Raises
    ------
    ParameterError
        As `stft` and `filters.chroma`.
    GradientError
        If the tuning of an `mx.array` without values is to be estimated.
    """
    if S is not None:
        if n_fft is None or n_fft // 2 + 1 != S.shape[-2]:
            n_fft = 2 * (S.shape[-2] - 1)
        received = array(S)
        power = received.data.swapaxes(-1, -2)
    elif y is None or n_fft is None:
        raise ParameterError("y (with n_fft) or S must be given, audio or a spectrogram of it")
    else:
        framed = frame_audio(y, n_fft, hop_length, win_length, window, center, pad_mode)
        received = framed.batch
        if tuning is None and received.xp is mx:  # a product of MLX's would round more than a kernel's sums
            tuning = _tuning(received, analyze_power(framed.plan, framed.window, received), sr, n_chroma)
        if tuning is not None:
            bank = chroma_bank(sr=sr, n_fft=n_fft, tuning=tuning, n_chroma=n_chroma, **kwargs)
            raw = project(framed.plan, framed.window, framed.batch, 2.0, bank, LINEAR)
            return normalize(framed.restore(raw), norm=norm, axis=-2)
        power = analyze_power(framed.plan, framed.window, framed.batch)
        power = power.reshape(*framed.lead, *power.shape[1:])
    if tuning is None:
        tuning = _tuning(received, power, sr, n_chroma)
    bank = chroma_bank(sr=sr, n_fft=n_fft, tuning=tuning, n_chroma=n_chroma, **kwargs)
    classes = bank.product(received.xp, power).swapaxes(-1, -2)
    return normalize(received.give_back(classes), norm=norm, axis=-2)


def _tuning(received: Received, power: Array, sr: float, n_chroma: int) -> float:
    """Return the tuning of power spectra [..., N, F], taken for the magnitudes that they are not.

    That is what librosa does: its peaks and their order are those of the magnitudes, their places nearly.
    """
    if received.xp is mx:
        if is_traced(power):
            raise GradientError(
                "tuning=None looks at values, which are not there while tracing: pass a number"
            )
        power = np.array(power)
    bins = power.shape[-1]
    return tuning_of_spectra(power.swapaxes(-1, -2), sr, 2048 if bins == 1025 else 2 * (bins - 1), n_chroma)
