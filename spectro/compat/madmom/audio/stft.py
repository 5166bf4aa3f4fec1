"""`madmom.audio.stft`: the short-time Fourier transform, its phase, and the local group delay."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ....callers import warn
from ....filterbanks.bins import bin_frequencies
from ....onsets.phase_detection import local_group_delay as native_group_delay
from ... import fallback as _fallback
from ...registry import mirrors
from .. import _arguments
from .._arrays import Frames2D
from ..processors import Processor
from ._source import StftSource
from .signal import FramedSignal, Signal

__all__ = [
    "LGD",
    "STFT",
    "STFT_DTYPE",
    "FramedSignal",
    "LocalGroupDelay",
    "Phase",
    "STFTProcessor",
    "ShortTimeFourierTransform",
    "ShortTimeFourierTransformProcessor",
    "Signal",
    "fft_frequencies",
    "lgd",
    "local_group_delay",
    "phase",
    "stft",
]

STFT_DTYPE = np.complex64


@mirrors("madmom.audio.stft.fft_frequencies")
def fft_frequencies(num_fft_bins: int, sample_rate: float) -> np.ndarray:
    """Return the frequencies of bins from 0 Hz to one below Nyquist [num_fft_bins], Hz."""
    return bin_frequencies(num_fft_bins, sample_rate)


@mirrors("madmom.audio.stft.stft")
def stft(
    frames: Any,
    window: np.ndarray | None,
    fft_size: int | None = None,
    circular_shift: bool = False,
    include_nyquist: bool = False,
    fftw: Any = None,
) -> np.ndarray:
    """Return the STFT [N, F] of frames [N, n], complex64.

    Parameters
    ----------
    frames : FramedSignal or array
    window : array [n] or None
    fft_size : int, optional
        Length of the transform; default n. Zeros follow a shorter frame, a longer one is cut.
    circular_shift : bool
        Exchange the halves of each frame, so that the phase is that of its middle.
    include_nyquist : bool
        Return fft_size // 2 + 1 bins instead of fft_size // 2.
    fftw
        Not used.

    Raises
    ------
    ValueError
        If the frames are not two-dimensional.
    """
    return StftSource(frames, window, window, fft_size, circular_shift, include_nyquist).spectrum()


@mirrors("madmom.audio.stft.phase")
def phase(stft: np.ndarray) -> np.ndarray:
    """Return the angle of a spectrum, in (-pi, pi]."""
    return np.angle(stft)


@mirrors("madmom.audio.stft.local_group_delay")
def local_group_delay(phase: np.ndarray) -> np.ndarray:
    """Return how much the phase [N, F] falls from each bin to the next, in [-pi, pi]; 0 for the last bin.

    Raises
    ------
    ValueError
        If the phase is not two-dimensional.
    """
    if phase.ndim != 2:
        raise ValueError("phase must be a 2D array")
    values = np.asarray(phase)
    return native_group_delay(values if values.dtype.kind == "f" else values.astype(np.float64))


lgd = local_group_delay


@mirrors("madmom.audio.stft.ShortTimeFourierTransform")
class ShortTimeFourierTransform(Frames2D):
    """The STFT of a signal, an array [N, F] of complex64.

    Parameters
    ----------
    frames : FramedSignal, or what it takes
    window : function, array or None
        A function of the frame's size.
    fft_size, circular_shift, include_nyquist
        As for `stft`.
    fft_window : array, optional
        A window used as it is: otherwise that of integer samples is divided by their largest number.
    fftw
        Not used.
    **kwargs
        For `FramedSignal`.

    Attributes
    ----------
    frames : FramedSignal
    window, fft_window : array
    fft_size : int
    circular_shift, include_nyquist : bool
    bin_frequencies : array [F]
    """

    _ADDS: ClassVar[dict[str, Any]] = {
        "frames": None,
        "window": np.hanning,
        "fft_window": None,
        "fftw": None,
        "fft_size": None,
        "circular_shift": False,
        "include_nyquist": False,
    }
    frames: Any

    def __new__(
        cls,
        frames: Any,
        window: Any = np.hanning,
        fft_size: int | None = None,
        circular_shift: bool = False,
        include_nyquist: bool = False,
        fft_window: Any = None,
        fftw: Any = None,
        **kwargs: Any,
    ) -> ShortTimeFourierTransform:
        """Transform a signal."""
        if isinstance(frames, ShortTimeFourierTransform):
            frames = frames.frames
        source = StftSource.of(
            frames, window, fft_size, circular_shift, include_nyquist, fft_window, fftw, **kwargs
        )
        return cls._of_source(source)

    @classmethod
    def _of_source(cls, source: StftSource) -> ShortTimeFourierTransform:
        new = source.spectrum().view(cls)
        for name in ("frames", "window", "fft_window", "fft_size", "circular_shift", "include_nyquist"):
            setattr(new, name, getattr(source, name))
        return new

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The bins' frequencies, Hz."""
        return fft_frequencies(self.num_bins, self.frames.signal.sample_rate)

    def spec(self, **kwargs: Any) -> Any:
        """Return the `Spectrogram`."""
        from .spectrogram import Spectrogram

        return Spectrogram(self, **kwargs)

    def phase(self, **kwargs: Any) -> Phase:
        """Return the `Phase`."""
        return Phase(self, **kwargs)


STFT = ShortTimeFourierTransform


@mirrors("madmom.audio.stft.ShortTimeFourierTransformProcessor")
class ShortTimeFourierTransformProcessor(Processor):
    """Makes a `ShortTimeFourierTransform`, with its parameters.

    The window of the first signal, scaled to its dtype, is kept for those that follow.
    """

    add_arguments = staticmethod(_arguments.stft)

    def __init__(
        self,
        window: Any = np.hanning,
        fft_size: int | None = None,
        circular_shift: bool = False,
        include_nyquist: bool = False,
        **kwargs: Any,
    ) -> None:
        self.window = window
        self.fft_size = fft_size
        self.circular_shift = circular_shift
        self.include_nyquist = include_nyquist
        self.fft_window: Any = None
        self.fftw: Any = None

    def process(self, data: Any, **kwargs: Any) -> ShortTimeFourierTransform:
        """Return the STFT of data: a signal, frames, or what these take."""
        if isinstance(data, ShortTimeFourierTransform):
            data = data.frames
        return self._source(data, **kwargs).stft

    def deferred(self, data: Any, following: Any, **kwargs: Any) -> StftSource | None:
        """Leave the computing to a processor that does not need the complex spectrum."""
        as_written = type(self).process is ShortTimeFourierTransformProcessor.process
        if not as_written or not getattr(following, "takes_source", False):
            return None
        if isinstance(data, ShortTimeFourierTransform):
            data = data.frames
        return self._source(data, **kwargs)

    def _source(self, data: Any, **kwargs: Any) -> StftSource:
        source = StftSource.of(data, **(vars(self) | kwargs))
        self.fft_window = source.fft_window
        return source


STFTProcessor = ShortTimeFourierTransformProcessor


@mirrors("madmom.audio.stft.Phase")
class Phase(Frames2D):
    """The phase of an STFT, an array [N, F] in (-pi, pi].

    Parameters
    ----------
    stft : ShortTimeFourierTransform, or what it takes
        One that is not circularly shifted is warned about: its phase is that of the frames' beginning.
    **kwargs
        For `ShortTimeFourierTransform`.

    Attributes
    ----------
    stft : ShortTimeFourierTransform
    bin_frequencies : array [F]
    """

    _ADDS: ClassVar[dict[str, Any]] = {"stft": None}
    stft: Any

    def __new__(cls, stft: Any, **kwargs: Any) -> Phase:
        """Take the phase."""
        if isinstance(stft, Phase):
            stft = stft.stft
        if not isinstance(stft, ShortTimeFourierTransform):
            stft = ShortTimeFourierTransform(stft, **({"circular_shift": True} | kwargs))
        if not stft.circular_shift:
            warn("`circular_shift` of the STFT must be set to 'True' for correct phase", RuntimeWarning)
        new = phase(np.asarray(stft)).view(cls)
        new.stft = stft
        return new

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The bins' frequencies, Hz."""
        return self.stft.bin_frequencies  # type: ignore[no-any-return]

    def local_group_delay(self, **kwargs: Any) -> LocalGroupDelay:
        """Return the `LocalGroupDelay`."""
        return LocalGroupDelay(self, **kwargs)

    lgd = local_group_delay


@mirrors("madmom.audio.stft.LocalGroupDelay")
class LocalGroupDelay(Frames2D):
    """The local group delay of an STFT, an array [N, F]: see `local_group_delay`.

    Parameters
    ----------
    phase : Phase, or what it takes
    **kwargs
        For `Phase`.

    Attributes
    ----------
    phase : Phase
    stft : ShortTimeFourierTransform
    bin_frequencies : array [F]
    """

    _ADDS: ClassVar[dict[str, Any]] = {"phase": None, "stft": None}
    phase: Any
    stft: Any

    def __new__(cls, phase: Any, **kwargs: Any) -> LocalGroupDelay:
        """Take the differences."""
        if not isinstance(phase, Phase):
            phase = Phase(phase, circular_shift=True, **kwargs)
        elif not phase.stft.circular_shift:
            warn("`circular_shift` of the STFT must be set to 'True' for correct local group delay")
        new = local_group_delay(phase).view(cls)
        new.phase = phase
        new.stft = phase.stft
        return new

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The bins' frequencies, Hz."""
        return self.stft.bin_frequencies  # type: ignore[no-any-return]


LGD = LocalGroupDelay

__getattr__ = _fallback.fall_through(__name__, "madmom.audio.stft")
