"""`librosa.feature.rhythm`: tempo and its spectrograms."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ....errors import ParameterError
from ....onsets.rhythm import local_autocorrelation, most_likely_lag, tempo_prior
from ....typing import Array
from ... import fallback as _fallback
from ...registry import mirrors
from .._windows import WindowSpec, get_window
from ..core.convert import tempo_frequencies, time_to_frames
from ..core.harmonic import f0_harmonics
from ..core.spectrum import stft
from ..util.utils import normalize

__all__ = ["fourier_tempogram", "tempo", "tempogram", "tempogram_ratio"]


def _envelope(
    y: Array | None, sr: float, onset_envelope: Array | None, hop_length: int, win_length: int
) -> Array:
    if win_length < 1:
        raise ParameterError(f"win_length must be a positive integer, got {win_length}")
    if onset_envelope is not None:
        return onset_envelope
    if y is None:
        raise ParameterError("y or onset_envelope is needed")
    from .. import onset  # which itself is made of features

    return onset.onset_strength(y=y, sr=sr, hop_length=hop_length)


@mirrors("librosa.feature.tempogram", tier=2, numpy=True)
def tempogram(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    center: bool = True,
    window: WindowSpec = "hann",
    norm: float | None = np.inf,
) -> np.ndarray:
    """Return the local autocorrelation of an onset envelope: mirrors `librosa.feature.tempogram`.

    Parameters
    ----------
    y : real array [..., n]; or `onset_envelope`, array [..., N]
    sr : float
    hop_length : int
        Samples between frames.
    win_length : int
        Frames of the envelope that are correlated, and lags returned.
    center : bool
        Whether these lie about the frame, or begin with it.
    window : str, tuple, number, callable or array [win_length]
    norm : float, optional
        As for `util.normalize`, of each frame.

    Returns
    -------
    float64 array [..., win_length, N]

    Raises
    ------
    ParameterError
        Without audio and envelope, for an option out of range, or an envelope shorter than a window.
    """
    envelope = _envelope(y, sr, onset_envelope, hop_length, win_length)
    table = np.asarray(get_window(window, win_length))
    frames = envelope.shape[-1]
    if frames + (2 * (win_length // 2) if center else 0) < win_length:
        raise ParameterError(f"win_length={win_length} is longer than the envelope of {frames} frames")
    lead = envelope.shape[:-1]
    over_peak = norm is not None and norm == np.inf
    found = local_autocorrelation(envelope.reshape(math.prod(lead), frames), table, center, over_peak)
    found = found.reshape(*lead, *found.shape[1:])
    if not over_peak:
        return normalize(found, norm=norm, axis=-2)
    if not np.isfinite(found[..., 0, :]).all():
        raise ParameterError("the envelope holds NaN or infinity")
    return found


@mirrors("librosa.feature.fourier_tempogram", tier=2)
def fourier_tempogram(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    center: bool = True,
    window: WindowSpec = "hann",
) -> Array:
    """Return the STFT of an onset envelope: mirrors `librosa.feature.fourier_tempogram`.

    Parameters and errors as for `tempogram`.

    Returns
    -------
    complex array [..., 1 + win_length // 2, N]
    """
    envelope = _envelope(y, sr, onset_envelope, hop_length, win_length)
    return stft(envelope, n_fft=win_length, hop_length=1, center=center, window=window)


@mirrors("librosa.feature.tempo", tier=2, numpy=True)
def tempo(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    tg: Array | None = None,
    hop_length: int = 512,
    start_bpm: float = 120,
    std_bpm: float = 1.0,
    ac_size: float = 8.0,
    max_tempo: float | None = 320.0,
    aggregate: Callable[..., Any] | None = np.mean,
    prior: Any = None,
) -> np.ndarray:
    """Estimate the tempo in beats a minute: mirrors `librosa.feature.tempo`.

    Parameters
    ----------
    y : real array [..., n]; or `onset_envelope`, array [..., N]; or `tg`, a tempogram [..., L, N]
    sr : float
    hop_length : int
    start_bpm, std_bpm : float
        The expected tempo, and how many octaves it varies.
    ac_size : float
        Seconds that the tempogram correlates.
    max_tempo : float, optional
        Faster ones are excluded.
    aggregate : callable, optional
        Joins the tempogram of all frames; None estimates for each frame.
    prior : scipy.stats.rv_continuous, optional
        Distribution of the tempo, instead of `start_bpm` and `std_bpm`.

    Returns
    -------
    float64 array [..., 1], or [..., N]

    Raises
    ------
    ParameterError
        For start_bpm <= 0; or as `tempogram`.
    """
    if start_bpm <= 0:
        raise ParameterError(f"start_bpm must be greater than 0, got {start_bpm}")
    if tg is None:
        lags = int(time_to_frames(ac_size, sr=sr, hop_length=hop_length))
        tg = tempogram(y=y, sr=sr, onset_envelope=onset_envelope, hop_length=hop_length, win_length=lags)
    if aggregate is not None:
        tg = aggregate(tg, axis=-1, keepdims=True)
    bpm = tempo_frequencies(tg.shape[-2], hop_length=hop_length, sr=sr)
    log_prior = tempo_prior(bpm, start_bpm, std_bpm) if prior is None else prior.logpdf(bpm)
    if max_tempo is not None:
        log_prior[: int(np.argmax(bpm < max_tempo))] = -np.inf
    return np.take(bpm, most_likely_lag(tg, log_prior))


# Metrical levels, as multiples of the tempo.
_FACTORS = (4, 8 / 3, 3, 2, 4 / 3, 3 / 2, 1, 2 / 3, 3 / 4, 1 / 2, 1 / 3, 3 / 8, 1 / 4)


@mirrors("librosa.feature.tempogram_ratio", tier=2, numpy=True)
def tempogram_ratio(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    tg: Array | None = None,
    bpm: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    start_bpm: float = 120,
    std_bpm: float = 1.0,
    max_tempo: float | None = 320.0,
    freqs: Array | None = None,
    factors: Array | None = None,
    aggregate: Callable[..., Any] | None = None,
    prior: Any = None,
    center: bool = True,
    window: WindowSpec = "hann",
    kind: str = "linear",
    fill_value: float = 0,
    norm: float | None = np.inf,
) -> np.ndarray:
    """Return the tempogram at multiples of the tempo: mirrors `librosa.feature.tempogram_ratio`.

    Parameters
    ----------
    y, sr, onset_envelope, hop_length, win_length, center, window, norm
        As for `tempogram`; tg, start_bpm, std_bpm, max_tempo, prior as for `tempo`.
    bpm : array [..., N], optional
        The tempo of each frame; estimated by default.
    freqs : array [L], optional
        The tempo of each lag.
    factors : array [H], optional
        The multiples; thirteen metrical levels by default.
    aggregate : callable, optional
        Joins all frames.
    kind, fill_value
        As for `interp_harmonics`.

    Returns
    -------
    float64 array [..., H, N], or [..., H]
    """
    if tg is None:
        tg = tempogram(
            y=y,
            sr=sr,
            onset_envelope=onset_envelope,
            hop_length=hop_length,
            win_length=win_length,
            center=center,
            window=window,
            norm=norm,
        )
    if freqs is None:
        freqs = tempo_frequencies(sr=sr, n_bins=len(tg), hop_length=hop_length)
    if bpm is None:
        options = {"start_bpm": start_bpm, "std_bpm": std_bpm, "max_tempo": max_tempo, "prior": prior}
        bpm = tempo(sr=sr, tg=tg, hop_length=hop_length, aggregate=None, **options)
    harmonics = np.array(_FACTORS) if factors is None else factors
    found = f0_harmonics(tg, freqs=freqs, f0=bpm, harmonics=harmonics, kind=kind, fill_value=fill_value)
    return found if aggregate is None else aggregate(found, axis=-1)


__getattr__ = _fallback.fall_through(__name__, "librosa.feature.rhythm")
