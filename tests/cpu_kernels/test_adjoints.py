"""<A x, y> = <x, A* y> for the linear operations; finite differences for the others. All in float64."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu

from .test_filtered import triangles

SIZES = [(16, 4), (15, 4), (22, 9), (64, 16), (64, 100), (400, 160), (441, 100)]


def real_product(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sum(a.real * b.real) + np.sum(a.imag * b.imag))


def window_of(n: int) -> np.ndarray:
    return np.hanning(n + 2)[1:-1] + 0.05


@pytest.mark.parametrize("layout", ["bfn", "bnf"])
@pytest.mark.parametrize("twosided", [False, True])
@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
@pytest.mark.parametrize(("n_fft", "hop"), SIZES)
def test_stft_adjoint(isa: str, n_fft: int, hop: int, mode: str, twosided: bool, layout: str) -> None:
    rng = np.random.default_rng(n_fft)
    plan = cpu.plan_for(n_fft, hop, window_of(n_fft), np.float64)
    x = rng.standard_normal((2, 5 * n_fft + 7))
    options = {
        "padding": cpu.Padding(n_fft // 2, n_fft // 2 + 3, mode),
        "layout": layout,
        "twosided": twosided,
    }
    forward = cpu.stft(plan, x, scale=0.7, **options)
    y = rng.standard_normal(forward.shape) + 1j * rng.standard_normal(forward.shape)
    back = cpu.stft_adjoint(plan, y, length=x.shape[1], scale=0.7, **options)
    assert back.shape == x.shape
    assert real_product(forward, y) == pytest.approx(real_product(x, back), rel=1e-11, abs=1e-9)


@pytest.mark.parametrize("layout", ["bfn", "bnf"])
@pytest.mark.parametrize("sides", ["one", "two"])
@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize(("n_fft", "hop"), SIZES)
def test_istft_adjoint(isa: str, n_fft: int, hop: int, normalised: bool, sides: str, layout: str) -> None:
    rng = np.random.default_rng(n_fft + 1)
    plan = cpu.plan_for(n_fft, hop, window_of(n_fft), np.float64)
    frames, bins = 75, n_fft if sides == "two" else plan.bins
    shape = (2, bins, frames) if layout == "bfn" else (2, frames, bins)
    z = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    options = {"start": n_fft // 2, "layout": layout, "sides": sides, "normalised": normalised, "scale": 1.3}
    for length in (frames * hop // 2, frames * hop + 2 * n_fft):  # cut short, and past the last frame
        forward = cpu.istft(plan, z, length=length, **options)
        y = rng.standard_normal(forward.shape)
        back = cpu.istft_adjoint(plan, y, frames=frames, **options)
        assert back.shape == z.shape
        assert real_product(forward, y) == pytest.approx(real_product(z, back), rel=1e-11, abs=1e-9)


SCALES = [
    cpu.Scale(power=2.0, factor=0.5),
    cpu.Scale(power=1.0),
    cpu.Scale(power=1.5),
    cpu.Scale.decibels(power=2.0, amin=1e-2),
    cpu.Scale(power=1.0, logarithmic=True, gain=2.0, bias=1.0, multiplier=0.4),
]


@pytest.mark.parametrize("layout", ["bfn", "bnf"])
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("n_fft", [32, 45])
def test_filtered_adjoint(isa: str, n_fft: int, scale: cpu.Scale, layout: str) -> None:
    rng = np.random.default_rng(9)
    plan = cpu.plan_for(n_fft, 10, window_of(n_fft), np.float64)
    bank = cpu.bank_for(triangles(6, plan.bins), np.float64)
    x, direction = rng.standard_normal((2, 2, 900))
    options = {"scale": scale, "padding": cpu.Padding(n_fft // 2, n_fft // 2, "reflect"), "layout": layout}
    y = rng.standard_normal(cpu.filtered(plan, bank, x, **options).shape)
    back = cpu.filtered_adjoint(plan, bank, x, y, **options)
    step = 1e-6
    ahead = cpu.filtered(plan, bank, x + step * direction, **options)
    behind = cpu.filtered(plan, bank, x - step * direction, **options)
    slope = real_product((ahead - behind) / (2 * step), y)
    assert real_product(back, direction) == pytest.approx(slope, rel=2e-6)


def test_silence_has_a_finite_gradient(isa: str) -> None:
    plan = cpu.plan_for(32, 8, window_of(32), np.float64)
    bank = cpu.bank_for(triangles(6, plan.bins), np.float64)
    x = np.zeros((1, 300))
    for scale in SCALES:
        y = np.ones_like(cpu.filtered(plan, bank, x, scale=scale))
        assert not cpu.filtered_adjoint(plan, bank, x, y, scale=scale).any()
