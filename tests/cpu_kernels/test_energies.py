"""Per-channel energy normalisation by the kernel, against its definition in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu


@pytest.mark.parametrize(
    ("gain", "bias", "power", "eps"), [(0.98, 2.0, 0.5, 1e-6), (0.5, 10.0, 0.25, 1e-3), (0.0, 1.0, 2.0, 1e-9)]
)
@pytest.mark.parametrize("count", [1, 3, 8, 301])
def test_definition(isa: str, count: int, gain: float, bias: float, power: float, eps: float) -> None:
    rng = np.random.default_rng(0)
    energy = rng.random((2, 5, count)) * 10.0 ** rng.uniform(-12, 8, (2, 5, count))
    averaged = energy + rng.random(energy.shape)
    state, decay = rng.random((2, 5, 1)), 0.9
    mean, carried = np.empty_like(energy), state[..., 0]
    for n in range(count):
        mean[..., n] = (1 - decay) * averaged[..., n] + carried
        carried = decay * mean[..., n]
    smooth = (eps + mean) ** -gain
    expected = bias**power * np.expm1(power * np.log1p(energy * smooth / bias))
    found, last = cpu.pcen(energy, averaged, state, decay, gain, bias, power, eps)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    np.testing.assert_allclose(last[..., 0], carried, rtol=1e-13)


def test_silence_stays_silent(isa: str) -> None:
    found, _ = cpu.pcen(np.zeros((2, 50)), np.zeros((2, 50)), np.zeros((1, 1)), 0.9, 0.98, 2.0, 0.5, 1e-6)
    assert not found.any()
