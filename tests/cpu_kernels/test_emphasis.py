"""Pre-emphasis by the kernel, against its definition in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1,), (30,), (3, 1), (2, 3, 17), (2, 70001), (2, 0), (0, 5)])
def test_definition(isa: str, dtype: type, shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    expected = x.astype(float)
    expected[..., 1:] -= 0.9 * x[..., :-1].astype(float)
    y = cpu.preemphasis(x, 0.9)
    assert (y.dtype, y.shape) == (dtype, shape)
    np.testing.assert_allclose(y, expected, atol=1e-6 if dtype == np.float32 else 1e-15)
