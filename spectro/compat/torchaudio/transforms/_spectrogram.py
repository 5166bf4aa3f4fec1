"""`torchaudio.transforms.Spectrogram`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ....arrays import Received, dtype_name, kind_of
from ....mel import power_spectrum
from ....padding import pad as pad_signal
from ....typing import Array
from ...registry import mirrors
from ...torch import hann_window
from ...torch._checks import array
from ...torch._stft import spectrum
from .._module import Module, float64, table

__all__ = ["Spectrogram"]


@mirrors("torchaudio.transforms.Spectrogram", tier=1)
class Spectrogram(Module):
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

    BUFFERS = ("window",)
    window: Array

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
        super().__init__()
        self.n_fft = n_fft
        self.win_length = win_length if win_length is not None else n_fft
        self.hop_length = hop_length if hop_length is not None else self.win_length // 2
        self.pad = pad
        self.power = power
        self.normalized = normalized
        self.center = center
        self.pad_mode = pad_mode
        self.onesided = onesided
        self._window = window_fn, wkwargs
        self.make_buffers()
        if return_complex is not None:
            warnings.warn(
                "return_complex is deprecated and without effect: power=None gives a complex spectrogram",
                UserWarning,
                stacklevel=3,
            )

    def build(self, name: str, dtype: str | None) -> Array:
        """Call the window function; ours can compute in any dtype, the result of others is converted."""
        function, options = self._window
        if dtype is not None and hasattr(function, "__mirrors__"):
            return self.new_table(function(self.win_length, **{**(options or {}), "dtype": float}), dtype)
        window = function(self.win_length, **(options or {}))
        if kind_of(window) is None:
            raise TypeError(f"window_fn must return an array, got {type(window).__name__}")
        return window if dtype is None else self.new_table(float64(window), dtype)

    def forward(self, waveform: Array) -> Array:
        """Return the spectrogram [..., F, N] of audio [..., T]; errors are those of `torch.stft`."""
        if kind_of(waveform) is None:
            error = TypeError if self.pad > 0 else AttributeError
            raise error(f"waveform must be an array, got {type(waveform).__name__}")
        received = array("waveform", waveform)
        return received.give_back(self.compute(received, waveform)[0])

    def compute(self, received: Received, given: Array) -> tuple[Array, str]:
        """Return the spectrogram of received audio in its namespace, and the dtype torch gives it."""
        xp, x = received.xp, received.data
        if x.ndim == 0:
            raise IndexError("waveform must have at least 1 dimension")
        if self.pad > 0:
            x = pad_signal(xp, x, self.pad, self.pad, "constant")
        by_frame, by_window = _norms(self.normalized)
        if 0 in x.shape:
            raise RuntimeError(f"waveform is empty: shape {tuple(x.shape)}")
        z = spectrum(
            given,
            Received(xp, x.reshape(-1, x.shape[-1]), received.give_back),
            self.n_fft,
            self.hop_length,
            self.win_length,
            self.window,
            self.center,
            self.pad_mode,
            by_frame,
            self.onesided,
        )
        z = z.reshape(*x.shape[:-1], *z.shape[-2:])
        if by_window:
            window = table(xp, self.window)
            z = z / xp.sqrt((window * window).sum())
        if self.power is not None:
            z = power_spectrum(xp, z, self.power)
        return z, dtype_name(z)


def _norms(normalized: bool | str) -> tuple[bool, bool]:
    """Return whether to normalise by the frame's length, and by the window's energy."""
    if isinstance(normalized, str):
        if normalized not in ("frame_length", "window"):
            raise ValueError(f"normalized must be a bool, 'frame_length' or 'window', got {normalized!r}")
        return normalized == "frame_length", normalized == "window"
    if not isinstance(normalized, bool):
        raise TypeError(f"normalized must be a bool or a str, got {normalized!r}")
    return False, normalized
