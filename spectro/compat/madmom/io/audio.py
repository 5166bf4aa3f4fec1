"""`madmom.io.audio`: audio files, through soundfile; what that cannot read raises `LoadAudioFileError`."""

from __future__ import annotations

import errno
import os
from typing import Any

import numpy as np

from ... import fallback as _fallback

__all__ = ["LoadAudioFileError", "load_audio_file", "load_wave_file", "write_wave_file"]

# The dtype in which scipy, and so madmom, gives the samples of a wave file. Others are decoded to int16.
_WAVE_TYPES = {
    "PCM_U8": "uint8",
    "PCM_16": "int16",
    "PCM_24": "int32",
    "PCM_32": "int32",
    "FLOAT": "float32",
    "DOUBLE": "float64",
}


class LoadAudioFileError(Exception):
    """An audio file could not be read."""

    def __init__(self, value: str | None = None) -> None:
        super().__init__(value or "Could not load audio file.")
        self.value = value or "Could not load audio file."

    def __str__(self) -> str:
        return repr(self.value)


def _read(filename: Any, start: float | None, stop: float | None, dtype: Any) -> tuple[np.ndarray, int]:
    """Return the samples [T] or [T, C] from `start` to `stop` (s) and the sample rate."""
    if isinstance(filename, (str, os.PathLike)) and not os.path.exists(filename):
        raise FileNotFoundError(errno.ENOENT, "No such file", str(filename))
    with _fallback.load("soundfile").SoundFile(filename) as file:
        rate = int(file.samplerate)
        wave = file.format in ("WAV", "WAVEX")
        wanted = np.dtype(dtype or (_WAVE_TYPES.get(file.subtype, "int16") if wave else "int16"))
        first = 0 if start is None else int(start * rate)
        last = file.frames if stop is None else min(file.frames, int(stop * rate))
        file.seek(min(first, file.frames))
        # soundfile knows no bytes: they are the upper half of an int16, with an offset.
        known = "int16" if wanted == np.uint8 else wanted.name
        data = file.read(max(0, last - first), dtype=known)
    return (data // 256 + 128).astype(np.uint8) if wanted == np.uint8 else data, rate


def load_wave_file(
    filename: Any,
    sample_rate: float | None = None,
    num_channels: int | None = None,
    channel: int | None = None,
    start: float | None = None,
    stop: float | None = None,
    dtype: Any = None,
) -> tuple[np.ndarray, int]:
    """Return samples [T] or [T, C] and the sample rate of a file as it is: nothing is resampled or rescaled.

    Parameters
    ----------
    filename : str or file
    sample_rate, dtype : optional
        What the file is expected to have.
    num_channels, channel : int, optional
        As for `remix`; a `channel` alone asks for one.
    start, stop : float, optional
        Seconds.

    Raises
    ------
    ValueError
        If it is no audio file, or has another sample rate or dtype.
    FileNotFoundError
    """
    from ..audio.signal import remix

    try:
        signal, rate = _read(filename, start, stop, None)
    except RuntimeError as error:  # soundfile's LibsndfileError is one
        raise ValueError(f"{filename!r} is not a wave file: {error}") from error
    if sample_rate is not None and sample_rate != rate:
        raise ValueError(
            f"Requested sample rate of {sample_rate:f} Hz, but got {rate} Hz: nothing is re-sampled"
        )
    if dtype is not None and signal.dtype != dtype:
        raise ValueError(f"Requested dtype {dtype}, but got {signal.dtype}: nothing is re-scaled")
    if channel is not None and num_channels is None:
        num_channels = 1
    return signal if num_channels is None else remix(signal, num_channels, channel), rate


def write_wave_file(signal: np.ndarray, filename: Any, sample_rate: int | None = None) -> Any:
    """Write samples [T] or [T, C] in their dtype, by default at the signal's own rate; return `filename`."""
    rate = getattr(signal, "sample_rate", None) if sample_rate is None else sample_rate
    if rate is None:
        raise ValueError("write_wave_file needs a sample_rate for an array without one")
    subtype = {np.dtype(t): s for s, t in _WAVE_TYPES.items() if s != "PCM_24"}[signal.dtype]
    samples = np.asarray(signal)
    if samples.dtype == np.uint8:
        samples = (samples.astype(np.int16) - 128) * 256
    _fallback.load("soundfile").write(filename, samples, int(rate), subtype=subtype, format="WAV")
    return filename


def load_audio_file(
    filename: Any,
    sample_rate: float | None = None,
    num_channels: int | None = None,
    channel: int | None = None,
    start: float | None = None,
    stop: float | None = None,
    dtype: Any = None,
    replaygain_mode: str | None = None,
    replaygain_preamp: float = 0.0,
) -> tuple[np.ndarray, float]:
    """Return samples [T] or [T, C] and the sample rate of a file, converted to what is asked for.

    Parameters
    ----------
    filename : str or file
        Anything soundfile reads.
    sample_rate : float, optional
        Hz; another one is resampled, by soxr (madmom: by ffmpeg).
    num_channels, channel : int, optional
        As for `remix`.
    start, stop : float, optional
        Seconds.
    dtype : optional
        Default the file's own for a wave file, else int16.
    replaygain_mode, replaygain_preamp
        Not supported: ReplayGain is an effect of ffmpeg's.

    Raises
    ------
    LoadAudioFileError
        If the file cannot be read.
    FileNotFoundError
        If there is none.
    """
    from ..audio.signal import Signal, remix, resample

    if replaygain_mode is not None:
        raise NotImplementedError("replaygain_mode needs ffmpeg: use madmom.io.audio.load_audio_file")
    try:
        signal, rate = _read(filename, start, stop, dtype)
    except RuntimeError as error:  # soundfile's LibsndfileError is one
        raise LoadAudioFileError(f"All attempts to load audio file {filename!r} failed: {error}") from error
    if channel is not None and num_channels is None:
        num_channels = 1
    signal = signal if num_channels is None else remix(signal, num_channels, channel)
    if sample_rate is None or sample_rate == rate:
        return signal, rate
    return np.asarray(resample(Signal(signal, sample_rate=rate), sample_rate)), sample_rate


__getattr__ = _fallback.fall_through(__name__, "madmom.io.audio")
