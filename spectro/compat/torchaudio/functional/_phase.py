"""`griffinlim`, `phase_vocoder` and `pitch_shift`."""

from __future__ import annotations

import math
from types import ModuleType

import mlx.core as mx
import numpy as np

from ....arrays import Received, dtype_name, is_traced
from ....compiled.by_values import by_numpy
from ....signal.sinc import Polyphase
from ....spectrum.phase import griffin_lim
from ....spectrum.phase import phase_vocoder as vocoder
from ....typing import Array
from ...registry import mirrors
from ...torch import hann_window, istft, stft
from ...torch._checks import require
from ...torch._random import uniform
from ...torch._windows import default_dtype
from ._arrays import answer, received
from ._resampling import filters, resampled_length

__all__ = ["griffinlim", "phase_vocoder", "pitch_shift", "shift_rates", "shifted", "steps_of_arange"]

COMPLEX = {"float32": "complex64", "float64": "complex128", "float16": "complex64"}


@mirrors("torchaudio.functional.griffinlim", tier=1)
def griffinlim(
    specgram: Array,
    window: Array,
    n_fft: int,
    hop_length: int,
    win_length: int,
    power: float,
    n_iter: int,
    momentum: float,
    length: int | None,
    rand_init: bool,
) -> Array:
    """Signal of a magnitude spectrogram, by Griffin-Lim: mirrors `torchaudio.functional.griffinlim`.

    Parameters
    ----------
    specgram : real array [..., F, N]
        Magnitudes to the power `power`; F = n_fft // 2 + 1.
    window, n_fft, hop_length, win_length
        As for `torch.stft`.
    power : float
    n_iter : int
    momentum : float
        From 0 to below 1; 0 is the original method.
    length : int, optional
        Samples to return.
    rand_init : bool
        Start from random numbers, drawn as compat/torch/_random.py says, or from ones.

    Returns
    -------
    array [..., T]

    Raises
    ------
    ValueError
        For momentum out of range, a spectrogram that is not floating point.
    RuntimeError
        As `torch.istft`.
    """
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must be in [0, 1), got {momentum}")
    first = received("specgram", specgram)
    xp, x = first.xp, first.data
    dtype = dtype_name(x)
    if dtype not in COMPLEX:
        raise ValueError(f"specgram must be floating point, got {dtype}")
    shape = (math.prod(x.shape[:-2]), *x.shape[-2:])
    drawn = uniform(shape, COMPLEX[dtype], specgram) if rand_init else None
    frames = (n_fft, hop_length, win_length, window)

    def synthesize(z: Array) -> Array:
        return istft(z, *frames, length=length)

    def analyze(y: Array) -> Array:
        z = stft(y, *frames, return_complex=True)
        require(z.shape == shape, f"length={length} does not go with {x.shape[-1]} frames")
        return z

    def rebuilt(xp: ModuleType, x: Array) -> Array:
        phase = mx.array(drawn) if xp is mx and drawn is not None else drawn
        magnitude = x.reshape(shape) ** (1 / float(power))
        return griffin_lim(xp, magnitude, phase, synthesize, analyze, n_iter, momentum, 1e-16)

    in_graph = isinstance(window, mx.array) and is_traced(window)
    y = rebuilt(xp, x) if in_graph else by_numpy(rebuilt, xp, x)
    return answer(first, specgram, y.reshape(*x.shape[:-2], y.shape[-1]))


@mirrors("torchaudio.functional.phase_vocoder", tier=1)
def phase_vocoder(complex_specgrams: Array, rate: float, phase_advance: Array) -> Array:
    """Spectrogram at another speed and the same pitch: mirrors `torchaudio.functional.phase_vocoder`.

    Parameters
    ----------
    complex_specgrams : complex array [..., F, N]
    rate : float
        Speed; above 1 is faster, and 1 returns the input.
    phase_advance : array [F, 1]
        What each bin turns in a hop. It cancels (see `spectro.spectrum.phase`): its shape alone
        is looked at.

    Returns
    -------
    complex array [..., F, ceil(N / rate)]

    Raises
    ------
    RuntimeError
        For a rate that is not positive, a phase advance that does not broadcast.
    """
    if rate == 1.0:
        return complex_specgrams
    first = received("complex_specgrams", complex_specgrams)
    advance = tuple(getattr(phase_advance, "shape", ()))
    bins, frames = first.data.shape[-2:]
    require(bins * frames > 0, f"the spectrogram is empty: shape {tuple(first.data.shape)}")
    require(len(advance) < 2 or advance[-2] in (1, bins), f"phase_advance {advance} is not for {bins} bins")
    return first.give_back(_stretched(first.xp, first.data, rate))


def _stretched(xp: ModuleType, z: Array, rate: float) -> Array:
    if "complex" not in dtype_name(z):
        z = z + 0j
    require(rate > 0, f"rate must be positive, got {rate}")
    wide = dtype_name(z) == "complex128"
    return vocoder(xp, z, steps_of_arange(z.shape[-1], rate, np.float64 if wide else np.float32))


def steps_of_arange(end: int, step: float, dtype: type[np.floating]) -> np.ndarray:
    """Return 0, step, 2 step, ... below `end`, each rounded as `torch.arange` rounds it.

    Which two frames a step lies between hangs on its last bit when it is meant to be whole (10 * 0.7), so
    the reference's numbers need the reference's bits. torch fills a vector of 32 bytes at a time, from the
    rounded first value of the vector by a fused k * step; what is left at the end, in pairs of vectors, by
    k * step alone.
    """
    count = math.ceil(end / step)
    lanes = 32 // np.dtype(dtype).itemsize
    index = np.arange(count)
    lane = index % lanes
    lane[count - count % (2 * lanes) :] = 0
    base = ((index - lane) * step).astype(dtype)
    return (base.astype(np.longdouble) + lane * np.longdouble(step)).astype(dtype)


@mirrors("torchaudio.functional.pitch_shift", tier=1)
def pitch_shift(
    waveform: Array,
    sample_rate: int,
    n_steps: int,
    bins_per_octave: int = 12,
    n_fft: int = 512,
    win_length: int | None = None,
    hop_length: int | None = None,
    window: Array | None = None,
) -> Array:
    """Shift the pitch by `n_steps` of bins_per_octave: mirrors `torchaudio.functional.pitch_shift`.

    Parameters
    ----------
    waveform : real array [..., T]
    sample_rate : int
    n_steps, bins_per_octave : int
    n_fft, win_length, hop_length : int
        As for `torch.stft`; win_length defaults to n_fft, hop_length to n_fft // 4.
    window : array [win_length], optional
        Default a Hann window.

    Returns
    -------
    array [..., T]
    """
    first = received("waveform", waveform)
    win = n_fft if win_length is None else win_length
    hop = n_fft // 4 if hop_length is None else hop_length
    if window is None:
        window = hann_window(win, dtype=np.dtype(default_dtype("numpy")))
    y = shifted(first, sample_rate, n_steps, bins_per_octave, n_fft, win, hop, window)
    return answer(first, waveform, y)


def shift_rates(sample_rate: int, n_steps: float, bins_per_octave: int) -> tuple[float, int]:
    """Return the speed of the stretch, and the rate that its result is resampled from."""
    rate = 2.0 ** (-float(n_steps) / bins_per_octave)
    return rate, int(sample_rate / rate)


def shifted(
    first: Received,
    sample_rate: int,
    n_steps: float,
    bins_per_octave: int,
    n_fft: int,
    win_length: int,
    hop_length: int,
    window: Array,
    made: Polyphase | None = None,
) -> Array:
    """Return received audio [..., T] stretched in time, then resampled to its length before."""
    xp, x = first.xp, first.data
    length = x.shape[-1]
    rate, orig_freq = shift_rates(sample_rate, n_steps, bins_per_octave)
    frames = (n_fft, hop_length, win_length, window)
    z = stft(x.reshape(-1, length), *frames, return_complex=True)
    stretched = z if rate == 1.0 else _stretched(xp, z, rate)
    y = istft(stretched, *frames, length=round(length / rate))
    if orig_freq != sample_rate:
        made = made or filters(orig_freq, sample_rate, 6, 0.99, "sinc_interp_hann", None)
        y = made.apply(xp, y, resampled_length(made, y.shape[-1]))
    y = y[:, :length]
    return xp.pad(y, [(0, 0), (0, length - y.shape[-1])]).reshape(x.shape)
