"""Products in full float32 of stacks of matrices: which pairs meet in the kernel for one matrix."""

import mlx.core as mx
import numpy as np
import pytest

from spectro.arithmetic import products
from spectro.arithmetic.products import product
from spectro.kernels import gpu


@pytest.mark.parametrize(
    ("x", "w"),
    [
        ((7, 5), (5, 3)),
        ((2, 7, 5), (5, 3)),
        ((2, 7, 5), (1, 5, 3)),
        ((2, 7, 5), (2, 5, 3)),
        ((4, 1, 7, 5), (2, 5, 3)),
        ((7, 5), (1, 1, 5, 3)),
    ],
)
def test_stacks_broadcast_as_numpy_has_it(x, w, monkeypatch):
    taken = []

    def single(a, b):
        taken.append(b.shape)
        return a @ b

    monkeypatch.setattr(products, "_cuts_factors", lambda x, w: True)
    monkeypatch.setattr(gpu, "product", single)
    rng = np.random.default_rng(0)
    a, b = rng.integers(-9, 9, x).astype(np.float32), rng.integers(-9, 9, w).astype(np.float32)
    np.testing.assert_array_equal(np.array(product(mx, mx.array(a), mx.array(b))), a @ b)
    assert set(taken) == {(5, 3)}


def test_complex_products_are_real_ones_of_their_parts(monkeypatch):
    monkeypatch.setattr(products, "_cuts_factors", lambda x, w: True)
    monkeypatch.setattr(gpu, "product", lambda a, b: a @ b)
    rng = np.random.default_rng(0)
    a, b = (
        rng.integers(-9, 9, (*s, 2)).astype(np.float32).view(np.complex64)[..., 0]
        for s in ((2, 7, 5), (5, 3))
    )
    y = product(mx, mx.array(a), mx.array(b))
    assert y.dtype == mx.complex64
    np.testing.assert_array_equal(np.array(y), a @ b)
