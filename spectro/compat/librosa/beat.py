"""`librosa.beat`: beats and pulse."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import ParameterError
from ...onsets.beats import track_beats
from ...typing import Array
from .. import fallback as _fallback
from ..registry import mirrors
from . import onset
from .core.convert import fourier_tempo_frequencies, frames_to_samples, frames_to_time
from .core.spectrum import istft
from .feature.rhythm import fourier_tempogram, tempo
from .util.utils import expand_to, normalize, tiny

__all__ = ["beat_track", "plp"]


@mirrors("librosa.beat.beat_track", tier=2, numpy=True)
def beat_track(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    start_bpm: float = 120.0,
    tightness: float = 100,
    trim: bool = True,
    bpm: Any = None,
    prior: Any = None,
    units: str = "frames",
    sparse: bool = True,
) -> tuple[Any, np.ndarray]:
    """Track beats by dynamic programming: mirrors `librosa.beat.beat_track`.

    Parameters
    ----------
    y : real array [n]; or `onset_envelope`, array [N]
        With sparse=False, [..., n] and [..., N].
    sr : float
    hop_length : int
    start_bpm, prior
        As for `feature.tempo`, which is asked unless `bpm` is given.
    tightness : float
        How strictly the tempo is kept.
    trim : bool
        Whether to drop beats at both ends where onsets are weak.
    bpm : float or array [..., 1] or [..., N], optional
    units : {"frames", "samples", "time"}
    sparse : bool
        Whether to return the beats, or for each frame whether it is one.

    Returns
    -------
    bpm : array
    beats : int or float array [m]; or bools [..., N]

    Raises
    ------
    ParameterError
        Without audio and envelope, or for an option out of range.
    """
    if onset_envelope is None:
        if y is None:
            raise ParameterError("y or onset_envelope is needed")
        onset_envelope = _onsets(y, sr, hop_length)
    if sparse and onset_envelope.ndim != 1:
        raise ParameterError(f"sparse=True takes one channel, got an envelope of {onset_envelope.ndim} axes")
    if not onset_envelope.any():
        if sparse:
            return 0.0, np.array([], dtype=int)
        return np.zeros(onset_envelope.shape[:-1]), np.zeros(onset_envelope.shape, bool)
    if bpm is None:
        options = {"start_bpm": start_bpm, "prior": prior}
        bpm = tempo(onset_envelope=onset_envelope, sr=sr, hop_length=hop_length, **options)
    tempos = np.atleast_1d(bpm)
    tempos = expand_to(tempos, ndim=onset_envelope.ndim, axes=range(tempos.ndim))
    beats = _track(onset_envelope, tempos, float(sr) / hop_length, tightness, trim)
    if not sparse:
        return bpm, beats
    frames = np.flatnonzero(beats)
    if units == "frames":
        return bpm, frames
    if units == "samples":
        return bpm, frames_to_samples(frames, hop_length=hop_length)
    if units == "time":
        return bpm, frames_to_time(frames, hop_length=hop_length, sr=sr)
    raise ParameterError(f"units must be 'frames', 'samples' or 'time', got {units!r}")


def _onsets(y: Array | None, sr: float, hop_length: int) -> np.ndarray:
    return onset.onset_strength(y=y, sr=sr, hop_length=hop_length, aggregate=np.median)


def _track(envelope: np.ndarray, bpm: np.ndarray, rate: float, tightness: float, trim: bool) -> np.ndarray:
    if np.any(bpm <= 0):
        raise ParameterError(f"bpm must be greater than 0, got {bpm}")
    if tightness <= 0:
        raise ParameterError(f"tightness must be greater than 0, got {tightness}")
    frames = envelope.shape[-1]
    if bpm.shape[-1] not in (1, frames):
        raise ParameterError(f"bpm must have 1 or {frames} values, got shape {bpm.shape}")
    period = np.round(rate * 60.0 / bpm)
    period = np.broadcast_to(period, (*envelope.shape[:-1], period.shape[-1]))
    beats = np.empty(envelope.shape, bool)
    for channel in np.ndindex(*envelope.shape[:-1]):
        beats[channel] = track_beats(envelope[channel], period[channel], tightness, trim)
    return beats


@mirrors("librosa.beat.plp", tier=2, numpy=True)
def plp(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    tempo_min: float | None = 30,
    tempo_max: float | None = 300,
    prior: Any = None,
) -> np.ndarray:
    """Return the predominant local pulse (Grosche & Mueller 2011): mirrors `librosa.beat.plp`.

    Parameters
    ----------
    y : real array [..., n]; or `onset_envelope`, array [..., N]
    sr : float
    hop_length, win_length : int
        As for `feature.fourier_tempogram`.
    tempo_min, tempo_max : float, optional
        Range of the tempo, beats a minute.
    prior : scipy.stats.rv_continuous, optional
        Distribution of the tempo.

    Returns
    -------
    real array [..., N], in [0, 1]

    Raises
    ------
    ParameterError
        If the range of tempos is empty.
    """
    if onset_envelope is None:
        onset_envelope = _onsets(y, sr, hop_length)
    if tempo_min is not None and tempo_max is not None and tempo_max <= tempo_min:
        raise ParameterError(f"tempo_max must be greater than tempo_min={tempo_min}, got {tempo_max}")
    options: dict[str, Any] = {"sr": sr, "hop_length": hop_length, "win_length": win_length}
    z = np.array(fourier_tempogram(onset_envelope=onset_envelope, **options))
    tempos = fourier_tempo_frequencies(**options)
    if tempo_min is not None:
        z[..., tempos < tempo_min, :] = 0
    if tempo_max is not None:
        z[..., tempos > tempo_max, :] = 0
    strength = np.log1p(1e6 * np.abs(z))
    if prior is not None:
        strength += prior.logpdf(tempos[:, None])
    # What is left of each frame is the one tempo that stands out, with its phase.
    z[strength < strength.max(axis=-2, keepdims=True)] = 0
    z /= tiny(z) ** 0.5 + np.abs(z.max(axis=-2, keepdims=True))
    pulse = istft(z, hop_length=1, n_fft=win_length, length=onset_envelope.shape[-1])
    return normalize(np.clip(pulse, 0, None), axis=-1)


__getattr__ = _fallback.fall_through(__name__, "librosa.beat")
