"""`librosa.filters`: filterbanks that map the bins of an FFT, or of a constant-Q transform."""

from __future__ import annotations

from functools import lru_cache
from numbers import Real
from typing import Any

import numpy as np

from ...callers import warn
from ...errors import ParameterError
from ...features.chroma import chroma_filterbank
from ...filterbanks.bank import Filterbank
from ...filterbanks.mel import mel_filterbank
from .. import fallback
from ..registry import mirrors
from .core._bins import mel_frequencies
from .core._pitches import hz_to_midi, midi_to_hz
from .util._values import normalize

__all__ = ["chroma", "cq_to_chroma", "mel", "mr_frequencies", "semitone_filterbank"]

# Rates at which semitones from MIDI 24 on are filtered, and how many of them at each (Mueller & Ewert 2011).
_RATES = ((882.0, 36), (4410.0, 34), (22050.0, 15))


@mirrors("librosa.filters.mel", tier=1)
def mel(
    *,
    sr: float,
    n_fft: int,
    n_mels: int = 128,
    fmin: float = 0.0,
    fmax: float | None = None,
    htk: bool = False,
    norm: str | float | None = "slaney",
    dtype: Any = np.float32,
) -> np.ndarray:
    """Return triangular mel filters: mirrors `librosa.filters.mel`.

    Parameters
    ----------
    sr : float
        Hz.
    n_fft, n_mels : int
    fmin, fmax : float
        Hz; `fmax` defaults to sr / 2.
    htk : bool
        HTK's scale, or Slaney's.
    norm : {"slaney"}, number or None
        "slaney" for equal areas; a number as for `util.normalize`.
    dtype : dtype

    Returns
    -------
    array [n_mels, 1 + n_fft // 2]

    Raises
    ------
    ParameterError
        For another name of a norm.
    """
    bank = mel_bank(sr=sr, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax, htk=htk, norm=norm, dtype=dtype)
    return np.ascontiguousarray(bank.weights.T, dtype)


def mel_bank(
    *,
    sr: float,
    n_fft: int,
    n_mels: int = 128,
    fmin: float = 0.0,
    fmax: float | None = None,
    htk: bool = False,
    norm: str | float | None = "slaney",
    dtype: Any = np.float32,
) -> Filterbank:
    """Return the filters of `mel` as the core has them: for equal options the same object.

    Raises
    ------
    ParameterError
        As `mel`.
    """
    if not (norm is None or isinstance(norm, Real) or (isinstance(norm, str) and norm == "slaney")):
        raise ParameterError(f"norm must be 'slaney', a number or None, got {norm!r}")
    top = float(sr) / 2 if fmax is None else float(fmax)
    options = float(sr), int(n_fft), int(n_mels), float(fmin), top, bool(htk), norm, np.dtype(dtype)
    bank = _known_mel(*options)
    begin, end = bank.support
    wide = slice(None) if fmin > 0 else slice(1, None)  # librosa does not mind the one that begins at 0 Hz
    empty = int((begin == end)[wide].sum())
    if empty:
        warn(
            f"Empty filters detected: {empty} of {n_mels} mel bands hold no bin of n_fft={n_fft} "
            "and stay 0. Lower n_mels, or raise n_fft or fmax"
        )
    return bank


@lru_cache(maxsize=32)
def _known_mel(
    sr: float, n_fft: int, n_mels: int, fmin: float, fmax: float, htk: bool, norm: Any, dtype: np.dtype[Any]
) -> Filterbank:
    bins = 1 + n_fft // 2
    scale = "htk" if htk else "slaney"
    bank = mel_filterbank(bins, fmin, fmax, n_mels, sr, None, scale, sr * (bins - 1) / n_fft)
    weights = np.array(bank.T, dtype=dtype, order="C")
    if isinstance(norm, str):
        edges = mel_frequencies(n_mels + 2, fmin=fmin, fmax=fmax, htk=htk)
        # Rounded to the dtype before and after, as in librosa: a float64 spectrum shows the difference.
        weights *= (2.0 / (edges[2:] - edges[:-2]))[:, None]
    else:
        weights = normalize(weights, norm=norm, axis=-1)
    return Filterbank(weights.T)


@mirrors("librosa.filters.chroma", tier=1)
def chroma(
    *,
    sr: float,
    n_fft: int,
    n_chroma: int = 12,
    tuning: float = 0.0,
    ctroct: float = 5.0,
    octwidth: float | None = 2,
    norm: float | None = 2,
    base_c: bool = True,
    dtype: Any = np.float32,
) -> np.ndarray:
    """Return filters from FFT bins to pitch classes: mirrors `librosa.filters.chroma`.

    Parameters
    ----------
    sr : float
        Hz.
    n_fft, n_chroma : int
    tuning : float
        Deviation from A440 in bins.
    ctroct, octwidth : float
        Centre and width, in octaves above 27.5 Hz, of a Gaussian that weights the bins; no width, no weight.
    norm : float, optional
        Of a bin's column, as for `util.normalize`.
    base_c : bool
        Whether the first class is C, or A.
    dtype : dtype

    Returns
    -------
    array [n_chroma, 1 + n_fft // 2]
    """
    bank = chroma_bank(
        sr=sr,
        n_fft=n_fft,
        n_chroma=n_chroma,
        tuning=tuning,
        ctroct=ctroct,
        octwidth=octwidth,
        norm=norm,
        base_c=base_c,
        dtype=dtype,
    )
    return np.ascontiguousarray(bank.weights.T, dtype)


def chroma_bank(
    *,
    sr: float,
    n_fft: int,
    n_chroma: int = 12,
    tuning: float = 0.0,
    ctroct: float = 5.0,
    octwidth: float | None = 2,
    norm: float | None = 2,
    base_c: bool = True,
    dtype: Any = np.float32,
) -> Filterbank:
    """Return the filters of `chroma` as the core has them: for equal options the same object."""
    options = float(sr), int(n_fft), int(n_chroma), float(tuning), norm, ctroct, octwidth, bool(base_c)
    return _known_chroma(np.dtype(dtype), *options)


@lru_cache(maxsize=32)
def _known_chroma(dtype: np.dtype[Any], *options: Any) -> Filterbank:
    return Filterbank(chroma_filterbank(*options).astype(dtype))


@mirrors("librosa.filters.cq_to_chroma", tier=1, numpy=True)
def cq_to_chroma(
    n_input: int,
    *,
    bins_per_octave: int = 12,
    n_chroma: int = 12,
    fmin: float | None = None,
    window: Any = None,
    base_c: bool = True,
    dtype: Any = np.float32,
) -> np.ndarray:
    """Return the map from constant-Q bins to pitch classes: mirrors `librosa.filters.cq_to_chroma`.

    Parameters
    ----------
    n_input, bins_per_octave, n_chroma : int
        `bins_per_octave` is a multiple of `n_chroma`.
    fmin : float, optional
        Of the first bin in Hz; C1 by default.
    window : array, optional
        Smooths each row (which needs scipy).
    base_c : bool
        Whether the first class is C, or A.
    dtype : dtype

    Returns
    -------
    array [n_chroma, n_input]

    Raises
    ------
    ParameterError
        If the bins of an octave cannot be shared out evenly.
    """
    share = float(bins_per_octave) / n_chroma
    if share % 1 != 0:
        raise ParameterError(f"bins_per_octave={bins_per_octave} must be a multiple of n_chroma={n_chroma}")
    midi = hz_to_midi(midi_to_hz(24) if fmin is None else fmin) % 12
    first = int(np.round((midi if base_c else midi - 9) * (n_chroma / 12.0)))
    # Bin b belongs to the class whose centre it is nearest: `share` bins around that of the class.
    classes = (np.arange(n_input) % bins_per_octave + int(share // 2)) // int(share) + first
    table = (classes % n_chroma == np.arange(n_chroma)[:, None]).astype(dtype)
    if window is None:
        return table
    return fallback.load("scipy.signal").convolve(table, np.atleast_2d(window), mode="same")


@mirrors("librosa.filters.mr_frequencies", tier=2)
def mr_frequencies(tuning: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres of semitone filters [85] in Hz, and rates: `librosa.filters.mr_frequencies`."""
    rates = np.concatenate([np.full(count, rate) for rate, count in _RATES])
    return midi_to_hz(np.arange(24 + tuning, 109 + tuning)), rates


@mirrors("librosa.filters.semitone_filterbank", tier=1, numpy=True)
def semitone_filterbank(
    *,
    center_freqs: np.ndarray | None = None,
    tuning: float = 0.0,
    sample_rates: np.ndarray | None = None,
    flayout: str = "ba",
    **kwargs: Any,
) -> tuple[list[Any], np.ndarray]:
    """Design elliptic band-pass filters a semitone apart: mirrors `librosa.filters.semitone_filterbank`.

    Parameters
    ----------
    center_freqs, sample_rates : array [n], optional
        Hz; by default those of `mr_frequencies(tuning)`.
    flayout : {"ba", "sos", "zpk"}
        The form of the filters, as `scipy.signal.iirdesign` has it.
    **kwargs
        Q (25), passband_ripple (1 dB), stopband_attenuation (50 dB), ftype ("ellip").

    Returns
    -------
    filters : list of arrays
    sample_rates : array [n]

    Raises
    ------
    ParameterError
        If only one of the arrays is given, or their shapes differ.
    """
    if center_freqs is None and sample_rates is None:
        center_freqs, sample_rates = mr_frequencies(tuning)
    if center_freqs is None or sample_rates is None:
        raise ParameterError("center_freqs and sample_rates must be given together")
    if center_freqs.shape != sample_rates.shape:
        raise ParameterError(
            f"center_freqs {center_freqs.shape} and sample_rates {sample_rates.shape} must have one shape"
        )
    return _band_passes(center_freqs, sample_rates, flayout, **kwargs), sample_rates


def _band_passes(
    centres: np.ndarray,
    rates: np.ndarray,
    flayout: str,
    Q: float = 25.0,
    passband_ripple: float = 1,
    stopband_attenuation: float = 50,
    ftype: str = "ellip",
) -> list[Any]:
    design = fallback.load("scipy.signal").iirdesign
    filters = []
    for centre, nyquist, width in zip(centres, 0.5 * rates, centres / float(Q), strict=True):
        edges = np.array([[-0.5, 0.5], [-1.0, 1.0]]) * width
        passes, stops = (centre + edges) / nyquist
        options = {"analog": False, "ftype": ftype, "output": flayout}
        filters.append(design(passes, stops, passband_ripple, stopband_attenuation, **options))
    return filters
