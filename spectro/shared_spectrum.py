"""One STFT, any number of descriptors of it.

A descriptor has two parts: `of_frames`, which sees each frame by itself, and `finish`,
which sees all frames of an example and so may take a peak over them or a difference in time.

Precision. numpy audio in float32 is analysed in float64 and the result rounded once, where the
descriptor asks for it (`wide`): a float32 FFT leaves noise of 1e-7 of a frame's loudest bin in the
quietest ones, which is nothing to an energy but tens of dB to a valley between partials. An
`mx.array` is computed in float32 all through, since MLX has no float64 FFT.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from .arrays import Received
from .spectrum import SpectralTransform, get_transform_mlx
from .typing import Array, CenterPadMode, CenterTailPad
from .validation import check_audio, check_int

__all__ = ["Descriptor", "Spectrum", "describe", "describe_one", "frame_transform", "safe_divisor"]

# Elements of a power spectrum in numpy: half a minute of audio at a time, so that hours of it need no more
# memory; and of the part of it that descriptors look at, so that their intermediate arrays stay in the cache.
BLOCK = 2**21
CACHED = 2**17


class Spectrum:
    """Power or magnitude spectra [B, n, F] of frames, each form computed when first asked for.

    Made from an MLX spectrum `z`, or in numpy from its `power`. `dtype` is what results are rounded to.
    """

    def __init__(
        self, xp: ModuleType, dtype: Any, z: Array | None = None, power: Array | None = None
    ) -> None:
        self.xp = xp
        self.dtype = dtype
        self._z = z
        self._power = power

    @cached_property
    def power(self) -> Array:
        """|X|^2."""
        return self._power if self._z is None else self.xp.real(self._z) ** 2 + self.xp.imag(self._z) ** 2

    @cached_property
    def magnitude(self) -> Array:
        """|X|."""
        # float64 holds the square of any float32; float32 may not, and the root of a 0 has no gradient.
        return self.xp.sqrt(self._power) if self._z is None else self.xp.abs(self._z)

    @cached_property
    def total(self) -> Array:
        """The sum of the magnitudes over the bins [B, n, 1], 1 where there is nothing to divide by."""
        return safe_divisor(self.xp, self.magnitude.sum(axis=-1, keepdims=True))


def safe_divisor(xp: ModuleType, total: Array) -> Array:
    """Return `total`, with 1 in place of what is below the smallest normal number of its dtype.

    librosa's `util.normalize` leaves such columns as they are.
    """
    tiny = np.finfo(np.float64 if total.dtype == np.float64 else np.float32).tiny
    return xp.where(total < float(tiny), xp.ones_like(total), total)


class Descriptor(Protocol):
    """A function of spectra."""

    @property
    def wide(self) -> bool:
        """Whether numpy computes in float64 even where the audio is float32."""

    def of_frames(self, spectrum: Spectrum) -> Array:
        """Return values [B, n, K] of n frames."""

    def finish(self, xp: ModuleType, values: Array) -> Array:
        """Return the descriptor [B, K', N], or [B, N], of `of_frames` of all frames [B, K, N]."""


def frame_transform(
    n_fft: int,
    hop_length: int,
    win_length: int | None,
    window_fn: str,
    center: bool,
    center_pad_mode: CenterPadMode,
    center_tail_pad: CenterTailPad,
) -> SpectralTransform:
    """Return the STFT that the descriptors share their options with."""
    check_int("n_fft", n_fft, minimum=2)
    return get_transform_mlx(
        n_fft=n_fft,
        hop_length=hop_length,
        win_length=n_fft if win_length is None else win_length,
        window_fn=window_fn,
        periodic=True,
        center=center,
        normalized=False,
        window=None,
        center_pad_mode=center_pad_mode,
        center_tail_pad=center_tail_pad,
    )


def describe(descriptors: Sequence[Descriptor], transform: SpectralTransform, x: Array) -> list[Array]:
    """Return each descriptor of audio [T] or [B, T] from one STFT, without B for a single signal."""
    received = check_audio(x)
    xp = received.xp
    if xp is np:
        values = _by_blocks(descriptors, transform, received)
    else:
        spectrum = Spectrum(xp, received.data.dtype, z=transform.analyze(received))
        values = [descriptor.of_frames(spectrum) for descriptor in descriptors]
    results = []
    for descriptor, value in zip(descriptors, values, strict=True):
        result = descriptor.finish(xp, value.swapaxes(1, 2))
        if xp is np:
            result = np.ascontiguousarray(result, dtype=received.data.dtype)
        results.append(received.give_back(result[0] if received.data.ndim == 1 else result))
    return results


def describe_one(descriptor: Descriptor, transform: SpectralTransform, x: Array) -> Array:
    """Return one descriptor of audio [T] or [B, T]."""
    return describe([descriptor], transform, x)[0]


def _by_blocks(
    descriptors: Sequence[Descriptor], transform: SpectralTransform, received: Received
) -> list[Array]:
    x = received.data
    if any(descriptor.wide for descriptor in descriptors):
        x = x.astype(np.float64)

    def values(power: Array) -> list[Array]:
        spectrum = Spectrum(np, received.data.dtype, power=power)
        return [descriptor.of_frames(spectrum) for descriptor in descriptors]

    frames = max(1, BLOCK // (transform.n_freqs * (x.shape[0] if x.ndim == 2 else 1)))
    cached = max(1, CACHED * frames // BLOCK)
    pieces: list[list[Array]] = []
    for power in transform.power_blocks(Received(np, x, received.give_back), frames):
        parts = [power[:, first : first + cached] for first in range(0, power.shape[1], cached)]
        pieces.extend(values(part) for part in parts)
    return [np.concatenate(parts, axis=1) for parts in zip(*pieces, strict=True)]
