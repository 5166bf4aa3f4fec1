"""Filterbanks of pitch classes and semitones."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....filterbanks.pitch_classes import pitch_class_weights
from ...fallback import load
from ...registry import mirrors
from ._filterbank import Filterbank
from ._scales import A4, semitone_frequencies

__all__ = [
    "HarmonicFilterbank",
    "HarmonicPitchClassProfileFilterbank",
    "PitchClassProfileFilterbank",
    "SemitoneBandpassFilterbank",
    "SimpleChromaFilterbank",
]


class SimpleChromaFilterbank(Filterbank):
    """Refused, as madmom does: its results were never checked."""

    NUM_BANDS = 12

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
        """Refuse."""
        raise NotImplementedError(
            "madmom does not define SimpleChromaFilterbank: use PitchClassProfileFilterbank"
        )


class HarmonicFilterbank(Filterbank):
    """Refused, as madmom does."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
        """Refuse."""
        raise NotImplementedError("madmom does not define HarmonicFilterbank")


@mirrors("madmom.audio.filters.PitchClassProfileFilterbank")
class PitchClassProfileFilterbank(Filterbank):
    """Each bin given to its nearest pitch class (Fujishima 1999).

    Parameters
    ----------
    bin_frequencies : array [F]
    num_classes : int
        An octave.
    fmin, fmax : float
        Hz, of the bins used.
    fref : float
        Frequency of class 0.
    """

    CLASSES = 12
    FMIN = 100.0
    FMAX = 5000.0
    _ADDS: ClassVar[dict[str, Any]] = {"fref": A4}
    fref: Any

    def __new__(  # type: ignore[misc]
        cls,
        bin_frequencies: np.ndarray,
        num_classes: int = CLASSES,
        fmin: float = FMIN,
        fmax: float = FMAX,
        fref: float = A4,
    ) -> Any:
        """Make the bank."""
        weights = pitch_class_weights(bin_frequencies, num_classes, fmin, fmax, fref)
        new = Filterbank.__new__(cls, weights, bin_frequencies)
        new.fref = fref
        return new

    @property
    def corner_frequencies(self) -> np.ndarray:
        """Refused: a class has bins in every octave."""
        raise NotImplementedError("a pitch class has no corner frequencies")

    @property
    def center_frequencies(self) -> np.ndarray:
        """Refused: a class has bins in every octave."""
        raise NotImplementedError("a pitch class has no center frequency")


@mirrors("madmom.audio.filters.HarmonicPitchClassProfileFilterbank")
class HarmonicPitchClassProfileFilterbank(PitchClassProfileFilterbank):
    """Each bin given to the pitch classes near it, with weights cos^2 (Gómez 2006).

    Parameters
    ----------
    bin_frequencies, num_classes, fmin, fmax, fref
        As for `PitchClassProfileFilterbank`.
    window : float
        Width of the weights, in classes.
    """

    CLASSES = 36
    WINDOW = 4
    _ADDS: ClassVar[dict[str, Any]] = {"window": WINDOW}
    window: Any

    def __new__(  # type: ignore[misc]
        cls,
        bin_frequencies: np.ndarray,
        num_classes: int = CLASSES,
        fmin: float = PitchClassProfileFilterbank.FMIN,
        fmax: float = PitchClassProfileFilterbank.FMAX,
        fref: float = A4,
        window: float = WINDOW,
    ) -> Any:
        """Make the bank."""
        weights = pitch_class_weights(bin_frequencies, num_classes, fmin, fmax, fref, window)
        new = Filterbank.__new__(cls, weights, bin_frequencies)
        new.fref, new.window = fref, window
        return new


@mirrors("madmom.audio.filters.SemitoneBandpassFilterbank", tier=2)
class SemitoneBandpassFilterbank:
    """Elliptic band-pass filters a semitone apart, each for a signal of its own sample rate (Müller 2007).

    Parameters
    ----------
    order : int
    passband_ripple, stopband_rejection : float
        dB.
    q_factor : float
        Centre frequency over bandwidth.
    fmin, fmax, fref : float
        Hz: range and tuning of the centres.

    Attributes
    ----------
    center_frequencies, band_sample_rates : array [M]
    filters : list of (b, a)
    """

    def __init__(
        self,
        order: int = 4,
        passband_ripple: float = 1,
        stopband_rejection: float = 50,
        q_factor: float = 25,
        fmin: float = 27.5,
        fmax: float = 4200.0,
        fref: float = A4,
    ) -> None:
        self.order = order
        self.passband_ripple = passband_ripple
        self.stopband_rejection = stopband_rejection
        self.q_factor = q_factor
        self.fref = fref
        centers = semitone_frequencies(fmin, fmax, fref=fref)
        self.center_frequencies = centers
        # Low bands are narrow: they need a low sample rate to be stable.
        self.band_sample_rates = np.where(centers > 2000, 22050.0, np.where(centers < 250, 882.0, 4410.0))
        ellip = load("scipy.signal").ellip
        half = centers / q_factor / 2.0
        self.filters = [
            ellip(order, passband_ripple, stopband_rejection, [low, high], btype="bandpass")
            for low, high in zip(
                (centers - half) * 2.0 / self.band_sample_rates,
                (centers + half) * 2.0 / self.band_sample_rates,
                strict=True,
            )
        ]

    @property
    def num_bands(self) -> int:
        """Number of bands."""
        return len(self.center_frequencies)

    @property
    def fmin(self) -> float:
        """The lowest band's lower edge, Hz."""
        f = self.center_frequencies[0]
        return f - f / self.q_factor / 2.0  # type: ignore[no-any-return]

    @property
    def fmax(self) -> float:
        """The highest band's upper edge, Hz."""
        f = self.center_frequencies[-1]
        return f + f / self.q_factor / 2.0  # type: ignore[no-any-return]
