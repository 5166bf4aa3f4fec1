"""Matrix products of MLX arrays on the CPU, which numpy computes, as an operation of MLX's."""

import mlx.core as mx
import numpy as np
import pytest

from spectro.arithmetic.products import product, product_from_left

RNG = np.random.default_rng(0)
X, W = RNG.standard_normal((2, 50, 40)), RNG.standard_normal((40, 30))
LAZY = mx.array(X.astype(np.float32)), mx.array(W.astype(np.float32))


@pytest.fixture(autouse=True)
def on_the_cpu():
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    yield
    mx.set_default_device(before)


def squares(x, w):
    return (product(mx, x, w) ** 2).sum()


def test_value_is_that_of_float64():
    np.testing.assert_allclose(np.array(product(mx, *LAZY)), X @ W, atol=1e-5)
    x, w = LAZY
    np.testing.assert_allclose(
        np.array(product_from_left(mx, w.T, x.swapaxes(1, 2))), (X @ W).swapaxes(1, 2), atol=1e-5
    )


def test_both_factors_have_their_gradients():
    dx, dw = mx.grad(squares, argnums=(0, 1))(*LAZY)
    y = X @ W
    np.testing.assert_allclose(np.array(dx), 2 * y @ W.T, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(np.array(dw), 2 * np.einsum("bnk,bnm->km", X, y), rtol=1e-4, atol=1e-2)
    along = mx.jvp(squares, list(LAZY), list(LAZY))[1][0]
    np.testing.assert_allclose(float(along), 4 * (y**2).sum(), rtol=1e-5)


def test_second_derivative():
    def slope(x):
        return (mx.grad(squares)(x, LAZY[1]) * LAZY[0]).sum()

    np.testing.assert_allclose(np.array(mx.grad(slope)(LAZY[0])), 2 * X @ W @ W.T, rtol=1e-4, atol=1e-3)


def test_traced_by_compile_and_vmap():
    expected = X @ W
    np.testing.assert_allclose(
        np.array(mx.compile(lambda x, w: product(mx, x, w))(*LAZY)), expected, atol=1e-5
    )
    mapped = mx.vmap(lambda x: product(mx, x, LAZY[1]))(LAZY[0])
    np.testing.assert_allclose(np.array(mapped), expected, atol=1e-5)
