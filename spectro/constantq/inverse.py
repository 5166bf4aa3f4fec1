"""`icqt`: audio from a constant-Q transform, octave by octave.

In one octave the transform of a frame's spectrum X is C = B X, rows of B being the filters' sparse spectra.
They hardly overlap, so B's adjoint, each row divided by its power, is nearly its inverse:

    X ~ sum_k conj(B_k) C_k / |B_k|^2

Frames are overlap-added, brought to the full rate, and the octaves summed (Schoerkhuber & Klapuri 2010).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import mlx.core as mx
import numpy as np

from ..arrays import Received, is_traced, receive
from ..backends.dispatch import choose, synthesize
from ..errors import ArrayTypeError, ParameterError
from ..filterbanks.bank import Filterbank
from ..framing.windows import Window
from ..kernels.cpu import mlx_arrays
from ..signal.octaves import upsample
from ..spectrum.plan import StftPlan
from ..typing import Array
from ..validation import check_int, is_kind
from .arguments import make_options, widen
from .basis import filter_spectra
from .frequencies import filter_lengths, relative_bandwidth
from .plan import Options, equal_frequencies
from .windows import WindowSpec

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["icqt"]


@dataclass(frozen=True, eq=False)
class _Octave:
    bins: slice
    halvings: int
    plan: StftPlan
    window: Window
    adjoint: Filterbank


@lru_cache(maxsize=32)
def _octaves(options: Options) -> tuple[tuple[_Octave, ...], float]:
    """Return the octaves, lowest first, and the length of the longest filter."""
    frequencies = equal_frequencies(options)
    alpha = relative_bandwidth(frequencies, options.bins_per_octave)
    arguments = options.filter_scale, options.window, 0.0
    lengths, _ = filter_lengths(frequencies, options.sr, *arguments, alpha)
    count = math.ceil(options.n_bins / options.bins_per_octave)
    twos = (options.hop_length & -options.hop_length).bit_length() - 1
    octaves = []
    for i in range(count):
        halvings = min(count - 1 - i, twos)
        bins = slice(i * options.bins_per_octave, min((i + 1) * options.bins_per_octave, options.n_bins))
        rate = options.sr / 2**halvings
        own, _ = filter_lengths(frequencies[bins], rate, *arguments, alpha[bins])
        spectra, n_fft = filter_spectra(
            frequencies[bins], own, rate, options.norm, options.sparsity, options.window
        )
        # In single precision and in this order, as librosa sums and scales the powers.
        power = np.sum(spectra.real**2 + spectra.imag**2, axis=1)
        scale = (np.float32(1) / power * (n_fft / lengths[bins])).astype(np.float32).astype(np.float64)
        if options.scale:
            scale = scale * np.sqrt(lengths[bins])
        plan = StftPlan(n_fft, options.hop_length >> halvings, pad=n_fft // 2, pad_mode="constant")
        adjoint = Filterbank(spectra.conj().astype(np.complex128) * scale[:, None])
        octaves.append(_Octave(bins, halvings, plan, Window(np.ones(n_fft)), adjoint))
    return tuple(octaves), float(max(lengths))


def icqt(
    z: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1.0,
    norm: float | None = 1.0,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    length: int | None = None,
    res_type: str = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Approximate inverse of `cqt`, as `librosa.icqt`.

    Parameters
    ----------
    z : complex array [n_bins, N] or [B, n_bins, N]
        What `cqt` returned for the same options.
    sr, hop_length, fmin, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale
        As for `cqt`.
    length : int, optional
        Samples to return, cut or zero-padded at the end.
    res_type : str
        As for `vqt`. Octaves at an eighth of the rate and below need the soxr library, in whose memory an
        `mx.array` is evaluated then; inside `mx.compile` and gradients the start of the signal is
        approximated instead (see `spectro.signal.octaves.upsample`).
    dtype : real dtype, optional
        Of the result; default that of the precision of `z`.

    Returns
    -------
    real array [T] or [B, T]

    Raises
    ------
    ParameterError, ArrayTypeError
        For a value out of range, or a `z` that is not complex of rank 2 or 3.
    LibraryImportError
        If a library that is needed is not installed.
    GradientError
        For a torch tensor that requires grad; for a traced `mx.array` with another `res_type`.

    Examples
    --------
    >>> import numpy as np
    >>> icqt(np.zeros((24, 44), np.complex64), length=22050).shape
    (22050,)
    """
    received = receive(z, "z")
    if not is_kind(received, "c"):
        raise ArrayTypeError(f"z must be complex, got {received.data.dtype}")
    if received.data.ndim not in (2, 3) or 0 in received.data.shape:
        raise ParameterError(
            f"z must have shape [n_bins, N] or [B, n_bins, N], got {tuple(received.data.shape)}"
        )
    options = make_options(
        None,
        sr=sr,
        hop_length=hop_length,
        fmin=fmin,
        n_bins=received.data.shape[-2],
        bins_per_octave=bins_per_octave,
        tuning=tuning,
        filter_scale=filter_scale,
        norm=norm,
        sparsity=sparsity,
        window=window,
        scale=scale,
    )
    if length is not None:
        check_int("length", length, minimum=1)
    single = received.data.ndim == 2
    batch = Received(received.xp, received.data[None] if single else received.data, received.give_back)
    batch = widen(batch, dtype)
    if batch.xp is mx and choose(z).backend == "cpu" and not is_traced(z):
        # Resampling takes it to host memory anyway.
        batch = Received(np, mlx_arrays.view(batch.data), mx.array)
    x: Array = _invert(batch, options, length, res_type)
    if batch.xp is not received.xp:
        x = mx.array(x)
    if dtype is not None and received.xp is np:
        x = x.astype(dtype, copy=False)
    return received.give_back(x[0] if single else x)


def _invert(received: Received, options: Options, length: int | None, res_type: str) -> Array:
    xp, z = received.xp, received.data
    octaves, longest = _octaves(options)
    if length is not None:
        # Later frames touch nothing that is kept.
        z = z[..., : math.ceil((length + longest) / options.hop_length)]

    def inverted(octave: _Octave) -> Array:
        frames = z[:, octave.bins].swapaxes(1, 2)
        spectrum = Received(xp, octave.adjoint.product(xp, frames), received.give_back)
        samples = octave.plan.natural_length(z.shape[-1])
        if samples == 0:
            raise ParameterError(f"z has {z.shape[-1]} frames, too few to be inverted")
        return synthesize(octave.plan, octave.window, spectrum, octave.plan.pad, samples, "bnf")

    total: Array = None
    for x in _upsampled(xp, octaves, inverted, res_type):
        total = x if total is None else np.add(total, x, out=total) if xp is np else total + x
    if length is None:
        return total
    missing = length - total.shape[-1]
    return xp.pad(total, [(0, 0), (0, missing)]) if missing > 0 else total[:, :length]


def _upsampled(
    xp: ModuleType, octaves: tuple[_Octave, ...], inverted: Callable[[_Octave], Array], res_type: str
) -> Iterator[Array]:
    """Yield the octaves at the full rate. In numpy a thread resamples one while the next is inverted."""
    if xp is not np:
        yield from (upsample(xp, inverted(octave), octave.halvings, res_type) for octave in octaves)
        return
    # Not above: Python refuses to import it in a thread that outlives the main one.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as resampler:
        earlier: Future[Array] | None = None
        for octave in octaves:
            x = inverted(octave)
            if earlier is not None:
                yield earlier.result()
            earlier = resampler.submit(copy_context().run, upsample, xp, x, octave.halvings, res_type)
        if earlier is not None:
            yield earlier.result()
