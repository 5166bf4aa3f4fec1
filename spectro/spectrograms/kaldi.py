"""Kaldi's front end (Povey et al. 2011): frames that are conditioned one by one, and features of them.

    x      frame of `size` samples every `shift`, less its mean
    e      ln sum x^2, the frame's energy (or after the window)
    x'[j] = x[j] - c x[j - 1], x'[0] = (1 - c) x[0];   times the window;   zeros to `n_fft`
    power spectrum, mel bands, ln, DCT

Numbers are those of torchaudio.compliance.kaldi, whose logarithms have the floor `EPSILON`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..arrays import Received, constant
from ..backends.dispatch import analyze_power, project
from ..compiled.by_values import by_numpy, has_kernel
from ..filterbanks.bank import Filterbank
from ..framing.frames import frame
from ..framing.windows import COSINE_SUMS, as_window, cosine
from ..kernels import cpu
from ..spectrum.plan import StftPlan
from ..spectrum.scales import LINEAR, Scale, logarithm
from ..typing import Array
from .cepstrum import dct_basis, project_bands

__all__ = [
    "EPSILON",
    "WINDOWS",
    "Conditioning",
    "cepstra",
    "hz_to_mel",
    "log_mel",
    "log_power",
    "mel_banks",
    "mel_to_hz",
]

EPSILON = float(np.finfo(np.float32).eps)
WINDOWS = ("hamming", "hanning", "povey", "rectangular", "blackman")


@dataclass(frozen=True)
class Conditioning:
    """How frames are cut and conditioned.

    Attributes
    ----------
    size, shift, n_fft : int
        Samples of a frame, between frames, and of the FFT.
    snip_edges : bool
        Only whole frames, or as many as `shift` fits, the signal being mirrored at its ends.
    window : one of WINDOWS
    blackman : float
        First coefficient of the Blackman window.
    emphasis : float
        c above.
    remove_mean, raw_energy : bool
        Whether the mean is removed, and the energy taken before emphasis and window.
    floor : float
        Least energy.
    """

    size: int
    shift: int
    n_fft: int
    snip_edges: bool = True
    window: str = "povey"
    blackman: float = 0.42
    emphasis: float = 0.97
    remove_mean: bool = True
    raw_energy: bool = True
    floor: float = 1.0

    def count(self, length: int) -> int:
        """Return how many frames a signal has."""
        if self.snip_edges:
            return 1 + (length - self.size) // self.shift if length >= self.size else 0
        return (length + self.shift // 2) // self.shift

    def cut(self, xp: ModuleType, x: Array) -> Array:
        """Return x [T], or with what is mirrored at its ends, such that frame i begins at sample i shift."""
        count = self.count(x.shape[0])
        if not self.snip_edges:
            left = self.size // 2 - self.shift // 2
            mirrored = x[::-1]
            start = [mirrored[-left:], x] if left > 0 else [x[-left:]]
            x = xp.concatenate([*start, mirrored])
        return x[: (count - 1) * self.shift + self.size]

    def features(
        self, xp: ModuleType, x: Array, compute: Callable[[ModuleType, Array, Array], Array]
    ) -> Array:
        """Return ``compute(xp, frames, energies)`` of what `cut` returned.

        frames [N, n_fft] are conditioned, energies [N] logarithmic.
        """

        def of_samples(xp: ModuleType, x: Array) -> Array:
            return compute(xp, *self._conditioned(xp, x))

        return by_numpy(of_samples, xp, x)

    def _conditioned(self, xp: ModuleType, x: Array) -> tuple[Array, Array]:
        frames, energy = self._by_kernel(x) if xp is np and has_kernel(x) else self._plain(xp, x)
        energy = xp.log(xp.maximum(energy, EPSILON))
        return frames, energy if self.floor == 0.0 else xp.maximum(energy, math.log(self.floor))

    def _by_kernel(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return cpu.condition(
            x,
            1 + (len(x) - self.size) // self.shift,
            self.shift,
            self.n_fft,
            constant(window(self.window, self.size, self.blackman), np, x),
            emphasis=self.emphasis,
            remove_mean=self.remove_mean,
            raw_energy=self.raw_energy,
        )

    def _plain(self, xp: ModuleType, x: Array) -> tuple[Array, Array]:
        frames = frame(xp, x[None], self.size, self.shift)[0]
        if self.remove_mean:
            frames = frames - frames.mean(axis=1, keepdims=True)
        energy = (frames * frames).sum(axis=1)
        if self.emphasis != 0.0:
            before = xp.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
            frames = frames - self.emphasis * before
        frames = frames * constant(window(self.window, self.size, self.blackman), xp, frames)
        if not self.raw_energy:
            energy = (frames * frames).sum(axis=1)
        return xp.pad(frames, [(0, 0), (0, self.n_fft - self.size)]), energy


@lru_cache(maxsize=64)
def window(name: str, size: int, blackman: float) -> np.ndarray:
    """Return a symmetric window [size]; "povey" is the Hann window to the power 0.85."""
    if name == "rectangular":
        return np.ones(size)
    if name == "blackman":
        return cosine(size, (blackman, 0.5, 0.5 - blackman), False)
    hann = cosine(size, COSINE_SUMS["hamming" if name == "hamming" else "hann"], False)
    return np.maximum(hann, 0.0) ** 0.85 if name == "povey" else hann


def _whole(frames: Array) -> tuple[StftPlan, Received]:
    """Return the plan for which the conditioned frames, one after another, are a signal's frames."""
    count, n_fft = frames.shape
    xp = np if isinstance(frames, np.ndarray) else mx
    return StftPlan(n_fft, n_fft), Received(xp, frames.reshape(1, count * n_fft), lambda y: y)


def log_power(xp: ModuleType, frames: Array) -> Array:
    """Return the logarithms of the power spectra [N, F] of conditioned frames [N, n_fft]."""
    plan, signal = _whole(frames)
    power = analyze_power(plan, as_window(np.ones(plan.n_fft), plan.n_fft), signal)[0]
    return logarithm(xp, power, "clamp", EPSILON, 1.0)


def log_mel(frames: Array, banks: Filterbank, power: bool, log: bool) -> Array:
    """Return mel bands [M, N] of conditioned frames: of power or magnitude, their logarithm or themselves."""
    plan, signal = _whole(frames)
    scale = Scale("clamp", amin=EPSILON) if log else LINEAR
    rectangle = as_window(np.ones(plan.n_fft), plan.n_fft)
    return project(plan, rectangle, signal, 2.0 if power else 1.0, banks, scale, by_frames=True)[0]


def cepstra(bands: Array, count: int, lifter: float) -> Array:
    """Return `count` liftered cepstral coefficients [K, N] of log mel bands [M, N]."""
    return project_bands(_liftered_dct(count, bands.shape[0], lifter), bands)


@lru_cache(maxsize=32)
def _liftered_dct(count: int, bands: int, lifter: float) -> Filterbank:
    basis = np.array(dct_basis(bands, bands, "ortho")[:count])
    if lifter != 0.0:
        basis *= (1.0 + 0.5 * lifter * np.sin(np.pi * np.arange(count) / lifter))[:, None]
    return Filterbank(basis.T)


def hz_to_mel(hz: np.ndarray | float) -> np.ndarray:
    """Return 1127 ln(1 + f / 700), the mel scale of HTK and Kaldi."""
    return 1127.0 * np.log(1.0 + np.asarray(hz, np.float64) / 700.0)


def mel_to_hz(mel: np.ndarray | float) -> np.ndarray:
    """Return Hz of mel, the inverse of `hz_to_mel`."""
    return 700.0 * (np.exp(np.asarray(mel, np.float64) / 1127.0) - 1.0)


def warp(hz: np.ndarray, low: float, high: float, cutoffs: tuple[float, float], factor: float) -> np.ndarray:
    """Return frequencies scaled by 1 / factor for vocal tract length normalisation (Lee & Rose 1998).

    Piecewise linear: between the cutoffs, moved by the factor, the scale is 1 / factor; from there to `low`
    and to `high` straight lines lead to these ends, which stay.
    """
    left, right = cutoffs[0] * max(1.0, factor), cutoffs[1] * min(1.0, factor)
    corners = np.array([low, left, right, high])
    warped = np.interp(hz, corners, [low, left / factor, right / factor, high])
    return np.where((hz < low) | (hz > high), hz, warped)


@lru_cache(maxsize=32)
def mel_banks(
    bands: int,
    n_fft: int,
    sample_rate: float,
    low: float,
    high: float,
    cutoffs: tuple[float, float] = (0.0, 0.0),
    factor: float = 1.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return triangles over mel [bands, n_fft // 2], without the Nyquist bin, and their centres [bands], Hz.

    With a `factor` other than 1 their edges are warped: see `warp`.
    """
    ends = hz_to_mel(low), hz_to_mel(high)
    edges = ends[0] + np.arange(bands + 2) * ((ends[1] - ends[0]) / (bands + 1))
    if factor != 1.0:
        edges = hz_to_mel(warp(mel_to_hz(edges), low, high, cutoffs, factor))
    left, center, right = (edges[i : i + bands, None] for i in range(3))
    mel = hz_to_mel(sample_rate / n_fft * np.arange(n_fft // 2))[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        rise, fall = (mel - left) / (center - left), (right - mel) / (right - center)
    banks = np.where(
        (mel > left) & (mel <= center), rise, np.where((mel > center) & (mel < right), fall, 0.0)
    )
    banks.setflags(write=False)
    return banks, mel_to_hz(edges[1:-1])
