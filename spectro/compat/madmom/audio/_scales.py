"""Frequency scales, and frequencies as bins of a spectrum."""

from __future__ import annotations

import numpy as np

from ....filterbanks import bins as bin_filterbanks
from ....filterbanks.bins import BARK_EDGES, BARK_EDGES_AND_CENTRES, frequencies_to_bins
from ...registry import mirrors

__all__ = [
    "bark2hz",
    "bark_double_frequencies",
    "bark_frequencies",
    "bins2frequencies",
    "erb2hz",
    "frequencies2bins",
    "hz2bark",
    "hz2erb",
    "hz2mel",
    "hz2midi",
    "log_frequencies",
    "mel2hz",
    "mel_frequencies",
    "midi2hz",
    "midi_frequencies",
    "semitone_frequencies",
]

A4 = 440.0


@mirrors("madmom.audio.filters.hz2mel")
def hz2mel(f: float | np.ndarray) -> np.ndarray:
    """Return frequencies on the mel scale, 1127.01048 ln(1 + f / 700)."""
    return 1127.01048 * np.log(np.asarray(f) / 700.0 + 1.0)


@mirrors("madmom.audio.filters.mel2hz")
def mel2hz(m: float | np.ndarray) -> np.ndarray:
    """Return the frequencies, Hz, of mels."""
    return 700.0 * (np.exp(np.asarray(m) / 1127.01048) - 1.0)


@mirrors("madmom.audio.filters.mel_frequencies")
def mel_frequencies(num_bands: int, fmin: float, fmax: float) -> np.ndarray:
    """Return `num_bands` frequencies from `fmin` to `fmax`, Hz, at equal distances in mel."""
    return mel2hz(np.linspace(hz2mel(fmin), hz2mel(fmax), num_bands))


def hz2bark(f: float | np.ndarray) -> np.ndarray:
    """Refuse, as madmom does: its formula gives negative values."""
    raise NotImplementedError("madmom does not define hz2bark: its formula gives negative values")


def bark2hz(z: float | np.ndarray) -> np.ndarray:
    """Refuse, as madmom does: its formula gives wrong values."""
    raise NotImplementedError("madmom does not define bark2hz: its formula gives wrong values")


def _between(frequencies: np.ndarray, fmin: float, fmax: float) -> np.ndarray:
    return frequencies[(frequencies >= fmin) & (frequencies <= fmax)]


@mirrors("madmom.audio.filters.bark_frequencies")
def bark_frequencies(fmin: float = 20.0, fmax: float = 15500.0) -> np.ndarray:
    """Return the edges of the critical bands from `fmin` to `fmax`, Hz (Zwicker 1961)."""
    return _between(np.array(BARK_EDGES), fmin, fmax)


@mirrors("madmom.audio.filters.bark_double_frequencies")
def bark_double_frequencies(fmin: float = 20.0, fmax: float = 15500.0) -> np.ndarray:
    """Return the edges and centres of the critical bands from `fmin` to `fmax`, Hz (Zwicker 1961)."""
    return _between(np.array(BARK_EDGES_AND_CENTRES), fmin, fmax)


@mirrors("madmom.audio.filters.log_frequencies")
def log_frequencies(bands_per_octave: int, fmin: float, fmax: float, fref: float = A4) -> np.ndarray:
    """Return fref 2^(i / bands_per_octave) from `fmin` to `fmax`, Hz."""
    return bin_filterbanks.log_frequencies(bands_per_octave, fmin, fmax, fref)


@mirrors("madmom.audio.filters.semitone_frequencies")
def semitone_frequencies(fmin: float, fmax: float, fref: float = A4) -> np.ndarray:
    """Return the frequencies of the semitones from `fmin` to `fmax`, Hz."""
    return log_frequencies(12, fmin, fmax, fref)


midi_frequencies = semitone_frequencies


@mirrors("madmom.audio.filters.hz2midi")
def hz2midi(f: float | np.ndarray, fref: float = A4) -> np.ndarray:
    """Return frequencies as MIDI numbers, not rounded; `fref` is 69."""
    return 12.0 * np.log2(np.asarray(f, dtype=float) / fref) + 69.0


@mirrors("madmom.audio.filters.midi2hz")
def midi2hz(m: float | np.ndarray, fref: float = A4) -> np.ndarray:
    """Return the frequencies, Hz, of MIDI numbers; 69 is `fref`."""
    return 2.0 ** ((np.asarray(m, dtype=float) - 69.0) / 12.0) * fref


@mirrors("madmom.audio.filters.hz2erb")
def hz2erb(f: float | np.ndarray) -> np.ndarray:
    """Return frequencies on the scale of equivalent rectangular bandwidths, 21.4 lg(1 + 4.37 f / 1000)."""
    return 21.4 * np.log10(1 + 4.37 * np.asarray(f) / 1000.0)


@mirrors("madmom.audio.filters.erb2hz")
def erb2hz(e: float | np.ndarray) -> np.ndarray:
    """Return the frequencies, Hz, of ERBs."""
    return (10.0 ** (np.asarray(e) / 21.4) - 1.0) * 1000.0 / 4.37


@mirrors("madmom.audio.filters.frequencies2bins")
def frequencies2bins(
    frequencies: np.ndarray, bin_frequencies: np.ndarray, unique_bins: bool = False
) -> np.ndarray:
    """Return the nearest bin of each frequency (the upper of two as near), each once if `unique_bins`."""
    return frequencies_to_bins(frequencies, bin_frequencies, unique_bins=unique_bins)


@mirrors("madmom.audio.filters.bins2frequencies")
def bins2frequencies(bins: np.ndarray, bin_frequencies: np.ndarray) -> np.ndarray:
    """Return the frequencies of bins."""
    return np.asarray(bin_frequencies, dtype=float)[np.asarray(bins)]
