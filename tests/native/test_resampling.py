"""Rates halved and doubled: closed forms for tones, and soxr itself."""

from __future__ import annotations

import importlib

import mlx.core as mx
import numpy as np
import pytest
from direct import hann

import spectro
from spectro.signal import octaves as resampling


def tone(turns_per_sample: float, length: int) -> np.ndarray:
    return np.cos(2 * np.pi * turns_per_sample * np.arange(length))[None]


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_downsampling_keeps_low_tones_and_removes_what_would_alias(k: int) -> None:
    length = 2**k * 1000
    middle = slice(400, 600)
    low = resampling._chain_down(np, tone(0.3 / 2**k, length), k)
    np.testing.assert_allclose(low[:, middle], tone(0.3, 1000)[:, middle], atol=2e-6)
    high = resampling._chain_down(np, tone(0.52 / 2**k, length), k)
    assert np.abs(high[:, middle]).max() < 3e-6


@pytest.mark.parametrize("k", [1, 2])
def test_upsampling_interpolates(k: int) -> None:
    y = resampling.upsample(np, tone(0.3, 1000), k, "soxr_hq")
    assert y.shape == (1, 1000 * 2**k)
    middle = slice(400 * 2**k, 600 * 2**k)
    np.testing.assert_allclose(y[:, middle], tone(0.3 / 2**k, 1000 * 2**k)[:, middle], atol=2e-6)


@pytest.mark.parametrize("length", [1, 2, 37, 700, 5001, 20000])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 6])
def test_the_chain_is_soxr_to_its_rounding(length: int, k: int) -> None:
    soxr = pytest.importorskip("soxr")
    if length < 2**k:
        pytest.skip("nothing is left")
    x = np.random.default_rng(length).uniform(-0.5, 0.5, (2, length))
    truth = np.stack([soxr.resample(row, 2**k, 1, quality="soxr_hq") for row in x])
    got = resampling._chain_down(np, x, k)
    assert got.shape[-1] == -(-length // 2**k)
    assert np.abs(got[:, : truth.shape[-1]] - truth).max() < 3e-7  # of signals of peak 1/2
    assert not got[:, truth.shape[-1] :].any()


@pytest.mark.parametrize("k", [1, 2])
def test_the_chain_up_is_soxr_to_its_rounding(k: int) -> None:
    soxr = pytest.importorskip("soxr")
    x = np.random.default_rng(k).uniform(-0.5, 0.5, (2, 1500))
    truth = np.stack([soxr.resample(row, 1, 2**k, quality="soxr_hq") for row in x])
    np.testing.assert_allclose(resampling._chain_up(np, x, k), truth, atol=4e-7)


@pytest.mark.parametrize("k", [3, 4, 5])
def test_steep_upsampling_inside_a_trace_differs_from_soxr_only_near_the_start(k: int) -> None:
    soxr = pytest.importorskip("soxr")
    x = np.random.default_rng(k).uniform(-0.5, 0.5, (1, 1500)) * hann(1500)
    truth = soxr.resample(x[0], 1, 2**k, quality="soxr_hq")
    assert np.abs(resampling._chain_up(np, x, k)[0] - truth).max() < 5e-5


def test_an_mx_array_is_resampled_lazily_where_it_is_traced() -> None:
    x = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 3000)).astype(np.float32)
    eager = resampling.downsample(np, x.astype(np.float64), 2, "soxr_hq")
    compiled = mx.compile(lambda v: resampling.downsample(mx, v, 2, "soxr_hq"))(mx.array(x))
    np.testing.assert_allclose(np.array(compiled), eager, atol=2e-6)
    # The adjoint: <D x, w> = <x, D' w>, whose right side is linear in the gradient.
    w = np.random.default_rng(2).uniform(-0.5, 0.5, eager.shape)
    weight = mx.array(w.astype(np.float32))
    gradient = mx.grad(lambda v: (resampling.downsample(mx, v, 2, "soxr_hq") * weight).sum())(mx.array(x))
    assert float((np.array(gradient, np.float64) * x).sum()) == pytest.approx((eager * w).sum(), rel=1e-4)


@pytest.mark.parametrize(
    ("res_type", "package"),
    [("soxr_vhq", "soxr"), ("polyphase", "scipy"), ("kaiser_best", "resampy"), ("sinc_best", "samplerate")],
)
def test_a_missing_library_is_named_with_the_command_that_installs_it(
    res_type: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without(package, monkeypatch)
    with pytest.raises(spectro.MissingLibraryError, match=f"pip install {package}"):
        resampling.downsample(np, np.zeros((1, 64)), 1, res_type)


def test_without_soxr_only_steep_upsampling_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _without("soxr", monkeypatch)
    x = np.random.default_rng(1).uniform(-0.5, 0.5, (1, 500))
    assert resampling.downsample(np, x, 3, "soxr_hq").shape == (1, 63)
    assert resampling.upsample(np, x, 2, "soxr_hq").shape == (1, 2000)
    with pytest.raises(spectro.MissingLibraryError, match="pip install soxr"):
        resampling.upsample(np, x, 3, "soxr_hq")


def _without(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load, find = importlib.import_module, importlib.util.find_spec

    def import_module(name: str) -> object:
        if name.split(".")[0] == package:
            raise ImportError(name)
        return load(name)

    monkeypatch.setattr(importlib, "import_module", import_module)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find(name))
