"""`madmom.features.onsets`: detection functions and peaks; trained detectors are madmom's own."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

from ... import fallback as _fallback
from ...registry import mirrors
from .. import _arguments
from ..audio.signal import smooth as smooth_signal
from ..processors import BufferProcessor, OnlineProcessor, ParallelProcessor, SequentialProcessor
from ..utils import combine_events
from . import _detection
from ._detection import (
    EPSILON,
    complex_domain,
    complex_flux,
    correlation_diff,
    high_frequency_content,
    modified_kullback_leibler,
    normalized_weighted_phase_deviation,
    phase_deviation,
    rectified_complex_domain,
    spectral_diff,
    spectral_flux,
    superflux,
    weighted_phase_deviation,
    wrap_to_pi,
)
from ._peaks import OnsetPeakPickingProcessor, peak_picking

__all__ = [
    "EPSILON",
    "BufferProcessor",
    "OnlineProcessor",
    "OnsetPeakPickingProcessor",
    "ParallelProcessor",
    "SpectralOnsetProcessor",
    "combine_events",
    "complex_domain",
    "complex_flux",
    "correlation_diff",
    "high_frequency_content",
    "modified_kullback_leibler",
    "normalized_weighted_phase_deviation",
    "peak_picking",
    "phase_deviation",
    "rectified_complex_domain",
    "smooth_signal",
    "spectral_diff",
    "spectral_flux",
    "superflux",
    "weighted_phase_deviation",
    "wrap_to_pi",
]


@mirrors("madmom.features.onsets.SpectralOnsetProcessor")
class SpectralOnsetProcessor(SequentialProcessor):
    """From audio to an onset detection function [N].

    Parameters
    ----------
    onset_method : str or function
        One of `METHODS`. As in madmom, a function is not appended: the spectrogram is returned.
    **kwargs
        Of the processors for signal, frames, STFT and spectrogram; with `filterbank` and `log` also of
        those. The audio is made mono.

    Raises
    ------
    ValueError
        For an unknown method.
    """

    METHODS: ClassVar[list[str]] = [
        "superflux",
        "complex_flux",
        "high_frequency_content",
        "spectral_diff",
        "spectral_flux",
        "modified_kullback_leibler",
        "phase_deviation",
        "weighted_phase_deviation",
        "normalized_weighted_phase_deviation",
        "complex_domain",
        "rectified_complex_domain",
    ]

    @classmethod
    def add_arguments(cls, parser: Any, onset_method: str | None = None) -> Any:
        """Add the option `--odf`, with a default, to a parser of argparse."""
        return _arguments.onset_function(parser, onset_method, cls.METHODS)

    def __init__(self, onset_method: Any = "spectral_flux", **kwargs: Any) -> None:
        from ..audio.signal import FramedSignalProcessor, SignalProcessor
        from ..audio.spectrogram import (
            FilteredSpectrogramProcessor,
            LogarithmicSpectrogramProcessor,
            SpectrogramProcessor,
        )
        from ..audio.stft import ShortTimeFourierTransformProcessor

        by_name = not inspect.isfunction(onset_method)
        if by_name and any(word in onset_method for word in ("phase", "complex")):
            kwargs["circular_shift"] = True
        kwargs["num_channels"] = 1
        chain: list[Any] = [
            SignalProcessor(**kwargs),
            FramedSignalProcessor(**kwargs),
            ShortTimeFourierTransformProcessor(**kwargs),
            SpectrogramProcessor(**kwargs),
        ]
        if kwargs.get("filterbank") is not None:
            chain.append(FilteredSpectrogramProcessor(**kwargs))
        if kwargs.get("log") is not None:
            chain.append(LogarithmicSpectrogramProcessor(**kwargs))
        if by_name:
            function = getattr(_detection, onset_method, None)
            if function is None:
                raise ValueError(
                    f"{onset_method} not a valid onset detection function, choose {self.METHODS}."
                )
            chain.append(function)
        super().__init__(chain)


__getattr__ = _fallback.fall_through(__name__, "madmom.features.onsets")
