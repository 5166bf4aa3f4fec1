"""Polyphase filters by the kernel, against their definition in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu

pytestmark = pytest.mark.usefixtures("isa")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("down", "up", "length"), [(2, 1, 9), (1, 3, 40), (7, 5, 20011), (441, 160, 500), (3, 2, 0)]
)
@pytest.mark.parametrize("samples", [1, 30, 28000])
def test_definition(dtype: type, down: int, up: int, length: int, samples: int) -> None:
    rng = np.random.default_rng(0)
    first = np.sort(rng.integers(-20, down, up))
    taps = np.zeros((up, 32))
    taps[:, :19] = rng.standard_normal((up, 19))
    x = rng.standard_normal((2, samples)).astype(dtype)
    time = (np.arange(length) // up * down + first[np.arange(length) % up])[:, None] + np.arange(32)
    inside = (time >= 0) & (time < samples)
    read = np.where(inside, x.astype(float)[:, np.clip(time, 0, samples - 1)], 0.0)
    expected = (read * taps[np.arange(length) % up]).sum(axis=-1)
    y = cpu.polyphase(x, down, first, taps.astype(dtype), length)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, expected, atol=1e-5 if dtype == np.float32 else 1e-13)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        cpu.polyphase(np.zeros((1, 50), np.float32), 1, np.zeros(1, np.int64), np.zeros((1, 16)), 10)
