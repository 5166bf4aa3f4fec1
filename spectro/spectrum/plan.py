"""What an STFT does, apart from its window: a hashable value that every backend understands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..errors import ParameterError
from ..framing.frames import frame_count
from ..framing.padding import PadMode, check_pad
from ..validation import check_int

__all__ = ["NOLA_FLOOR", "StftPlan", "resolve_fft_params"]

# Below this the summed squared windows cannot be divided by: torch.istft's threshold.
NOLA_FLOOR = 1e-11


@dataclass(frozen=True)
class StftPlan:
    """Geometry of a short-time Fourier transform and of its inverse.

    Attributes
    ----------
    n_fft, hop : int
        Samples in a frame, and from one frame's start to the next.
    pad : int
        Samples put before the signal (and, with a symmetric tail, after it).
    pad_mode : {"constant", "reflect", "edge", "wrap"}
    tail : {"symmetric", "minimal"}
        "minimal" pads the end just enough for ceil(T / hop) frames.
    onesided : bool
        Keep the n_fft // 2 + 1 bins from 0 to Nyquist, or all n_fft.
    scale : float
        Multiplies the spectrum; the inverse divides by it.
    floor : float
        The inverse divides by the summed squared windows where they are above it. (1e-11 is torch's.)
    precision : {"auto", "double"}
        Arithmetic on float32 data. "double" computes in float64 and rounds the result once, as numpy code
        with a float64 window does; of the backends, "cpu" and (for numpy) "portable" can. "auto" leaves
        it to the backend, which is as exact as torch at least.
    """

    n_fft: int
    hop: int
    pad: int = 0
    pad_mode: PadMode = "reflect"
    tail: Literal["symmetric", "minimal"] = "symmetric"
    onesided: bool = True
    scale: float = 1.0
    floor: float = NOLA_FLOOR
    precision: Literal["auto", "double"] = "auto"

    @property
    def bins(self) -> int:
        """Bins of a spectrum."""
        return self.n_fft // 2 + 1 if self.onesided else self.n_fft

    def frames(self, length: int) -> int:
        """Frames of a signal of `length` samples; 0 if it is shorter than one frame."""
        if self.tail == "minimal":
            return math.ceil(length / self.hop)
        return frame_count(length + 2 * self.pad, self.n_fft, self.hop)

    def pads(self, length: int) -> tuple[int, int]:
        """Samples put before and after a signal of `length` samples.

        Raises
        ------
        ParameterError
            If the signal is too short to be reflected that far.
        """
        right = self.pad
        if self.tail == "minimal":
            end = (self.frames(length) - 1) * self.hop + self.n_fft
            right = max(0, end - self.pad - length)
        check_pad(length, self.pad, right, self.pad_mode)
        return self.pad, right

    def extent(self, frames: int) -> int:
        """Samples that `frames` overlapping frames span, padding included."""
        return (frames - 1) * self.hop + self.n_fft

    def natural_length(self, frames: int) -> int:
        """Samples that remain of `extent` once both pads are cut off, never below 0."""
        return max(0, self.extent(frames) - 2 * self.pad)


def resolve_fft_params(
    n_fft: int, hop_length: int | None, win_length: int | None, pad: int
) -> tuple[int, int, int]:
    """Return (effective n_fft, hop_length, win_length) with PyTorch's defaults.

    `pad` samples are added on both sides of every frame, so n_fft grows by 2 * pad;
    hop_length defaults to n_fft // 4 and win_length to n_fft, both before padding.

    Examples
    --------
    >>> resolve_fft_params(512, None, None, 64)
    (640, 128, 512)
    """
    n_fft = check_int("n_fft", n_fft, minimum=1)
    effective = n_fft + 2 * check_int("pad", pad, minimum=0)
    hop = check_int("hop_length", n_fft // 4 if hop_length is None else hop_length, minimum=1)
    win = check_int("win_length", n_fft if win_length is None else win_length, minimum=1)
    if win > effective:
        raise ParameterError(f"win_length must be at most n_fft + 2 * pad = {effective}, got {win}")
    return effective, hop, win
