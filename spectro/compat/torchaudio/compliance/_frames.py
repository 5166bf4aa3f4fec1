"""The arguments that Kaldi's features share: checks, and the frames they describe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from types import ModuleType

import mlx.core as mx
import numpy as np

from ....arrays import Received, dtype_name, kind_of
from ....filterbanks.bank import Filterbank
from ....framing.frames import frame
from ....spectrograms.kaldi import WINDOWS, Conditioning, mel_banks
from ....typing import Array
from ...torch._checks import require
from ...torch._random import normal
from ..functional._arrays import answer, received

__all__ = ["Frames", "banks_of", "checked_banks", "framed"]


@dataclass(frozen=True)
class Frames:
    """Frames that are to be conditioned, of `samples` as `plan` cuts them; None for too short audio."""

    first: Received
    given: Array
    n_fft: int
    plan: Conditioning | None = None
    samples: Array = None

    @property
    def kind(self) -> str:
        """The caller's library."""
        return kind_of(self.given) or "numpy"

    def features(self, compute: Callable[[ModuleType, Array, Array], Array], subtract_mean: bool) -> Array:
        """Return ``compute(xp, frames, energies)`` [N, M] of the conditioned frames, in the caller's kind."""

        def centered(xp: ModuleType, frames: Array, energy: Array) -> Array:
            y = compute(xp, frames, energy)
            return y - y.mean(axis=0, keepdims=True) if subtract_mean else y

        assert self.plan is not None
        return self.answer(self.plan.features(self.first.xp, self.samples, centered))

    def answer(self, y: Array) -> Array:
        """Give a result back in the caller's kind."""
        return answer(self.first, self.given, y)

    def empty(self, dtype: str | None = None) -> Array:
        """Return no features: [0]."""
        if self.first.xp is mx:
            return mx.zeros((0,))
        return self.first.give_back(np.zeros(0, dtype or self.first.data.dtype))


def framed(
    waveform: Array,
    blackman_coeff: float,
    channel: int,
    dither: float,
    energy_floor: float,
    frame_length: float,
    frame_shift: float,
    min_duration: float,
    preemphasis_coefficient: float,
    raw_energy: bool,
    remove_dc_offset: bool,
    round_to_power_of_two: bool,
    sample_frequency: float,
    snip_edges: bool,
    window_type: str,
) -> Frames:
    """Check the arguments in the reference's order, and return the frames."""
    first = received("waveform", waveform)
    x = first.data
    channel = max(channel, 0)
    assert channel < x.shape[0], f"channel must be below {x.shape[0]}, got {channel}"
    if x.ndim < 2:
        raise IndexError(f"waveform must have the axes channel and time, got shape {tuple(x.shape)}")
    x = x[channel]
    shift = int(sample_frequency * frame_shift * 0.001)
    size = int(sample_frequency * frame_length * 0.001)
    n_fft = 1 << max(0, size - 1).bit_length() if round_to_power_of_two else size
    assert 2 <= size <= x.shape[0], f"frame_length must be 2 to {x.shape[0]} samples, got {size}"
    assert shift > 0, f"frame_shift must be at least a sample, got {frame_shift} ms"
    assert n_fft % 2 == 0, f"frames must have an even number of samples, got {n_fft}"
    assert 0.0 <= preemphasis_coefficient <= 1.0, f"got preemphasis_coefficient={preemphasis_coefficient}"
    assert sample_frequency > 0, f"sample_frequency must be positive, got {sample_frequency}"
    if x.shape[0] < min_duration * sample_frequency:
        return Frames(first, waveform, n_fft)
    require("float" in dtype_name(x), f"waveform must be floating point, got {x.dtype}")
    if window_type not in WINDOWS:
        message = f"window_type must be one of {', '.join(WINDOWS)}, got {window_type!r}"
        raise Exception(message)
    plan = Conditioning(
        size,
        shift,
        n_fft,
        snip_edges,
        window_type,
        blackman_coeff,
        preemphasis_coefficient,
        remove_dc_offset,
        raw_energy,
        energy_floor,
    )
    samples = plan.cut(first.xp, x)
    if dither != 0.0:  # each frame has noise of its own, so none shares samples any more
        plan, samples = _with_noise(plan, first.xp, samples, dither, waveform)
    return Frames(first, waveform, n_fft, plan, samples)


def _with_noise(
    plan: Conditioning, xp: ModuleType, x: Array, dither: float, given: Array
) -> tuple[Conditioning, Array]:
    frames = frame(xp, x[None], plan.size, plan.shift)[0]
    noise = normal(tuple(frames.shape), dtype_name(x), given)
    frames = frames + dither * (mx.array(noise) if xp is mx else noise)
    return replace(plan, shift=plan.size), frames.reshape(-1)


def checked_banks(
    bands: int,
    n_fft: int,
    sample_rate: float,
    low: float,
    high: float,
    vtln_low: float,
    vtln_high: float,
    factor: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return `mel_banks` of checked arguments, with the Nyquist bin still left out."""
    assert bands > 3, f"there must be at least 4 mel bins, got {bands}"
    assert n_fft % 2 == 0, f"the padded window must have an even length, got {n_fft}"
    nyquist = 0.5 * sample_rate
    high = high + nyquist if high <= 0.0 else high
    assert 0.0 <= low < nyquist, f"low_freq must be in 0 .. {nyquist}, got {low}"
    assert low < high <= nyquist, f"high_freq must be above low_freq={low} and at most {nyquist}, got {high}"
    vtln_high = vtln_high + nyquist if vtln_high < 0.0 else vtln_high
    if factor != 1.0:
        inside = low < vtln_low < high and 0.0 < vtln_high < high and vtln_low < vtln_high
        assert inside, f"vtln_low={vtln_low} and vtln_high={vtln_high} must lie in {low} .. {high}"
    return mel_banks(bands, n_fft, float(sample_rate), low, high, (vtln_low, vtln_high), float(factor))


@lru_cache(maxsize=32)
def banks_of(*arguments: float) -> Filterbank:
    """Return `checked_banks` as a filterbank over the n_fft // 2 + 1 bins, made once."""
    banks, _ = checked_banks(*arguments)  # type: ignore[arg-type] # as the caller typed them
    return Filterbank(np.pad(banks.T, [(0, 1), (0, 0)]))
