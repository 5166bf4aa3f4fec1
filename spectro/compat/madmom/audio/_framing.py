"""A signal in overlapping frames, each cut out when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ....framing.rates import frame_starts
from ...registry import mirrors
from .. import _arguments
from ..processors import Processor
from ..utils import integer_types

__all__ = ["FramedSignal", "FramedSignalProcessor", "signal_frame"]

FRAME_SIZE = 2048
HOP_SIZE = 441.0
FPS = None
ORIGIN = 0
END_OF_SIGNAL = "normal"
NUM_FRAMES = None


@mirrors("madmom.audio.signal.signal_frame")
def signal_frame(
    signal: np.ndarray, index: int, frame_size: int, hop_size: float, origin: int = 0, pad: Any = 0
) -> np.ndarray:
    """Return frame `index` of a signal [T] or [T, C].

    It starts at int(index hop_size) - frame_size // 2 - origin. A frame inside the signal is a view.

    Parameters
    ----------
    signal : array
    index : int
    frame_size : int
    hop_size : float
        Samples between frames, not necessarily whole.
    origin : int
        Samples to the left of a frame centred on its reference sample.
    pad : value or "repeat"
        What stands outside the signal; "repeat" for its first and last sample.
    """
    size = int(frame_size)
    start = int(index * hop_size) - size // 2 - int(origin)
    stop, length = start + size, len(signal)
    if start >= 0 and stop <= length:
        return signal[start:stop]
    left, right = (int(np.clip(n, 0, size)) for n in (-start, stop - length))
    frame = np.repeat(signal[:1], size, axis=0)
    repeat = isinstance(pad, str) and pad == "repeat"
    frame[:left] = signal[:1] if repeat else pad
    frame[size - right :] = signal[-1:] if repeat else pad
    frame[left : size - right] = signal[min(max(start, 0), length) : max(stop, 0)]
    return frame


@mirrors("madmom.audio.signal.FramedSignal")
class FramedSignal:
    """A signal in frames; an index gives one, a slice another `FramedSignal`, iterating gives all.

    Parameters
    ----------
    signal : Signal, or what `Signal` takes
    frame_size : int
    hop_size : float
        Samples between frames, not necessarily whole.
    fps : float, optional
        Frames a second, used instead of `hop_size`.
    origin : int or {"center", "offline", "left", "past", "online", "right", "future", "stream"}
        How far to the left of being centred on its reference sample a frame lies, in samples: 0 for
        "center" and "offline"; "left", "past" and "online" let it end with the sample, "right", "future"
        and "stream" begin with it.
    end : {"normal", "extend"}
        Whether the last frame's reference sample lies inside the signal, or frames go on while they touch it.
    num_frames : int, optional
        Used instead of `end`.
    **kwargs
        For `Signal`.

    Raises
    ------
    ValueError
        For an unknown `end`.

    Attributes
    ----------
    signal : Signal
    frame_size, origin, num_frames : int
    hop_size : float
    """

    def __init__(
        self,
        signal: Any,
        frame_size: int = FRAME_SIZE,
        hop_size: float = HOP_SIZE,
        fps: float | None = FPS,
        origin: Any = ORIGIN,
        end: str = END_OF_SIGNAL,
        num_frames: int | None = NUM_FRAMES,
        **kwargs: Any,
    ) -> None:
        from .signal import Signal

        self.signal = signal if isinstance(signal, Signal) else Signal(signal, **kwargs)
        if frame_size:
            self.frame_size = int(frame_size)
        if hop_size:
            self.hop_size = float(hop_size)
        if fps:
            self.hop_size = self.signal.sample_rate / float(fps)
        if isinstance(origin, str):
            if origin in ("center", "offline"):
                origin = 0
            elif origin in ("left", "past", "online"):
                origin = (frame_size - 1) / 2
            elif origin in ("right", "future", "stream"):
                origin = -(frame_size / 2)
        self.origin = int(origin)
        if num_frames is None:
            hops = len(self.signal) / float(self.hop_size)
            if end not in ("normal", "extend"):
                raise ValueError(f"end of signal handling '{end}' unknown")
            num_frames = np.ceil(hops) if end == "normal" else np.floor(hops + 1)
        self.num_frames = int(num_frames)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, integer_types):
            index += self.num_frames if index < 0 else 0
            if index >= self.num_frames:
                raise IndexError("end of signal reached")
            return signal_frame(self.signal, index, self.frame_size, self.hop_size, self.origin)
        if not isinstance(index, slice):
            raise TypeError("frame indices must be slices or integers")
        start, stop, step = index.indices(self.num_frames)
        if step != 1:
            raise ValueError("only slices with a step size of 1 supported")
        return FramedSignal(
            self.signal,
            frame_size=self.frame_size,
            hop_size=self.hop_size,
            origin=self.origin - self.hop_size * start,
            num_frames=stop - start,
        )

    def __len__(self) -> int:
        return self.num_frames

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self[i] for i in range(self.num_frames))

    @property
    def starts(self) -> np.ndarray:
        """The first sample of each frame, int64 [N]; negative before the signal."""
        return frame_starts(
            max(0, self.num_frames), frame_size=self.frame_size, hop_size=self.hop_size, origin=self.origin
        )

    @property
    def frame_rate(self) -> float | None:
        """Frames a second, None if the signal's sample rate is not known."""
        rate = self.signal.sample_rate
        return None if rate is None else float(rate) / self.hop_size

    @property
    def fps(self) -> float | None:
        """The `frame_rate`."""
        return self.frame_rate

    @property
    def overlap_factor(self) -> float:
        """The part of a frame that it shares with the next."""
        return 1.0 - self.hop_size / self.frame_size

    @property
    def shape(self) -> tuple[int, ...]:
        """Frames, samples in a frame, and channels if there are several."""
        channels = self.signal.num_channels
        return (self.num_frames, self.frame_size, *(() if channels == 1 else (channels,)))

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def energy(self) -> np.ndarray:
        """Return the `energy` of each frame."""
        from ._levels import energy

        return energy(self)  # type: ignore[no-any-return]

    def root_mean_square(self) -> np.ndarray:
        """Return the `root_mean_square` of each frame."""
        from ._levels import root_mean_square

        return root_mean_square(self)  # type: ignore[no-any-return]

    rms = root_mean_square

    def sound_pressure_level(self) -> np.ndarray:
        """Return the `sound_pressure_level` of each frame."""
        from ._levels import sound_pressure_level

        return sound_pressure_level(self)  # type: ignore[no-any-return]

    spl = sound_pressure_level


@mirrors("madmom.audio.signal.FramedSignalProcessor")
class FramedSignalProcessor(Processor):
    """Makes a `FramedSignal`, with its parameters; with origin "stream", of the last frame of the data."""

    add_arguments = staticmethod(_arguments.framing)

    def __init__(
        self,
        frame_size: int = FRAME_SIZE,
        hop_size: float = HOP_SIZE,
        fps: float | None = FPS,
        origin: Any = ORIGIN,
        end: str = END_OF_SIGNAL,
        num_frames: int | None = NUM_FRAMES,
        **kwargs: Any,
    ) -> None:
        self.frame_size = frame_size
        self.hop_size = hop_size
        self.fps = fps
        self.origin = origin
        self.end = end
        self.num_frames = num_frames

    def process(self, data: Any, **kwargs: Any) -> FramedSignal:
        """Return the data (a `Signal` or what it takes) in frames; `kwargs` override the parameters."""
        if self.origin == "stream":
            data = data[-self.frame_size :]
        return FramedSignal(data, **(vars(self) | kwargs))
