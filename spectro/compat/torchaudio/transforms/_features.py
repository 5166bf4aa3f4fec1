"""`torchaudio.transforms.SpectralCentroid`, `ComputeDeltas` and `SlidingWindowCmn`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....typing import Array
from ...registry import mirrors
from ...torch import hann_window
from .._module import Module
from ..functional import compute_deltas, sliding_window_cmn, spectral_centroid
from ._windowed import Windowed

__all__ = ["ComputeDeltas", "SlidingWindowCmn", "SpectralCentroid"]


@mirrors("torchaudio.transforms.SpectralCentroid", tier=1)
class SpectralCentroid(Windowed):
    """Mean frequency of each frame, Hz: mirrors `torchaudio.transforms.SpectralCentroid`.

    Parameters
    ----------
    sample_rate : int
    n_fft, win_length, hop_length, pad, window_fn, wkwargs
        As for `Spectrogram`.

    Attributes
    ----------
    window : array [win_length]
    """

    def __init__(
        self,
        sample_rate: int,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        pad: int = 0,
        window_fn: Callable[..., Array] = hann_window,
        wkwargs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(n_fft, win_length, hop_length, window_fn, wkwargs)
        self.sample_rate = sample_rate
        self.pad = pad

    def forward(self, waveform: Array) -> Array:
        """Return the centroids [..., N] of audio [..., T]."""
        return spectral_centroid(
            waveform, self.sample_rate, self.pad, self.window, self.n_fft, self.hop_length, self.win_length
        )


@mirrors("torchaudio.transforms.ComputeDeltas", tier=1)
class ComputeDeltas(Module):
    """Slope of features in time: mirrors `torchaudio.transforms.ComputeDeltas`.

    Parameters
    ----------
    win_length, mode
        As for `functional.compute_deltas`.
    """

    def __init__(self, win_length: int = 5, mode: str = "replicate") -> None:
        super().__init__()
        self.win_length = win_length
        self.mode = mode

    def forward(self, specgram: Array) -> Array:
        """Return the deltas [..., F, N] of features [..., F, N]."""
        return compute_deltas(specgram, self.win_length, self.mode)


@mirrors("torchaudio.transforms.SlidingWindowCmn", tier=1)
class SlidingWindowCmn(Module):
    """Features less their mean over a sliding window: mirrors `torchaudio.transforms.SlidingWindowCmn`.

    Parameters
    ----------
    cmn_window, min_cmn_window, center, norm_vars
        As for `functional.sliding_window_cmn`.
    """

    def __init__(
        self, cmn_window: int = 600, min_cmn_window: int = 100, center: bool = False, norm_vars: bool = False
    ) -> None:
        super().__init__()
        self.cmn_window = cmn_window
        self.min_cmn_window = min_cmn_window
        self.center = center
        self.norm_vars = norm_vars

    def forward(self, specgram: Array) -> Array:
        """Return normalised features [..., N, F] of features [..., N, F]."""
        return sliding_window_cmn(specgram, self.cmn_window, self.min_cmn_window, self.center, self.norm_vars)
