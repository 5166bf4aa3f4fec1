"""Running medians: the kernel and the plain operations against sorted windows, and their gradient."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.arithmetic.medians import median_filter
from spectro.kernels import cpu

SHAPES = [(3, 40, 50), (2, 7, 5), (1, 1, 9), (130, 70)]
SIZES = [1, 2, 3, 8, 31, 64]


def by_definition(x: np.ndarray, size: int, axis: int) -> np.ndarray:
    lines = np.moveaxis(x, axis, -1)
    pads = [(0, 0)] * (x.ndim - 1) + [(size // 2, size - 1 - size // 2)]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(lines, pads, mode="symmetric"), size, axis=-1)
    return np.moveaxis(np.sort(windows, axis=-1)[..., size // 2], -1, axis)


def example(shape: tuple[int, ...], dtype: type = np.float32) -> np.ndarray:
    """Many equal values: taking the wrong one of them out would show."""
    return np.random.default_rng(len(shape)).integers(-20, 20, shape).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_kernel_is_the_definition(isa: str, shape: tuple[int, ...], size: int, dtype: type) -> None:
    x = example(shape, dtype)
    for axis in (-1, -2):
        found = cpu.median_filter(x, size, axis)
        assert found.dtype == dtype
        np.testing.assert_array_equal(found, by_definition(x, size, axis))


def test_infinities_are_values_too(native: None) -> None:
    x = np.array([[np.inf, 1, -np.inf, np.inf, 3, -np.inf, -np.inf, 2]], np.float32)
    np.testing.assert_array_equal(cpu.median_filter(x, 3, -1), by_definition(x, 3, -1))


def test_kernel_takes_strided_views(native: None) -> None:
    x = example((20, 30)).T[::2]
    np.testing.assert_array_equal(cpu.median_filter(x, 5, -1), by_definition(x, 5, -1))


@pytest.mark.parametrize("backend", ["auto", "portable"])
@pytest.mark.parametrize("axis", [-1, -2])
def test_arrays_of_both_kinds(backend: str, axis: int) -> None:
    x = example((2, 37, 11))
    lazy = mx.array(x)
    with spectro.config(backend=backend):
        for size in SIZES:
            expected = by_definition(x, size, axis)
            np.testing.assert_array_equal(median_filter(np, x, size, axis), expected)
            np.testing.assert_array_equal(np.array(median_filter(mx, lazy, size, axis)), expected)
        compiled = mx.compile(lambda x: median_filter(mx, x, 5, axis))
        np.testing.assert_array_equal(np.array(compiled(lazy)), by_definition(x, 5, axis))


@pytest.mark.parametrize("backend", ["auto", "portable"])
def test_gradient_goes_to_the_value_that_was_taken(backend: str) -> None:
    x = np.random.default_rng(0).permutation(40).astype(np.float32).reshape(1, 40)
    weights = np.arange(1.0, 41.0, dtype=np.float32)
    taken = by_definition(x, 5, -1)[0]
    expected = np.array([weights[taken == value].sum() for value in x[0]])
    with spectro.config(backend=backend):
        gradient = mx.grad(lambda x: (median_filter(mx, x, 5, -1) * mx.array(weights)).sum())(mx.array(x))
        np.testing.assert_array_equal(np.array(gradient)[0], expected)


def test_sizes_below_one_are_refused() -> None:
    with pytest.raises(spectro.ParameterError, match="size"):
        median_filter(np, np.zeros((2, 3)), 0, -1)
