"""`librosa.core.audio`: tones, sweeps and clicks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....errors import ParameterError
from ....signal import tones
from ....typing import Array
from ...registry import mirrors
from .._arrays import audio
from ._time import frames_to_samples, time_to_samples

__all__ = ["chirp", "clicks", "tone"]


@mirrors("librosa.tone", tier=2)
def tone(
    frequency: float,
    *,
    sr: float = 22050,
    length: int | None = None,
    duration: float | None = None,
    phi: float | None = None,
) -> np.ndarray:
    """Return a cosine, float64 [length]: mirrors `librosa.tone`.

    Parameters
    ----------
    frequency, sr : float
        Hz.
    length : int, optional
        Samples; or `duration`, in seconds.
    phi : float, optional
        Phase at the start, default -pi / 2: a sine.

    Raises
    ------
    ParameterError
        Without a frequency, or neither length nor duration.
    """
    if frequency is None:
        raise ParameterError("frequency is needed, got None")
    if length is None:
        length = int(_duration(duration) * sr)
    return tones.tone(frequency, sr, length, -np.pi * 0.5 if phi is None else phi)


@mirrors("librosa.chirp", tier=2)
def chirp(
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    length: int | None = None,
    duration: float | None = None,
    linear: bool = False,
    phi: float | None = None,
) -> np.ndarray:
    """Return a sweep from `fmin` to `fmax` Hz, float64 [length]: mirrors `librosa.chirp`.

    Exponential in time unless `linear`; other parameters and errors as `tone`.
    """
    if fmin is None or fmax is None:
        raise ParameterError("fmin and fmax are needed")
    seconds = _duration(duration) if length is None else 1.0 / sr * length
    start = -np.pi * 0.5 if phi is None else phi
    return tones.sweep(fmin, fmax, sr, int(seconds * sr), seconds, linear, start)


def _duration(duration: float | None) -> float:
    if duration is None:
        raise ParameterError("length or duration is needed")
    return duration


@mirrors("librosa.clicks", tier=2, numpy=True)
def clicks(
    *,
    times: Any = None,
    frames: Any = None,
    sr: float = 22050,
    hop_length: int = 512,
    click_freq: float = 1000.0,
    click_duration: float = 0.1,
    click: Array | None = None,
    length: int | None = None,
) -> np.ndarray:
    """Return clicks at given times, float32 [..., length]: mirrors `librosa.clicks`.

    Parameters
    ----------
    times : array, seconds; or `frames`, in units of `hop_length`
    sr : float
    click_freq, click_duration : float
        Hz and seconds of the default click, a decaying tone.
    click : real array [..., n], optional
        What to play instead.
    length : int, optional
        Samples; by default up to the end of the last click.

    Raises
    ------
    ParameterError
        Without times and frames, or for an option out of range.
    """
    if times is None and frames is None:
        raise ParameterError("times or frames are needed")
    starts = (
        frames_to_samples(frames, hop_length=hop_length) if times is None else time_to_samples(times, sr=sr)
    )
    if click is not None:
        audio(click)
    elif click_duration <= 0 or click_freq <= 0:
        raise ParameterError(
            f"click_duration and click_freq must be greater than 0, got {click_duration} and {click_freq}"
        )
    else:
        click = tones.click(click_freq, float(sr), int(sr * click_duration))
    starts = np.atleast_1d(starts)
    if length is None:
        length = int(starts.max()) + click.shape[-1]
    elif length < 1:
        raise ParameterError(f"length must be at least 1, got {length}")
    out = np.zeros((*click.shape[:-1], length), np.float32)
    tones.add_clicks(out, starts[starts < length], click)
    return out
