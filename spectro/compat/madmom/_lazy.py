"""Processors as functions of `mx.array` audio: what `Processor.to_mlx()` returns.

Every step of a sequence is taken over to lazy arrays: `step(processor, state)` returns the state after it.
A state is the audio and what is known of it so far (frames, window, filterbank), with the values once
some step needs them; until then they wait, so that spectrum, filterbank and logarithm become one kernel.
A processor of another library's, or a function, takes part by a method `lazy(values)`, [B, N, ...] to
[B, N, ...].
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, singledispatch
from typing import Any

import mlx.core as mx
import numpy as np

from ...arithmetic.extrema import maximum_filter
from ...arithmetic.products import product
from ...arithmetic.sums import total
from ...arrays import constant, kind_of
from ...errors import ArrayTypeError
from ...filterbanks.bank import Filterbank
from ...onsets import detection, phase_detection
from ...spectrograms.cepstrum import dct, dct_basis, project_bands
from ...spectrum.scales import LINEAR, Scale
from .audio import spectrogram as spectrograms
from .audio._difference import lag_of
from .audio._filtered import make_filterbank
from .audio._source import StftSource, native_bank
from .audio.cepstrogram import CepstrogramProcessor, MFCCProcessor
from .audio.filters import MelFilterbank
from .audio.signal import FramedSignal, FramedSignalProcessor, Signal, SignalProcessor
from .audio.stft import ShortTimeFourierTransformProcessor
from .features import _detection
from .processors import ParallelProcessor, Processor, SequentialProcessor

__all__ = ["LazyPipeline"]

LOGARITHMS = {np.log10: mx.log10, np.log: mx.log, np.log2: mx.log2, np.log1p: mx.log1p}
STACKS: dict[Any, Callable[[list[mx.array]], mx.array]] = {
    np.hstack: lambda parts: mx.concatenate(parts, axis=2),
    np.dstack: lambda parts: mx.stack(parts, axis=-1),
}


@dataclass(frozen=True)
class State:
    """Audio x [B, T] and what has been made of it.

    `signal` and `frames` are madmom's objects over silence that takes no memory: they know lengths and
    rates. `is_difference` marks the values of a `SpectrogramDifference`.
    """

    x: mx.array
    signal: Signal
    frames: FramedSignal | None = None
    source: StftSource | None = None
    filterbank: np.ndarray | None = None
    values: mx.array | None = None
    is_difference: bool = False

    def stft(self) -> StftSource:
        """Return frames and window, by default those of madmom."""
        if self.source is not None:
            return self.source
        return StftSource.of(self.signal if self.frames is None else self.frames)

    def computed(self, scale: Scale = LINEAR) -> mx.array:
        """Return the values [B, N, M], scaled: the spectrogram's, through the filterbank if there is one."""
        if self.values is not None:
            return scale.apply(mx, self.values)
        source = self.stft()
        transform, starts = source.transform(), source.frames.starts
        if self.filterbank is None:
            return scale.apply(mx, transform.magnitude(mx, self.x, starts))
        return transform.bands(
            mx, self.x, starts, native_bank(self.filterbank, source.fft_size // 2 + 1), scale
        )

    def phase(self) -> mx.array:
        """Return the phase [B, N, F]."""
        source = self.stft()
        z = source.transform().spectrum(mx, self.x, source.frames.starts)
        return mx.arctan2(mx.imag(z), mx.real(z))


class LazyPipeline:
    """A processor as a function of audio [T] or [B, T], an `mx.array`: see `Processor.to_mlx`."""

    def __init__(self, processor: Processor, sample_rate: float | None = None) -> None:
        self.processor = processor
        self.sample_rate = sample_rate

    def __call__(self, x: mx.array) -> mx.array:
        """Return the result, without B for a single signal.

        Raises
        ------
        ArrayTypeError, ValueError
            For another array, or audio of more dimensions.
        NotImplementedError
            For a step that has no lazy form.
        """
        if kind_of(x) != "mlx":
            raise ArrayTypeError(f"a pipeline made by to_mlx() takes an mx.array, got {type(x).__name__}")
        if x.ndim not in (1, 2):
            raise ValueError(f"audio must have shape [T] or [B, T], got {x.shape}")
        single = x.ndim == 1
        batch = (x[None] if single else x).astype(mx.float32)
        silence = np.broadcast_to(np.zeros(1, np.float32), (batch.shape[1],))
        state = step(self.processor, State(batch, Signal(silence, sample_rate=self.sample_rate)))
        values: mx.array = state.computed() if isinstance(state, State) else state
        return values[0] if single else values


@singledispatch
def step(processor: Any, state: Any) -> Any:
    """Return the state after a processor or function."""
    if processor is None:
        return state
    if processor in STACKS and isinstance(state, list):
        return STACKS[processor]([_values(part) for part in state])
    name = getattr(processor, "__name__", "")
    if isinstance(state, State) and processor is getattr(_detection, name, None):
        return _detect(name, state)
    if hasattr(processor, "lazy"):
        return processor.lazy(_values(state))
    raise NotImplementedError(f"{processor} has no lazy form: give it a method lazy(values)")


def _values(state: Any) -> mx.array:
    return state.computed() if isinstance(state, State) else state


@step.register
def _sequence(processor: SequentialProcessor, state: Any) -> Any:
    for part in processor:
        state = step(part, state)
    return state


@step.register
def _parallel(processor: ParallelProcessor, state: Any) -> list[Any]:
    return [step(part, state) for part in processor]


@step.register
def _signal(processor: SignalProcessor, state: State) -> State:
    rate, x = processor.sample_rate, state.x
    if rate is not None and state.signal.sample_rate not in (None, rate):
        raise NotImplementedError(
            f"audio of {state.signal.sample_rate:g} Hz is not resampled lazily: pass it at {rate:g} Hz"
        )
    if processor.norm:
        x = x / mx.max(mx.abs(x), axis=1, keepdims=True)
    if processor.gain:
        x = x * float(np.sqrt(10.0) ** (0.1 * processor.gain))
    silence = np.asarray(state.signal)
    return replace(state, x=x, signal=Signal(silence, sample_rate=rate or state.signal.sample_rate))


@step.register
def _frames(processor: FramedSignalProcessor, state: State) -> State:
    return replace(state, frames=processor.process(state.signal))


@step.register
def _stft(processor: ShortTimeFourierTransformProcessor, state: State) -> State:
    options = {**vars(processor), "fft_window": None}  # that of another dtype, perhaps
    return replace(state, source=StftSource.of(state.frames or state.signal, **options))


@step.register
def _spectrogram(processor: spectrograms.SpectrogramProcessor, state: State) -> State:
    return state


@step.register
def _filtered(processor: spectrograms.FilteredSpectrogramProcessor, state: State) -> State:
    names = ("num_bands", "fmin", "fmax", "fref", "norm_filters", "unique_filters")
    options = {name: getattr(processor, name) for name in names}
    return _through(state, make_filterbank(processor.filterbank, state.stft().bin_frequencies, **options))


def _through(state: State, bank: np.ndarray) -> State:
    if state.values is None and state.filterbank is None:
        return replace(state, filterbank=np.asarray(bank))
    values = state.computed()
    weights = constant(np.asarray(bank, np.float64), mx, values)
    return replace(state, filterbank=np.asarray(bank), values=product(mx, values, weights))


@step.register
def _bands(processor: spectrograms.MultiBandSpectrogramProcessor, state: State) -> State:
    from .audio.filters import RectangularFilterbank

    return _through(state, RectangularFilterbank(state.stft().bin_frequencies, **vars(processor)))


@step.register
def _logarithmic(processor: spectrograms.LogarithmicSpectrogramProcessor, state: State) -> State:
    return replace(state, values=_log(state, processor.log, processor.mul, processor.add))


@step.register
def _logarithmic_filtered(
    processor: spectrograms.LogarithmicFilteredSpectrogramProcessor, state: State
) -> State:
    filtered = _filtered(processor, state)  # type: ignore[arg-type] # the two have these options in common
    return replace(filtered, values=_log(filtered, np.log10, processor.mul, processor.add))


def _log(state: State, log: Any, mul: float | None, add: float | None) -> mx.array:
    mul, add = 1.0 if mul is None else float(mul), 0.0 if add is None else float(add)
    if log in (np.log, np.log10) and add == 1.0:
        gain = 1.0 if log is np.log else 1 / math.log(10)
        return state.computed(Scale("log1p", slope=mul, gain=gain))
    if log is not None and log not in LOGARITHMS:
        raise NotImplementedError(f"{log} has no lazy form")
    values = state.computed() * mul + add
    return values if log is None else LOGARITHMS[log](values)


@step.register
def _difference(processor: spectrograms.SpectrogramDifferenceProcessor, state: State) -> Any:
    now = state.computed()
    lag = processor.diff_frames
    if lag is None:
        lag = lag_of(state.stft(), processor.diff_ratio)
    size = processor.diff_max_bins or 1
    before = maximum_filter(mx, now, size, -1) if size > 1 else now
    rises = now[:, lag:] - before[:, : max(0, now.shape[1] - lag)]
    rises = mx.pad(rises, [(0, 0), (min(lag, now.shape[1]), 0), (0, 0)])
    rises = mx.maximum(rises, 0.0) if processor.positive_diffs else rises
    if processor.stack_diffs is None:
        return replace(state, values=rises, is_difference=True)
    if processor.stack_diffs not in STACKS:
        raise NotImplementedError(f"{processor.stack_diffs} has no lazy form")
    return STACKS[processor.stack_diffs]([now, rises])


@step.register
def _cepstrogram(processor: CepstrogramProcessor, state: State) -> mx.array:
    if processor.transform is not dct:
        raise NotImplementedError(f"{processor.transform} has no lazy form")
    return _dct(state.computed())


@step.register
def _mfcc(processor: MFCCProcessor, state: State) -> mx.array:
    names = ("num_bands", "fmin", "fmax", "norm_filters")
    options = {name: getattr(processor, name) for name in names}
    state = replace(state, filterbank=None, values=None)
    bank = MelFilterbank(state.stft().bin_frequencies, **options)
    return _dct(_log(_through(state, bank), np.log10, processor.mul, processor.add))


def _dct(bands: mx.array) -> mx.array:
    return project_bands(_dct_bank(bands.shape[-1]), bands.swapaxes(1, 2)).swapaxes(1, 2)


@lru_cache(maxsize=16)
def _dct_bank(bands: int) -> Filterbank:
    return Filterbank(dct_basis(bands, bands, None).T)


def _detect(name: str, state: State) -> mx.array:
    """Return an onset detection function [B, N], as the function of that name in features.onsets."""
    m = state.computed()
    if state.is_difference:
        return total(mx, m**2 if name == "spectral_diff" else m)  # type: ignore[no-any-return]
    if name in ("high_frequency_content", "modified_kullback_leibler"):
        return getattr(detection, f"{name}_odf")(m)  # type: ignore[no-any-return]
    if name == "phase_deviation":
        return phase_detection.phase_deviation(state.phase())  # type: ignore[no-any-return]
    if name in ("weighted_phase_deviation", "normalized_weighted_phase_deviation"):
        return getattr(phase_detection, name)(m, state.phase())  # type: ignore[no-any-return]
    if name == "complex_domain":
        return phase_detection.complex_domain_odf(m, state.phase())  # type: ignore[no-any-return]
    lag = lag_of(state.stft(), 0.5)
    if name == "rectified_complex_domain":
        return phase_detection.rectified_complex_domain_odf(m, state.phase(), diff_frames=lag)  # type: ignore[no-any-return]
    if name == "complex_flux":
        return phase_detection.complex_flux_odf(  # type: ignore[no-any-return]
            m, state.phase(), diff_frames=lag, filterbank=state.filterbank
        )
    if name not in ("spectral_flux", "spectral_diff", "superflux"):
        raise NotImplementedError(f"{name} has no lazy form")
    return getattr(detection, f"{name}_odf")(m, diff_frames=lag)  # type: ignore[no-any-return]
