"""`librosa.reassigned_spectrogram`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....errors import ParameterError
from ....spectrum.reassignment import centred_times, frequency_shift, slope, time_shift
from ....typing import Array
from ...registry import mirrors
from .._windows import WindowSpec, get_window
from ..util.utils import dtype_r2c, pad_center
from ._bins import fft_frequencies
from ._stft import stft
from ._time import frames_to_time

__all__ = ["reassigned_spectrogram"]


@mirrors("librosa.reassigned_spectrogram", tier=2, numpy=True)
def reassigned_spectrogram(
    y: Array,
    *,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    reassign_frequencies: bool = True,
    reassign_times: bool = True,
    ref_power: float | Callable[..., Any] = 1e-6,
    fill_nan: bool = False,
    clip: bool = True,
    dtype: Any = None,
    pad_mode: Any = "constant",
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where in time and frequency each bin's energy lies: mirrors `librosa.reassigned_spectrogram`.

    Parameters
    ----------
    y : real array [..., n]
    sr : float
    S : complex array [..., F, N], optional
        The STFT of `y`, if it is there already.
    n_fft, hop_length, win_length, window, center, dtype, pad_mode
        As for `stft`.
    reassign_frequencies, reassign_times : bool
    ref_power : float or callable
        Bins of less power become NaN; or a function of the power spectrogram that says how much.
    fill_nan : bool
        Whether such a bin stays where it is instead.
    clip : bool
        Whether to keep frequencies and times within those of the audio.

    Returns
    -------
    freqs, times : float64 arrays [..., F, N]
        Hz and seconds.
    magnitudes : real array [..., F, N]

    Raises
    ------
    ParameterError
        If nothing is to be reassigned, or ref_power is negative.
    """
    if not callable(ref_power) and ref_power < 0:
        raise ParameterError(f"ref_power must not be negative, got {ref_power}")
    if not reassign_frequencies and not reassign_times:
        raise ParameterError("reassign_frequencies or reassign_times must be True")
    win = n_fft if win_length is None else win_length
    hop = int(win // 4) if hop_length is None else hop_length
    samples = pad_center(np.asarray(get_window(window, win)), size=n_fft)
    if dtype is None:
        dtype = dtype_r2c(y.dtype) if S is None else S.dtype
    options = {"n_fft": n_fft, "hop_length": hop, "center": center, "dtype": dtype, "pad_mode": pad_mode}
    spectrum = stft(y, window=samples, **options) if S is None else S
    magnitude = np.abs(spectrum)
    bins = fft_frequencies(sr=sr, n_fft=n_fft)[:, None]
    frames = np.arange(spectrum.shape[-1])
    moments = frames_to_time(frames, sr=sr, hop_length=hop, n_fft=None if center else n_fft)
    least = ref_power(magnitude**2) if callable(ref_power) else ref_power
    faint = np.less(magnitude, least**0.5, out=np.zeros(magnitude.shape, bool), where=~np.isnan(magnitude))

    def settle(values: np.ndarray, instead: np.ndarray, highest: float) -> np.ndarray:
        if least > 0:
            values[faint] = np.nan
        if fill_nan:
            values = np.where(np.isnan(values), instead, values)
        return np.clip(values, 0, highest, out=values) if clip else values

    freqs, times = np.broadcast_to(bins, spectrum.shape), np.broadcast_to(moments, spectrum.shape)
    if reassign_frequencies:
        shift = frequency_shift(stft(y, window=slope(samples), **options), spectrum, sr)
        freqs = settle(bins + shift, bins, sr / 2.0)
    if reassign_times:
        shift = time_shift(stft(y, window=samples * centred_times(n_fft), **options), spectrum, sr)
        times = settle(moments + shift, moments, y.shape[-1] / float(sr))
    return freqs, times, magnitude
