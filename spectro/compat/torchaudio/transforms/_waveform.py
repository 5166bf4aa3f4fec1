"""`torchaudio.transforms.Resample`, `Preemphasis`, `Deemphasis` and the mu-law transforms."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ....arrays import dtype_name, kind_of
from ....backends.repeats import repeatable
from ....typing import Array
from ...registry import mirrors
from .._module import Module
from ..functional import deemphasis, mu_law_decoding, mu_law_encoding, preemphasis
from ..functional._arrays import received
from ..functional._resampling import apply_filters, filters
from ._kernel import WithKernel

__all__ = ["Deemphasis", "MuLawDecoding", "MuLawEncoding", "Preemphasis", "Resample"]


@mirrors("torchaudio.transforms.Resample", tier=1)
class Resample(WithKernel):
    """Another sample rate, by filters made once: mirrors `torchaudio.transforms.Resample`.

    Parameters
    ----------
    orig_freq, new_freq, resampling_method, lowpass_filter_width, rolloff, beta
        As for `functional.resample`.
    dtype : dtype, optional
        Of the kernel; default float32.

    Raises
    ------
    ValueError, Exception
        As `functional.resample`.

    Attributes
    ----------
    kernel : array [new, 1, 2 width + orig]
        With the rates divided by their common divisor `gcd`; there is none if they are equal.
    width : int
    """

    BUFFERS = ("kernel",)

    def __init__(
        self,
        orig_freq: int = 16000,
        new_freq: int = 16000,
        resampling_method: str = "sinc_interp_hann",
        lowpass_filter_width: int = 6,
        rolloff: float = 0.99,
        beta: float | None = None,
        *,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.orig_freq = orig_freq
        self.new_freq = new_freq
        self.gcd = math.gcd(int(orig_freq), int(new_freq))
        self.resampling_method = resampling_method
        self.lowpass_filter_width = lowpass_filter_width
        self.rolloff = rolloff
        self.beta = beta
        if orig_freq != new_freq:
            made = filters(orig_freq, new_freq, lowpass_filter_width, rolloff, resampling_method, beta)
            # torchaudio rounds the kernel to float32 unless told otherwise, and .double() widens it.
            taps = made.taps if dtype is not None else made.taps.astype(np.float32).astype(np.float64)
            self.set_filters(replace(made, taps=taps), lowpass_filter_width, rolloff)
            self._dtype = "float32"
        self.make_buffers(None if dtype is None else dtype_name(dtype))

    def build(self, name: str, dtype: str | None) -> Array | None:
        """Round the kernel, which is computed in float64."""
        return self.dense(dtype)

    def forward(self, waveform: Array) -> Array:
        """Return audio [..., ceil(T new_freq / orig_freq)] of audio [..., T]."""
        if self._filters is None:
            return waveform
        dtype, kernel = dtype_name(received("waveform", waveform).data), dtype_name(self.kernel)
        if kind_of(waveform) != "mlx" and "float" in dtype and dtype != kernel:
            raise RuntimeError(
                f"waveform is {dtype} and the kernel {kernel}: convert either, or use .double()"
            )
        return apply_filters(self.current_filters(), waveform)


@mirrors("torchaudio.transforms.Preemphasis", tier=1)
class Preemphasis(Module):
    """y[n] = x[n] - coeff x[n - 1]: mirrors `torchaudio.transforms.Preemphasis`."""

    def __init__(self, coeff: float = 0.97) -> None:
        super().__init__()
        self.coeff = coeff

    @repeatable()
    def forward(self, waveform: Array) -> Array:
        """Return filtered audio [..., T]."""
        return preemphasis(waveform, self.coeff)


@mirrors("torchaudio.transforms.Deemphasis", tier=1)
class Deemphasis(Module):
    """y[n] = x[n] + coeff y[n - 1], cut to [-1, 1]: mirrors `torchaudio.transforms.Deemphasis`."""

    def __init__(self, coeff: float = 0.97) -> None:
        super().__init__()
        self.coeff = coeff

    def forward(self, waveform: Array) -> Array:
        """Return filtered audio [..., T]."""
        return deemphasis(waveform, self.coeff)


@mirrors("torchaudio.transforms.MuLawEncoding", tier=1)
class MuLawEncoding(Module):
    """Samples in [-1, 1] as integers: mirrors `torchaudio.transforms.MuLawEncoding`."""

    def __init__(self, quantization_channels: int = 256) -> None:
        super().__init__()
        self.quantization_channels = quantization_channels

    @repeatable()
    def forward(self, x: Array) -> Array:
        """Return codes 0 .. quantization_channels - 1, int64."""
        return mu_law_encoding(x, self.quantization_channels)


@mirrors("torchaudio.transforms.MuLawDecoding", tier=1)
class MuLawDecoding(Module):
    """The samples of mu-law codes: mirrors `torchaudio.transforms.MuLawDecoding`."""

    def __init__(self, quantization_channels: int = 256) -> None:
        super().__init__()
        self.quantization_channels = quantization_channels

    def forward(self, x_mu: Array) -> Array:
        """Return samples in [-1, 1]."""
        return mu_law_decoding(x_mu, self.quantization_channels)
