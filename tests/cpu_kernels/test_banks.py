"""Filterbanks over spectra in memory by the kernel, against products of matrices in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu

pytestmark = pytest.mark.usefixtures("isa")
RNG = np.random.default_rng(0)


def triangles(bands: int, bins: int) -> np.ndarray:
    """Weights [bands, bins] with supports of several lengths; the last band has none."""
    middle = np.linspace(0, bins, bands)[:, None]
    weights = np.maximum(0.0, 1 - abs(np.arange(bins) - middle) / (1 + middle / 4))
    weights[-1] = 0.0
    return weights


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(33, 1), (33, 50), (2, 33, 7), (3, 2, 33, 129), (2, 33, 0)])
@pytest.mark.parametrize("turned", [False, True])
def test_product(dtype: type, shape: tuple[int, ...], turned: bool) -> None:
    x = RNG.random(shape).astype(dtype)
    x = np.ascontiguousarray(x.swapaxes(-1, -2)).swapaxes(-1, -2) if turned else x
    weights = triangles(12, 33)
    y = cpu.apply_bank(cpu.bank_for(weights, dtype), x)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, weights @ x.astype(float), rtol=1e-5 if dtype == np.float32 else 1e-14)


@pytest.mark.parametrize("by_frames", [False, True])
def test_memory_order(by_frames: bool) -> None:
    x = RNG.random((2, 33, 20)).astype(np.float32)
    y = cpu.apply_bank(cpu.bank_for(triangles(12, 33)), x, by_frames=by_frames)
    assert (y.swapaxes(1, 2) if by_frames else y).flags.c_contiguous
    np.testing.assert_allclose(y, triangles(12, 33) @ x, rtol=1e-5)


def test_centered_sums_keep_the_bits_that_an_offset_hides() -> None:
    basis = np.cos(np.pi / 40 * np.arange(12)[:, None] * (np.arange(40) + 0.5))
    x = (RNG.standard_normal((40, 64)) - 5000.0).astype(np.float32)
    expected = basis @ x.astype(float)
    y = cpu.apply_bank(cpu.bank_for(basis), x, centered=True)
    # Rows but the first sum to 0, so the offset leaves nothing in them, and float32 holds them to 1e-6.
    np.testing.assert_allclose(y[1:], expected[1:], atol=2e-5)
    np.testing.assert_allclose(y[0], expected[0], rtol=1e-6)


def test_refuses_what_does_not_fit() -> None:
    bank = cpu.bank_for(triangles(12, 33))
    with pytest.raises(ValueError, match="33 bins"):
        cpu.apply_bank(bank, np.zeros((32, 5), np.float32))
    with pytest.raises(ValueError, match="float32"):
        cpu.apply_bank(bank, np.zeros((33, 5)))
