"""Sample rates halved and doubled k times, as the constant-Q transform needs them.

librosa resamples with the soxr library. On its quality "soxr_hq", a rate changed by a power of two, soxr
is a chain of linear-phase FIR filters, each started at rest at the first sample:

    down by 2^k   k - 1 half-band filters, each keeping every other sample, then one sharp filter by 2
    up by 2^k     one sharp filter by 2 or by 4, then (nearly: see `upsample`) half-band filters, each by 2

    sharp         g(n) = f sinc(f n) I0(b sqrt(1 - (n / w)^2)) / I0(b),  |n| < w   (Kaiser & Schafer 1980)
    half-band     h(0) = 1/2, h(n) = 0 for other even n

Their parameters below are what soxr's answers to impulses show; soxr computes in float32 whatever the
array's type, and the chain reproduces it to that rounding, a few 1e-7 of the peak. The chain is plain array
operations: lazy, differentiable, compiled, on a GPU. soxr needs host memory and has the reference's very
rounding. So

    soxr        every array it can have, an `mx.array` being evaluated for it
    the chain   an `mx.array` that is traced (`mx.compile`, `mx.grad`, `mx.vmap`); anything without soxr
"""

from __future__ import annotations

import importlib.util
import math
from functools import lru_cache
from types import ModuleType
from typing import Any

import mlx.core as mx
import numpy as np

from ..arithmetic.products import product
from ..arrays import as_numpy, constant, is_traced
from ..errors import GradientError, LibraryImportError, ParameterError
from ..framing.frames import frame
from ..typing import Array

__all__ = ["change_rate", "downsample", "upsample"]

_CUTOFF = 0.95687182  # of the sharp filter, as a fraction of the lower rate's Nyquist frequency
# The sharp filter's half width w, in samples of the higher rate, and its b. Every further stage adds to the
# errors, so soxr makes each of them smaller: the index is the number of stages.
_SHARP_DOWN = (
    (194.5, 13.0400344),
    (204.5, 13.7112024),
    (210.5, 14.1041852),
    (214.5, 14.3831788),
    (216.5, 14.5996766),
    (220.5, 14.7766337),
    (222.5, 14.9262938),
    (224.5, 15.0559647),
    (224.5, 15.1703684),
)
_SHARP_UP = {2: (194.5, 13.0400344), 4: (388.5, 13.0400344), 8: (409.0, 13.7112024)}
# h(1), h(3), ... of the half-band filter in chains of up to three stages, and in longer ones.
_HALF_BAND_SHORT = (
    0.311546525,
    -0.0873449120,
    0.0368144503,
    -0.0151891988,
    0.00545408887,
    -0.00156438956,
    0.000318161,
    -0.0000347958,
)
_HALF_BAND_LONG = (
    0.312270332,
    -0.0892215115,
    0.0391396937,
    -0.0172505564,
    0.00685894925,
    -0.00230451057,
    0.000609637,
    -0.000113230,
    0.0000111942,
)


def _sharp(width: float, beta: float, rate: int) -> np.ndarray:
    """Return the sharp filter for a change by `rate`, with unit gain at 0 Hz: [2c + 1]."""
    n = np.arange(-int(width), int(width) + 1)
    cutoff = _CUTOFF / rate
    shape = np.i0(beta * np.sqrt(np.maximum(0.0, 1.0 - (n / width) ** 2))) / np.i0(beta)
    return cutoff * np.sinc(cutoff * n) * shape


def _half_band(odd: tuple[float, ...]) -> np.ndarray:
    """Return the half-band filter with h(1), h(3), ... = `odd`, with unit gain at 0 Hz: [4 len(odd) - 1]."""
    right = np.zeros(2 * len(odd) - 1)
    right[::2] = odd
    return np.concatenate([right[::-1], [0.5], right])


def _down_chain(k: int) -> list[np.ndarray]:
    half = _half_band(_HALF_BAND_SHORT if k <= 3 else _HALF_BAND_LONG)
    return [half] * (k - 1) + [_sharp(*_SHARP_DOWN[min(k, len(_SHARP_DOWN)) - 1], 2)]


def _up_chain(k: int) -> list[tuple[np.ndarray, int]]:
    first = min(2**k, 4)
    sharp = (_sharp(*_SHARP_UP[min(2**k, 8)], first), first)
    return [sharp] + [(_half_band(_HALF_BAND_SHORT), 2)] * (k - 2)


# A block of outputs is a block of inputs times a banded matrix, so either change of rate is overlapping
# frames times one matrix: a plain matrix product on every device, whose gradient is one too.


@lru_cache(maxsize=64)
def _down_matrices(k: int) -> list[tuple[np.ndarray, int]]:
    """Return (W, c) for each filter by 2: y[m] = sum_i W[i, m] x[i - c], W[i, m] = h(i - c - 2m)."""
    matrices = []
    for h in _down_chain(k):
        columns = _block(h)
        i, m = np.ogrid[: 2 * (columns - 1) + len(h), :columns]
        matrices.append((_entries(h, i - 2 * m), len(h) // 2))
    return matrices


@lru_cache(maxsize=64)
def _up_matrices(k: int) -> list[tuple[np.ndarray, int, int]]:
    """Return (W, q, r) for each filter: y[n] = sum_i W[i, n] x[i - q], W[i, n] = r h(n - r (i - q))."""
    matrices = []
    for h, rate in _up_chain(k):
        center = len(h) // 2
        reach = -(-center // rate)
        rows = _block(h) // rate
        i, n = np.ogrid[: rows + 2 * reach, : rows * rate]
        matrices.append((rate * _entries(h, center + n - rate * (i - reach)), reach, rate))
    return matrices


def _block(h: np.ndarray) -> int:
    # As many outputs as the filter is long cost twice the multiplications that are needed.
    return max(64, 2 ** int(np.log2(len(h))))


def _entries(h: np.ndarray, index: np.ndarray) -> np.ndarray:
    inside = (index >= 0) & (index < len(h))
    return np.where(inside, h[np.where(inside, index, 0)], 0.0)


def _chain_down(xp: ModuleType, x: Array, k: int) -> Array:
    # soxr answers the nearest whole number of samples, halves upwards; librosa adds a zero where one lacks.
    length, wanted = (x.shape[-1] + 2 ** (k - 1)) // 2**k, -(-x.shape[-1] // 2**k)
    steps = _down_matrices(k)
    # What a filter sends beyond the signal's end reaches the samples before it through the next one.
    x = _pad(xp, x, 0, sum(reach * 2**i for i, (_, reach) in enumerate(steps[:-1])))
    for i, (matrix, reach) in enumerate(steps):
        count = length if i == len(steps) - 1 else -(-x.shape[-1] // 2)
        x = _blocks(xp, x, matrix, reach, 2 * matrix.shape[1], count)
    return _pad(xp, x, 0, wanted - length)


def _chain_up(xp: ModuleType, x: Array, k: int) -> Array:
    length = x.shape[-1] * 2**k
    steps = _up_matrices(k)
    x = _pad(xp, x, 0, steps[0][1])
    for matrix, reach, rate in steps:
        x = _blocks(xp, x, matrix, reach, matrix.shape[1] // rate, x.shape[-1] * rate)
    return x[:, :length]


def _pad(xp: ModuleType, x: Array, left: int, right: int) -> Array:
    return xp.pad(x, [(0, 0), (left, right)]) if left or right else x


def _blocks(xp: ModuleType, x: Array, matrix: np.ndarray, before: int, hop: int, count: int) -> Array:
    """Multiply frames that start `before` samples early, every `hop`, by `matrix`; keep `count` outputs."""
    size, outputs = matrix.shape
    blocks = -(-count // outputs)
    end = (blocks - 1) * hop + size
    x = _pad(xp, x[:, : max(0, end - before)], before, max(0, end - before - x.shape[-1]))
    y = product(xp, frame(xp, x, size, hop), constant(matrix, xp, x))
    return y.reshape(x.shape[0], blocks * outputs)[:, :count]


# The libraries


def _library(name: str, res_type: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise LibraryImportError(f"res_type={res_type!r} needs {package}: pip install {package}") from error


_SAMPLERATE = ("linear", "zero_order_hold", "sinc_best", "sinc_medium", "sinc_fastest")


def _by_library(row: np.ndarray, orig: float, new: float, res_type: str) -> np.ndarray:
    if res_type.startswith("soxr"):
        return _library("soxr", res_type).resample(row, orig, new, quality=res_type)
    if res_type in ("scipy", "fft"):
        length = int(np.ceil(len(row) * (float(new) / orig)))
        return _library("scipy.signal", res_type).resample(row, length)
    if res_type == "polyphase":
        up, down = _whole_ratio(orig, new)
        return _library("scipy.signal", res_type).resample_poly(row, up, down)
    if res_type in _SAMPLERATE:
        ratio = float(new) / orig
        return _library("samplerate", res_type).resample(row, ratio=ratio, converter_type=res_type)
    if res_type in ("kaiser_best", "kaiser_fast"):
        return _library("resampy", res_type).resample(row, orig, new, filter=res_type)
    raise ParameterError(
        "res_type must be soxr_vhq, soxr_hq, soxr_mq, soxr_lq, soxr_qq, fft, scipy, polyphase, kaiser_best, "
        f"kaiser_fast or one of {', '.join(_SAMPLERATE)}, got {res_type!r}"
    )


def _whole_ratio(orig: float, new: float) -> tuple[int, int]:
    if int(orig) != orig or int(new) != new:
        raise ParameterError(f"res_type='polyphase' needs whole sample rates, got {orig} and {new}")
    common = math.gcd(int(orig), int(new))
    return int(new) // common, int(orig) // common


def change_rate(x: np.ndarray, orig: float, new: float, res_type: str) -> np.ndarray:
    """Return `x` [..., T] at the rate `new` instead of `orig`, as the library that `res_type` names makes it.

    "soxr_vhq", "soxr_hq", "soxr_mq", "soxr_lq", "soxr_qq" (soxr), "fft", "scipy", "polyphase" (scipy),
    "kaiser_best", "kaiser_fast" (resampy), or one of samplerate's. Each has its own opinion on the length.

    Raises
    ------
    LibraryImportError
        If that library is not installed.
    ParameterError
        For another `res_type`, or rates that it cannot do.
    """
    rows = np.ascontiguousarray(x).reshape(-1, x.shape[-1])
    made = np.stack([_by_library(row, orig, new, res_type) for row in rows])
    return made.reshape(*x.shape[:-1], made.shape[-1])


def _on_host(xp: ModuleType, x: Array, up: int, down: int, res_type: str, divisor: float = 1.0) -> Array:
    if xp is mx and is_traced(x):
        raise GradientError(
            f"res_type={res_type!r} is computed in host memory, where mx.compile, mx.vmap and gradients "
            "cannot follow it: use res_type='soxr_hq'"
        )
    values = as_numpy(x)
    length = -(-values.shape[-1] * up // down)
    y = np.empty((values.shape[0], length), values.dtype)
    for row, target in zip(values, y, strict=True):
        made = _by_library(np.ascontiguousarray(row), down, up, res_type)[:length]
        np.divide(made, divisor, out=target[: len(made)], casting="same_kind")
        target[len(made) :] = 0
    return mx.array(y) if xp is mx else y


def _takes_chain(xp: ModuleType, x: Array, res_type: str) -> bool:
    """Return whether the chain serves the call: soxr's numbers are wanted, but soxr cannot have `x`."""
    if res_type not in ("soxr_hq", "HQ"):
        return False
    if importlib.util.find_spec("soxr") is None:
        return True
    return xp is mx and is_traced(x)


def downsample(xp: ModuleType, x: Array, k: int, res_type: str) -> Array:
    """Return `x` [B, T] at 1 / 2^k of its rate, [B, ceil(T / 2^k)], filtered to half the new rate.

    The result is divided by sqrt(1 / 2^k), so that a tone keeps its energy.

    Raises
    ------
    LibraryImportError
        If `res_type` needs a library that is not installed; "soxr_hq" never does.
    GradientError
        If an `mx.array` is traced and `res_type` is not "soxr_hq".
    """
    if k == 0:
        return x
    ratio = 0.5**k
    if _takes_chain(xp, x, res_type):
        return _chain_down(xp, x, k) / math.sqrt(ratio)
    # In double and rounded once, as librosa does it: soxr rounds what it is given next by these bits.
    return _on_host(xp, x, 1, 2**k, res_type, np.sqrt(ratio))


def upsample(xp: ModuleType, x: Array, k: int, res_type: str) -> Array:
    """Return `x` [B, T] at 2^k times its rate, [B, 2^k T].

    From a factor of 8 on, soxr starts a signal in a way that the chain does not reproduce: samples within the
    filters' reach of the start differ by up to a tenth of the first ones, later ones by 1e-5. So for these
    factors the chain serves only traced arrays; other `mx.array`s are evaluated and go to soxr too.

    Raises
    ------
    LibraryImportError
        If a library that is needed is not installed: soxr for factors from 8 on, or what `res_type` names.
    GradientError
        If an `mx.array` is traced and `res_type` is not "soxr_hq".
    """
    if k == 0:
        return x
    if _takes_chain(xp, x, res_type) and (k <= 2 or (xp is mx and is_traced(x))):
        return _chain_up(xp, x, k)
    return _on_host(xp, x, 2**k, 1, res_type)
