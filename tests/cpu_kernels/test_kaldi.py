"""Kaldi's conditioned frames by the kernel, against their definition in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu

pytestmark = pytest.mark.usefixtures("isa")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("size", "shift", "n_fft", "count"), [(400, 160, 512, 70), (25, 10, 25, 3), (2, 3, 8, 1)]
)
@pytest.mark.parametrize(
    ("emphasis", "mean", "raw"), [(0.97, True, True), (0.97, True, False), (0.0, False, True)]
)
def test_definition(
    dtype: type, size: int, shift: int, n_fft: int, count: int, emphasis: float, mean: bool, raw: bool
) -> None:
    rng = np.random.default_rng(0)
    x = (1000 * rng.standard_normal((count - 1) * shift + size) + 300).astype(dtype)
    window = rng.random(size).astype(dtype)
    frames = np.stack([x[i * shift : i * shift + size] for i in range(count)]).astype(float)
    frames -= frames.mean(axis=1, keepdims=True) * mean
    energy = (frames**2).sum(axis=1)
    frames = (frames - emphasis * frames[:, [0, *range(size - 1)]]) * window
    energy = energy if raw else (frames**2).sum(axis=1)
    options = {"emphasis": emphasis, "remove_mean": mean, "raw_energy": raw}
    y, e = cpu.condition(x, count, shift, n_fft, window, **options)
    error = 1e-6 if dtype == np.float32 else 1e-14
    assert (y.dtype, y.shape) == (dtype, (count, n_fft))
    np.testing.assert_allclose(y[:, :size], frames, atol=5000 * error)
    assert not y[:, size:].any()
    np.testing.assert_allclose(e, energy, rtol=10 * error)


def test_refuses_what_does_not_fit() -> None:
    x, window, options = np.zeros(50), np.ones(20), {"emphasis": 0.0, "remove_mean": True, "raw_energy": True}
    with pytest.raises(ValueError, match="do not hold 5 frames"):
        cpu.condition(x, 5, 10, 32, window, **options)
    with pytest.raises(ValueError, match="does not fit"):
        cpu.condition(x, 1, 10, 16, window, **options)
