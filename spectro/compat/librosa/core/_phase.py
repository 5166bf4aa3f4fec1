"""`librosa.griffinlim` and `phase_vocoder`."""

from __future__ import annotations

from inspect import unwrap
from typing import Any

import mlx.core as mx
import numpy as np

from ....arrays import as_numpy
from ....callers import warn
from ....errors import ParameterError
from ....spectrum import phase
from ....spectrum.harmonics import interpolate
from ....typing import Array
from ...registry import mirrors
from .._arrays import array
from .._windows import WindowSpec
from ..util.utils import dtype_r2c, tiny
from ._random_phase import check_momentum, first_phase, generator
from ._stft import istft, stft

__all__ = ["griffinlim", "phase_vocoder"]


@mirrors("librosa.griffinlim", tier=2)
def griffinlim(
    S: Array,
    *,
    n_iter: int = 32,
    hop_length: int | None = None,
    win_length: int | None = None,
    n_fft: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    dtype: Any = None,
    length: int | None = None,
    pad_mode: Any = "constant",
    momentum: float = 0.99,
    init: str | None = "random",
    random_state: Any = None,
) -> Array:
    """Return audio whose spectrogram has nearly the magnitudes `S`: mirrors `librosa.griffinlim`.

    Parameters
    ----------
    S : real array [..., F, N]
        Not negative.
    n_iter : int
        Times to the audio and back.
    hop_length, win_length, n_fft, window, center, dtype, length
        As for `istft`; pad_mode as for `stft`.
    momentum : float
        0 for the original method; up to 1 converges sooner.
    init : "random" or None
        The phase to begin with; None is 0.
    random_state : int, numpy.random.RandomState or numpy.random.Generator, optional

    Returns
    -------
    real array [..., n]

    Raises
    ------
    ParameterError
        For an option out of range, or a `length` that does not belong to N frames.
    """
    check_momentum(momentum)
    received = array(S)
    xp, magnitude = received.xp, received.data
    if n_fft is None:
        n_fft = 2 * (magnitude.shape[-2] - 1)
    first = first_phase(init, random_state, tuple(magnitude.shape))
    start: Array | None
    # The STFT's bins lie side by side in memory; arrays that meet it are laid out so too.
    if xp is mx:
        start = None
        if first is not None:
            start = mx.array(np.ascontiguousarray(first.astype(np.complex64).swapaxes(-1, -2))).swapaxes(
                -1, -2
            )
        magnitude = mx.contiguous(magnitude.swapaxes(-1, -2)).swapaxes(-1, -2)
    else:
        complex_type = dtype_r2c(magnitude.dtype)
        start = None if first is None else _bins_adjacent(first.astype(complex_type))
        magnitude = _bins_adjacent(magnitude.astype(np.empty(0, complex_type).real.dtype, copy=False))
    framing: dict[str, Any] = {
        "hop_length": hop_length,
        "win_length": win_length,
        "n_fft": n_fft,
        "window": window,
    }

    def synthesize(z: Array) -> Array:
        return istft(z, **framing, center=center, dtype=dtype, length=length)

    def analyze(x: Array) -> Array:
        z = stft(x, **framing, center=center, pad_mode=pad_mode)
        if z.shape != magnitude.shape:
            raise ParameterError(f"length={length} has {z.shape[-1]} frames, S {magnitude.shape[-1]}")
        return z

    floor = float(tiny(magnitude))
    x = phase.griffin_lim(xp, magnitude, start, synthesize, analyze, n_iter, momentum, floor)
    return received.give_back(x)


@mirrors("librosa.griffinlim", release="1.0")
def _griffinlim_1(S: Array, *, rng: Any = None, random_state: Any = None, **options: Any) -> Array:
    """Mirror `griffinlim` of librosa 1.0: `rng` as numpy's `default_rng` takes it, or a RandomState."""
    return unwrap(griffinlim)(S, random_state=generator(rng, random_state), **options)


def _bins_adjacent(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x.swapaxes(-1, -2)).swapaxes(-1, -2)


@mirrors("librosa.phase_vocoder", tier=2)
def phase_vocoder(D: Array, *, rate: float, hop_length: int | None = None, n_fft: int | None = None) -> Array:
    """Return a spectrogram that plays `rate` times as fast: mirrors `librosa.phase_vocoder`.

    Parameters
    ----------
    D : complex array [..., F, N]
    rate : float
        Greater than 1 is faster.
    hop_length, n_fft : int, optional
        Without effect: what they stand for in the textbook's formula cancels (see `spectro.spectrum.phase`).

    Returns
    -------
    complex array [..., F, ceil(N / rate)]
    """
    received = array(D)
    z = received.data
    return received.give_back(phase.phase_vocoder(received.xp, z, phase.vocoder_steps(z.shape[-1], rate)))


@mirrors("librosa.phase_vocoder", release="1.0")
def _phase_vocoder_1(
    D: Array,
    *,
    rate: float | None = None,
    t_out: Any = None,
    kind: Any = "linear",
    hop_length: int | None = None,
    n_fft: int | None = None,
) -> Array:
    """Mirror `phase_vocoder` of librosa 1.0.

    The times can be given, `t_out` [K] in frames, in place of a `rate`; magnitudes are interpolated as
    `scipy.interpolate.interp1d` does for `kind`, beyond the last frame too.
    """
    received = array(D)
    xp, z = received.xp, received.data
    frames = z.shape[-1]
    if (rate is None) == (t_out is None):
        raise ParameterError(f"either rate or t_out must be given, got rate={rate}, t_out={t_out}")
    if rate is not None and rate <= 0:
        raise ParameterError(f"rate must be greater than 0, got {rate}")
    times = phase.vocoder_steps(frames, rate) if rate is not None else np.asarray(array(t_out).data, float)
    if not times.size or times.min() < 0 or times.max() >= frames:
        raise ParameterError(f"t_out must be times in [0, {frames}), got {times}")
    if np.any(np.diff(times) < 0):
        warn("t_out goes back in time: the phase may be wrong there")
    sizes: Any = None
    if kind != "linear":
        magnitude = np.abs(as_numpy(z))
        sizes = interpolate(magnitude, np.arange(frames), times, kind, "extrapolate")
        sizes = xp.array(sizes.astype(magnitude.dtype))
    return received.give_back(phase.phase_vocoder(xp, z, times, "line", sizes))
