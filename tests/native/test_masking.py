"""Masks over runs of frames as operations of MLX's."""

import mlx.core as mx
import numpy as np

from spectro.spectrograms.masking import Run, mask_runs

RNG = np.random.default_rng(0)


def test_gradient_reaches_what_is_kept_and_the_mean():
    x, weights = RNG.standard_normal((2, 3, 4)).astype(np.float32)
    masked = np.array([0.0, 1.0, 1.0, 0.0])

    def weighted(x):
        return (mask_runs(mx, x, [Run(1, 3, -1)], None) * mx.array(weights)).sum()

    expected = weights * (1 - masked) + (weights * masked).sum() / x.size
    np.testing.assert_allclose(np.array(mx.grad(weighted)(mx.array(x))), expected, atol=1e-6)
    along = mx.jvp(weighted, [mx.array(x)], [mx.array(weights)])[1][0]
    np.testing.assert_allclose(float(along), (expected * weights).sum(), rtol=1e-5)


def test_traced_by_compile():
    x = mx.array(RNG.standard_normal((2, 3, 4)).astype(np.float32))
    runs = [Run(np.array([0, 2]), np.array([1, 4]), -1), Run(1, 2, -2)]
    compiled = mx.compile(lambda x: mask_runs(mx, x, runs, 7.0))(x)
    np.testing.assert_array_equal(np.array(compiled), np.array(mask_runs(mx, x, runs, 7.0)))
