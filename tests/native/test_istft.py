"""The inverse: exact reconstruction, and the least-squares formula where there is none."""

from __future__ import annotations

import warnings

import mlx.core as mx
import numpy as np
import pytest
from direct import hann, relative_error

import spectro


def least_squares(z: np.ndarray, window: np.ndarray, hop: int) -> np.ndarray:
    """Return sum_i w y_i / sum_i w^2 over the whole extent, by a loop in float64; z is [B, F, N]."""
    n, count = len(window), z.shape[2]
    total = np.zeros((z.shape[0], (count - 1) * hop + n))
    weight = np.zeros(total.shape[1])
    for i in range(count):
        total[:, i * hop : i * hop + n] += window * np.fft.irfft(z[:, :, i], n=n)
        weight[i * hop : i * hop + n] += window**2
    return total / np.where(weight > 1e-11, weight, 1.0)


@pytest.mark.parametrize(("n_fft", "hop"), [(512, 128), (400, 160), (401, 100), (96, 31)])
@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize("layout", ["bfn", "bnf"])
def test_round_trip(noise: np.ndarray, n_fft: int, hop: int, normalized: bool, layout: str) -> None:
    transform = spectro.SpectralTransform(n_fft, hop, normalized=normalized)
    x = transform.istft(transform.stft(noise, layout), length=1500, input_layout=layout)
    covered = 1500 - 1500 % hop  # beyond it no frame centre follows, and the edges thin out
    assert x.dtype == np.float64
    assert relative_error(x[:, :covered], noise[:, :covered]) < 1e-12
    lazy = transform.istft(
        transform.stft(mx.array(noise.astype(np.float32)), layout), 1500, input_layout=layout
    )
    assert relative_error(np.array(lazy)[:, :covered], noise[:, :covered]) < 1e-5


@pytest.mark.parametrize("hop", [64, 100])
@pytest.mark.parametrize("length", [None, 300, 900, 1400])
def test_inconsistent_spectrum_gives_the_least_squares_signal(hop: int, length: int | None) -> None:
    rng = np.random.default_rng(3)
    z = rng.standard_normal((2, 129, 14)) + 1j * rng.standard_normal((2, 129, 14))
    x = spectro.SpectralTransform(256, hop).istft(z, length=length)
    whole = least_squares(z, hann(256), hop)[:, 128:]
    expected = 13 * hop if length is None else length
    truth = np.pad(whole, ((0, 0), (0, 1500)))[:, :expected]
    assert x.shape == truth.shape
    assert relative_error(x, truth) < 1e-12


def test_a_single_spectrogram_gives_a_single_signal(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    z = transform.stft(noise)
    assert transform.istft(z[0]).shape == (1472,)
    np.testing.assert_array_equal(transform.istft(z[0]), transform.istft(z)[0])


def test_two_sided_spectrum_is_read_up_to_nyquist(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    z = transform.stft(noise)
    two_sided = np.concatenate([z, z[:, -2:0:-1].conj()], axis=1)
    np.testing.assert_array_equal(transform.istft(two_sided), transform.istft(z))


def test_minimal_tail_needs_and_honours_a_length(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64, center_pad_mode="constant", center_tail_pad="minimal")
    z = transform.stft(noise)
    assert relative_error(transform.istft(z, length=1500), noise) < 1e-10
    with pytest.raises(spectro.ParameterError, match="length"):
        transform.istft(z)


def test_uncovered_samples_warn_raise_or_pass_as_asked() -> None:
    transform = spectro.SpectralTransform(128, 160)
    z = transform.stft(np.ones((1, 1600)))
    with pytest.warns(spectro.NolaWarning, match="hop_length=160"):
        transform.istft(z)
    with pytest.raises(RuntimeError, match="NOLA"):
        transform.istft(z, torch_like=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        transform.istft(z, safety="off")


def test_validate_compares_backends_and_options_are_checked(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    z = transform.stft(noise)
    np.testing.assert_array_equal(transform.istft(z, validate=True), transform.istft(z))
    for bad in (
        {"safety": "perhaps"},
        {"long_mode_strategy": "fast"},
        {"backend_policy": "vulkan"},
        {"backend_policy": "mlx_fft", "long_mode_strategy": "numpy_fallback"},
        {"input_layout": "bnf"},
        {"length": 0},
    ):
        with pytest.raises(spectro.SpectroError):
            transform.istft(z, **bad)


def test_metal_policy_says_why_it_cannot_serve(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64, istft_backend_policy="metal")
    with pytest.raises(spectro.BackendError, match="Metal"):
        transform.istft(transform.stft(noise))
