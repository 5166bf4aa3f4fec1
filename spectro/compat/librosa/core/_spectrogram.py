"""What features of a spectrogram share: it is given, or made of audio."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import Received, kind_of
from ....backends.dispatch import analyze_power, reduce
from ....errors import ParameterError
from ....spectrum.reductions import Reduction
from ....typing import Array
from .._arrays import array
from .._windows import WindowSpec
from ._stft import Framed, frame_audio

__all__ = ["bin_table", "checked_magnitude", "describe", "spectrogram"]


def spectrogram(
    y: Array | None,
    S: Array | None,
    n_fft: int | None,
    hop_length: int | None,
    win_length: int | None,
    window: WindowSpec,
    center: bool,
    pad_mode: Any,
    power: float = 1,
) -> tuple[Received, int]:
    """Return `S`, or |stft(y)|^power, [..., F, N], and the n_fft that goes with it.

    Raises
    ------
    ParameterError
        If neither audio nor a spectrogram is given.
    """
    if S is not None:
        if n_fft is None or n_fft // 2 + 1 != S.shape[-2]:
            n_fft = 2 * (S.shape[-2] - 1)
        return array(S), n_fft
    if n_fft is None:
        raise ParameterError("n_fft must be given to compute a spectrogram, got None")
    if y is None:
        raise ParameterError("y or S must be given, audio or a spectrogram of it")
    framed = frame_audio(y, n_fft, hop_length, win_length, window, center, pad_mode)
    batch = framed.batch
    spectra = analyze_power(framed.plan, framed.window, batch, "bnf", float(power)).swapaxes(1, 2)
    data = spectra.reshape(*framed.lead, *spectra.shape[1:])
    return Received(batch.xp, data, batch.give_back), n_fft


def describe(
    y: Array | None,
    S: Array | None,
    n_fft: int | None,
    reduction: Callable[[int], Reduction],
    hop_length: int | None,
    win_length: int | None,
    window: WindowSpec,
    center: bool,
    pad_mode: Any,
) -> tuple[Framed, Array] | None:
    """Return the audio and what `reduction(n_fft)` makes of its spectra, [B, K, N], none of them written.

    In numpy float64, whatever the audio's dtype. None if it is not audio that is given.
    """
    if S is not None or y is None or n_fft is None:
        return None
    framed = frame_audio(y, n_fft, hop_length, win_length, window, center, pad_mode)
    return framed, reduce(framed.plan, framed.window, framed.batch, [reduction(framed.plan.n_fft)])[0]


def checked_magnitude(received: Received, feature: str, shares: bool = False) -> Array:
    """Return a real, non-negative spectrogram with its frames first, [..., N, F].

    Raises
    ------
    ParameterError
        If it is complex, negative or, where magnitudes are to be `shares` of their sum, not finite (a lazy
        `mx.array` is not evaluated for these).
    """
    s = received.data
    if np.iscomplexobj(s) if received.xp is np else s.dtype == mx.complex64:
        raise ParameterError(f"{feature} is defined for real spectrograms, S is {s.dtype}")
    if received.xp is np and np.any(s < 0):
        raise ParameterError(f"{feature} is defined for energies that are not negative, S has some that are")
    if received.xp is np and shares and not np.isfinite(s).all():
        raise ParameterError(f"{feature} is defined for finite spectrograms")
    return s.swapaxes(-1, -2)


def bin_table(received: Received, freq: Array | None, sr: float, n_fft: int) -> Array:
    """Return frequencies [F] or [..., N, F] in the namespace of a spectrogram; by default those of an FFT."""
    if freq is None:
        table: Any = np.fft.rfftfreq(n_fft, 1.0 / sr)
    else:
        table = array(freq).data if kind_of(freq) else np.asarray(freq)
        table = table if table.ndim == 1 else table.swapaxes(-1, -2)
    if received.xp is mx:
        return table if isinstance(table, mx.array) else mx.array(table.astype(np.float32))
    return np.asarray(table)
