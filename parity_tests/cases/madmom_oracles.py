"""The native API's options said in madmom calls. madmom takes one signal, so a batch is asked row by row.

madmom answers some questions in float64 whatever it is asked in; what comes back is rounded to the
precision of the question, which is the native API's.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["fft_frequencies", "framed_stft", "given_spectrogram", "onset_function", "onset_function_of_audio"]


def fft_frequencies(n_freqs: int, sample_rate: float, include_nyquist: bool = False) -> np.ndarray:
    """Return the bins' frequencies; madmom makes them for spectra without Nyquist alone."""
    if include_nyquist:
        return np.linspace(0.0, sample_rate / 2, n_freqs)
    return np.linspace(0.0, sample_rate / 2, n_freqs, endpoint=False)


def _rows(x: np.ndarray, rank: int) -> list[np.ndarray]:
    return list(x.reshape(-1, *x.shape[-rank:]))


def _joined(rows: list[np.ndarray], x: np.ndarray, rank: int) -> np.ndarray:
    y = np.stack(rows)
    return y.reshape(*x.shape[:-rank], *y.shape[1:])


def _stft(
    ns: Any,
    x: np.ndarray,
    frame_size: int,
    fps: float,
    sample_rate: int,
    circular_shift: bool,
    include_nyquist: bool,
    origin: str | int,
    end: str,
) -> Any:
    audio = ns.madmom.audio
    frames = audio.signal.FramedSignal(
        audio.signal.Signal(x, sample_rate=sample_rate),
        frame_size=frame_size,
        fps=fps,
        origin=origin,
        end=end,
    )
    return audio.stft.ShortTimeFourierTransform(
        frames, circular_shift=circular_shift, include_nyquist=include_nyquist
    )


def framed_stft(
    ns: Any,
    x: np.ndarray,
    frame_size: int = 2048,
    fps: float = 100.0,
    sample_rate: int = 44100,
    circular_shift: bool = False,
    include_nyquist: bool = False,
    origin: str | int = "offline",
    end: str = "normal",
    output_layout: str = "bfn",
) -> np.ndarray:
    """`ShortTimeFourierTransform` of a `FramedSignal`."""
    options = (frame_size, fps, sample_rate, circular_shift, include_nyquist, origin, end)
    rows = [np.asarray(_stft(ns, row, *options)) for row in _rows(x, 1)]
    return _joined([row if output_layout == "bnf" else row.T for row in rows], x, 1)


def given_spectrogram(
    ns: Any, magnitude: np.ndarray, phase: np.ndarray | None, bank: np.ndarray | None
) -> Any:
    """Return a madmom `Spectrogram` that holds a given magnitude and phase."""

    class Phase(np.ndarray):
        def lgd(self) -> Any:
            return ns.madmom.audio.stft.local_group_delay(np.asarray(self))

    spectrogram = magnitude.view(ns.madmom.audio.spectrogram.Spectrogram)
    if phase is not None:
        spectrogram.stft = SimpleNamespace(phase=lambda: phase.view(Phase))
    if bank is not None:
        spectrogram.filterbank = bank
    return spectrogram


def onset_function(name: str) -> Any:
    """Return the oracle for an onset detection function of a given spectrogram."""

    def oracle(
        ns: Any,
        x: np.ndarray,
        phase: np.ndarray | None = None,
        filterbank: np.ndarray | None = None,
        time_axis: int = -2,
        **options: Any,
    ) -> np.ndarray:
        if name == "phase_deviation":
            phase = x
        if time_axis == -1:
            x = np.ascontiguousarray(x.swapaxes(-1, -2))
            phase = None if phase is None else np.ascontiguousarray(phase.swapaxes(-1, -2))
        phases = [None] * len(_rows(x, 2)) if phase is None else _rows(phase, 2)
        function = getattr(ns.madmom.features.onsets, name)
        rows = [
            np.asarray(function(given_spectrogram(ns, row, p, filterbank), **options))
            for row, p in zip(_rows(x, 2), phases, strict=True)
        ]
        return _joined(rows, x, 2).astype(x.dtype)

    return oracle


def onset_function_of_audio(
    ns: Any,
    x: np.ndarray,
    method: str,
    sample_rate: int = 44100,
    fps: float = 100.0,
    frame_size: int = 2048,
    filterbank: np.ndarray | None = None,
    log: bool = False,
    mul: float = 1.0,
    diff_frames: int | None = None,
    diff_ratio: float = 0.5,
    origin: str | int = "offline",
    end: str = "normal",
    **options: Any,
) -> np.ndarray:
    """`SpectralOnsetProcessor`'s chain, frame rate and difference set in their own terms."""
    spectrogram = ns.madmom.audio.spectrogram
    shift = "phase" in method or "complex" in method
    if any(word in method for word in ("flux", "diff", "rectified")):
        if diff_frames is None:
            diff_frames = spectrogram._diff_frames(diff_ratio, sample_rate / fps, frame_size)
        options["diff_frames"] = diff_frames
    rows = []
    for row in _rows(x, 1):
        stft = _stft(ns, row, frame_size, fps, sample_rate, shift, False, origin, end)
        spec = spectrogram.Spectrogram(stft)
        if filterbank is not None:
            bank = ns.madmom.audio.filters.Filterbank(filterbank, stft.bin_frequencies)
            spec = spectrogram.FilteredSpectrogram(spec, filterbank=bank)
        if log:
            spec = spectrogram.LogarithmicSpectrogram(spec, mul=mul, add=1.0)
        rows.append(np.asarray(getattr(ns.madmom.features.onsets, method)(spec, **options)))
    return _joined(rows, x, 1).astype(x.dtype)
