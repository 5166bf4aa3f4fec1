"""`librosa.icqt` and `griffinlim_cqt`: from constant-Q transforms to audio."""

from __future__ import annotations

import math
from inspect import unwrap
from typing import Any

import mlx.core as mx
import numpy as np

from .... import constantq
from ....errors import ParameterError
from ....spectrum import phase
from ....typing import Array
from ...registry import mirrors
from .._arrays import array, is_complex
from .._windows import WindowSpec
from ..util.utils import dtype_r2c
from ._constantq_forward import check_window, cqt
from ._random_phase import check_momentum, first_phase, generator

__all__ = ["griffinlim_cqt", "icqt"]


@mirrors("librosa.icqt", tier=2)
def icqt(
    C: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    length: int | None = None,
    res_type: str = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Approximate inverse of `cqt`: mirrors `librosa.icqt`.

    Parameters
    ----------
    C : complex array [..., n_bins, N]
    sr, hop_length, fmin, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, res_type
        Those of `cqt`.
    length : int, optional
        Samples to return: cut, or padded with zeros.
    dtype : real dtype, optional
        float64 by default (float32 in MLX).

    Returns
    -------
    real array [..., n]

    Raises
    ------
    ParameterError
        For an option out of range.
    """
    check_window(window)
    received = array(C)
    z = received.data
    if not is_complex(z):
        z = z.astype(mx.complex64 if received.xp is mx else dtype_r2c(z.dtype))
    if dtype is None and received.xp is np:
        dtype = np.float64  # of complex64 too: librosa's scales of the filters are float64
    lead = z.shape[:-2]
    x = constantq.icqt(
        z.reshape(math.prod(lead), *z.shape[-2:]),
        sr=sr,
        hop_length=hop_length,
        fmin=fmin,
        bins_per_octave=bins_per_octave,
        tuning=tuning,
        filter_scale=filter_scale,
        norm=norm,
        sparsity=sparsity,
        window=window,  # type: ignore[arg-type]
        scale=scale,
        length=length,
        res_type=res_type,
        dtype=dtype,
    )
    return received.give_back(x.reshape(*lead, x.shape[-1]))


@mirrors("librosa.griffinlim_cqt", tier=2)
def griffinlim_cqt(
    C: Array,
    *,
    n_iter: int = 32,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str = "soxr_hq",
    dtype: Any = None,
    length: int | None = None,
    momentum: float = 0.99,
    init: str | None = "random",
    random_state: Any = None,
) -> Array:
    """Return audio whose constant-Q transform has nearly magnitudes `C`: mirrors `librosa.griffinlim_cqt`.

    Parameters
    ----------
    C : real array [..., n_bins, N]
        Not negative.
    n_iter : int
        Times to the audio and back.
    momentum, init, random_state
        As for `griffinlim`; the other options as for `cqt` and `icqt`.

    Returns
    -------
    real array [..., n]

    Raises
    ------
    ParameterError
        For an option out of range, or a `length` that does not belong to N frames.
    """
    check_momentum(momentum)
    received = array(C)
    xp, magnitude = received.xp, received.data
    first = first_phase(init, random_state, tuple(magnitude.shape))
    start = None if first is None else xp.array(first.astype(np.complex64))
    options: dict[str, Any] = {
        "sr": sr,
        "hop_length": hop_length,
        "fmin": fmin,
        "bins_per_octave": bins_per_octave,
        "tuning": tuning,
        "filter_scale": filter_scale,
        "norm": norm,
        "sparsity": sparsity,
        "window": window,
        "scale": scale,
        "res_type": res_type,
    }

    def synthesize(z: Array) -> Array:
        return icqt(z, **options, length=length, dtype=dtype)

    def analyze(x: Array) -> Array:
        z = cqt(x, **options, n_bins=magnitude.shape[-2], pad_mode=pad_mode)
        if z.shape != magnitude.shape:
            raise ParameterError(f"length={length} has {z.shape[-1]} frames, C {magnitude.shape[-1]}")
        return z

    floor = float(np.finfo(np.float32).tiny)
    x = phase.griffin_lim(xp, magnitude, start, synthesize, analyze, n_iter, momentum, floor)
    return received.give_back(x)


@mirrors("librosa.griffinlim_cqt", release="1.0")
def _griffinlim_cqt_1(C: Array, *, rng: Any = None, random_state: Any = None, **options: Any) -> Array:
    """Mirror `griffinlim_cqt` of librosa 1.0: `rng` as numpy's `default_rng` takes it, or a RandomState."""
    return unwrap(griffinlim_cqt)(C, random_state=generator(rng, random_state), **options)
