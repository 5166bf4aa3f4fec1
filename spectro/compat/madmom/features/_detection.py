"""Onset detection functions: how much begins at each frame of a spectrogram.

They take a `Spectrogram`, or (flux and difference) a `SpectrogramDifference`, and return [N]. As in madmom
some give float64 for float32 spectrograms.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....arithmetic.sums import total
from ....onsets import detection, phase_detection
from ...registry import mirrors
from ..audio._difference import SpectrogramDifference, lag_of

__all__ = [
    "EPSILON",
    "complex_domain",
    "complex_flux",
    "correlation_diff",
    "high_frequency_content",
    "modified_kullback_leibler",
    "normalized_weighted_phase_deviation",
    "phase_deviation",
    "rectified_complex_domain",
    "spectral_diff",
    "spectral_flux",
    "superflux",
    "weighted_phase_deviation",
    "wrap_to_pi",
]

EPSILON = np.spacing(1)


@mirrors("madmom.features.onsets.wrap_to_pi")
def wrap_to_pi(phase: np.ndarray) -> np.ndarray:
    """Return phases less a multiple of 2 pi, in [-pi, pi)."""
    return np.mod(phase + np.pi, 2.0 * np.pi) - np.pi


@mirrors("madmom.features.onsets.correlation_diff", tier=2)
def correlation_diff(
    spec: np.ndarray, diff_frames: int = 1, pos: bool = False, diff_bins: int = 1
) -> np.ndarray:
    """Return the difference of a spectrogram [N, F] from an earlier frame, shifted to fit best.

    The shift, of at most `diff_bins`, is where the two frames correlate most; `diff_bins` bins at each
    end stay 0. (madmom 0.17 fails in every call, from an index that is not whole.)

    Parameters
    ----------
    spec : array [N, F]
    diff_frames : int
    pos : bool
        Keep rises only.
    diff_bins : int

    Raises
    ------
    ValueError
        If `diff_frames` is less than 1.
    """
    if diff_frames < 1:
        raise ValueError("number of `diff_frames` must be >= 1")
    return detection.correlation_difference(np.asarray(spec), diff_frames, diff_bins, pos)


def _lag(spectrogram: Any, diff_frames: int | None) -> int:
    return lag_of(spectrogram._stft, 0.5) if diff_frames is None else diff_frames


def _phase(spectrogram: Any) -> np.ndarray:
    return np.asarray(spectrogram.stft.phase())


def _magnitude_and_phase(spectrogram: Any) -> tuple[np.ndarray, np.ndarray]:
    phase = _phase(spectrogram)
    if phase.shape != np.shape(spectrogram):
        raise ValueError("spectrogram and phase must be of same shape")
    return np.asarray(spectrogram), phase


@mirrors("madmom.features.onsets.high_frequency_content")
def high_frequency_content(spectrogram: Any) -> np.ndarray:
    """Return the mean over bins k of k times the magnitude, float64 (Masri 1996)."""
    wide = np.asarray(spectrogram).astype(np.float64)
    return detection.high_frequency_content_odf(wide)


@mirrors("madmom.features.onsets.spectral_diff")
def spectral_diff(spectrogram: Any, diff_frames: int | None = None) -> np.ndarray:
    """Return the sum of the squared rises over `diff_frames` frames (Duxbury et al. 2002).

    `diff_frames` defaults to what `SpectrogramDifference` takes.
    """
    if isinstance(spectrogram, SpectrogramDifference):
        return total(np, np.asarray(spectrogram) ** 2)
    return detection.spectral_diff_odf(np.asarray(spectrogram), diff_frames=_lag(spectrogram, diff_frames))


@mirrors("madmom.features.onsets.spectral_flux")
def spectral_flux(spectrogram: Any, diff_frames: int | None = None) -> np.ndarray:
    """Return the sum of the rises over `diff_frames` frames, default as for `spectral_diff` (Masri 1996)."""
    if isinstance(spectrogram, SpectrogramDifference):
        return total(np, np.asarray(spectrogram))
    return detection.spectral_flux_odf(np.asarray(spectrogram), diff_frames=_lag(spectrogram, diff_frames))


@mirrors("madmom.features.onsets.superflux")
def superflux(spectrogram: Any, diff_frames: int | None = None, diff_max_bins: int = 3) -> np.ndarray:
    """Return the sum of the rises over the greatest of `diff_max_bins` neighbours (Böck & Widmer 2013).

    Meant for 24 logarithmic bands an octave. `diff_frames` as for `spectral_diff`.
    """
    if isinstance(spectrogram, SpectrogramDifference):
        return total(np, np.asarray(spectrogram))
    lag = _lag(spectrogram, diff_frames)
    return detection.superflux_odf(np.asarray(spectrogram), diff_frames=lag, diff_max_bins=diff_max_bins)


@mirrors("madmom.features.onsets.complex_flux")
def complex_flux(
    spectrogram: Any,
    diff_frames: int | None = None,
    diff_max_bins: int = 3,
    temporal_filter: int = 3,
    temporal_origin: int = 0,
) -> np.ndarray:
    """Return `superflux` with each rise weighted by the local group delay (Böck & Widmer 2013b).

    Parameters
    ----------
    spectrogram : Spectrogram
        Its STFT must be circularly shifted.
    diff_frames, diff_max_bins
        As for `superflux`.
    temporal_filter, temporal_origin : int
        Frames to look for the greatest delay in (0 for none), and how far into the past they lie.
    """
    bank = getattr(spectrogram, "filterbank", None)
    return phase_detection.complex_flux_odf(
        np.asarray(spectrogram),
        _phase(spectrogram),
        diff_frames=_lag(spectrogram, diff_frames),
        diff_max_bins=diff_max_bins,
        temporal_filter=temporal_filter,
        temporal_origin=temporal_origin,
        filterbank=None if bank is None else np.asarray(bank),
    )


@mirrors("madmom.features.onsets.modified_kullback_leibler")
def modified_kullback_leibler(spectrogram: Any, diff_frames: int = 1, epsilon: float = EPSILON) -> np.ndarray:
    """Return the mean of ln(1 + m[i] / (m[i - diff_frames] + epsilon)) over bins (Brossier 2006).

    Raises
    ------
    ValueError
        If epsilon is not positive.
    """
    if epsilon <= 0:
        raise ValueError("a positive value must be added before division")
    return detection.modified_kullback_leibler_odf(
        np.asarray(spectrogram), diff_frames=diff_frames, epsilon=float(epsilon)
    )


@mirrors("madmom.features.onsets.phase_deviation")
def phase_deviation(spectrogram: Any) -> np.ndarray:
    """Return the mean |change of the phase's advance| over bins (Bello et al. 2004)."""
    return phase_detection.phase_deviation(_phase(spectrogram))


@mirrors("madmom.features.onsets.weighted_phase_deviation")
def weighted_phase_deviation(spectrogram: Any) -> np.ndarray:
    """Return the mean over bins of `phase_deviation` weighted by the magnitude (Dixon 2006).

    Raises
    ------
    ValueError
        If the spectrogram is filtered, and so has other bins than its phase.
    """
    return phase_detection.weighted_phase_deviation(*_magnitude_and_phase(spectrogram))


@mirrors("madmom.features.onsets.normalized_weighted_phase_deviation")
def normalized_weighted_phase_deviation(spectrogram: Any, epsilon: float = EPSILON) -> np.ndarray:
    """Return `weighted_phase_deviation` over the frame's mean magnitude plus `epsilon` (Dixon 2006).

    Raises
    ------
    ValueError
        As `weighted_phase_deviation`, and if epsilon is not positive.
    """
    if epsilon <= 0:
        raise ValueError("a positive value must be added before division")
    norm = np.add(np.mean(np.asarray(spectrogram), axis=1), epsilon)
    return weighted_phase_deviation(spectrogram) / norm  # type: ignore[no-any-return]


@mirrors("madmom.features.onsets.complex_domain")
def complex_domain(spectrogram: Any) -> np.ndarray:
    """Return the sum over bins of the distance to the predicted spectrum (Bello et al. 2004).

    Raises
    ------
    ValueError
        As `weighted_phase_deviation`.
    """
    return phase_detection.complex_domain_odf(*_magnitude_and_phase(spectrogram))


@mirrors("madmom.features.onsets.rectified_complex_domain")
def rectified_complex_domain(spectrogram: Any, diff_frames: int | None = None) -> np.ndarray:
    """Return `complex_domain` over the bins that rise within `diff_frames` frames (Dixon 2006).

    Raises
    ------
    ValueError
        As `weighted_phase_deviation`.
    """
    magnitude, phase = _magnitude_and_phase(spectrogram)
    lag = _lag(spectrogram, diff_frames)
    return phase_detection.rectified_complex_domain_odf(magnitude, phase, diff_frames=lag)
