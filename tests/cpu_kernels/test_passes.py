"""Passes over finished arrays: the range below the peak, and whether values are finite."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.kernels import cpu


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("size", [1, 7, 64, 100001, 3 << 18])
def test_one_bad_value_is_found_wherever_it_is(isa: str, size: int, dtype: type) -> None:
    x = np.full(size, np.finfo(dtype).max, dtype)  # a plain sum of these would be infinite
    assert cpu.all_finite(x)
    for place in {0, size // 2, size - 1}:
        for bad in (np.inf, -np.inf, np.nan):
            y = x.copy()
            y.real[place] = bad
            assert not cpu.all_finite(y)


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("frames", [5, 3000])  # the second is done by several threads
def test_values_far_below_the_peak_are_lifted(isa: str, frames: int, joint: bool) -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((3, frames * 16)) * np.array([[1e-3], [1.0], [1e2]])
    x = x.astype(np.float32) * (rng.uniform(size=x.shape) > 0.5)
    plan, bank = cpu.plan_for(32, 16, np.hanning(33)[:-1]), cpu.bank_for(rng.uniform(size=(40, 17)) > 0.9)
    free = cpu.filtered(plan, bank, x.astype(np.float32), scale=cpu.Scale.decibels())
    scale = cpu.Scale(**{**vars(cpu.Scale.decibels()), "range": 12.0, "joint": joint})
    found = cpu.filtered(plan, bank, x.astype(np.float32), scale=scale)
    peak = free.max(axis=None if joint else (1, 2), keepdims=True)
    np.testing.assert_array_equal(found, np.maximum(free, peak - np.float32(12)))
    assert (found != free).any()


def test_a_peak_that_is_no_number_leaves_none(isa: str) -> None:
    x = np.ones((2, 64000), np.float32)
    x[0, 12345] = np.nan
    plan, bank = cpu.plan_for(32, 16, np.ones(32)), cpu.bank_for(np.eye(17))
    scale = cpu.Scale(**{**vars(cpu.Scale.decibels()), "range": 12.0})
    found = cpu.filtered(plan, bank, x, scale=scale)
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()


@pytest.mark.parametrize("mode", ["mlx_native", "torchaudio_compat"])  # a peak for each signal; one for all
def test_the_range_has_the_gradient_of_plain_operations(native: None, mode: str) -> None:
    mel = spectro.MelSpectrogramTransform(8000, 256, 64, n_mels=10, top_db=6.0, output_scale="db", mode=mode)
    rng = np.random.default_rng(3)
    x = mx.array((rng.standard_normal((2, 900)) * [[1.0], [2.0]]).astype(np.float32))

    def loss(x: mx.array) -> mx.array:
        return (mel(x) ** 2).mean()

    with mx.stream(mx.cpu), spectro.config(backend="portable"):
        value, expected = mx.value_and_grad(loss)(x)
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    try:
        assert spectro.explain(x).startswith("cpu")
        found_value, found = mx.value_and_grad(loss)(x)
    finally:
        mx.set_default_device(before)
    assert abs(found_value - value) < 1e-4 * abs(value)
    assert mx.abs(expected).max() > 0
    assert mx.abs(found - expected).max() < 1e-4 * mx.abs(expected).max()
