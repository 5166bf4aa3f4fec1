"""mu-law levels by the kernel, against the formula in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mu", [1.0, 255.0, 65535.0])
@pytest.mark.parametrize("shape", [(), (5,), (2, 3, 40001)])
def test_levels(isa: str, dtype: type, mu: float, shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).uniform(-1, 1, shape).astype(dtype)
    exact = (np.sign(x) * np.log1p(mu * abs(x.astype(float))) / np.log1p(mu) + 1) / 2 * mu + 0.5
    levels = cpu.mu_encode(x, mu)
    assert (levels.dtype, levels.shape) == (np.int64, shape)
    near = abs(exact - np.round(exact)) < (1e-6 if dtype == np.float32 else 1e-12) * mu  # of a step
    assert (near | (levels == np.floor(exact))).all()
    assert near.mean() < 0.5
    assert (abs(levels - exact + 0.5) <= 0.51).all()


def test_ends(isa: str) -> None:
    assert cpu.mu_encode(np.array([-1.0, -0.0, 0.0, 1.0]), 255.0).tolist() == [0, 128, 128, 255]
