"""`madmom.processors`: objects that process data, one after another or side by side.

In a sequence, a transform whose spectra only the next processor wants is not written to memory: the
sequence hands on what it would be computed from (audio/_source.py), and the two are computed as one.
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable, Iterable, MutableSequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import fallback as _fallback
from ..registry import mirrors
from ._programs import (
    _process,
    io_arguments,
    pickle_processor,
    process_batch,
    process_online,
    process_single,
)
from .io import open_file
from .utils import integer_types

if TYPE_CHECKING:
    from ._lazy import LazyPipeline

__all__ = [
    "BufferProcessor",
    "IOProcessor",
    "OnlineProcessor",
    "OutputProcessor",
    "ParallelProcessor",
    "Processor",
    "SequentialProcessor",
    "io_arguments",
    "pickle_processor",
    "process_batch",
    "process_online",
    "process_single",
]


@mirrors("madmom.processors.Processor")
class Processor:
    """Base class: something with a `process` method, which calling it calls."""

    @classmethod
    def load(cls, infile: Any) -> Any:
        """Return the processor pickled in a file, given by name or open for reading.

        As with any pickle, load only files you trust.
        """
        with open_file(infile, "rb") as file:
            return pickle.load(file, encoding="latin1")

    def dump(self, outfile: Any) -> None:
        """Pickle the processor into a file, given by name or open for writing."""
        with open_file(outfile, "wb") as file:
            pickle.dump(self, file, protocol=2)

    def process(self, *args: Any, **kwargs: Any) -> Any:
        """Process data: for subclasses to define."""
        raise NotImplementedError(f"{type(self).__name__} must define process()")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Process data."""
        return self.process(*args, **kwargs)

    def deferred(self, data: Any, following: Any, **kwargs: Any) -> Any:
        """Return what the processor `following` computes this one's result from, or None to process now."""
        return None

    def to_mlx(self, sample_rate: float | None = None) -> LazyPipeline:
        """Return this processor, or whole sequence, as a function of `mx.array` audio.

        The function takes audio [T] or a batch [B, T] at `sample_rate` Hz (a `SignalProcessor` that names
        one is enough) and returns the result as a lazy `mx.array`, with the spectrum fused into the
        filterbank where the device has kernels for it. Compile or differentiate it like any other.

        Raises
        ------
        NotImplementedError
            When it is called, if a part of the sequence has no lazy form.

        Examples
        --------
        >>> import mlx.core as mx
        >>> from spectro.compat import madmom
        >>> spec = madmom.audio.spectrogram.LogarithmicFilteredSpectrogramProcessor(num_bands=12)
        >>> frames = madmom.audio.signal.FramedSignalProcessor(frame_size=2048, fps=100)
        >>> stft = madmom.audio.stft.ShortTimeFourierTransformProcessor()
        >>> pipeline = SequentialProcessor([frames, stft, spec]).to_mlx(sample_rate=44100)
        >>> pipeline(mx.zeros(44100)).shape
        (100, 81)
        """
        from ._lazy import LazyPipeline

        return LazyPipeline(self, sample_rate)


@mirrors("madmom.processors.OnlineProcessor")
class OnlineProcessor(Processor):
    """Base class of processors that work on a whole recording, or (`online`) on pieces as they come."""

    def __init__(self, online: bool = False) -> None:
        self.online = online

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Process data in the mode chosen."""
        return self.process_online(data, **kwargs) if self.online else self.process_offline(data, **kwargs)

    def process_online(self, *args: Any, **kwargs: Any) -> Any:
        """Process the next piece, after forgetting the pieces before if `reset`: for subclasses."""
        raise NotImplementedError(f"{type(self).__name__} must define process_online()")

    def process_offline(self, *args: Any, **kwargs: Any) -> Any:
        """Process a whole recording: for subclasses."""
        raise NotImplementedError(f"{type(self).__name__} must define process_offline()")

    def reset(self) -> None:
        """Forget earlier pieces: for subclasses."""
        raise NotImplementedError(f"{type(self).__name__} must define reset()")


@mirrors("madmom.processors.OutputProcessor")
class OutputProcessor(Processor):
    """Base class of processors that write to a file as well."""

    def process(self, data: Any, output: Any, **kwargs: Any) -> Any:
        """Process data and write to `output`: for subclasses."""
        raise NotImplementedError(f"{type(self).__name__} must define process()")


@mirrors("madmom.processors.SequentialProcessor")
class SequentialProcessor(MutableSequence, Processor):  # type: ignore[type-arg]
    """Processors, or functions of one argument, applied one after another.

    Parameters
    ----------
    processors : iterable
        A list or tuple among them becomes a sequence of its own.
    """

    processors: list[Any]

    def __init__(self, processors: Iterable[Any]) -> None:
        self.processors = [SequentialProcessor(p) if isinstance(p, (list, tuple)) else p for p in processors]

    def __getitem__(self, index: Any) -> Any:
        return self.processors[index]

    def __setitem__(self, index: Any, processor: Any) -> None:
        self.processors[index] = processor

    def __delitem__(self, index: Any) -> None:
        del self.processors[index]

    def __len__(self) -> int:
        return len(self.processors)

    def insert(self, index: int, processor: Any) -> None:
        """Put a processor before the one at `index`."""
        self.processors.insert(index, processor)

    def append(self, other: Any) -> None:
        """Put a processor at the end."""
        self.processors.append(other)

    def extend(self, other: Iterable[Any]) -> None:
        """Put processors at the end."""
        self.processors.extend(other)

    def process(self, data: Any, **kwargs: Any) -> Any:
        """Return the data after all processors; every one of them gets `kwargs`."""
        for processor, following in itertools.zip_longest(self.processors, self.processors[1:]):
            later = (
                processor.deferred(data, following, **kwargs) if isinstance(processor, Processor) else None
            )
            data = _process((processor, data, kwargs)) if later is None else later
        return data


@mirrors("madmom.processors.ParallelProcessor")
class ParallelProcessor(SequentialProcessor):
    """Processors applied to the same data, their results returned in a list.

    Parameters
    ----------
    processors : list
    num_threads : int, optional
        Worker processes; default none, since the transforms use the processor's cores themselves.
    """

    def __init__(self, processors: Any, num_threads: int | None = None) -> None:
        super().__init__(processors)
        self.map: Callable[..., Iterable[Any]] = map
        if min(len(processors), max(1, num_threads or 1)) > 1:
            import multiprocessing

            self.map = multiprocessing.Pool(num_threads).map

    def process(self, data: Any, **kwargs: Any) -> list[Any]:
        """Return each processor's result."""
        if len(self.processors) == 1:
            return [_process((self.processors[0], data, kwargs))]
        return list(
            self.map(_process, zip(self.processors, itertools.repeat(data), itertools.repeat(kwargs)))
        )


@mirrors("madmom.processors.IOProcessor")
class IOProcessor(OutputProcessor):
    """A processor (or list of them) whose result goes to another with an output file.

    Parameters
    ----------
    in_processor : processor or list
    out_processor : processor or list, optional
        Of a list, only the last gets the output.
    """

    in_processor: Any
    out_processor: Any

    def __init__(self, in_processor: Any, out_processor: Any = None) -> None:
        many = isinstance(in_processor, (list, tuple))
        self.in_processor = SequentialProcessor(in_processor) if many else in_processor
        if not isinstance(out_processor, (list, tuple)):
            self.out_processor = out_processor
        elif len(out_processor) >= 2:
            self.out_processor = IOProcessor(out_processor[:-1], out_processor[-1])
        elif out_processor:
            self.out_processor = out_processor[0]

    def __getitem__(self, index: int) -> Any:
        if index not in (0, 1):
            raise IndexError("0 is the in_processor and 1 the out_processor; there are no others")
        return self.out_processor if index else self.in_processor

    def process(self, data: Any, output: Any = None, **kwargs: Any) -> Any:
        """Return the result of both."""
        data = _process((self.in_processor, data, kwargs))
        return _process((self.out_processor, data, output, kwargs))


@mirrors("madmom.processors.BufferProcessor")
class BufferProcessor(Processor):
    """The latest data of a stream.

    Parameters
    ----------
    buffer_size : int or tuple of int, optional
        Its shape; default that of `init`.
    init : array, optional
        What it holds before; default `init_value` all over.
    init_value : float
    """

    def __init__(
        self,
        buffer_size: int | tuple[int, ...] | None = None,
        init: np.ndarray | None = None,
        init_value: float = 0,
    ) -> None:
        if buffer_size is None and init is not None:
            buffer_size = init.shape
        elif isinstance(buffer_size, integer_types):
            buffer_size = (buffer_size,)
        if buffer_size is not None and init is None:
            init = np.ones(buffer_size) * init_value
        self.buffer_size: Any = buffer_size
        self.init: Any = init
        self.data: Any = init

    @property
    def buffer_length(self) -> int:
        """Rows held."""
        return int(self.buffer_size[0])

    def reset(self, init: np.ndarray | None = None) -> None:
        """Hold what it held first, or `init`."""
        self.data = self.init if init is None else init

    def process(self, data: Any, **kwargs: Any) -> np.ndarray:
        """Append data, drop as much of the oldest, and return the buffer."""
        if data.ndim < len(self.buffer_size):
            data = np.array(data, ndmin=len(self.buffer_size))
        count = len(data)
        if count >= self.buffer_length:
            self.data = data[-self.buffer_length :]
        else:
            self.data = np.roll(self.data, -count, axis=0)
            self.data[-count:] = data
        return self.data  # type: ignore[no-any-return]

    buffer = process

    def __getitem__(self, index: Any) -> Any:
        return self.data[index]


__getattr__ = _fallback.fall_through(__name__, "madmom.processors")
