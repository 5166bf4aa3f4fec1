"""Per-channel energy normalisation (Wang, Getreuter, Hughes, Lyon & Saurous 2017; Lostanlen et al. 2019).

    M[n] = (1 - b) M[n - 1] + b R[n]              a running mean of the energies R of each channel
    P = (S (eps + M)^-gain + bias)^power - bias^power

the difference of powers taken by expm1 and log1p, so that faint sounds keep their precision.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from ..arithmetic.products import product
from ..arrays import constant
from ..backends.dispatch import choose
from ..kernels import cpu as native
from ..typing import Array

__all__ = ["pcen", "running_mean"]

# Frames whose running mean is one matrix product; between blocks it is a recursion.
_BLOCK = 64


def running_mean(xp: ModuleType, x: Array, b: float, state: Array) -> tuple[Array, Array]:
    """Return M[n] = (1 - b) M[n - 1] + b x[n] of x [..., N], and (1 - b) M[N - 1], [..., 1].

    `state` [..., 1] is the same of the frame before the first.
    """
    decay = 1.0 - b
    count = x.shape[-1]
    power = np.arange(_BLOCK)
    # Row k weighs the inputs of a block for its output k: b decay^(k - j).
    weights = b * np.tril(decay ** np.maximum(power[:, None] - power, 0))
    table = constant(weights.T.copy(), xp, x)
    fading = constant(decay**power, xp, x)
    blocks = []
    for first in range(0, count, _BLOCK):
        part = x[..., first : first + _BLOCK]
        size = part.shape[-1]
        mean = product(xp, part, table[:size, :size]) + state * fading[:size]
        state = decay * mean[..., -1:]
        blocks.append(mean)
    return xp.concatenate(blocks, axis=-1) if blocks else x, state


def pcen(
    xp: ModuleType,
    s: Array,
    averaged: Array | None,
    state: Array,
    b: float,
    gain: float,
    bias: float,
    power: float,
    eps: float,
) -> tuple[Array, Array]:
    """Return energies `s` [..., N], normalised by the running mean of `averaged` or `s`, and compressed.

    And, as `running_mean` returns it, the state after the last frame. float64 in numpy.
    """
    if xp is np and bias > 0 and power > 0 and _is_for_kernel(s, averaged):
        return native.pcen(s, averaged, state, 1.0 - b, gain, bias, power, eps)
    mean, state = running_mean(xp, s if averaged is None else averaged, b, state)
    return _compressed(xp, s, mean, gain, bias, power, eps), state


def _is_for_kernel(s: np.ndarray, averaged: np.ndarray | None) -> bool:
    """Return whether the kernel takes energies: it knows no infinity."""
    finite = np.isfinite(s).all() and (averaged is None or np.isfinite(averaged).all())
    return bool(finite) and choose(s).backend == "cpu"


def _compressed(
    xp: ModuleType, s: Array, mean: Array, gain: float, bias: float, power: float, eps: float
) -> Array:
    smooth = (eps + mean) ** -gain
    if power == 0:
        return xp.log1p(s * smooth)
    if bias == 0:
        return xp.exp(power * (xp.log(s) + xp.log(smooth)))
    return bias**power * xp.expm1(power * xp.log1p(s * smooth / bias))
