"""`spectrogram`, `inverse_spectrogram` and `spectral_centroid`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from ....arrays import Received, dtype_name
from ....backends.dispatch import analyze, analyze_power, project
from ....backends.repeats import repeatable
from ....callers import warn
from ....filterbanks.bank import Filterbank
from ....framing.padding import pad as pad_signal
from ....framing.windows import Window
from ....spectrum.plan import StftPlan
from ....spectrum.scales import LINEAR, Scale
from ....typing import Array
from ...registry import mirrors
from ...torch import istft
from ...torch._stft import by_frames, prepare
from .._module import table
from ._arrays import received, rows

__all__ = ["Framed", "framed", "inverse_spectrogram", "spectral_centroid", "spectrogram"]


@mirrors("torchaudio.functional.spectrogram", tier=1)
@repeatable()
def spectrogram(
    waveform: Array,
    pad: int,
    window: Array,
    n_fft: int,
    hop_length: int,
    win_length: int,
    power: float | None,
    normalized: bool | str,
    center: bool = True,
    pad_mode: str = "reflect",
    onesided: bool = True,
    return_complex: bool | None = None,
) -> Array:
    """Power, magnitude or complex spectrogram: mirrors `torchaudio.functional.spectrogram`.

    Parameters
    ----------
    waveform : real array [..., T]
    pad : int
        Zeros put on both sides of the signal.
    window, n_fft, hop_length, win_length, center, pad_mode, onesided
        As for `torch.stft`.
    power : float, optional
        Exponent of the magnitude; None for the complex spectrum.
    normalized : bool or {"window", "frame_length"}
        Divide by the window's root energy (True, "window") or by sqrt(n_fft).
    return_complex : bool, optional
        Deprecated, without effect.

    Returns
    -------
    array [..., F, N]

    Raises
    ------
    RuntimeError, TypeError, NotImplementedError
        As `torch.stft`; ValueError for an unknown `normalized`.
    """
    if return_complex is not None:
        warn(
            "return_complex is deprecated and without effect: power=None gives a complex spectrogram",
            UserWarning,
        )
    first = audio(waveform, pad)
    frames = framed(
        first, waveform, pad, window, n_fft, hop_length, win_length, normalized, center, pad_mode, onesided
    )
    return first.give_back(frames.spectrogram(power))


def audio(waveform: Any, pad: int) -> Received:
    """Receive audio, or raise what torchaudio would of something else."""
    try:
        return received("waveform", waveform)
    except AttributeError as error:
        raise (TypeError(str(error)) if pad > 0 else error) from None


@dataclass(frozen=True)
class Framed:
    """Audio [..., T] ready to be transformed: the STFT's plan and window, and a batch [B, T].

    `divisor` is what the spectrum is still to be divided by, where that could not be put into the plan.
    """

    plan: StftPlan
    window: Window
    batch: Received
    leading: tuple[int, ...]
    divisor: Array | None = None

    def spectrogram(self, power: float | None) -> Array:
        """Return |STFT|^power, or the STFT itself for None, [..., F, N]."""
        xp = self.batch.xp
        given = self.plan, self.window, self.batch
        if power is None:
            y = by_frames(xp, lambda layout: analyze(*given, layout))
        else:
            power = float(power)  # numpy's float64 would widen what it is applied to
            y = by_frames(xp, lambda layout: analyze_power(*given, layout, power))
        if self.divisor is not None:
            y = y / (self.divisor if power is None else self.divisor**power)
        return self._restored(y)

    def _restored(self, y: Array) -> Array:
        # The last axes may be swapped in memory, which splitting the first does not touch.
        shape = (*self.leading, *y.shape[-2:])
        return y if tuple(y.shape) == shape else y.reshape(shape)

    def bands(self, power: float, bank: Filterbank, scale: Scale) -> Array:
        """Return scale(|STFT|^power @ bank), [..., M, N]."""
        y = project(self.plan, self.window, self.batch, power, bank, scale, by_frames=True)
        return self._restored(y)


def framed(
    first: Received,
    given: Array,
    pad: int,
    window: Array,
    n_fft: int,
    hop_length: int,
    win_length: int,
    normalized: bool | str,
    center: bool,
    pad_mode: str,
    onesided: bool,
) -> Framed:
    """Check the arguments of `spectrogram` for audio `given`, which was received as `first`."""
    xp, x = first.xp, first.data
    if x.ndim == 0:
        raise IndexError("waveform must have at least 1 dimension")
    if pad > 0:
        x = pad_signal(xp, x, pad, pad, "constant")
    by_frame, by_window = norms(normalized)
    if 0 in x.shape:
        raise RuntimeError(f"waveform is empty: shape {tuple(x.shape)}")
    plan, shape, batch = prepare(
        given,
        Received(xp, x.reshape(-1, x.shape[-1]), first.give_back),
        n_fft,
        hop_length,
        win_length,
        window,
        center,
        pad_mode,
        by_frame,
        onesided,
    )
    leading = tuple(x.shape[:-1])
    if not by_window:
        return Framed(plan, shape, batch, leading)
    if shape.in_graph:
        samples = table(xp, window)
        return Framed(plan, shape, batch, leading, xp.sqrt((samples * samples).sum()))
    return Framed(replace(plan, scale=plan.scale / root_energy(window)), shape, batch, leading)


def root_energy(window: Array) -> float:
    """Return the square root of the sum of a window's squares."""
    samples = np.asarray(table(np, window))
    return math.sqrt(float((samples.astype(np.float64) ** 2).sum()))


def norms(normalized: bool | str) -> tuple[bool, bool]:
    """Return whether to normalise by the frame's length, and by the window's energy."""
    if isinstance(normalized, str):
        if normalized not in ("frame_length", "window"):
            raise ValueError(f"normalized must be a bool, 'frame_length' or 'window', got {normalized!r}")
        return normalized == "frame_length", normalized == "window"
    if not isinstance(normalized, bool):
        raise TypeError(f"normalized must be a bool or a str, got {normalized!r}")
    return False, normalized


@mirrors("torchaudio.functional.inverse_spectrogram", tier=1)
def inverse_spectrogram(
    spectrogram: Array,
    length: int | None,
    pad: int,
    window: Array,
    n_fft: int,
    hop_length: int,
    win_length: int,
    normalized: bool | str,
    center: bool = True,
    pad_mode: str = "reflect",
    onesided: bool = True,
) -> Array:
    """Invert a complex spectrogram: mirrors `torchaudio.functional.inverse_spectrogram`.

    Parameters
    ----------
    spectrogram : complex array [..., F, N]
    length : int, optional
        Samples to return.
    pad : int
        What `spectrogram` put on both sides, to be cut off; only with `length`.
    window, n_fft, hop_length, win_length, normalized, center, onesided
        As for `spectrogram`.
    pad_mode : str
        Without effect.

    Returns
    -------
    real array [..., T]

    Raises
    ------
    ValueError
        If the spectrogram is not complex.
    RuntimeError, TypeError
        As `torch.istft`.
    """
    by_frame, by_window = norms(normalized)
    first = received("spectrogram", spectrogram)
    xp, z = first.xp, first.data
    if "complex" not in dtype_name(z):
        raise ValueError(f"spectrogram must be complex, got {z.dtype}")
    if z.ndim < 2:
        raise IndexError(f"spectrogram must have the axes frequency and frame, got shape {tuple(z.shape)}")
    if by_window:
        z = z * root_energy(window)
    x = istft(
        rows(z, 2),
        n_fft,
        hop_length,
        win_length,
        window,
        center,
        by_frame,
        onesided,
        None if length is None else length + 2 * pad,
    )
    if length is not None and pad > 0:
        x = x[:, pad:-pad]
    return first.give_back(xp.reshape(x, (*z.shape[:-2], x.shape[-1])))


@mirrors("torchaudio.functional.spectral_centroid", tier=1)
def spectral_centroid(
    waveform: Array, sample_rate: int, pad: int, window: Array, n_fft: int, hop_length: int, win_length: int
) -> Array:
    """Mean frequency of each frame, weighted by magnitude: mirrors the torchaudio function.

    Parameters
    ----------
    waveform : real array [..., T]
    sample_rate : int
    pad, window, n_fft, hop_length, win_length
        As for `spectrogram`.

    Returns
    -------
    array [..., N], Hz
        NaN for silence.
    """
    first = audio(waveform, pad)
    frames = framed(first, waveform, pad, window, n_fft, hop_length, win_length, False, True, "reflect", True)
    return first.give_back(centroid(frames, sample_rate))


def centroid(frames: Framed, sample_rate: int) -> Array:
    """Return the centroid of each frame [..., N]."""
    moments = frames.bands(1.0, _moments(frames.plan.bins, sample_rate), LINEAR)
    return moments[..., 0, :] / moments[..., 1, :]


@lru_cache(maxsize=32)
def _moments(bins: int, sample_rate: int) -> Filterbank:
    """Return weights [F, 2] for sums of frequency times magnitude, and of magnitudes."""
    return Filterbank(np.stack([np.linspace(0, sample_rate // 2, bins), np.ones(bins)], axis=1))
