"""What the kernels are asked to do, as small hashable values."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

PAD_MODES = ("constant", "reflect", "edge", "wrap")  # numbered as in common/frames.h
PadMode = Literal["constant", "reflect", "edge", "wrap"]


@dataclass(frozen=True)
class Geometry:
    """Frames of a signal of `length` samples, extended by `left` and `right` samples."""

    n_fft: int
    hop: int
    length: int
    left: int = 0
    right: int = 0
    mode: PadMode = "constant"

    @property
    def frames(self) -> int:
        """Whole frames in the padded signal."""
        return max(0, 1 + (self.left + self.length + self.right - self.n_fft) // self.hop)

    @property
    def bins(self) -> int:
        """Bins of a one-sided spectrum."""
        return self.n_fft // 2 + 1

    @property
    def mode_number(self) -> int:
        """The padding mode as the kernels know it; a signal nobody pads is simply constant."""
        return 0 if self.left == 0 and self.overhang <= 0 else PAD_MODES.index(self.mode)

    @property
    def overhang(self) -> int:
        """Samples of the last frame that lie past the end of the signal."""
        return (self.frames - 1) * self.hop + self.n_fft - self.left - self.length

    @property
    def folds(self) -> bool:
        """Whether the overlap-add kernel can reflect this padding back (no side longer than half a frame)."""
        half = self.n_fft // 2
        return self.mode_number == 1 and self.left <= half and self.overhang <= half

    def padded(self) -> Geometry:
        """The same frames of the signal that has its padding already."""
        return replace(self, length=self.left + self.length + self.right, left=0, right=0, mode="constant")


@dataclass(frozen=True)
class Scale:
    """How a band y of a filtered spectrogram becomes the output.

    linear: y;  clamp: gain log(max(multiplier y, floor)) + offset;
    add: gain log(multiplier y + floor) + offset;  log1p: gain log(1 + multiplier y).
    """

    kind: Literal["linear", "clamp", "add", "log1p"] = "linear"
    base10: bool = False
    multiplier: float = 1.0
    floor: float = 1e-10
    gain: float = 1.0
    offset: float = 0.0

    @property
    def per_octave(self) -> float:
        """The gain of log2, which the kernel takes for a logarithm of any base; log1p keeps its own."""
        return self.gain if self.kind == "log1p" else self.gain * math.log(2, 10 if self.base10 else math.e)

    @property
    def number(self) -> int:
        """As in common/scaling.h."""
        return ("linear", "clamp", "add", "log1p").index(self.kind)


def decibels(amin: float = 1e-10, ref: float = 1.0, multiplier: float = 10.0) -> Scale:
    """Multiplier * log10(max(y, amin) / ref)."""
    return Scale("clamp", True, 1.0, amin, multiplier, -multiplier * math.log10(max(amin, ref)))
