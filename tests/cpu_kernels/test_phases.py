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


def vocoded(z: np.ndarray, steps: np.ndarray, line: bool) -> np.ndarray:
    """By angles and their sum (Flanagan & Golden 1966), in double precision."""
    z = z.astype(np.complex128)
    sizes, angles = np.abs(z), np.angle(z)
    if line:
        sizes = np.append(sizes, 2 * sizes[..., -1:] - sizes[..., -2:][..., :1], axis=-1)
        angles = np.append(angles, angles[..., -1:], axis=-1)
    else:
        sizes, angles = (np.pad(x, [(0, 0)] * (z.ndim - 1) + [(0, 2)]) for x in (sizes, angles))
    i = np.floor(steps).astype(int)
    w = steps - i
    turns = (angles[..., 1:] - angles[..., :-1])[..., i]
    phase = angles[..., i[:1]] + np.cumsum(turns, axis=-1) - turns
    return ((1 - w) * sizes[..., i] + w * sizes[..., i + 1]) * np.exp(1j * phase)


@pytest.mark.parametrize("dtype", COMPLEX)
@pytest.mark.parametrize("line", [False, True])
@pytest.mark.parametrize("shape", [(1, 9), (5, 1), (3, 2), (2, 3, 7, 40), (33, 1200)])
def test_phase_vocoder(isa: str, shape: tuple[int, ...], line: bool, dtype: type) -> None:
    z = random_complex(shape, dtype)
    z[..., : shape[-1] // 3] *= 1e-4
    for rate in (0.3, 0.8, 1.0, 1.7, 40.0):
        steps = np.arange(0, shape[-1], rate)
        found, expected = cpu.phase_vocoder(z, steps, line=line), vocoded(z, steps, line)
        assert found.shape == expected.shape
        assert found.dtype == dtype
        np.testing.assert_allclose(
            found, expected, rtol=0, atol=(2e-7 if dtype is np.complex64 else 1e-11) * 4
        )


@pytest.mark.parametrize("dtype", COMPLEX)
def test_phase_vocoder_of_any_layout(isa: str, dtype: type) -> None:
    z = random_complex((2, 30, 8, 3), dtype)
    view, steps = z[:, ::2].transpose(3, 0, 2, 1), np.arange(0, 15, 0.7)
    np.testing.assert_array_equal(
        cpu.phase_vocoder(view, steps), cpu.phase_vocoder(np.ascontiguousarray(view), steps)
    )


def test_zeros_have_directions(isa: str) -> None:
    z = np.array([[1j, 0, complex(-0.0, 0.0), 2, 3j]], np.complex128)
    steps = np.arange(5.0)
    np.testing.assert_allclose(cpu.phase_vocoder(z, steps), vocoded(z, steps, False), atol=1e-15)


def test_an_infinity_has_a_direction(isa: str) -> None:
    z = np.array([[1j, -np.inf, 2, 3]], np.complex128)
    found = cpu.phase_vocoder(z, np.array([0.0, 1.0, 2.0]))
    np.testing.assert_allclose(found[0, 2], 2.0, atol=1e-15)


def test_steps_outside_are_refused(native: None) -> None:
    for steps in ([-0.5, 1.0], [0.0, 9.0]):
        with pytest.raises(ValueError, match="8 frames"):
            cpu.phase_vocoder(random_complex((3, 8), np.complex64), np.array(steps))
