"""`librosa.core.audio`: audio files, by soundfile."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import numpy as np

from ....callers import warn
from ....errors import LibraryImportError, ParameterError
from ....typing import Array
from ... import fallback
from ...registry import mirrors
from ._deprecated import DEPRECATED, Deprecated
from ._waveforms import resample, to_mono

__all__ = ["get_duration", "get_samplerate", "load"]


def _soundfile() -> Any:
    try:
        return importlib.import_module("soundfile")
    except ImportError as error:
        raise LibraryImportError(
            f"audio files need soundfile: pip install 'spectro-mlx[librosa]' ({error})"
        ) from error


@mirrors("librosa.load", tier=2)
def load(
    path: Any,
    *,
    sr: float | None = 22050,
    mono: bool = True,
    offset: float = 0.0,
    duration: float | None = None,
    dtype: Any = np.float32,
    res_type: str = "soxr_hq",
) -> tuple[np.ndarray, float]:
    """Read an audio file: mirrors `librosa.load`.

    Parameters
    ----------
    path : str, path, file descriptor, binary file or soundfile.SoundFile
        What soundfile cannot read, and a reader of audioread, is left to librosa, where that is installed.
    sr : float, optional
        Rate to resample to, Hz; None keeps the file's.
    mono : bool
        Whether to average the channels.
    offset, duration : float
        The part to read, in seconds; None reads to the end.
    dtype : dtype
    res_type : str
        As for `resample`.

    Returns
    -------
    y : array [n] or [channels, n]
    sr : float

    Raises
    ------
    FileNotFoundError
    LibraryImportError
        If soundfile is not installed.
    """
    soundfile = _soundfile()
    if isinstance(path, (str, PurePath)) and not os.path.exists(path):
        raise FileNotFoundError(f"no such audio file: {path}")
    try:
        y, native = _read(soundfile, path, offset, duration, dtype)
    except (soundfile.SoundFileRuntimeError, TypeError):
        # A format that only audioread knows, or one of its readers.
        options = {"sr": sr, "mono": mono, "offset": offset, "duration": duration}
        return fallback.load("librosa").load(path, **options, dtype=dtype, res_type=res_type)
    if mono:
        y = to_mono(y)
    if sr is None:
        return y, native
    return resample(y, orig_sr=native, target_sr=sr, res_type=res_type), sr


def _read(
    soundfile: Any, path: Any, offset: float, duration: float | None, dtype: Any
) -> tuple[np.ndarray, int]:
    with path if isinstance(path, soundfile.SoundFile) else soundfile.SoundFile(path) as file:
        rate = file.samplerate
        if offset:
            file.seek(int(offset * rate))
        frames = -1 if duration is None else int(duration * rate)
        return file.read(frames=frames, dtype=np.dtype(dtype).name, always_2d=False).T, rate


@mirrors("librosa.get_duration", tier=2)
def get_duration(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    path: Any = None,
    filename: Any = DEPRECATED,
) -> float:
    """Return the duration in seconds of audio, of a spectrogram or of a file: mirrors `librosa.get_duration`.

    Parameters
    ----------
    y : array [..., n], optional
    sr : float
    S : array [..., N], optional
        A spectrogram made with `n_fft`, `hop_length` and `center`.
    path : str, path or file, optional
        Comes before the others.

    Raises
    ------
    ParameterError
        If nothing is given.
    """
    if not isinstance(filename, Deprecated):
        warn("filename is called path since librosa 0.10", FutureWarning)
        path = filename
    if path is not None:
        return float(_of_file(path, "duration", lambda librosa: librosa.get_duration(path=path)))
    if y is not None:
        return float(y.shape[-1]) / sr
    if S is None:
        raise ParameterError("one of y, S and path is needed")
    samples = n_fft + hop_length * (S.shape[-1] - 1)
    return float(samples - 2 * int(n_fft // 2) if center else samples) / sr


@mirrors("librosa.get_samplerate", tier=2)
def get_samplerate(path: Any) -> float:
    """Return the sample rate of an audio file in Hz: mirrors `librosa.get_samplerate`."""
    if isinstance(path, _soundfile().SoundFile):
        return path.samplerate
    return _of_file(path, "samplerate", lambda librosa: librosa.get_samplerate(path))


def _of_file(path: Any, attribute: str, ask: Callable[[Any], Any]) -> Any:
    """Return an attribute of a file, by soundfile; librosa is asked for formats that audioread knows."""
    if isinstance(path, (str, PurePath)) and not os.path.exists(path):
        raise FileNotFoundError(f"no such audio file: {path}")
    soundfile = _soundfile()
    try:
        return getattr(soundfile.info(path), attribute)
    except soundfile.SoundFileRuntimeError:
        return ask(fallback.load("librosa"))
