"""`madmom.audio.hpss`: harmonic and percussive parts of a spectrogram (Fitzgerald 2010)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import fallback as _fallback
from ...fallback import load
from ...registry import mirrors
from .. import _arguments
from ..processors import Processor

__all__ = ["HPSS", "HarmonicPercussiveSourceSeparation"]


@mirrors("madmom.audio.hpss.HarmonicPercussiveSourceSeparation", tier=2)
class HarmonicPercussiveSourceSeparation(Processor):
    """Splits a spectrogram by medians in time, which keep tones, and in frequency, which keep strokes.

    (madmom 0.17 fails in `process`, which looks for an attribute that spectrograms do not have.)

    Parameters
    ----------
    masking : "binary", None, or float
        Whether a value goes to the greater of the two as a whole, or by the ratio of their powers of
        this exponent.
    harmonic_filter, percussive_filter : (int, int)
        Frames and bins that a median is taken of.
    """

    MASKING = "binary"
    HARMONIC_FILTER = (15, 1)
    PERCUSSIVE_FILTER = (1, 15)

    add_arguments = staticmethod(_arguments.separation)

    def __init__(
        self,
        masking: Any = MASKING,
        harmonic_filter: tuple[int, int] = HARMONIC_FILTER,
        percussive_filter: tuple[int, int] = PERCUSSIVE_FILTER,
    ) -> None:
        self.masking = masking
        self.harmonic_filter = np.asarray(harmonic_filter, dtype=int)
        self.percussive_filter = np.asarray(percussive_filter, dtype=int)

    def slices(self, data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the medians [N, F] of a spectrogram, harmonic and percussive."""
        median = load("scipy.ndimage").median_filter
        values = np.asarray(data)
        return median(values, tuple(self.harmonic_filter)), median(values, tuple(self.percussive_filter))

    def masks(
        self, harmonic_slice: np.ndarray, percussive_slice: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return what of each value is harmonic and what percussive: bool, or parts of 1."""
        if self.masking in (None, "binary"):
            return harmonic_slice > percussive_slice, percussive_slice >= harmonic_slice
        harmonic, percussive = (part ** float(self.masking) for part in (harmonic_slice, percussive_slice))
        return harmonic / (harmonic + percussive), percussive / (harmonic + percussive)

    def process(self, data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[override]
        """Return the harmonic and the percussive part of a spectrogram."""
        harmonic, percussive = self.masks(*self.slices(data))
        return data * harmonic, data * percussive


HPSS = HarmonicPercussiveSourceSeparation

__getattr__ = _fallback.fall_through(__name__, "madmom.audio.hpss")
