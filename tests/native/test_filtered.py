"""Filtered spectrograms and frames by rate against direct float64 computations."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from direct import dft_matrix, hann, relative_error, stft
from test_transformations import check_gradient

import spectro
from spectro.filterbanks.bank import Filterbank

BANK = np.random.default_rng(0).random((129, 7)) * (np.random.default_rng(1).random((129, 7)) < 0.2)


def magnitude(x: np.ndarray, exponent: float = 1.0) -> np.ndarray:
    return np.abs(stft(x, hann(256), 64, 128)) ** exponent


@pytest.mark.parametrize("rows", [128, 129])
@pytest.mark.parametrize("exponent", [1.0, 2.0, 0.5])
def test_bands_are_the_spectrum_times_the_filterbank(noise: np.ndarray, rows: int, exponent: float) -> None:
    bank = BANK[:rows]
    truth = np.einsum("bfn,fm->bmn", magnitude(noise, exponent)[:, :rows], bank)
    transform = spectro.FilteredSpectrogramTransform(bank, n_fft=256, hop_length=64, power=exponent)
    got = transform(noise)
    assert got.dtype == np.float64
    assert relative_error(got, truth) < 1e-13
    assert relative_error(transform(noise[1]), truth[1]) < 1e-13
    lazy = transform(mx.array(noise.astype(np.float32)))
    assert relative_error(np.array(lazy), truth) < 2e-6
    assert transform(noise.astype(np.float32)).dtype == np.float32
    once = spectro.filtered_spectrogram(noise, filterbank=bank, n_fft=256, hop_length=64, power=exponent)
    np.testing.assert_array_equal(once, got)
    assert transform.n_bands == 7
    assert transform.filterbank.shape == (129, 7)


@pytest.mark.parametrize(
    ("options", "formula"),
    [
        ({"output_scale": "log", "log_amin": 9.0}, lambda v: np.log(np.maximum(v, 9.0))),
        ({"output_scale": "log", "log_amin": 9.0, "log_mode": "add"}, lambda v: np.log(v + 9.0)),
        ({"output_scale": "log", "log_mode": "log1p"}, lambda v: np.log(1 + v)),
        ({"output_scale": "log10_plus_one"}, lambda v: np.log10(1 + v)),
        ({"output_scale": "db"}, lambda v: 20 * np.log10(np.maximum(v, 1e-10))),
        ({"output_scale": "linear"}, lambda v: v),
    ],
)
def test_output_scales(noise: np.ndarray, options: dict, formula: object) -> None:
    linear = np.einsum("bfn,fm->bmn", magnitude(noise), BANK)
    transform = spectro.FilteredSpectrogramTransform(BANK, n_fft=256, hop_length=64, **options)
    np.testing.assert_allclose(transform(noise), formula(linear), rtol=1e-12, atol=1e-12)
    x = mx.array(noise.astype(np.float32))
    eager = transform(x)
    assert np.abs(np.array(eager) - formula(linear)).max() < 4e-6 * np.abs(formula(linear)).max()
    np.testing.assert_allclose(transform.get_compiled()(x), eager, rtol=1e-5, atol=1e-5)
    assert transform.get_compiled() is transform.get_compiled()


def test_decibels_of_power_and_their_range_per_example(noise: np.ndarray) -> None:
    x = noise * np.array([[1.0], [1e-2], [1e-4]])
    options = {"n_fft": 256, "hop_length": 64, "power": 2.0, "output_scale": "db"}
    db = 10 * np.log10(np.maximum(np.einsum("bfn,fm->bmn", magnitude(x, 2.0), BANK), 1e-10))
    np.testing.assert_allclose(spectro.FilteredSpectrogramTransform(BANK, **options)(x), db, rtol=1e-12)
    ranged = spectro.FilteredSpectrogramTransform(BANK, top_db=6.0, **options)(x)
    np.testing.assert_allclose(ranged, np.maximum(db, db.max(axis=(1, 2), keepdims=True) - 6.0), rtol=1e-12)


@pytest.mark.parametrize(
    "bank",
    [np.ones((127, 3)), np.ones(129), np.ones((129, 0)), np.full((129, 2), np.nan), np.ones((129, 2)) * 1j],
)
def test_filterbanks_that_do_not_fit_are_refused(bank: np.ndarray) -> None:
    with pytest.raises(spectro.ParameterError, match="filterbank"):
        spectro.FilteredSpectrogramTransform(bank, n_fft=256)


def test_wrong_options_are_refused() -> None:
    for options in ({"output_scale": "log10"}, {"power": 0.0}, {"log_amin": 0.0}, {"top_db": -1.0}):
        with pytest.raises(spectro.ParameterError, match=next(iter(options))):
            spectro.FilteredSpectrogramTransform(BANK, n_fft=256, **options)
    with pytest.raises(spectro.ArrayTypeError, match="filterbank"):
        spectro.FilteredSpectrogramTransform([[1.0]], n_fft=2)


def test_gradients_reach_the_audio_and_the_filterbank() -> None:
    rng = np.random.default_rng(3)
    x, bank = rng.standard_normal((2, 60)), rng.random((9, 4)) + 0.1
    options = {"n_fft": 16, "hop_length": 8, "output_scale": "log10_plus_one"}
    transform = spectro.FilteredSpectrogramTransform(bank, **options)
    check_gradient(lambda xp, v: (transform(v) ** 2).sum(), x)

    def loss(xp: object, weights: object) -> object:
        audio = mx.array(x.astype(np.float32)) if xp is mx else x
        return (spectro.filtered_spectrogram(audio, filterbank=weights, **options) ** 2).sum()

    check_gradient(loss, bank)
    check_gradient(loss, bank[:8])


def test_support_of_filters() -> None:
    weights = np.zeros((6, 3))
    weights[1:4, 0] = weights[5, 2] = 1.0
    weights[2, 0] = 0.0
    begin, end = Filterbank(weights).support
    assert begin.tolist() == [1, 0, 5]
    assert end.tolist() == [4, 0, 6]


# Frames by rate


def frames_by_loop(x: np.ndarray, size: int, hop: float, origin: int, count: int) -> np.ndarray:
    """Return frames [B, count, size] one sample at a time."""
    y = np.zeros((len(x), count, size))
    for i in range(count):
        for k in range(size):
            t = int(i * hop) - size // 2 - origin + k
            if 0 <= t < x.shape[1]:
                y[:, i, k] = x[:, t]
    return y


@pytest.mark.parametrize(
    ("size", "fps", "origin", "samples", "end", "count"),
    [
        (64, 100, "offline", 0, "normal", 30),
        (64, 100, "center", 0, "extend", 31),
        (64, 93.7, "online", 31, "normal", 29),
        (63, 93.7, "left", 31, "extend", 29),
        (64, 93.7, "stream", -32, "normal", 29),
        (32, 21.5, 500, 500, "normal", 7),
        (32, 170, -1200, -1200, "normal", 51),
    ],
)
def test_stft_at_fps(
    noise: np.ndarray, size: int, fps: float, origin: str | int, samples: int, end: str, count: int
) -> None:
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / (size - 1))
    frames = frames_by_loop(noise, size, 5000 / fps, samples, count)
    truth = (frames * window) @ dft_matrix(size, size // 2 + 1)
    options = {"frame_size": size, "fps": fps, "sample_rate": 5000, "origin": origin, "end": end}
    for x, tolerance in ((noise, 1e-13), (mx.array(noise.astype(np.float32)), 1e-6)):
        got = spectro.stft_at_fps(x, **options, include_nyquist=True)
        assert relative_error(np.array(got), truth.swapaxes(1, 2)) < tolerance
        got = spectro.stft_at_fps(x[0], **options, output_layout="bnf")
        assert relative_error(np.array(got), truth[0, :, : size // 2]) < tolerance


def test_circular_shift_makes_the_middle_time_zero(noise: np.ndarray) -> None:
    window = np.hanning(64)
    frames = frames_by_loop(noise, 64, 50.0, 0, 30) * window
    truth = np.fft.fft(np.fft.ifftshift(frames, axes=-1))[..., :32]
    options = {"frame_size": 64, "fps": 100, "sample_rate": 5000, "output_layout": "bnf"}
    assert relative_error(spectro.stft_at_fps(noise, **options, circular_shift=True), truth) < 1e-13
    with pytest.raises(spectro.ParameterError, match="frame_size"):
        spectro.stft_at_fps(noise, frame_size=63, circular_shift=True)


def test_filtered_spectrogram_at_fps_and_at_starts(noise: np.ndarray) -> None:
    starts = spectro.frame_starts_from_fps(1500, frame_size=256, fps=33.3, sample_rate=5000)
    frames = frames_by_loop(noise, 256, 5000 / 33.3, 0, len(starts))
    truth = np.einsum("bnf,fm->bmn", np.abs((frames * hann(256)) @ dft_matrix(256, 129)), BANK)
    got = spectro.filtered_spectrogram_at_fps(noise, fps=33.3, filterbank=BANK, sample_rate=5000, n_fft=256)
    assert relative_error(got, truth) < 1e-13
    transform = spectro.FilteredSpectrogramTransform(BANK, n_fft=256)
    assert relative_error(transform.at_starts(noise[0], starts[::-1]), truth[0, :, ::-1]) < 1e-13
    with pytest.raises(spectro.ParameterError, match="starts"):
        transform.at_starts(noise, np.zeros(0, int))


def test_gradient_through_frames_at_a_fractional_hop() -> None:
    x = np.random.default_rng(5).standard_normal((2, 50))
    bank = np.random.default_rng(6).random((8, 3))
    transform = spectro.FilteredSpectrogramTransform(bank, 100, n_fft=16, power=2.0)
    check_gradient(lambda xp, v: (transform.at_fps(v, 11.3) ** 2).sum(), x)


def test_wrong_rates_are_refused() -> None:
    for function, arguments, name in (
        (spectro.hop_size_from_fps, (0.0,), "fps"),
        (spectro.num_frames_for_hop, (100, -1.0), "hop_size"),
        (spectro.frame_origin_from_mode, (64, "middle"), "origin"),
    ):
        with pytest.raises(spectro.ParameterError, match=name):
            function(*arguments)
    with pytest.raises(spectro.ParameterError, match="end"):
        spectro.num_frames_for_hop(100, 10.0, end="never")
