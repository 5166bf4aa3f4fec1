"""Descriptors of frames against numpy float64."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu
from spectro.kernels.cpu import descriptors as kinds

from . import definitions as truth

HOP = 32
POWERS = (2.0, 1.0, 3.5)


def described(wanted: list[kinds.Descriptor], x: np.ndarray, n_fft: int) -> np.ndarray:
    window = np.hanning(n_fft + 1)[:-1]
    plan = cpu.plan_for(n_fft, HOP, window, x.dtype)
    padding = cpu.Padding(n_fft // 2, n_fft // 2, "reflect")
    return cpu.describe(plan, cpu.Descriptors(wanted, plan.bins, x.dtype), x, padding=padding)


def magnitudes(x: np.ndarray, n_fft: int) -> np.ndarray:
    return np.abs(truth.stft(x, np.hanning(n_fft + 1)[:-1], HOP, n_fft // 2, n_fft // 2, "reflect"))


def signal(dtype: type) -> np.ndarray:
    return np.random.default_rng(11).standard_normal((2, 3000)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_fft", [128, 135, 122])
def test_several_at_once(isa: str, n_fft: int, dtype: type) -> None:
    x, bins = signal(dtype), n_fft // 2 + 1
    s = magnitudes(x, n_fft)
    f = np.sqrt(np.arange(bins) + 1.0)  # any frequencies, not only evenly spaced ones
    weights = np.random.default_rng(3).random((5, bins))
    ranges = ((0, 7, 1), (6, bins, 20), (3, bins - 2, 30))
    wanted = [
        kinds.Rolloff(f, 0.85),
        kinds.Centroid(f),
        kinds.Bands(cpu.bank_for(weights, dtype), cpu.Scale.decibels()),
        kinds.Extremes(ranges),
        kinds.Bandwidth(f, 2.0),
        kinds.Bandwidth(f, 3.5),
        kinds.Autocorrelation(bins - 1, False),
        *(kinds.Flatness(p, 1.0) for p in POWERS),
    ]
    found = described(wanted, x, n_fft)
    assert found.dtype == dtype
    parts = np.split(found, [1, 2, 7, 13, 14, 15, 14 + bins], axis=1)
    rolloff, centroid, bands, extremes, bandwidth, other, correlation, flatness = parts

    share = s / s.sum(axis=1, keepdims=True)
    mean = np.einsum("k,bkn->bn", f, share)[:, None]
    close = 2e-6 if dtype == np.float32 else 1e-13
    np.testing.assert_allclose(centroid, mean, rtol=close)
    for p, values in ((2.0, bandwidth), (3.5, other)):
        expected = (np.abs(f[:, None] - mean) ** p * share).sum(axis=1, keepdims=True) ** (1 / p)
        np.testing.assert_allclose(values, expected, rtol=close)
    reached = np.cumsum(s, axis=1)
    first = (reached >= 0.85 * reached[:, -1:]).argmax(axis=1)
    np.testing.assert_array_equal(rolloff[:, 0], f.astype(dtype)[first])
    powers = np.einsum("mk,bkn->bmn", weights, s**2)
    np.testing.assert_allclose(bands, 10 * np.log10(powers), atol=1e-4 if dtype == np.float32 else 1e-11)
    for i, p in enumerate(POWERS):
        energy = np.maximum(s**p, 1.0)
        expected = np.exp(np.log(energy).mean(axis=1)) / energy.mean(axis=1)
        np.testing.assert_allclose(flatness[:, i], expected, rtol=close)
    expected = np.fft.irfft(s**2, n_fft, axis=1)[:, : bins - 1]
    peak = expected[:, :1]
    np.testing.assert_allclose(correlation / peak, expected / peak, atol=close)
    for i, (begin, end, count) in enumerate(ranges):
        ordered = np.sort(s[:, begin:end], axis=1)
        np.testing.assert_allclose(extremes[:, i], ordered[:, -count:].mean(axis=1), rtol=close)
        # What is smallest in float32 is known to a part of the frame's energy.
        floor = 1e-5 if dtype == np.float32 else 1e-12
        np.testing.assert_allclose(
            extremes[:, 3 + i], ordered[:, :count].mean(axis=1), rtol=close, atol=floor
        )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_relative_autocorrelation_is_divided_by_its_peak(isa: str, dtype: type) -> None:
    x = signal(dtype)
    x[1] = 0
    relative, plain = (described([kinds.Autocorrelation(40, flag)], x, 128) for flag in (True, False))
    np.testing.assert_allclose(relative[0], plain[0] / np.abs(plain[0]).max(axis=0), rtol=1e-5)
    assert not relative[1].any()


def test_flatness_of_very_large_and_very_small_powers(isa: str) -> None:
    x = signal(np.float64) * np.array([[1e100], [1e-100]])
    s = magnitudes(x, 256)
    floor = 1e-250
    energy = np.maximum(s**2, floor)
    expected = np.exp(np.log(energy).mean(axis=1)) / energy.mean(axis=1)
    found = described([kinds.Flatness(2.0, floor)], x, 256)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-12)


def test_silence_and_what_is_not_finite(isa: str) -> None:
    x = np.zeros((1, 2000))
    f = np.arange(65.0)
    wanted = [
        kinds.Centroid(f),
        kinds.Bandwidth(f, 2.0),
        kinds.Rolloff(f, 0.5),
        kinds.Extremes(((0, 65, 3),)),
    ]
    assert not described(wanted, x, 128).any()
    x[0, 1000] = np.nan
    found = described(wanted, x, 128)
    touched = np.abs(np.arange(found.shape[2]) * HOP - 1000) < 64
    assert np.isnan(found[0, [0, 1, 3, 4]][:, touched]).all()
    assert not found[:, :, ~touched].any()


def test_a_descriptor_that_does_not_fit_is_refused(native: None) -> None:
    f = np.arange(65.0)
    for bad in (
        kinds.Centroid(f[:-1]),
        kinds.Extremes(((0, 66, 3),)),
        kinds.Extremes(((10, 12, 3),)),
        kinds.Autocorrelation(66, False),
        kinds.Bands(cpu.bank_for(np.ones((2, 65)), np.float64), cpu.Scale()),
        kinds.Bands(cpu.bank_for(np.ones((2, 64)), np.float32), cpu.Scale()),
        kinds.Bands(cpu.bank_for(np.ones((2, 65)), np.float32), cpu.Scale(power=1.0)),
    ):
        with pytest.raises(ValueError, match=r"\d"):
            cpu.Descriptors([bad], 65, np.float32)
    plan = cpu.plan_for(64, 16, np.ones(64))
    with pytest.raises(ValueError, match="65 bins"):
        cpu.describe(
            plan, cpu.Descriptors([kinds.Centroid(f)], 65, np.float32), np.zeros((1, 640), np.float32)
        )
