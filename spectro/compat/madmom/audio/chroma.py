"""`madmom.audio.chroma`: pitch class profiles. The trained `DeepChromaProcessor` is madmom's own."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....callers import warn
from ... import fallback as _fallback
from ...registry import mirrors
from .._arrays import DataArray
from ..processors import Processor, SequentialProcessor
from ._filterbank import Filterbank
from ._filtered import FilteredSpectrogram, filterable, make_filterbank
from ._pitch_classes import HarmonicPitchClassProfileFilterbank, PitchClassProfileFilterbank
from ._scales import A4, hz2midi
from ._semitone import SemitoneBandpassSpectrogram
from ._source import StftSource
from ._spectrogram import Spectrogram

__all__ = [
    "A4",
    "HPCP",
    "PCP",
    "CLPChroma",
    "CLPChromaProcessor",
    "Filterbank",
    "FilteredSpectrogram",
    "HarmonicPitchClassProfile",
    "PitchClassProfile",
    "SemitoneBandpassSpectrogram",
    "SequentialProcessor",
    "Spectrogram",
]

# madmom's names.
PCP = PitchClassProfileFilterbank
HPCP = HarmonicPitchClassProfileFilterbank

CLP_FPS = 50
CLP_FMIN = 27.5
CLP_FMAX = 4200.0
CLP_COMPRESSION_FACTOR = 100
CLP_NORM = True
CLP_THRESHOLD = 0.001


@mirrors("madmom.audio.chroma.PitchClassProfile")
class PitchClassProfile(FilteredSpectrogram):
    """A spectrogram summed up in pitch classes, an array [N, num_classes] of float32 (Fujishima 1999).

    Parameters
    ----------
    spectrogram : Spectrogram, or what it takes
        One that is filtered already is warned about.
    filterbank : Filterbank, or a subclass of it
    num_classes, fmin, fmax : optional
        As for `PitchClassProfileFilterbank`.
    fref : float or None
        Hz; None finds the tuning from the spectrogram.
    **kwargs
        For `Spectrogram`.

    Raises
    ------
    ValueError
        If `filterbank` is neither.

    Attributes
    ----------
    spectrogram : Spectrogram
    filterbank : Filterbank
    """

    _ADDS: ClassVar[dict[str, Any]] = {"_spectrogram": None}
    _spectrogram: Any

    def __new__(  # type: ignore[misc]
        cls,
        spectrogram: Any,
        filterbank: Any = PCP,
        num_classes: int = PCP.CLASSES,
        fmin: float = PCP.FMIN,
        fmax: float = PCP.FMAX,
        fref: float | None = A4,
        **kwargs: Any,
    ) -> Any:
        """Sum up a spectrogram."""
        options = {"num_classes": num_classes, "fmin": fmin, "fmax": fmax}
        return cls._profile(spectrogram, filterbank, fref, options, kwargs)

    @classmethod
    def _profile(
        cls, spectrogram: Any, filterbank: Any, fref: float | None, options: dict[str, Any], kwargs: Any
    ) -> Any:
        source = filterable(spectrogram, **kwargs)
        if hasattr(source, "filterbank"):
            warn("Spectrogram should not be filtered.", RuntimeWarning)
        if fref is None:
            source = Spectrogram(source)
            fref = source.tuning_frequency()
        bank = make_filterbank(filterbank, source.bin_frequencies, ValueError, fref=fref, **options)
        new = cls._of_bands(source, bank)
        new._spectrogram = source
        return new

    @property
    def spectrogram(self) -> Any:
        """The spectrogram it was computed from, itself computed when it is first asked for."""
        if isinstance(self._spectrogram, StftSource):
            self._spectrogram = Spectrogram(self._spectrogram)
        return self._spectrogram


@mirrors("madmom.audio.chroma.HarmonicPitchClassProfile")
class HarmonicPitchClassProfile(PitchClassProfile):
    """A spectrogram summed up in pitch classes with overlapping weights (Gómez 2006).

    Parameters
    ----------
    spectrogram, filterbank, num_classes, fmin, fmax, fref, **kwargs
        As for `PitchClassProfile`.
    window : float
        As for `HarmonicPitchClassProfileFilterbank`.
    """

    def __new__(  # type: ignore[misc]
        cls,
        spectrogram: Any,
        filterbank: Any = HPCP,
        num_classes: int = HPCP.CLASSES,
        fmin: float = HPCP.FMIN,
        fmax: float = HPCP.FMAX,
        fref: float | None = A4,
        window: float = HPCP.WINDOW,
        **kwargs: Any,
    ) -> Any:
        """Sum up a spectrogram."""
        options = {"num_classes": num_classes, "fmin": fmin, "fmax": fmax, "window": window}
        return cls._profile(spectrogram, filterbank, fref, options, kwargs)


@mirrors("madmom.audio.chroma.CLPChroma", tier=2)
class CLPChroma(DataArray):
    """Chroma with a logarithmic compression of the energies, an array [N, 12] of float64 (Müller 2011).

    Parameters
    ----------
    data : SemitoneBandpassSpectrogram, or what it takes
    fps, fmin, fmax
        As for `SemitoneBandpassSpectrogram`.
    compression_factor : float
        Each energy e becomes lg(compression_factor e + 1).
    norm : bool
        Divide each frame by its Euclidean norm.
    threshold : float
        A frame with a smaller norm becomes even.

    Attributes
    ----------
    fps : float
    bin_labels : list of str
    """

    _ADDS: ClassVar[dict[str, Any]] = {"fps": None, "bin_labels": None}
    fps: Any
    bin_labels: Any

    def __new__(
        cls,
        data: Any,
        fps: float = CLP_FPS,
        fmin: float = CLP_FMIN,
        fmax: float = CLP_FMAX,
        compression_factor: float = CLP_COMPRESSION_FACTOR,
        norm: bool = CLP_NORM,
        threshold: float = CLP_THRESHOLD,
        **kwargs: Any,
    ) -> Any:
        """Sum up a spectrogram of semitones."""
        if not isinstance(data, SemitoneBandpassSpectrogram):
            data = SemitoneBandpassSpectrogram(data, fps=fps, fmin=fmin, fmax=fmax)
        pitches = np.log10(np.asarray(data) * compression_factor + 1)
        first = int(np.round(hz2midi(data.bin_frequencies[0])))
        new: Any = np.zeros((len(pitches), 12)).view(cls)
        for pitch, energy in enumerate(pitches.T, start=first):
            new[:, pitch % 12] += energy
        if norm:
            loudness = np.sqrt((np.asarray(new) ** 2).sum(axis=1))
            quiet = loudness < threshold
            new /= np.where(quiet, 1.0, loudness)[:, np.newaxis]
            new[quiet] = 1 / np.sqrt(12)
        new.bin_labels = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
        new.fps = fps
        return new


@mirrors("madmom.audio.chroma.CLPChromaProcessor", tier=2)
class CLPChromaProcessor(Processor):
    """Makes `CLPChroma`, with its parameters."""

    def __init__(
        self,
        fps: float = CLP_FPS,
        fmin: float = CLP_FMIN,
        fmax: float = CLP_FMAX,
        compression_factor: float = CLP_COMPRESSION_FACTOR,
        norm: bool = CLP_NORM,
        threshold: float = CLP_THRESHOLD,
        **kwargs: Any,
    ) -> None:
        self.fps = fps
        self.fmin = fmin
        self.fmax = fmax
        self.compression_factor = compression_factor
        self.norm = norm
        self.threshold = threshold

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Return the chroma of data: a signal or what it takes."""
        return CLPChroma(data, **(vars(self) | kwargs))


__getattr__ = _fallback.fall_through(__name__, "madmom.audio.chroma")
