"""What spectra are computed from: frames and a window. The form that is asked for is the one computed.

A spectrogram or a filtered spectrogram made of frames is computed at once, by a kernel that writes no
complex spectrum; its `stft`, if anybody looks at it, is computed then.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ....config import settings
from ....filterbanks.bank import Filterbank as NativeBank
from ....spectrum.framed import FramedTransform
from ._framing import FramedSignal

if TYPE_CHECKING:
    from .stft import ShortTimeFourierTransform

__all__ = ["StftSource", "complex_dtype", "real_dtype", "window_of"]

# float32 holds their every value.
_NARROW = ("int8", "uint8", "int16", "uint16", "float16", "float32")


def real_dtype() -> Any:
    """Return the dtype of filters and spectrograms: float32, as madmom has it.

    `config(default_dtype="float64")` makes it float64, as madmom's module constants would.
    """
    return np.float64 if settings().default_dtype == "float64" else np.float32


def complex_dtype() -> Any:
    """Return the dtype of spectra: complex64, or complex128 with `config(default_dtype="float64")`."""
    return np.complex128 if real_dtype() is np.float64 else np.complex64


def window_of(window: Any, frame_size: int, dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """Return the window's samples, and those divided by an integer dtype's largest number.

    `window` is a function of the size, an array, or None for a rectangle, which stays None.
    """
    if callable(window):
        window = window(frame_size)
    if not np.issubdtype(dtype, np.integer):
        return window, window
    full_scale = float(np.iinfo(dtype).max)
    return window, np.ones(frame_size) / full_scale if window is None else window / full_scale


class StftSource:
    """Frames, a window and options: an STFT that is not computed yet.

    Parameters
    ----------
    frames : FramedSignal, or array [N, n] of frames
    window, fft_window : array or None
        As its user knows it, and as frames are multiplied by.
    fft_size : int, optional
    circular_shift, include_nyquist : bool

    Raises
    ------
    ValueError
        If the frames have several channels, or cannot be shifted.
    """

    def __init__(
        self,
        frames: Any,
        window: Any,
        fft_window: Any,
        fft_size: int | None = None,
        circular_shift: bool = False,
        include_nyquist: bool = False,
    ) -> None:
        if frames.ndim != 2:
            raise ValueError(
                f"frames must be a 2D array or iterable, got {type(frames)} with shape {frames.shape}."
            )
        self.frames = frames
        self.window = window
        self.fft_window = fft_window
        self.fft_size = fft_size if fft_size else int(frames.shape[1])
        self.circular_shift = circular_shift
        self.include_nyquist = include_nyquist
        self._stft: ShortTimeFourierTransform | None = None

    @classmethod
    def of(
        cls,
        frames: Any,
        window: Any = np.hanning,
        fft_size: int | None = None,
        circular_shift: bool = False,
        include_nyquist: bool = False,
        fft_window: Any = None,
        fftw: Any = None,
        **kwargs: Any,
    ) -> StftSource:
        """Return the source that the parameters of `ShortTimeFourierTransform` describe."""
        if not isinstance(frames, FramedSignal):
            frames = FramedSignal(frames, **kwargs)
        if fft_window is None:
            window, fft_window = window_of(window, frames.frame_size, frames.signal.dtype)
        return cls(frames, window, fft_window, fft_size, circular_shift, include_nyquist)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_stft": None}

    @property
    def num_bins(self) -> int:
        """Bins of a spectrum."""
        return (self.fft_size >> 1) + (1 if self.include_nyquist else 0)

    @property
    def bin_frequencies(self) -> np.ndarray:
        """The bins' frequencies, Hz."""
        from .stft import fft_frequencies

        return fft_frequencies(self.num_bins, self.frames.signal.sample_rate)

    @property
    def stft(self) -> ShortTimeFourierTransform:
        """The STFT, computed when it is first asked for."""
        if self._stft is None:
            from .stft import ShortTimeFourierTransform

            self._stft = ShortTimeFourierTransform._of_source(self)
        return self._stft

    def transform(self) -> FramedTransform:
        """Return the native transform."""
        size = int(self.frames.shape[1])
        window = np.ones(size) if self.fft_window is None else np.asarray(self.fft_window, np.float64)
        if window.shape != (size,):
            raise ValueError(f"a window of shape {window.shape} does not fit frames of {size} samples")
        key = window.tobytes(), self.fft_size, self.circular_shift, self.include_nyquist
        return _transform(*key)

    def spectrum(self) -> np.ndarray:
        """Return the STFT [N, F].

        The bins that are real have the imaginary part -0, which scipy's FFT gives them, and so madmom: it
        makes their phase -pi where they are negative.
        """
        z = self._computed(lambda t, x, starts: t.spectrum(np, x, starts), complex_dtype())
        z.imag[:, 0] = -0.0
        if self.include_nyquist and self.fft_size % 2 == 0:
            z.imag[:, -1] = -0.0
        return z

    def magnitude(self) -> np.ndarray:
        """Return |STFT| [N, F]."""
        return self._computed(lambda t, x, starts: t.magnitude(np, x, starts), real_dtype())

    def bands(self, filterbank: np.ndarray) -> np.ndarray:
        """Return |STFT| through a filterbank [F, M]: [N, M]."""
        bank = native_bank(filterbank, self.fft_size // 2 + 1)
        return self._computed(lambda t, x, starts: t.bands(np, x, starts, bank), real_dtype())

    def _computed(
        self, compute: Callable[[FramedTransform, np.ndarray, np.ndarray], np.ndarray], dtype: Any
    ) -> np.ndarray:
        transform = self.transform()
        frames = self.frames
        if isinstance(frames, FramedSignal):
            x, starts = np.asarray(frames.signal), frames.starts
        else:
            count, size = frames.shape
            x = np.ascontiguousarray(frames).reshape(-1)
            starts = np.arange(count) * size
        if x.ndim != 1 or len(starts) == 0:
            return np.zeros((len(starts), self.num_bins), dtype)
        narrow = x.dtype.name in _NARROW and real_dtype() is np.float32
        x = x.astype(np.float32 if narrow else np.float64, copy=False)
        return compute(transform, x[None], starts)[0].astype(dtype, copy=False)


@lru_cache(maxsize=32)
def _transform(window: bytes, fft_size: int, circular_shift: bool, include_nyquist: bool) -> FramedTransform:
    samples = np.frombuffer(window)
    return FramedTransform(samples, fft_size, circular_shift=circular_shift, nyquist=include_nyquist)


def native_bank(filterbank: np.ndarray, bins: int) -> NativeBank:
    """Return a filterbank [F, M] for `bins` >= F bins, the further ones unused."""
    return _native_bank(
        np.ascontiguousarray(filterbank).tobytes(), filterbank.shape, filterbank.dtype.str, bins
    )


@lru_cache(maxsize=32)
def _native_bank(weights: bytes, shape: tuple[int, int], dtype: str, bins: int) -> NativeBank:
    known = np.frombuffer(weights, dtype).reshape(shape)
    return NativeBank(np.pad(known.astype(np.float64), [(0, bins - shape[0]), (0, 0)]))
