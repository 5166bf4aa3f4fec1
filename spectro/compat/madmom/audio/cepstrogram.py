"""`madmom.audio.cepstrogram`: cosine transforms of spectrograms."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....callers import warn
from ....spectrograms.cepstrum import dct
from ... import fallback as _fallback
from ...registry import mirrors
from .._arrays import Frames2D
from ..processors import Processor
from ._filterbanks import MelFilterbank
from ._filtered import apply_filterbank, filterable, make_filterbank
from ._source import StftSource
from ._spectrogram import Spectrogram

__all__ = [
    "MFCC",
    "MFCC_ADD",
    "MFCC_BANDS",
    "MFCC_FMAX",
    "MFCC_FMIN",
    "MFCC_MUL",
    "MFCC_NORM_FILTERS",
    "Cepstrogram",
    "CepstrogramProcessor",
    "MFCCProcessor",
]

MFCC_BANDS = 30
MFCC_FMIN = 40.0
MFCC_FMAX = 15000.0
MFCC_NORM_FILTERS = True
MFCC_MUL = 1.0
MFCC_ADD = 0.0


@mirrors("madmom.audio.cepstrogram.Cepstrogram")
class Cepstrogram(Frames2D):
    """The transform of each frame of a spectrogram, an array like it.

    Parameters
    ----------
    spectrogram : Spectrogram, or what it takes
    transform : function
        Of an array [N, F]; default the DCT-II along its last axis, not normalised.
    **kwargs
        For `Spectrogram`.

    Attributes
    ----------
    spectrogram : Spectrogram
    transform : function
    num_frames, num_bins : int
    """

    _ADDS: ClassVar[dict[str, Any]] = {"spectrogram": None, "bin_frequencies": None, "transform": None}
    spectrogram: Any
    transform: Any

    def __new__(cls, spectrogram: Any, transform: Any = dct, **kwargs: Any) -> Any:
        """Transform a spectrogram."""
        if not isinstance(spectrogram, Spectrogram):
            spectrogram = Spectrogram(spectrogram, **kwargs)
        new = np.asarray(transform(np.asarray(spectrogram))).view(cls)
        new.spectrogram, new.transform = spectrogram, transform
        return new


@mirrors("madmom.audio.cepstrogram.CepstrogramProcessor")
class CepstrogramProcessor(Processor):
    """Makes a `Cepstrogram`, with its transform."""

    takes_source = True

    def __init__(self, transform: Any = dct, **kwargs: Any) -> None:
        self.transform = transform

    def process(self, data: Any) -> Any:  # type: ignore[override]
        """Return the cepstrogram of data: a spectrogram or what it takes."""
        return Cepstrogram(data, transform=self.transform)


@mirrors("madmom.audio.cepstrogram.MFCC")
class MFCC(Cepstrogram):
    """Mel-frequency cepstral coefficients, an array [N, num_bands] of float32: DCT of lg(mul bands + add).

    madmom 0.17 fails for a plain `Spectrogram`, which has no attribute `filterbank`; here it works as
    madmom's documentation says.

    Parameters
    ----------
    spectrogram : Spectrogram, or what it takes
        Of one that was filtered or scaled, the STFT is taken, with a warning.
    transform : function
        As for `Cepstrogram`.
    filterbank : Filterbank, or a subclass of it
    num_bands, fmin, fmax, norm_filters
        As for `MelFilterbank`.
    mul, add : float
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
    mul, add : float
    """

    _ADDS: ClassVar[dict[str, Any]] = {
        "_spectrogram": None,
        "filterbank": None,
        "mul": MFCC_MUL,
        "add": MFCC_ADD,
    }
    _spectrogram: Any
    filterbank: Any
    mul: Any
    add: Any

    def __new__(  # type: ignore[misc]
        cls,
        spectrogram: Any,
        transform: Any = dct,
        filterbank: Any = MelFilterbank,
        num_bands: int = MFCC_BANDS,
        fmin: float = MFCC_FMIN,
        fmax: float = MFCC_FMAX,
        norm_filters: bool = MFCC_NORM_FILTERS,
        mul: float = MFCC_MUL,
        add: float = MFCC_ADD,
        **kwargs: Any,
    ) -> Any:
        """Transform a spectrogram."""
        source = filterable(spectrogram, **kwargs)
        if any(getattr(source, name, None) is not None for name in ("filterbank", "mul", "add")):
            warn("Spectrogram was filtered or scaled already, redo calculation!")
            source = filterable(source._stft)
        options = {"num_bands": num_bands, "fmin": fmin, "fmax": fmax, "norm_filters": norm_filters}
        filterbank = make_filterbank(
            filterbank, source.bin_frequencies, ValueError, duplicate_filters=False, **options
        )
        bands = apply_filterbank(source, filterbank)
        np.log10(mul * bands + add, out=bands)
        new = np.asarray(transform(bands)).view(cls)
        new.transform, new.filterbank, new.mul, new.add = transform, filterbank, mul, add
        new._spectrogram = source
        return new

    @property  # type: ignore[override]
    def spectrogram(self) -> Any:
        """The spectrogram it was computed from, itself computed when it is first asked for."""
        if isinstance(self._spectrogram, StftSource):
            self._spectrogram = Spectrogram(self._spectrogram)
        return self._spectrogram


@mirrors("madmom.audio.cepstrogram.MFCCProcessor")
class MFCCProcessor(Processor):
    """Makes `MFCC`, with its parameters; as in madmom, `transform` is kept and not used."""

    takes_source = True

    def __init__(
        self,
        num_bands: int = MFCC_BANDS,
        fmin: float = MFCC_FMIN,
        fmax: float = MFCC_FMAX,
        norm_filters: bool = MFCC_NORM_FILTERS,
        mul: float = MFCC_MUL,
        add: float = MFCC_ADD,
        transform: Any = dct,
        **kwargs: Any,
    ) -> None:
        self.num_bands = num_bands
        self.fmin = fmin
        self.fmax = fmax
        self.norm_filters = norm_filters
        self.mul = mul
        self.add = add
        self.transform = transform

    def process(self, data: Any) -> Any:  # type: ignore[override]
        """Return the coefficients of data: a spectrogram or what it takes."""
        names = ("num_bands", "fmin", "fmax", "norm_filters", "mul", "add")
        return MFCC(data, **{name: getattr(self, name) for name in names})


__getattr__ = _fallback.fall_through(__name__, "madmom.audio.cepstrogram")
