"""The forward transform against the definition of the DFT in float64."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from direct import hann, relative_error, stft

import spectro

# A float32 FFT of a few thousand points errs by a few units of 2^-24 relative to the peak.
FLOAT32 = 1e-6
FLOAT64 = 1e-14

SIZES = [(512, 128), (400, 160), (401, 100), (257, 64), (2, 1), (1, 1), (480, 511), (64, 200)]


@pytest.mark.parametrize(("n_fft", "hop"), SIZES)
@pytest.mark.parametrize("mode", ["reflect", "constant"])
def test_equals_the_dft_for_any_size_and_hop(noise: np.ndarray, n_fft: int, hop: int, mode: str) -> None:
    transform = spectro.SpectralTransform(n_fft, hop, center_pad_mode=mode)
    window = hann(n_fft) if n_fft > 1 else np.ones(1)
    truth = stft(noise, window, hop, n_fft // 2, mode)
    single = transform.stft(noise.astype(np.float32))
    assert single.dtype == np.complex64
    assert single.shape == truth.shape
    assert relative_error(single, truth) < FLOAT32
    double = transform.stft(noise)
    assert double.dtype == np.complex128
    assert relative_error(double, truth) < FLOAT64
    lazy = transform.stft(mx.array(noise.astype(np.float32)))
    assert isinstance(lazy, mx.array)
    assert relative_error(np.array(lazy), truth) < FLOAT32


def test_without_centering_only_whole_frames_count(noise: np.ndarray) -> None:
    z = spectro.SpectralTransform(512, 100, center=False).stft(noise)
    assert relative_error(z, stft(noise, hann(512), 100)) < FLOAT64
    assert z.shape == (3, 257, 1 + (1500 - 512) // 100)


@pytest.mark.parametrize("length", [1500, 1499, 1401, 1400, 7])
def test_minimal_tail_gives_one_frame_for_each_started_hop(noise: np.ndarray, length: int) -> None:
    x = noise[:, :length]
    transform = spectro.SpectralTransform(
        512, 100, center_pad_mode="constant", center_tail_pad="minimal", window_fn="rect"
    )
    z = transform.stft(x)
    count = -(-length // 100)
    padded = np.pad(x, ((0, 0), (256, 99 + 512)))
    truth = stft(padded, np.ones(512), 100)[:, :, :count]
    assert z.shape == (3, 257, count)
    assert relative_error(z, truth) < FLOAT64


def test_short_window_is_centred_and_normalized_divides_by_root_n(noise: np.ndarray) -> None:
    z = spectro.SpectralTransform(500, 125, win_length=301, normalized=True).stft(noise)
    window = np.zeros(500)
    window[99:400] = hann(301)
    assert relative_error(z, stft(noise, window, 125, 250) / np.sqrt(500)) < FLOAT64


@pytest.mark.parametrize("given", [300, 512])
def test_custom_window_of_either_length(noise: np.ndarray, given: int) -> None:
    custom = np.random.default_rng(1).random(given)
    window = custom if given == 512 else np.pad(custom, (106, 106))
    transform = spectro.SpectralTransform(512, 128, win_length=300, window=custom)
    assert relative_error(transform.stft(noise), stft(noise, window, 128, 256)) < FLOAT64


def test_layouts_are_transposes_and_one_signal_is_a_batch_of_one(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    bfn = transform.stft(noise[0])
    assert bfn.shape == (1, 129, 24)
    np.testing.assert_array_equal(transform.stft(noise[0], "bnf"), bfn.swapaxes(1, 2))
    np.testing.assert_array_equal(transform.stft(noise)[:1], bfn)


def test_strided_and_reversed_input(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    for view in (noise[:, ::2], noise[:, ::-1], np.asfortranarray(noise)):
        np.testing.assert_array_equal(transform.stft(view), transform.stft(np.ascontiguousarray(view)))


def test_half_precision_is_computed_in_float32(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    half = noise.astype(np.float16)
    np.testing.assert_array_equal(transform.stft(half), transform.stft(half.astype(np.float32)))
    assert transform.stft(mx.array(half)).dtype == mx.complex64


def test_float64_on_mlx_warns_that_it_is_narrowed(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    wide = mx.array(noise, dtype=mx.float64)
    with pytest.warns(spectro.DowncastWarning, match="float64"):
        z = transform.stft(wide)
    assert relative_error(np.array(z), stft(noise, hann(256), 64, 128)) < FLOAT32
    with spectro.config(strict=True), pytest.raises(spectro.BackendError, match="float64"):
        transform.stft(wide)


def test_a_lazy_array_is_not_evaluated() -> None:
    # A graph that cannot be evaluated here shows whether anything tried to.
    seen = []

    def traced(x: mx.array) -> mx.array:
        seen.append(spectro.SpectralTransform(256, 64).stft(x))
        return seen[-1]

    mx.compile(traced)(mx.zeros((2, 1000)))
    assert seen[0].shape == (2, 129, 16)
