"""The constant-Q family against inner products in the time domain, closed forms and librosa's goldens."""

from __future__ import annotations

import importlib.util
from fractions import Fraction

import mlx.core as mx
import numpy as np
import pytest
from direct import hann, relative_error

import spectro
from spectro.constantq.basis import filter_spectra
from spectro.constantq.intervals import bin_frequencies
from spectro.constantq.plan import vqt_stages
from spectro.parity_tests import goldens
from spectro.parity_tests.cases import native_constantq
from spectro.parity_tests.rule import bar

SR = 22050
C1 = 32.70319566257483


def tone(frequency: float, length: int = SR) -> np.ndarray:
    return np.cos(2 * np.pi * frequency * np.arange(length) / SR)


def quality(bins_per_octave: int) -> float:
    r = 2 ** (2 / bins_per_octave)
    return (r + 1) / (r - 1)


def by_inner_products(x: np.ndarray, frequencies: np.ndarray, q: float, hop: int) -> np.ndarray:
    """Return the CQT [bins, N] of x [T]: each frame times each windowed exponential, sample by sample.

    The filter is centred in a frame of N samples, N the next power of two of the longest. Its negative
    frequencies, which a one-sided spectrum lacks, are removed by the analytic signal of x instead.
    """
    lengths = q * SR / frequencies
    size = 2 ** int(np.ceil(np.log2(lengths.max())))
    padded = np.pad(x, size // 2)
    result = np.zeros((len(frequencies), 1 + len(x) // hop), complex)
    for k, (f, length) in enumerate(zip(frequencies, lengths, strict=True)):
        n = np.arange(np.floor(-length / 2), np.floor(length / 2))
        wave = hann(len(n)) * np.exp(2j * np.pi * f / SR * n)
        wave /= np.abs(wave).sum()
        row = np.zeros(size, complex)
        start = (size - len(n)) // 2
        row[start : start + len(n)] = wave
        for i in range(result.shape[1]):
            spectrum = np.fft.fft(padded[i * hop : i * hop + size])
            kept = spectrum * (np.arange(size) <= size // 2)
            # sum_k W[k] X[k] is N times the inner product of the frame with the reversed filter.
            frame = np.fft.ifft(kept)
            result[k, i] = np.sqrt(length) * np.dot(frame, np.roll(row[::-1], 1))
    return result


def test_cqt_is_inner_products_with_windowed_exponentials() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(4000) * 0.1 + tone(440.0, 4000)
    frequencies = 220.0 * 2 ** (np.arange(24) / 12)
    # An odd hop keeps every octave at the full rate; sparsity 0 keeps the whole filters.
    truth = by_inner_products(x, frequencies[12:], quality(12), 401)
    got = spectro.cqt(x, fmin=220.0, n_bins=24, hop_length=401, sparsity=0.0)
    assert relative_error(got[12:], truth) < 1e-6  # the filters are float32
    lower = by_inner_products(x, frequencies[:12], quality(12), 401)
    assert relative_error(got[:12], lower) < 1e-6


@pytest.mark.parametrize("bin_of_tone", [3, 20, 45, 70, 80])
def test_a_tone_answers_at_its_bin_with_half_the_root_of_the_filters_length(
    bin_of_tone: int,
) -> None:
    f = C1 * 2 ** (bin_of_tone / 12)
    x = tone(f, 3 * SR)
    c = np.abs(spectro.cqt(x))[:, 60]
    assert int(np.argmax(c)) == bin_of_tone
    assert c[bin_of_tone] == pytest.approx(0.5 * np.sqrt(quality(12) * SR / f), rel=0.02)


def test_hybrid_is_the_cqt_below_and_the_pseudo_cqt_above() -> None:
    x = np.random.default_rng(5).standard_normal((2, 9000))
    hybrid = spectro.hybrid_cqt(x)
    lengths = quality(12) * SR / (C1 * 2 ** (np.arange(84) / 12))
    full = int(np.sum(lengths > 512))
    np.testing.assert_allclose(hybrid[:, :full], np.abs(spectro.cqt(x, n_bins=full)), rtol=1e-12)
    above = spectro.pseudo_cqt(x, fmin=C1 * 2 ** (full / 12), n_bins=84 - full)
    np.testing.assert_allclose(hybrid[:, full:], above, rtol=1e-6)


@pytest.mark.parametrize("case", native_constantq.cases(), ids=lambda case: case.id)
def test_float64_is_within_the_bar_of_librosas_float32(case: object) -> None:
    if importlib.util.find_spec("soxr") is None:
        pytest.skip("the truth holds the rounding of soxr, which is not installed")
    answer = goldens.load(case)
    x = case.x.values().astype(np.complex128 if case.x.values().dtype.kind == "c" else np.float64)
    options = {**case.options, "dtype": np.float64} if "dtype" in case.options else case.options
    name = case.function.removeprefix("spectro.")
    y = spectro.HybridCQTTransform(**options)(x) if name[0] == "H" else getattr(spectro, name)(x, **options)
    assert y.dtype == answer.float64.dtype
    assert np.abs(y - answer.float64).max() <= bar(answer.float32, answer.float64, 32)


def test_sparsity_drops_the_smallest_entries_up_to_the_share() -> None:
    frequencies = 220.0 * 2 ** (np.arange(12) / 12)
    lengths = quality(12) * SR / frequencies
    whole, _ = filter_spectra(frequencies, lengths, SR, 1, 0.0, "hann")
    sparse, _ = filter_spectra(frequencies, lengths, SR, 1, 0.05, "hann")
    for full, kept in zip(np.abs(whole), np.abs(sparse), strict=True):
        dropped = kept == 0
        least = kept[~dropped].min()
        assert full[dropped].max() < least
        assert full[dropped].sum() < 0.05 * full.sum() <= 1.000001 * (full[dropped].sum() + least)


def test_filters_are_built_once() -> None:
    x = np.zeros(4000, np.float32)
    spectro.cqt(x, n_bins=30)
    before = vqt_stages.cache_info()
    spectro.cqt(x, n_bins=30)
    after = vqt_stages.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 1)


def test_scales_of_intervals() -> None:
    powers = [Fraction(3) ** k / Fraction(2) ** int(np.floor(k * np.log2(3))) for k in range(12)]
    np.testing.assert_allclose(
        bin_frequencies(12, 1.0, 12, "pythagorean"), sorted(map(float, powers)), rtol=1e-14
    )
    just = bin_frequencies(12, 1.0, 12, "ji5")
    for ratio in just:
        fraction = Fraction(float(ratio)).limit_denominator(1000)
        rest = fraction.numerator * fraction.denominator
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        assert rest == 1
        assert float(fraction) == pytest.approx(ratio, rel=1e-14)
    np.testing.assert_allclose(bin_frequencies(5, 100.0, 2, (1.0, 1.5)), [100, 150, 200, 300, 400])


def test_icqt_brings_back_what_lies_between_its_lowest_and_highest_bin() -> None:
    x = (tone(220.0, 2 * SR) + tone(700.0, 2 * SR)) * hann(2 * SR)
    y = spectro.icqt(
        spectro.cqt(x, fmin=110.0, n_bins=48, hop_length=128), fmin=110.0, hop_length=128, length=len(x)
    )
    assert y.shape == x.shape
    assert np.abs(y - x)[SR // 2 : -SR // 2].max() < 0.05 * np.abs(x).max()


# Kinds of array


def test_numpy_mlx_batch_and_single_agree() -> None:
    x = np.random.default_rng(9).uniform(-0.5, 0.5, (3, 6000)).astype(np.float32)
    for function in (spectro.cqt, spectro.vqt, spectro.hybrid_cqt, spectro.pseudo_cqt):
        batch = function(x)
        assert type(batch) is np.ndarray
        np.testing.assert_array_equal(function(x[1]), batch[1])
        lazy = function(mx.array(x))
        assert isinstance(lazy, mx.array)
        assert relative_error(np.array(lazy), batch) < 2e-6
    z = spectro.cqt(x, n_bins=36)
    assert relative_error(np.array(spectro.icqt(mx.array(z))), spectro.icqt(z)) < 2e-6


def test_compiled_equals_eager() -> None:
    transform = spectro.HybridCQTTransform(n_bins=60)
    x = mx.array(np.random.default_rng(2).uniform(-0.5, 0.5, (2, 8000)).astype(np.float32))
    compiled = transform.get_compiled()
    assert compiled is transform.get_compiled()
    assert relative_error(np.array(compiled(x)), np.array(transform(x))) < 3e-6
    np.testing.assert_array_equal(compiled(np.array(x)), transform(np.array(x)))


def test_gradients_of_mlx_reach_through_every_octave() -> None:
    rng = np.random.default_rng(4)
    x = rng.uniform(-0.5, 0.5, 3000)
    weight = rng.uniform(0.5, 1.5, (40, 24))
    options = {"fmin": 110.0, "n_bins": 40, "hop_length": 128}

    def energy(v: mx.array) -> mx.array:
        return (mx.array(weight.astype(np.float32)) * mx.abs(spectro.cqt(v, **options)) ** 2).sum()

    gradient = np.array(mx.grad(energy)(mx.array(x.astype(np.float32))), np.float64)
    for _ in range(3):
        # The energy is a quadratic form, so a central difference of any step is exact.
        direction = rng.standard_normal(3000)
        up, down = (weight * np.abs(spectro.cqt(x + s * direction, **options)) ** 2 for s in (0.1, -0.1))
        assert gradient @ direction == pytest.approx((up.sum() - down.sum()) / 0.2, rel=2e-4)


def test_gradients_are_refused_where_they_would_be_lost() -> None:
    x = mx.zeros(3000)
    with pytest.raises(spectro.GradientError, match="res_type"):
        mx.grad(lambda v: mx.abs(spectro.cqt(v, n_bins=36, res_type="soxr_vhq")).sum())(x)
    with pytest.raises(spectro.GradientError, match="tuning"):
        mx.grad(lambda v: mx.abs(spectro.cqt(v, n_bins=36, tuning=None)).sum())(x)


# Bad input


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"n_bins": 120}, "Nyquist"),
        ({"n_bins": 0}, "n_bins"),
        ({"hop_length": 0}, "hop_length"),
        ({"bins_per_octave": 1.5}, "bins_per_octave"),
        ({"fmin": -1.0}, "fmin"),
        ({"filter_scale": 0.0}, "filter_scale"),
        ({"norm": -2.0}, "norm"),
        ({"sparsity": 1.0}, "sparsity"),
        ({"sr": 0}, "sr"),
    ],
)
def test_options_out_of_range_are_named(options: dict, name: str) -> None:
    x = np.zeros(4000, np.float32)
    for call in (lambda: spectro.HybridCQTTransform(**options), lambda: spectro.cqt(x, **options)):
        with pytest.raises(spectro.SpectroError, match=name):
            call()


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"gamma": -1.0}, "gamma"),
        ({"intervals": "ji11"}, "ji11"),
        ({"pad_mode": "symmetric"}, "pad_mode"),
        ({"res_type": "best"}, "res_type"),
        ({"window": np.ones(8)}, "window"),
        ({"window": "no such window"}, "no such window"),
        ({"tuning": "high"}, "tuning"),
    ],
)
def test_options_of_the_full_transform_are_named(options: dict, name: str) -> None:
    with pytest.raises(spectro.SpectroError, match=name):
        spectro.vqt(np.zeros(4000, np.float32), **options)


def test_a_signal_too_short_for_its_octaves_is_refused() -> None:
    with pytest.raises(spectro.ParameterError, match="too few"):
        spectro.cqt(np.zeros(3, np.float32), n_bins=12)


def test_icqt_refuses_what_is_not_a_spectrum() -> None:
    with pytest.raises(spectro.ArrayTypeError, match="complex"):
        spectro.icqt(np.zeros((24, 10), np.float32))
    with pytest.raises(spectro.ParameterError, match="n_bins, N"):
        spectro.icqt(np.zeros(24, np.complex64))


def test_torch_tensors_come_back_as_tensors_and_keep_their_gradient() -> None:
    torch = pytest.importorskip("torch")
    x = torch.randn(2, 5000)
    y = spectro.hybrid_cqt(x)
    assert isinstance(y, torch.Tensor)
    np.testing.assert_array_equal(y.numpy(), spectro.hybrid_cqt(x.numpy()))
    with pytest.raises(spectro.GradientError):
        spectro.hybrid_cqt(x.requires_grad_())


@pytest.mark.parametrize("single", [True, False])
def test_the_inverse_of_torch_tensors(single: bool) -> None:
    torch = pytest.importorskip("torch")
    options = {"sr": 8000, "hop_length": 64, "fmin": 110.0}
    x = np.random.default_rng(3).standard_normal((2, 4000))
    for kind in (np.float32, np.float64):
        z = spectro.cqt((x[0] if single else x).astype(kind), n_bins=36, **options)
        y = spectro.icqt(torch.from_numpy(z), length=4000, **options)
        assert isinstance(y, torch.Tensor)
        assert y.dtype == (torch.float32 if kind == np.float32 else torch.float64)
        np.testing.assert_array_equal(y.numpy(), spectro.icqt(z, length=4000, **options))
    with pytest.raises(spectro.GradientError):
        spectro.icqt(torch.from_numpy(z).requires_grad_(), **options)
