"""`torchaudio.transforms.Spectrogram` and `InverseSpectrogram`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....arrays import Received
from ....backends.repeats import repeatable
from ....callers import warn
from ....typing import Array
from ...registry import mirrors
from ...torch import hann_window
from ..functional import inverse_spectrogram
from ..functional._spectrogram import Framed, audio, framed
from ._windowed import Windowed

__all__ = ["InverseSpectrogram", "Spectrogram"]


@mirrors("torchaudio.transforms.Spectrogram", tier=1)
class Spectrogram(Windowed):
    """Power, magnitude or complex spectrogram: mirrors `torchaudio.transforms.Spectrogram`.

    Parameters
    ----------
    n_fft, win_length, hop_length : int
        Frame, window (default n_fft) and hop (default win_length // 2).
    pad : int
        Zeros put on both sides of the signal.
    window_fn : callable
        ``window_fn(win_length, **wkwargs)``, an array of any library.
    power : float, optional
        Exponent of the magnitude; None for the complex spectrum.
    normalized : bool or {"window", "frame_length"}
        Divide by the window's root energy (True, "window") or by sqrt(n_fft).
    wkwargs : dict, optional
    center, pad_mode, onesided
        As for `torch.stft`.
    return_complex : bool, optional
        Deprecated, without effect.

    Attributes
    ----------
    window : array [win_length]
    """

    def __init__(
        self,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        pad: int = 0,
        window_fn: Callable[..., Array] = hann_window,
        power: float | None = 2.0,
        normalized: bool | str = False,
        wkwargs: dict[str, Any] | None = None,
        center: bool = True,
        pad_mode: str = "reflect",
        onesided: bool = True,
        return_complex: bool | None = None,
    ) -> None:
        super().__init__(n_fft, win_length, hop_length, window_fn, wkwargs)
        self.pad = pad
        self.power = power
        self.normalized = normalized
        self.center = center
        self.pad_mode = pad_mode
        self.onesided = onesided
        if return_complex is not None:
            warn(
                "return_complex is deprecated and without effect: power=None gives a complex spectrogram",
                UserWarning,
            )

    @repeatable()
    def forward(self, waveform: Array) -> Array:
        """Return the spectrogram [..., F, N] of audio [..., T]; errors are those of `torch.stft`."""
        first = audio(waveform, self.pad)
        return first.give_back(self.frames(first, waveform).spectrogram(self.power))

    def frames(self, first: Received, given: Array) -> Framed:
        """Return audio `given`, received as `first`, ready to be transformed."""
        return framed(
            first,
            given,
            self.pad,
            self.window,
            self.n_fft,
            self.hop_length,
            self.win_length,
            self.normalized,
            self.center,
            self.pad_mode,
            self.onesided,
        )


@mirrors("torchaudio.transforms.InverseSpectrogram", tier=1)
class InverseSpectrogram(Windowed):
    """Audio of a complex spectrogram: mirrors `torchaudio.transforms.InverseSpectrogram`.

    Parameters
    ----------
    n_fft, win_length, hop_length, pad, window_fn, normalized, wkwargs, center, pad_mode, onesided
        Those of the `Spectrogram` that made it.

    Attributes
    ----------
    window : array [win_length]
    """

    def __init__(
        self,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        pad: int = 0,
        window_fn: Callable[..., Array] = hann_window,
        normalized: bool | str = False,
        wkwargs: dict[str, Any] | None = None,
        center: bool = True,
        pad_mode: str = "reflect",
        onesided: bool = True,
    ) -> None:
        super().__init__(n_fft, win_length, hop_length, window_fn, wkwargs)
        self.pad = pad
        self.normalized = normalized
        self.center = center
        self.pad_mode = pad_mode
        self.onesided = onesided

    @repeatable()
    def forward(self, spectrogram: Array, length: int | None = None) -> Array:
        """Return audio [..., T], or [..., length], of a spectrogram [..., F, N]; errors as `torch.istft`."""
        return inverse_spectrogram(
            spectrogram,
            length,
            self.pad,
            self.window,
            self.n_fft,
            self.hop_length,
            self.win_length,
            self.normalized,
            self.center,
            self.pad_mode,
            self.onesided,
        )
