"""Phases of whole arrays against numpy in double precision."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu

COMPLEX = [np.complex64, np.complex128]


def random_complex(shape: tuple[int, ...], dtype: type, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(dtype)


@pytest.mark.parametrize("dtype", COMPLEX)
@pytest.mark.parametrize("shape", [(1,), (3,), (2, 7, 9), (70000,)])
def test_magnitudes_take_a_phase(isa: str, shape: tuple[int, ...], dtype: type) -> None:
    now, before = random_complex(shape, dtype), random_complex(shape, dtype, 1)
    magnitude = np.abs(random_complex(shape, dtype, 2))
    for earlier in (before, None):
        q = now.astype(np.complex128) - (0.5 * before if earlier is not None else 0)
        expected = magnitude * (q / (np.abs(q) + 1e-12))
        found = cpu.take_phase(magnitude, now, earlier, 0.5, 1e-12)
        assert found.dtype == dtype
        np.testing.assert_allclose(found, expected, atol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", COMPLEX)
def test_the_layout_of_the_result_is_that_of_the_phase(isa: str, dtype: type) -> None:
    now = random_complex((2, 9, 7), dtype).swapaxes(1, 2)
    magnitude = np.abs(random_complex((2, 7, 9), dtype, 1))
    found = cpu.take_phase(magnitude, now, None, 0.0, 0.0)
    assert found.strides == now.strides
    np.testing.assert_allclose(found, magnitude * now / np.abs(now), atol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize(("dtype", "small", "large"), [("c8", 1e-30, 1e37), ("c16", 1e-300, 1e300)])
def test_a_phase_survives_where_squares_do_not(isa: str, dtype: str, small: float, large: float) -> None:
    now = np.array([small * (3 + 4j), large * (4 - 3j), 0], dtype)
    found = cpu.take_phase(np.ones(3, now.real.dtype), now, None, 0.0, np.finfo(now.dtype).tiny)
    np.testing.assert_allclose(found, [0.6 + 0.8j, 0.8 - 0.6j, 0], atol=4 * np.finfo(now.dtype).eps)


def test_arrays_that_do_not_fit_are_refused(native: None) -> None:
    now, magnitude = random_complex((4, 5), np.complex64), np.ones((4, 5), np.float32)
    for m, c, b in (
        (magnitude.astype(np.float64), now, None),
        (magnitude[:3], now, None),
        (magnitude, now, now[:, :4]),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            cpu.take_phase(m, c, b, 0.5, 0.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_phasors_lie_on_the_circle(isa: str, dtype: type) -> None:
    quarters = np.arange(-9, 10) * (np.pi / 2)
    near = np.concatenate([quarters, np.nextafter(quarters, np.inf), quarters + np.pi / 4])
    random = np.random.default_rng(0).uniform(-1e5, 1e5, 70001)
    angle = np.concatenate([near, random, [0.0, 1e-30, 9.99e5, 1.01e6, 1e18]]).astype(dtype)
    wide = angle.astype(np.float64)
    found = cpu.phasors(angle)
    assert found.dtype == np.result_type(dtype, np.complex64)
    np.testing.assert_allclose(found, np.cos(wide) + 1j * np.sin(wide), atol=2 * np.finfo(dtype).eps)
    assert np.isnan(cpu.phasors(np.array([np.nan, np.inf], dtype))).all()
