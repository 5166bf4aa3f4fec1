"""`madmom.features`: onsets and tempo here, and what needs trained models from madmom itself."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ... import fallback as _fallback
from .. import _arguments
from .._arrays import DataArray
from ..processors import Processor
from . import onsets, tempo
from .onsets import OnsetPeakPickingProcessor, SpectralOnsetProcessor
from .tempo import TempoEstimationProcessor

__all__ = [
    "Activations",
    "ActivationsProcessor",
    "OnsetPeakPickingProcessor",
    "SpectralOnsetProcessor",
    "TempoEstimationProcessor",
    "onsets",
    "tempo",
]


class Activations(DataArray):
    """Activations that know their frame rate: an array.

    Parameters
    ----------
    data : array, str or file
    fps : float, optional
        Frames a second.
    sep : str, optional
        Of the columns of a text file; None or "" for an npz file.
    dtype
        Of an array.

    Raises
    ------
    TypeError
        For other data.
    """

    _ADDS: ClassVar[dict[str, Any]] = {"fps": None}
    fps: Any

    def __new__(
        cls, data: Any, fps: float | None = None, sep: str | None = None, dtype: Any = np.float32
    ) -> Any:
        """Make, or load, activations."""
        import io

        if isinstance(data, np.ndarray):
            new: Any = np.asarray(data, dtype=dtype).view(cls)
            new.fps = fps
            return new
        if isinstance(data, (str, io.IOBase)):
            return cls.load(data, fps, sep)
        raise TypeError("wrong input data for Activations")

    @classmethod
    def load(cls, infile: Any, fps: float | None = None, sep: str | None = None) -> Any:
        """Return the activations of a file; its own frame rate counts."""
        if sep:
            data = np.loadtxt(infile, delimiter=sep)
        else:
            data = np.load(infile)
            if isinstance(data, np.lib.npyio.NpzFile):
                fps = _frame_rate(data) if "fps" in data.files else fps
                data = data["activations"]
        return cls(data.ravel() if data.ndim > 1 and data.shape[1] == 1 else data, fps)

    def save(self, outfile: Any, sep: str | None = None, fmt: str = "%.5f") -> None:
        """Write an npz file, or with `sep` a text file."""
        if not sep:
            np.savez(outfile, activations=np.asarray(self), fps=self.fps)
        elif self.ndim > 2:
            raise ValueError("Only 1D and 2D activations can be saved in human readable text format.")
        else:
            np.savetxt(outfile, np.atleast_2d(self), fmt=fmt, delimiter=sep, header=f"FPS:{self.fps:f}")
        if hasattr(outfile, "close"):
            outfile.close()


def _frame_rate(data: Any) -> float | None:
    try:
        return float(data["fps"])
    except ValueError:  # None was saved, as a Python object that is not loaded
        return None


class ActivationsProcessor(Processor):
    """Reads (`mode` "r", "in", "load") or writes ("w", "out", "save") activations."""

    add_arguments = staticmethod(_arguments.activations)

    def __init__(self, mode: str, fps: float | None = None, sep: str | None = None, **kwargs: Any) -> None:
        self.mode = mode
        self.fps = fps
        self.sep = sep

    def process(self, data: Any, output: Any = None, **kwargs: Any) -> Any:
        """Return the activations in file `data`, or write `data` to `output` and return it."""
        if self.mode in ("r", "in", "load"):
            return Activations.load(data, fps=self.fps, sep=self.sep)
        if self.mode not in ("w", "out", "save"):
            raise ValueError(f"wrong mode {self.mode}; choose {{'r', 'w', 'in', 'out', 'load', 'save'}}")
        Activations(data, fps=self.fps).save(output, sep=self.sep)
        return data


__getattr__ = _fallback.fall_through(__name__, "madmom.features")
