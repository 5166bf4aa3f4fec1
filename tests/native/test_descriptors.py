"""Descriptors against their definitions, by loops in float64."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from direct import frames, hann, relative_error, stft

import spectro
from spectro.features.chroma import chroma_filterbank

RATE, N, HOP = 8000, 256, 64
OPTIONS = {"sample_rate": RATE, "n_fft": N, "hop_length": HOP}
FREQUENCIES = np.arange(N // 2 + 1) * RATE / N


@pytest.fixture
def magnitude(noise: np.ndarray) -> np.ndarray:
    return np.abs(stft(noise, hann(N), HOP, N // 2))


def every_kind(name: str, x: np.ndarray, truth: np.ndarray, mlx_error: float, **options: object) -> None:
    """Check float64, float32 and mlx results of a function, batched and single, and their dtypes."""
    function = getattr(spectro, name)
    wide, single = function(x, **options), function(x[1], **options)
    assert wide.dtype == np.float64
    assert relative_error(wide, truth) < 1e-12
    assert relative_error(single, truth[1]) < 1e-12
    narrow = function(x.astype(np.float32), **options)
    assert narrow.dtype == np.float32
    assert relative_error(narrow, truth) < 1e-6
    lazy = function(mx.array(x.astype(np.float32)), **options)
    assert lazy.dtype == mx.float32
    assert relative_error(lazy, truth) < mlx_error


def test_centroid_and_bandwidth(noise: np.ndarray, magnitude: np.ndarray) -> None:
    share = magnitude / magnitude.sum(axis=1, keepdims=True)
    centroid = np.einsum("k,bkn->bn", FREQUENCIES, share)[:, None]
    every_kind("spectral_centroid", noise, centroid, 1e-6, **OPTIONS)
    for p in (1.0, 2.0, 3.5):
        spread = np.abs(FREQUENCIES[:, None] - centroid) ** p
        bandwidth = (spread * share).sum(axis=1, keepdims=True) ** (1 / p)
        every_kind("spectral_bandwidth", noise, bandwidth, 2e-6, **OPTIONS, p=p)


@pytest.mark.parametrize("n_fft", [62, 64, 190, 256])  # with and without a last, partly filled group of bins
@pytest.mark.parametrize("share", [0.05, 0.3, 0.85, 0.999])
def test_rolloff_is_the_first_bin_to_reach_the_share(noise: np.ndarray, n_fft: int, share: float) -> None:
    magnitude = np.abs(stft(noise, hann(n_fft), HOP, n_fft // 2))
    sums = np.cumsum(magnitude, axis=1)
    first = (sums >= share * sums[:, -1:]).argmax(axis=1)
    truth = (first * RATE / n_fft)[:, None]
    options = {**OPTIONS, "n_fft": n_fft, "roll_percent": share}
    every_kind("spectral_rolloff", noise, truth, 1e-6, **options)


def test_contrast_counts_its_share_before_it_drops_the_last_bin(
    noise: np.ndarray, magnitude: np.ndarray
) -> None:
    # Bins of 31.25 Hz, bands to 500, 1000, 2000 and 4000 Hz: first bin, last + 1, and bins that are counted.
    bands = [(0, 16, 17), (15, 32, 18), (31, 64, 34), (63, 129, 66)]
    for quantile in (0.02, 0.15, 0.5):
        peak, valley = np.empty((2, 3, 4, magnitude.shape[-1]))
        for k, (begin, end, counted) in enumerate(bands):
            number = max(1, round(quantile * counted))
            ordered = np.sort(magnitude[:, begin:end], axis=1)
            peak[:, k], valley[:, k] = ordered[:, -number:].mean(axis=1), ordered[:, :number].mean(axis=1)
        truth = 10 * np.log10(peak / valley)  # noise is nowhere 80 dB below its peak
        options = {**OPTIONS, "n_bands": 3, "fmin": 500.0, "quantile": quantile}
        every_kind("spectral_contrast", noise, truth, 1e-5, **options)


def test_contrast_clips_peaks_and_valleys_by_example() -> None:
    x = np.sin(2 * np.pi * 1000 * np.arange(4000) / RATE)  # 1000 Hz is bin 32 of 256
    x = x * hann(4000)
    both = spectro.spectral_contrast(np.stack([x, 1e-3 * x]), **OPTIONS, n_bands=2, fmin=500.0)
    np.testing.assert_array_equal(both[0], spectro.spectral_contrast(x, **OPTIONS, n_bands=2, fmin=500.0))
    assert both[0].max() > 60.0


def test_chroma_of_tones_is_their_pitch_class() -> None:
    t = np.arange(22050) / 22050
    for semitone in range(12):
        tone = np.sin(2 * np.pi * 440 * 2 ** ((semitone - 9) / 12) * t)  # from C4
        chroma = spectro.chroma_stft(tone, n_fft=4096)
        assert (chroma[:, 3:-3].argmax(axis=0) == semitone).all()
    # A quarter tone sharp is class A only for who is tuned that way.
    sharp = np.sin(2 * np.pi * 440 * 2 ** (0.5 / 12) * t)
    tuned = spectro.chroma_stft(sharp, n_fft=4096, tuning=0.5)[:, 10]
    assert tuned[9] > 2 * np.delete(tuned, 9).max()


def test_chroma_norms(noise: np.ndarray, magnitude: np.ndarray) -> None:
    bank = chroma_filterbank(RATE, N)
    energy = np.einsum("bkn,kc->bcn", magnitude**2, bank)
    for norm in (1, 2, 3.0, np.inf, -np.inf, 0):
        length = np.linalg.norm(energy, norm, axis=1, keepdims=True) if norm else 12.0
        every_kind("chroma_stft", noise, energy / length, 2e-6, **OPTIONS, norm=norm)
    every_kind("chroma_stft", noise, energy, 2e-6, **OPTIONS, norm=None)


def test_silence_has_finite_descriptors() -> None:
    for x in (np.zeros(2000), np.zeros(2000, np.float32), mx.zeros(2000)):
        for name in ("chroma_stft", "spectral_centroid", "spectral_bandwidth", "spectral_rolloff"):
            np.testing.assert_array_equal(getattr(spectro, name)(x, **OPTIONS), 0)
        np.testing.assert_array_equal(spectro.spectral_contrast(x, **OPTIONS, n_bands=3, fmin=500.0), 0)
        np.testing.assert_array_equal(spectro.onset_strength(x, **OPTIONS, n_mels=10), 0)


def test_a_tone_is_as_exact_in_float32_as_in_float64() -> None:
    # The valleys beside a tone lie below the noise of a float32 FFT.
    x = np.sin(2 * np.pi * 440 * np.arange(8000) / RATE).astype(np.float32)
    for name in ("spectral_bandwidth", "spectral_contrast", "onset_strength_multi"):
        options = {"n_bands": 3} if name == "spectral_contrast" else {}
        function = getattr(spectro, name)
        narrow, wide = (function(y, **OPTIONS, **options) for y in (x, x.astype(np.float64)))
        assert relative_error(narrow, wide) < 1e-7


@pytest.mark.parametrize(("size", "hop"), [(256, 64), (100, 33), (33, 50), (7, 7), (1, 1), (64, 1)])
def test_rms(noise: np.ndarray, size: int, hop: int) -> None:
    options = {"frame_length": size, "hop_length": hop}
    padded = np.pad(noise, ((0, 0), (size // 2, size // 2)), mode="reflect")
    cut = frames(padded, size, hop)
    every_kind("rms", noise, np.sqrt((cut**2).mean(axis=-1))[:, None], 1e-6, **options)
    uncentred = spectro.rms(noise, **options, center=False)
    np.testing.assert_allclose(uncentred[:, 0], np.sqrt((frames(noise, size, hop) ** 2).mean(axis=-1)))


@pytest.mark.parametrize(("size", "hop"), [(256, 64), (100, 33), (33, 50), (7, 7), (64, 1)])
def test_zero_crossings(noise: np.ndarray, size: int, hop: int) -> None:
    cut = frames(np.pad(noise, ((0, 0), (size // 2, size // 2)), mode="reflect"), size, hop)
    crossings = (np.signbit(cut[..., 1:]) != np.signbit(cut[..., :-1])).sum(axis=-1)
    options = {"frame_length": size, "hop_length": hop}
    every_kind("zero_crossing_rate", noise, (crossings / size)[:, None], 1e-6, **options)
    assert not spectro.zero_crossing_rate(noise, frame_length=1, hop_length=hop).any()


def test_a_quiet_frame_after_loud_ones_keeps_its_energy() -> None:
    x = np.concatenate([np.full(100_000, 1e6), np.full(4096, 1e-6)]).astype(np.float32)
    assert spectro.rms(x, center=False)[0, -1] == pytest.approx(1e-6, rel=1e-6)


def test_values_within_the_threshold_count_as_positive() -> None:
    x = np.array([1.0, 0.0, -1e-11, 1e-11, -1.0, 0.0, -0.0, -2.0])
    assert spectro.zero_crossing_rate(x, frame_length=8, center=False)[0, 0] == 3 / 8


def test_onset_strength_is_the_rectified_rise_of_mel_decibels(noise: np.ndarray) -> None:
    x = noise * np.geomspace(1e-3, 1, 1500)
    mel = spectro.MelSpectrogramTransform(
        RATE, N, HOP, n_mels=20, norm="slaney", mel_scale="slaney", top_db=50.0
    )
    db = mel(x)
    for lag in (1, 4, 30):
        rise = np.maximum(0, db[..., lag:] - db[..., : max(0, db.shape[-1] - lag)])
        late = min(lag + N // (2 * HOP), db.shape[-1])
        truth = np.zeros_like(db)
        truth[..., late:] = rise[..., : db.shape[-1] - late]
        options = {**OPTIONS, "n_mels": 20, "lag": lag, "top_db": 50.0}
        got = spectro.onset_strength_multi(x, **options)
        np.testing.assert_allclose(got, truth, atol=1e-11)
        np.testing.assert_allclose(spectro.onset_strength(x, **options), truth.mean(axis=1), atol=1e-11)
        lazy = spectro.onset_strength_multi(mx.array(x.astype(np.float32)), **options)
        np.testing.assert_allclose(lazy, truth, atol=1e-3)


def test_torch_tensors_come_back_as_tensors(noise: np.ndarray) -> None:
    torch = pytest.importorskip("torch")
    for dtype in (torch.float32, torch.float64):
        got = spectro.spectral_centroid(torch.from_numpy(noise).to(dtype), **OPTIONS)
        assert got.dtype == dtype
        assert got.shape == (3, 1, 24)
    with pytest.raises(spectro.GradientError):
        spectro.rms(torch.ones(4000, requires_grad=True))
