"""Filtered spectrograms, framing reductions and overlap-add against numpy float64."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu

from . import definitions as truth


def triangles(bands: int, bins: int) -> np.ndarray:
    """Overlapping triangles; the first band is empty and the last is one bin."""
    edges = np.linspace(0, bins - 1, bands + 2)
    k = np.arange(bins)
    rise = (k - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - k) / (edges[2:] - edges[1:-1])[:, None]
    weights = np.maximum(0, np.minimum(rise, fall))
    weights[0] = 0
    weights[-1] = 0
    weights[-1, bins - 2] = 1
    return weights


@pytest.mark.parametrize("layout", ["bfn", "bnf"])
@pytest.mark.parametrize("power", [1.0, 2.0, 1.7])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_fft", [128, 135, 122])
def test_bands_of_powers(isa: str, n_fft: int, dtype: type, power: float, layout: str) -> None:
    x = np.random.default_rng(3).standard_normal((3, 5000)).astype(dtype)
    window, weights = np.hanning(n_fft + 1)[:-1], triangles(13, n_fft // 2 + 1)
    plan, bank = cpu.plan_for(n_fft, 32, window, dtype), cpu.bank_for(weights, dtype)
    padding = cpu.Padding(n_fft // 2, n_fft // 2, "reflect")
    spectrum = truth.stft(x, window, 32, n_fft // 2, n_fft // 2, "reflect")
    expected = 3 * np.einsum("mk,bkn->bmn", weights, np.abs(spectrum) ** power)
    scale = cpu.Scale(power=power, factor=3.0)
    found = cpu.filtered(plan, bank, x, scale=scale, padding=padding, layout=layout)
    found = found if layout == "bfn" else found.swapaxes(1, 2)
    assert found.shape == expected.shape
    assert truth.relative_rms(found, expected) < (1e-6 if dtype == np.float32 else 1e-14)

    decibels = cpu.Scale.decibels(power=power if power != 1.7 else 2.0, amin=1e-3, reference=2.0)
    values = np.einsum("mk,bkn->bmn", weights, np.abs(spectrum) ** decibels.power)
    unit = 10 if decibels.power == 2 else 20
    expected = unit * (np.log10(np.maximum(values, 1e-3)) - np.log10(2.0))
    found = cpu.filtered(plan, bank, x, scale=decibels, padding=padding, layout=layout)
    found = found if layout == "bfn" else found.swapaxes(1, 2)
    assert np.abs(found - expected).max() < (2e-4 if dtype == np.float32 else 1e-10)
    assert (found[:, 0] == found[0, 0, 0]).all()  # the empty band is at the floor


def test_double_arithmetic_on_float32_is_float64_rounded_once(isa: str) -> None:
    x = np.random.default_rng(8).standard_normal((2, 4000)).astype(np.float32)
    window, weights = np.hanning(129)[:-1], triangles(13, 65)
    scale, bank = cpu.Scale.decibels(amin=1e-5), cpu.bank_for(weights, np.float64)
    found = cpu.filtered(cpu.plan_for(128, 32, window, np.float32, np.float64), bank, x, scale=scale)
    wide = cpu.filtered(cpu.plan_for(128, 32, window, np.float64), bank, x.astype(np.float64), scale=scale)
    np.testing.assert_array_equal(found, wide.astype(np.float32))
    plan, single = cpu.plan_for(128, 32, window, np.float32, np.float64), cpu.bank_for(weights, np.float32)
    with pytest.raises(ValueError, match="float32 does not fit 65 bins, float64"):
        cpu.filtered(plan, single, x)


def test_logarithm_over_the_whole_range(isa: str) -> None:
    # One frame a value: a window of one sample, so that the power is the sample squared.
    plan, bank = cpu.plan_for(1, 1, np.ones(1)), cpu.bank_for(np.ones((1, 1)))
    x = np.concatenate([np.geomspace(1e-19, 1e19, 20001), 1 + np.linspace(-0.4, 0.4, 4001)]).astype(
        np.float32
    )
    natural = cpu.filtered(plan, bank, x[None], scale=cpu.Scale(logarithmic=True))[0, 0]
    square = (x * x).astype(np.float64)
    expected = np.log(square)
    assert (np.abs(natural - expected) <= 2.0 * np.spacing(np.abs(expected).astype(np.float32))).all()
    special = np.array([[0.0, np.inf, np.nan, 1.0, 1e-22]], np.float32)
    found = cpu.filtered(plan, bank, special, scale=cpu.Scale(logarithmic=True))[0, 0]
    np.testing.assert_allclose(found, [-np.inf, np.inf, np.nan, 0.0, np.log(1e-44)], rtol=2e-2)
    with_bias = cpu.filtered(plan, bank, special, scale=cpu.Scale(logarithmic=True, gain=2.0, bias=1.0))[0, 0]
    np.testing.assert_allclose(with_bias, [0.0, np.inf, np.nan, np.log(3.0), 0.0], rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "hop"), [(2048, 512), (25, 7), (10, 16)])
def test_root_mean_square_and_zero_crossings(isa: str, n: int, hop: int, dtype: type) -> None:
    rng = np.random.default_rng(5)
    x = rng.standard_normal((2, 6000)).astype(dtype)
    x[:, 100:140] = 0
    x[:, 200:240] *= 1e-3
    plan = cpu.plan_for(n, hop, np.ones(n), dtype)
    padding = cpu.Padding(n // 2, n // 2, "edge")
    frames = truth.frames_of(x, n, hop, n // 2, n // 2, "edge")
    rms = cpu.frame_rms(plan, x, padding=padding)
    np.testing.assert_allclose(
        rms, np.sqrt(np.mean(frames**2, axis=-1)), rtol=1e-6 if dtype == np.float32 else 1e-13
    )
    for threshold in (0.0, 0.01):
        y = np.where(np.abs(frames) <= threshold, 0.0, frames)
        negative, sign = y < 0, np.sign(y)
        by_zero_positive = (negative[..., 1:] != negative[..., :-1]).sum(-1)
        found = cpu.frame_zero_crossings(plan, x, padding=padding, threshold=threshold)
        np.testing.assert_array_equal(found, by_zero_positive)
        found = cpu.frame_zero_crossings(
            plan, x, padding=padding, threshold=threshold, zero_is_positive=False
        )
        np.testing.assert_array_equal(found, (sign[..., 1:] != sign[..., :-1]).sum(-1))


@pytest.mark.parametrize(
    ("n", "hop", "start", "length"), [(64, 16, 0, 40000), (64, 100, 7, 30000), (50, 3, 20, 2000)]
)
def test_overlap_add(isa: str, n: int, hop: int, start: int, length: int) -> None:
    frames = np.random.default_rng(7).standard_normal((2, 300, n))
    expected = truth.overlap_add(frames, hop, start, length)
    np.testing.assert_allclose(cpu.overlap_add(frames, hop, start=start, length=length), expected, atol=1e-12)
    single = cpu.overlap_add(frames.astype(np.float32), hop, start=start, length=length)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, atol=1e-4)


@pytest.mark.parametrize(("dtype", "arithmetic"), [("f4", "f4"), ("f4", "f8"), ("f8", "f8")])
@pytest.mark.parametrize("n_fft", [128, 135])
def test_responses_of_complex_filters(isa: str, n_fft: int, dtype: str, arithmetic: str) -> None:
    rng, bins = np.random.default_rng(4), n_fft // 2 + 1
    x = rng.standard_normal((3, 5000)).astype(dtype)
    re, im = rng.standard_normal((2, 11, bins))
    weights = re + 1j * im
    weights[0], weights[1, 5:], weights[2, :-1] = 0, 0, 0  # empty, at the low end, the last bin alone
    window = np.hanning(n_fft)
    plan = cpu.plan_for(n_fft, 32, window, dtype, arithmetic)
    bank = cpu.bank_for(weights, arithmetic)
    found = cpu.responses(plan, bank, x, padding=cpu.Padding(20, 30, "reflect"))
    expected = np.einsum("mk,bkn->bmn", weights, truth.stft(x, window, 32, 20, 30, "reflect"))
    assert found.dtype == (np.complex64 if dtype == "f4" else np.complex128)
    assert truth.relative_rms(found, expected) < (1e-6 if dtype == "f4" else 1e-14)
    assert not found[:, 0].any()
    with pytest.raises(ValueError, match="complex"):
        cpu.responses(plan, cpu.bank_for(weights.real, arithmetic), x)
    with pytest.raises(ValueError, match="real"):
        cpu.filtered(plan, bank, x)
