"""Linear prediction: a sample as a sum of those before it, by Burg's method (Burg 1975)."""

from __future__ import annotations

import numpy as np

__all__ = ["burg"]


def burg(x: np.ndarray, order: int) -> np.ndarray:
    """Return the prediction error filter a [..., order + 1] of real `x` [..., n], float64.

        e[t] = sum_k a[k] x[t - k],    a[0] = 1

    Each step adds a coefficient: with f and b the errors of predicting forwards and backwards so far, the
    reflection coefficient that makes the next errors least is r = -2 sum f b / sum (f^2 + b^2), and

        a'[k] = a[k] + r a[i + 1 - k],    f' = f + r b,    b' = b + r f

    with f' one sample later, and b' one earlier; the denominator follows from the one before. Silence gives
    a = 1, 0, 0, ...
    """
    x = x.astype(np.float64, copy=False)
    forward, backward = x[..., 1:], x[..., :-1]
    energy = np.sum(forward**2 + backward**2, axis=-1, keepdims=True)
    a = np.zeros((*x.shape[:-1], order + 1))
    a[..., 0] = 1
    for i in range(order):
        reflection = -2 * np.sum(forward * backward, axis=-1, keepdims=True)
        reflection /= energy + np.finfo(np.float64).tiny
        a[..., 1 : i + 2] += reflection * a[..., i::-1]
        forward, backward = forward + reflection * backward, backward + reflection * forward
        energy = (1 - reflection**2) * energy - backward[..., -1:] ** 2 - forward[..., :1] ** 2
        forward, backward = forward[..., 1:], backward[..., :-1]
    return a
