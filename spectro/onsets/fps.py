"""Spectra and onset detection functions at a rate of frames: from audio, in one call."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias, get_args

import mlx.core as mx
import numpy as np

from ..arrays import Received, constant
from ..errors import ParameterError
from ..filterbanks.bank import Filterbank
from ..framing.rates import (
    FrameOrigin,
    FramingEnd,
    frame_starts_from_fps,
    hop_size_from_fps,
)
from ..spectrograms.filtered import FilteredSpectrogramTransform, check_filterbank
from ..spectrum.scales import LINEAR, Scale, magnitude
from ..spectrum.transform import SpectralTransform, get_transform_mlx
from ..typing import Array, STFTOutputLayout
from ..validation import check_audio, check_choice, check_int, check_number
from . import detection, phase_detection

__all__ = ["OnsetMethod", "filtered_spectrogram_at_fps", "onset_detection_function", "stft_at_fps"]

OnsetMethod: TypeAlias = Literal[
    "high_frequency_content",
    "spectral_diff",
    "spectral_flux",
    "superflux",
    "complex_flux",
    "modified_kullback_leibler",
    "phase_deviation",
    "weighted_phase_deviation",
    "normalized_weighted_phase_deviation",
    "complex_domain",
    "rectified_complex_domain",
]


def _transform(frame_size: int) -> SpectralTransform:
    """Return the transform with madmom's window, a symmetric Hann."""
    return get_transform_mlx(
        n_fft=frame_size,
        hop_length=frame_size,
        win_length=frame_size,
        window_fn="hann",
        periodic=False,
        center=False,
        normalized=False,
        window=None,
    )


def _spectrum(received: Received, starts: np.ndarray, frame_size: int, bins: int, shift: bool) -> Array:
    """Return the STFT [B, N, bins] of the frames at `starts`, with time 0 at their middle if `shift`."""
    z = _transform(frame_size).analyze(received, starts=starts)[..., :bins]
    if not shift:
        return z
    if frame_size % 2:
        raise ParameterError(f"frame_size must be even to exchange its halves, got {frame_size}")
    # Half a frame later, bin k has turned by exp(-pi j k): its sign alternates.
    return z * constant(1.0 - 2.0 * (np.arange(bins) % 2), received.xp, z)


def stft_at_fps(
    x: Array,
    *,
    frame_size: int = 2048,
    fps: float = 100.0,
    sample_rate: int = 44100,
    circular_shift: bool = False,
    include_nyquist: bool = False,
    origin: FrameOrigin = "offline",
    end: FramingEnd = "normal",
    output_layout: STFTOutputLayout = "bfn",
) -> Array:
    """Return the STFT with `fps` frames a second, whole or not in samples, and a symmetric Hann window.

    Mirrors madmom's `ShortTimeFourierTransform` of a `FramedSignal`.

    Parameters
    ----------
    x : array [T] or [B, T]
    frame_size : int
    fps, sample_rate : float
    circular_shift : bool
        Exchange the halves of each frame, so that the phase is that of its middle.
    include_nyquist : bool
        Return frame_size // 2 + 1 bins instead of frame_size // 2.
    origin, end
        Where frames lie and how many there are: see `frame_starts_from_fps`.
    output_layout : {"bfn", "bnf"}

    Returns
    -------
    complex array [F, N] or [B, F, N]; the last two exchanged in layout "bnf"

    Raises
    ------
    ParameterError, ArrayTypeError
        As `SpectralTransform.stft`, and for an odd frame_size with `circular_shift`.

    Examples
    --------
    >>> import numpy as np
    >>> stft_at_fps(np.zeros(22050, np.float32), fps=100, sample_rate=22050).shape
    (1024, 100)
    """
    check_choice("output_layout", output_layout, get_args(STFTOutputLayout))
    bins = check_int("frame_size", frame_size, minimum=2) // 2 + (1 if include_nyquist else 0)
    received = check_audio(x)
    length = int(received.data.shape[-1])
    starts = frame_starts_from_fps(
        length, frame_size=frame_size, fps=fps, sample_rate=sample_rate, origin=origin, end=end
    )
    z = _spectrum(received, starts, frame_size, bins, circular_shift)
    z = z.swapaxes(1, 2) if output_layout == "bfn" else z
    return received.give_back(z[0] if received.data.ndim == 1 else z)


def filtered_spectrogram_at_fps(
    x: Array,
    *,
    fps: float,
    filterbank: mx.array | np.ndarray,
    origin: FrameOrigin = "offline",
    end: FramingEnd = "normal",
    **options: object,
) -> Array:
    """Return the filtered spectrogram [n_bands, N] or [B, n_bands, N] with `fps` frames a second.

    Frames lie about their reference samples as `origin` says, zeros outside the signal; `options`
    are those of `FilteredSpectrogramTransform` (its hop and centring do not matter here).

    Examples
    --------
    >>> import numpy as np
    >>> x, bank = np.zeros(22050, np.float32), np.eye(1024)
    >>> filtered_spectrogram_at_fps(x, fps=100, filterbank=bank, sample_rate=22050).shape
    (1024, 100)
    """
    transform = FilteredSpectrogramTransform(filterbank, **options)  # type: ignore[arg-type] # checked there
    return transform.at_fps(x, fps, origin=origin, end=end)


def onset_detection_function(
    x: Array,
    method: OnsetMethod = "spectral_flux",
    *,
    sample_rate: int = 44100,
    fps: float = 100.0,
    frame_size: int = 2048,
    filterbank: mx.array | np.ndarray | None = None,
    log: bool = False,
    mul: float = 1.0,
    diff_frames: int | None = None,
    diff_ratio: float = 0.5,
    diff_max_bins: int = 3,
    temporal_filter: int = 3,
    temporal_origin: int = 0,
    origin: FrameOrigin = "offline",
    end: FramingEnd = "normal",
) -> Array:
    """Return how much begins at each frame of audio [T] or [B, T]: [N] or [B, N].

    What madmom's `SpectralOnsetProcessor` computes: magnitudes without the Nyquist bin, filtered
    and made logarithmic where asked, then one of the functions of detection.py and
    phase_detection.py. Those with a phase in the name, and the complex ones, use frames whose middle
    is time 0.

    Parameters
    ----------
    x : array [T] or [B, T]
    method : str
        A function's name without "_odf".
    sample_rate, fps, frame_size, origin, end
        The frames: see `stft_at_fps`.
    filterbank : array [frame_size // 2, n_bands], optional
        As for `FilteredSpectrogramTransform`.
    log, mul
        Take log10(1 + mul v) of the magnitudes or bands v.
    diff_frames : int, optional
        Frames to look back; by default what `diff_ratio` gives (`diff_frames_from_hann`), 1 for
        "modified_kullback_leibler".
    diff_ratio, diff_max_bins, temporal_filter, temporal_origin
        As in `diff_frames_from_hann`, `superflux_odf` and `complex_flux_odf`.

    Raises
    ------
    ParameterError, ArrayTypeError
        For an unknown method or a value out of range, and as `SpectralTransform.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> onset_detection_function(np.zeros(44100, np.float32), "superflux").shape
    (100,)
    """
    check_choice("method", method, get_args(OnsetMethod))
    bins = check_int("frame_size", frame_size, minimum=2) // 2
    received = check_audio(x)
    xp, length = received.xp, int(received.data.shape[-1])
    starts = frame_starts_from_fps(
        length, frame_size=frame_size, fps=fps, sample_rate=sample_rate, origin=origin, end=end
    )
    slope = check_number("mul", mul, above=0)
    scale = Scale("log1p", slope=slope, gain=1 / math.log(10)) if log else LINEAR
    bank = None if filterbank is None else Filterbank(check_filterbank(filterbank, bins + 1))
    if diff_frames is None and method != "modified_kullback_leibler":
        diff_frames = detection.diff_frames_from_hann(
            frame_size=frame_size, hop_size=hop_size_from_fps(fps, sample_rate), diff_ratio=diff_ratio
        )
    lag = 1 if diff_frames is None else diff_frames

    needs_phase = "phase" in method or "complex" in method
    phase = None
    if bank is not None and not needs_phase:
        m = _transform(frame_size).project(received, 1.0, bank, scale, starts).swapaxes(1, 2)
    else:
        z = _spectrum(received, starts, frame_size, bins + 1, needs_phase)
        m = magnitude(xp, z)
        m = scale.apply(xp, m[..., :bins] if bank is None else bank.product(xp, m))
        z = z[..., :bins]
        phase = xp.arctan2(xp.imag(z), xp.real(z)) if needs_phase else None
    weights = None if filterbank is None or bank is None else bank.weights[:bins]

    functions = {
        "high_frequency_content": lambda: detection.high_frequency_content_odf(m),
        "spectral_diff": lambda: detection.spectral_diff_odf(m, diff_frames=lag),
        "spectral_flux": lambda: detection.spectral_flux_odf(m, diff_frames=lag),
        "superflux": lambda: detection.superflux_odf(m, diff_frames=lag, diff_max_bins=diff_max_bins),
        "modified_kullback_leibler": lambda: detection.modified_kullback_leibler_odf(m, diff_frames=lag),
        "phase_deviation": lambda: phase_detection.phase_deviation(phase),
        "weighted_phase_deviation": lambda: phase_detection.weighted_phase_deviation(m, phase),
        "normalized_weighted_phase_deviation": lambda: phase_detection.normalized_weighted_phase_deviation(
            m, phase
        ),
        "complex_domain": lambda: phase_detection.complex_domain_odf(m, phase),
        "rectified_complex_domain": lambda: phase_detection.rectified_complex_domain_odf(
            m, phase, diff_frames=lag
        ),
        "complex_flux": lambda: phase_detection.complex_flux_odf(
            m,
            phase,
            diff_frames=lag,
            diff_max_bins=diff_max_bins,
            temporal_filter=temporal_filter,
            temporal_origin=temporal_origin,
            filterbank=weights,
        ),
    }
    values = functions[method]()
    return received.give_back(values[0] if received.data.ndim == 1 else values)
