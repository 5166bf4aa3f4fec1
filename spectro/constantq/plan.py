"""Which filters run on the signal at which sample rate.

Each octave's filters are twice as long as those of the next higher one, so instead of ever longer filters
the same ones run on a signal of ever lower rate: halve the rate and the hop from octave to octave, as long
as the hop stays whole (Schoerkhuber & Klapuri 2010). If even the highest filter lies far below Nyquist,
the rate is lowered before the first octave already.

librosa 1.0 halves the rate no further than to 2.5 times the highest frequency of the next octave, which
0.11 may bring so near to Nyquist that the change of rate takes away from it; and it refuses bins beyond
Nyquist in all of the family. `Options.release` decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..config import LibrosaRelease
from ..errors import ParameterError
from ..filterbanks.bank import Filterbank
from .basis import filter_spectra, next_power_of_two
from .frequencies import filter_lengths, relative_bandwidth
from .intervals import Intervals, bin_frequencies
from .windows import WindowSpec

__all__ = [
    "Options",
    "Stage",
    "bins_below_nyquist",
    "equal_frequencies",
    "hybrid_stages",
    "pseudo_stage",
    "vqt_stages",
]


@dataclass(frozen=True)
class Options:
    """What shapes the filters: the keyword arguments of `vqt`, checked and hashable."""

    sr: float
    hop_length: int
    fmin: float
    n_bins: int
    bins_per_octave: int
    filter_scale: float
    norm: float | None
    sparsity: float
    window: WindowSpec = "hann"
    scale: bool = True
    gamma: float | None = 0.0
    intervals: Intervals = "equal"
    release: LibrosaRelease = "0.11"


@dataclass(frozen=True, eq=False)
class Stage:
    """One STFT and the filters that are applied to it.

    Attributes
    ----------
    halvings : int
        How often the rate is halved before, from the stage before this one.
    gain : float
        What the signal is multiplied by then.
    n_fft, hop : int
    basis : Filterbank
        The filters' spectra; magnitudes, to be applied to magnitudes, in `pseudo_stage`.
    """

    halvings: int
    gain: float
    n_fft: int
    hop: int
    basis: Filterbank


def equal_frequencies(options: Options) -> np.ndarray:
    """Return the bins of equal temperament, as `cqt_frequencies` of librosa rounds them."""
    return options.fmin * 2.0 ** (np.arange(options.n_bins) / options.bins_per_octave)


def _lengths(
    options: Options, frequencies: np.ndarray, sr: float, alpha: np.ndarray
) -> tuple[np.ndarray, float]:
    return filter_lengths(frequencies, sr, options.filter_scale, options.window, options.gamma, alpha)


def bins_below_nyquist(options: Options) -> int:
    """Return how many bins there can be from `options.fmin` up, whatever `options.n_bins` says.

    As librosa 1.0 counts them: alpha is that of a bin and the one below it here, not of both neighbours.

    Raises
    ------
    ParameterError
        If there is none.
    """
    per_octave = options.bins_per_octave
    most = max(2, math.ceil(per_octave * math.log2(options.sr / options.fmin)))
    frequencies = bin_frequencies(most, options.fmin, per_octave, options.intervals)
    steps = np.diff(np.log2(frequencies))
    ratio = 2.0 ** (2 * np.concatenate([steps[:1], steps]))
    alpha = (ratio - 1) / (ratio + 1)
    cutoffs = [
        _lengths(options, frequencies[k : k + 1], options.sr, alpha[k : k + 1])[1] for k in range(most)
    ]
    count = int(np.searchsorted(np.maximum.accumulate(cutoffs), options.sr / 2))
    if not count:
        raise ParameterError(
            f"fmin={options.fmin:g} leaves no bin below the Nyquist frequency of sr={options.sr:g}"
        )
    return count


def _early_halvings(options: Options, cutoff: float, octaves: int) -> int:
    """Return how often the rate can be halved before the first octave."""
    room = max(0, math.ceil(math.log2(options.sr / 2 / cutoff)) - 2)
    twos = (options.hop_length & -options.hop_length).bit_length() - 1
    return min(room, max(0, twos - octaves + 1))


@lru_cache(maxsize=64)
def vqt_stages(options: Options) -> tuple[Stage, ...]:
    """Return the octaves of a variable-Q transform, highest first.

    Raises
    ------
    ParameterError
        If the highest filter reaches beyond Nyquist, or an option is out of range.
    """
    per_octave = options.bins_per_octave
    octaves = math.ceil(options.n_bins / per_octave)
    frequencies = bin_frequencies(options.n_bins, options.fmin, per_octave, options.intervals)
    alpha = relative_bandwidth(frequencies, per_octave)
    cutoff = _check_cutoff(options, _lengths(options, frequencies, options.sr, alpha)[1])
    halvings = _early_halvings(options, cutoff, octaves)
    hop, top_rate = options.hop_length >> halvings, options.sr / 2**halvings
    rate = top_rate
    gain = 1.0 if options.scale else math.sqrt(2**halvings)
    final = (
        1 / np.sqrt(_lengths(options, frequencies, top_rate, alpha)[0])
        if options.scale
        else np.ones(options.n_bins)
    )
    stages = []
    for octave in range(octaves):
        high = options.n_bins - octave * per_octave
        bins = slice(max(0, high - per_octave), high)
        lengths = _lengths(options, frequencies[bins], rate, alpha[bins])[0]
        spectra, n_fft = filter_spectra(
            frequencies[bins], lengths, rate, options.norm, options.sparsity, options.window
        )
        scale = math.sqrt(top_rate / rate) * final[bins]
        stages.append(Stage(halvings, gain, n_fft, hop, Filterbank(spectra.T.astype(np.complex128) * scale)))
        halvings, gain = 0, 1.0
        next_top = frequencies[bins.start - 1] if bins.start else 0.0
        if hop % 2 == 0 and (options.release == "0.11" or next_top <= rate / 5):
            halvings, hop, rate = 1, hop // 2, rate / 2
    return tuple(stages)


def _check_cutoff(options: Options, cutoff: float) -> float:
    """Return the highest frequency that the filters pass, unless it lies beyond Nyquist."""
    if cutoff > options.sr / 2:
        raise ParameterError(
            f"n_bins={options.n_bins} needs filters up to {cutoff:.1f} Hz, beyond the Nyquist frequency of "
            f"sr={options.sr:g}: pass fewer bins or a lower fmin"
        )
    return cutoff


@lru_cache(maxsize=64)
def pseudo_stage(options: Options) -> Stage:
    """Return the one stage of a pseudo-CQT: magnitudes of the filters' spectra, for magnitudes of an STFT."""
    frequencies = equal_frequencies(options)
    alpha = relative_bandwidth(frequencies, options.bins_per_octave)
    lengths, cutoff = _lengths(options, frequencies, options.sr, alpha)
    if options.release != "0.11":
        _check_cutoff(options, cutoff)
    spectra, n_fft = filter_spectra(
        frequencies, lengths, options.sr, options.norm, options.sparsity, options.window, options.hop_length
    )
    scale = np.full(len(lengths), n_fft**-0.5) if options.scale else np.sqrt(lengths / n_fft)
    return Stage(
        0, 1.0, n_fft, options.hop_length, Filterbank(np.abs(spectra.T.astype(np.complex128)) * scale)
    )


@lru_cache(maxsize=64)
def hybrid_stages(options: Options) -> tuple[tuple[Stage, ...], Stage | None]:
    """Return the octaves of the lower bins and the pseudo-CQT's stage of the higher ones.

    Filters that fit into two hops after padding are short enough for their phase to be dropped.
    """
    frequencies = equal_frequencies(options)
    alpha = relative_bandwidth(frequencies, options.bins_per_octave)
    lengths, cutoff = _lengths(options, frequencies, options.sr, alpha)
    if options.release != "0.11":
        _check_cutoff(options, cutoff)
    is_short = np.array([next_power_of_two(length) < 2 * options.hop_length for length in lengths])
    full, short = int(np.sum(~is_short)), int(np.sum(is_short))
    first = float(frequencies[is_short].min(initial=np.inf))
    return (
        vqt_stages(replace(options, n_bins=full)) if full else (),
        pseudo_stage(replace(options, n_bins=short, fmin=first)) if short else None,
    )
