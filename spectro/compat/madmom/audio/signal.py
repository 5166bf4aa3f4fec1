"""`madmom.audio.signal`: signals, their frames, and what is done to them before they are analysed."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....arrays import kind_of
from ....callers import warn
from ... import fallback as _fallback
from ...exchange import to_reference
from ...registry import mirrors
from .. import _arguments
from .._arrays import DataArray
from ..io import audio as _files
from ..io.audio import LoadAudioFileError
from ..processors import BufferProcessor, Processor
from ..utils import integer_types
from ._edits import adjust_gain, attenuate, normalize, remix, resample, rescale, smooth, trim
from ._framing import (
    END_OF_SIGNAL,
    FPS,
    FRAME_SIZE,
    HOP_SIZE,
    NUM_FRAMES,
    ORIGIN,
    FramedSignal,
    FramedSignalProcessor,
    signal_frame,
)
from ._levels import energy, root_mean_square, sound_pressure_level

__all__ = [
    "CHANNEL",
    "DTYPE",
    "END_OF_SIGNAL",
    "FPS",
    "FRAME_SIZE",
    "GAIN",
    "HOP_SIZE",
    "NORM",
    "NUM_CHANNELS",
    "NUM_FRAMES",
    "ORIGIN",
    "SAMPLE_RATE",
    "START",
    "STOP",
    "BufferProcessor",
    "FramedSignal",
    "FramedSignalProcessor",
    "LoadAudioFileError",
    "Signal",
    "SignalProcessor",
    "adjust_gain",
    "attenuate",
    "energy",
    "integer_types",
    "load_audio_file",
    "load_wave_file",
    "normalize",
    "remix",
    "resample",
    "rescale",
    "root_mean_square",
    "signal_frame",
    "smooth",
    "sound_pressure_level",
    "trim",
    "write_wave_file",
]

SAMPLE_RATE = None
NUM_CHANNELS = None
CHANNEL = None
START = None
STOP = None
NORM = False
GAIN = 0.0
DTYPE = None


@mirrors("madmom.audio.signal.Signal")
class Signal(DataArray):
    """Samples [T] or [T, C] that know their sample rate: a numpy array.

    Parameters
    ----------
    data : array, str, file or Signal
        Samples, or an audio file to read.
    sample_rate : float, optional
        Hz. What a file, or a `Signal`, has otherwise is resampled.
    num_channels, channel : int, optional
        As for `remix`.
    start, stop : float, optional
        Seconds: which part of a file to read.
    norm : bool
        Bring the peak to full scale.
    gain : float
        dB.
    dtype : optional
        Of a file's samples.

    Attributes
    ----------
    sample_rate : float or None
    start, stop : float or None
        Position, seconds, of a signal read with `start`.
    """

    _ADDS: ClassVar[dict[str, Any]] = {"sample_rate": None, "start": None, "stop": None}
    sample_rate: Any
    start: Any
    stop: Any

    def __new__(
        cls,
        data: Any,
        sample_rate: float | None = SAMPLE_RATE,
        num_channels: int | None = NUM_CHANNELS,
        channel: int | None = CHANNEL,
        start: float | None = START,
        stop: float | None = STOP,
        norm: bool = NORM,
        gain: float = GAIN,
        dtype: Any = DTYPE,
        **kwargs: Any,
    ) -> Signal:
        """Make a signal."""
        if kind_of(data) is None:
            data, sample_rate = _files.load_audio_file(
                data, sample_rate=sample_rate, num_channels=num_channels, start=start, stop=stop, dtype=dtype
            )
        if not isinstance(data, Signal):
            data = np.asarray(to_reference(data, "madmom")).view(cls)
            data.sample_rate = sample_rate
        if num_channels:
            data = remix(data, num_channels, channel)
        if norm:
            data = normalize(data)
        if gain is not None and gain != 0:
            data = adjust_gain(data, gain)
        if sample_rate is not None and sample_rate != data.sample_rate:
            data = resample(data, sample_rate)
        if start is not None:
            data.start = start
            data.stop = start + float(len(data)) / data.sample_rate
        return data  # type: ignore[no-any-return]

    @property
    def num_samples(self) -> int:
        """Number of samples."""
        return len(self)

    @property
    def num_channels(self) -> int:
        """Number of channels."""
        return 1 if self.ndim == 1 else int(self.shape[1])

    @property
    def length(self) -> float | None:
        """Seconds, None if the sample rate is not known."""
        return None if self.sample_rate is None else float(self.num_samples) / self.sample_rate

    def write(self, filename: Any) -> Any:
        """Write a wave file."""
        return _files.write_wave_file(self, filename)

    def energy(self) -> Any:
        """Return the `energy`."""
        return energy(self)

    def root_mean_square(self) -> Any:
        """Return the `root_mean_square`."""
        return root_mean_square(self)

    rms = root_mean_square

    def sound_pressure_level(self) -> Any:
        """Return the `sound_pressure_level`."""
        return sound_pressure_level(self)

    spl = sound_pressure_level


@mirrors("madmom.audio.signal.SignalProcessor")
class SignalProcessor(Processor):
    """Makes a `Signal`, with its parameters."""

    add_arguments = staticmethod(_arguments.signal)

    def __init__(
        self,
        sample_rate: float | None = SAMPLE_RATE,
        num_channels: int | None = NUM_CHANNELS,
        start: float | None = START,
        stop: float | None = STOP,
        norm: bool = NORM,
        gain: float = GAIN,
        dtype: Any = DTYPE,
        **kwargs: Any,
    ) -> None:
        self.sample_rate = sample_rate
        self.num_channels = num_channels
        self.start = start
        self.stop = stop
        self.norm = norm
        self.gain = gain
        self.dtype = dtype

    def process(self, data: Any, **kwargs: Any) -> Signal:
        """Return the data (samples or a file) as a signal; `kwargs` override the parameters."""
        return Signal(data, **(vars(self) | kwargs))


def _moved(name: str) -> Any:
    warn(f"madmom.audio.signal.{name} is deprecated: use madmom.io.audio.{name}")
    return getattr(_files, name)


def load_audio_file(*args: Any, **kwargs: Any) -> Any:
    """Return `madmom.io.audio.load_audio_file`'s answer (deprecated here)."""
    return _moved("load_audio_file")(*args, **kwargs)


def load_wave_file(*args: Any, **kwargs: Any) -> Any:
    """Return `madmom.io.audio.load_wave_file`'s answer (deprecated here)."""
    return _moved("load_wave_file")(*args, **kwargs)


def write_wave_file(*args: Any, **kwargs: Any) -> Any:
    """Return `madmom.io.audio.write_wave_file`'s answer (deprecated here)."""
    return _moved("write_wave_file")(*args, **kwargs)


__getattr__ = _fallback.fall_through(__name__, "madmom.audio.signal")
