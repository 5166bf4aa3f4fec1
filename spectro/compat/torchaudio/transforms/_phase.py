"""`torchaudio.transforms.GriffinLim`, `TimeStretch` and `PitchShift`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from ....arrays import dtype_name, kind_of
from ....callers import warn
from ....typing import Array
from ...registry import mirrors
from ...torch import hann_window
from .._module import IncompatibleKeys, Module
from ..functional import griffinlim, phase_vocoder
from ..functional._arrays import answer, received
from ..functional._phase import shift_rates, shifted
from ..functional._resampling import filters
from ._kernel import WithKernel
from ._windowed import Windowed

__all__ = ["GriffinLim", "PitchShift", "TimeStretch"]


@mirrors("torchaudio.transforms.GriffinLim", tier=1)
class GriffinLim(Windowed):
    """Signal of a magnitude spectrogram: mirrors `torchaudio.transforms.GriffinLim`.

    Parameters
    ----------
    n_fft, win_length, hop_length, window_fn, wkwargs
        As for `Spectrogram`.
    n_iter, power, momentum, length, rand_init
        As for `functional.griffinlim`. What random phases are drawn from: compat/torch/_random.py.

    Raises
    ------
    ValueError
        For momentum outside [0, 1).

    Attributes
    ----------
    window : array [win_length]
    """

    def __init__(
        self,
        n_fft: int = 400,
        n_iter: int = 32,
        win_length: int | None = None,
        hop_length: int | None = None,
        window_fn: Callable[..., Array] = hann_window,
        power: float = 2.0,
        wkwargs: dict[str, Any] | None = None,
        momentum: float = 0.99,
        length: int | None = None,
        rand_init: bool = True,
    ) -> None:
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be in [0, 1), got {momentum}")
        super().__init__(n_fft, win_length, hop_length, window_fn, wkwargs)
        self.n_iter = n_iter
        self.length = length
        self.power = power
        self.momentum = momentum
        self.rand_init = rand_init

    def forward(self, specgram: Array) -> Array:
        """Return audio [..., T] of a spectrogram [..., F, N]."""
        return griffinlim(
            specgram,
            self.window,
            self.n_fft,
            self.hop_length,
            self.win_length,
            self.power,
            self.n_iter,
            self.momentum,
            self.length,
            self.rand_init,
        )


@mirrors("torchaudio.transforms.TimeStretch", tier=1)
class TimeStretch(Module):
    """Another speed at the same pitch: mirrors `torchaudio.transforms.TimeStretch`.

    Parameters
    ----------
    hop_length : int, optional
        Default n_freq - 1.
    n_freq : int
        Bins of the spectrogram.
    fixed_rate : float, optional
        Speed, if `forward` is given none.

    Attributes
    ----------
    phase_advance : array [n_freq, 1]
    """

    BUFFERS = ("phase_advance",)
    phase_advance: Array

    def __init__(
        self, hop_length: int | None = None, n_freq: int = 201, fixed_rate: float | None = None
    ) -> None:
        super().__init__()
        self.fixed_rate = fixed_rate
        self._hop_length = hop_length if hop_length is not None else n_freq - 1
        self._n_freq = n_freq
        self.make_buffers()

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Round the advance of each bin's frequency in a hop."""
        return self.new_table(np.linspace(0, math.pi * self._hop_length, self._n_freq)[:, None], dtype)

    def forward(self, complex_specgrams: Array, overriding_rate: float | None = None) -> Array:
        """Return the spectrogram [..., F, ceil(N / rate)] of one [..., F, N]; ValueError without a rate."""
        if kind_of(complex_specgrams) is not None and "complex" not in dtype_name(complex_specgrams):
            warn("TimeStretch is for complex spectrograms")
        rate = self.fixed_rate if overriding_rate is None else overriding_rate
        if rate is None:
            raise ValueError("a rate is needed: fixed_rate of the transform, or overriding_rate of the call")
        return phase_vocoder(complex_specgrams, rate, self.phase_advance)


@mirrors("torchaudio.transforms.PitchShift", tier=1)
class PitchShift(Windowed, WithKernel):
    """Another pitch at the same speed: mirrors `torchaudio.transforms.PitchShift`.

    Parameters
    ----------
    sample_rate : int
    n_steps, bins_per_octave : int
        Steps to shift by, and how many make an octave.
    n_fft, win_length, hop_length, window_fn, wkwargs
        As for `Spectrogram`; hop_length defaults to win_length // 4.

    Attributes
    ----------
    window : array [win_length]
    orig_freq, gcd : int
        Rate that the stretched audio is resampled from, and its divisor in common with `sample_rate`.
    kernel : array [new, 1, 2 width + orig]
        As of `Resample`; made at the first call, in its dtype. torchaudio makes it a trainable parameter,
        here it is a buffer.
    """

    BUFFERS: ClassVar[tuple[str, ...]] = ("kernel", "window")

    def __init__(
        self,
        sample_rate: int,
        n_steps: int,
        bins_per_octave: int = 12,
        n_fft: int = 512,
        win_length: int | None = None,
        hop_length: int | None = None,
        window_fn: Callable[..., Array] = hann_window,
        wkwargs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(n_fft, win_length, hop_length, window_fn, wkwargs, hops=4)
        self.n_steps = n_steps
        self.bins_per_octave = bins_per_octave
        self.sample_rate = sample_rate
        self.orig_freq = shift_rates(sample_rate, n_steps, bins_per_octave)[1]
        self.gcd = math.gcd(self.orig_freq, int(sample_rate))

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Make the window, or the kernel once there are filters."""
        return self.dense(dtype) if name == "kernel" else super().build(name, dtype)

    def initialize(self, dtype: str) -> None:
        """Make filters and kernel, if that was not done."""
        if self._filters is None and self.orig_freq != self.sample_rate:
            self.set_filters(
                filters(self.orig_freq, self.sample_rate, 6, 0.99, "sinc_interp_hann", None), 6, 0.99
            )
            self.__dict__["kernel"] = self.dense(dtype)

    def load_state_dict(
        self, state_dict: Mapping[str, Array], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Take the window and the kernel: see `Module.load_state_dict`."""
        if isinstance(state_dict, Mapping) and hasattr(state_dict.get("kernel"), "materialize"):
            # torchaudio's state before its first call, when neither has a kernel.
            state_dict = {name: value for name, value in state_dict.items() if name != "kernel"}
            state_dict |= {name: value for name, value in self.state_dict().items() if name == "kernel"}
        elif self._filters is None:
            self.initialize(self._dtype)
        return super().load_state_dict(state_dict, strict, assign)

    def adopt(self, theirs: Any) -> list[Array]:
        """Take the state of the torch module, its kernel too if that was made."""
        taken = super().adopt(theirs)
        kernel = theirs.__dict__["_parameters"].get("kernel")
        made = kernel is not None and not hasattr(kernel, "materialize")  # it has, until it is made
        if made and self.__dict__.get("_adopted") is not kernel:
            self.initialize(dtype_name(kernel))
            self.kernel = kernel.detach()
            self.__dict__["_adopted"] = kernel
        return taken

    def forward(self, waveform: Array) -> Array:
        """Return shifted audio [..., T] of audio [..., T]."""
        first = received("waveform", waveform)
        self.initialize(dtype_name(waveform))
        sizes = self.n_fft, self.win_length, self.hop_length, self.window
        made = None if self._filters is None else self.current_filters()
        y = shifted(first, self.sample_rate, self.n_steps, self.bins_per_octave, *sizes, made)
        return answer(first, waveform, y)
