"""Logarithms and decibels of values, by the kernel, against numpy in float64."""

import numpy as np
import pytest

from spectro.kernels import cpu

pytestmark = pytest.mark.usefixtures("isa")


def values(*shape, dtype=np.float32):
    return np.random.default_rng(0).uniform(0, 10, shape).astype(dtype) ** 8


@pytest.mark.parametrize("shape", [(), (1,), (17,), (3, 5, 7), (2, 70001), (0, 3)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_decibels(shape, dtype):
    x = values(*shape, dtype=dtype)
    y = cpu.scale_values(x, cpu.Scale.decibels(amin=1e-3, reference=2.0))
    expected = 10 * np.log10(np.maximum(x.astype(float), 1e-3)) - 10 * np.log10(2.0)
    assert (y.dtype, y.shape) == (x.dtype, x.shape)
    np.testing.assert_allclose(y, expected, rtol=1e-6 if dtype == np.float32 else 1e-14, atol=2e-6)


@pytest.mark.parametrize("axes", [0, 1, 2, 3])
def test_the_range_is_below_the_peak_of_the_last_axes(axes):
    x = values(4, 3, 50)
    y = cpu.scale_values(x, cpu.Scale(logarithmic=True, range=2.0), axes)
    logs = np.log(x.astype(float))
    last = tuple(range(3 - axes, 3)) if axes else None
    np.testing.assert_allclose(y, np.maximum(logs, logs.max(axis=last, keepdims=True) - 2.0), atol=1e-5)


def test_memory_order_is_kept():
    x = values(2, 30, 40).swapaxes(1, 2)
    y = cpu.scale_values(x, cpu.Scale(logarithmic=True, gain=3.0, bias=1.0), 2)
    assert y.strides == x.strides
    np.testing.assert_allclose(y, np.log(3.0 * x.astype(float) + 1.0), rtol=1e-6, atol=1e-6)


def test_what_has_no_logarithm():
    x = np.array([-1.0, 0.0, np.inf, np.nan], np.float32)
    y = cpu.scale_values(x, cpu.Scale(logarithmic=True, floor=-np.inf))
    np.testing.assert_array_equal(y, [np.nan, -np.inf, np.inf, np.nan])
    limited = cpu.scale_values(x[2:], cpu.Scale(logarithmic=True, range=1.0))
    assert np.isnan(limited).all()  # as a maximum over them would be
