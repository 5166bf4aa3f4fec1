"""Under mx.grad, mx.vmap, mx.compile: right numbers, for batches too."""

from __future__ import annotations

from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest
from direct import relative_error

import spectro
from spectro.spectrograms.mel import power_spectrum

STEP = 1e-6


def finite_differences(loss: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Return the gradient of `loss` at `x` by central differences in float64."""
    gradient = np.empty_like(x)
    for index in np.ndindex(*x.shape):
        shifted = x.copy()
        shifted[index] += STEP
        above = loss(shifted)
        shifted[index] -= 2 * STEP
        gradient[index] = (above - loss(shifted)) / (2 * STEP)
    return gradient


def check_gradient(loss: Callable[..., object], x: np.ndarray) -> None:
    """Compare mx.grad of `loss`, written for numpy and mlx alike, with finite differences."""
    truth = finite_differences(lambda v: float(loss(np, v)), x)
    ours = mx.grad(lambda v: loss(mx, v))(mx.array(x.astype(np.float32)))
    assert np.abs(np.array(ours) - truth).max() < 2e-5 * np.abs(truth).max()


@pytest.mark.parametrize(
    ("n_fft", "hop", "mode"), [(32, 8, "reflect"), (31, 9, "constant"), (16, 20, "reflect")]
)
def test_stft_gradient_for_a_batch(n_fft: int, hop: int, mode: str) -> None:
    transform = spectro.SpectralTransform(n_fft, hop, center_pad_mode=mode)
    x = np.random.default_rng(0).standard_normal((3, 90))
    weight = np.random.default_rng(1).random((3, n_fft // 2 + 1, 1))

    def loss(xp: object, v: object) -> object:
        z = transform.stft(v)
        w = mx.array(weight.astype(np.float32)) if xp is mx else weight
        return (abs(z) * w).sum()

    check_gradient(loss, x)


def test_istft_gradient_with_respect_to_a_complex_spectrogram() -> None:
    transform = spectro.SpectralTransform(16, 5)
    rng = np.random.default_rng(2)
    parts = rng.standard_normal((2, 2, 9, 8))
    target = rng.standard_normal((2, 40))

    def loss(xp: object, v: object) -> object:
        y = transform.istft(v[0] + 1j * v[1], length=40)
        t = mx.array(target.astype(np.float32)) if xp is mx else target
        return ((y - t) ** 2).sum()

    check_gradient(loss, parts)


def test_round_trip_and_mel_gradients() -> None:
    transform = spectro.SpectralTransform(32, 8)
    x = np.random.default_rng(4).standard_normal((2, 80))
    check_gradient(lambda xp, v: (transform.istft(transform.stft(v), length=80) ** 3).sum(), x)
    mel = spectro.LogMelSpectrogramTransform(
        sample_rate=8000, n_fft=64, hop_length=16, n_mels=8, log_mode="add", log_amin=1e-2
    )
    check_gradient(lambda xp, v: (mel(v) ** 2).sum(), x)


def test_second_derivative() -> None:
    # L = sum |Ax|^4 has gradient g = 4 Re A^H (|z|^2 z), z = Ax, and |g|^2 has gradient 2 H g with
    # H g = 4 Re A^H (|z|^2 Ag + 2 Re(z* Ag) z); A is the transform of the unit impulses.
    transform = spectro.SpectralTransform(16, 4)
    x = np.random.default_rng(5).standard_normal(30)
    a = transform.stft(np.eye(30)).reshape(30, -1).T
    z = a @ x
    g = 4 * (a.conj().T @ (abs(z) ** 2 * z)).real
    ag = a @ g
    truth = 8 * (a.conj().T @ (abs(z) ** 2 * ag + 2 * (z.conj() * ag).real * z)).real

    def loss(v: mx.array) -> mx.array:  # not by mx.abs, whose second derivative leaves out that of z / |z|
        return (power_spectrum(mx, transform.stft(v), 2.0) ** 2).sum()

    v = mx.array(x.astype(np.float32))
    assert relative_error(mx.grad(loss)(v), g) < 1e-5
    assert relative_error(mx.grad(lambda v: (mx.grad(loss)(v) ** 2).sum())(v), truth) < 1e-5


def test_vmap_and_compile_equal_the_eager_call(noise: np.ndarray) -> None:
    x = mx.array(noise.astype(np.float32))
    for transform in (
        spectro.SpectralTransform(400, 160).stft,
        spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=20).mel_spectrogram,
    ):
        eager = np.array(transform(x[:, None].reshape(3, 1500)))
        mapped = np.array(mx.vmap(lambda v, f=transform: f(v))(x))
        tolerance = 1e-5 * np.abs(eager).max()
        if eager.dtype == np.complex64:  # dB clips by the batch's own peak, so compare spectra alone
            assert np.abs(mapped[:, 0] - eager).max() < tolerance
        assert np.abs(np.array(mx.compile(transform)(x)) - eager).max() < tolerance
    transform = spectro.SpectralTransform(400, 160)
    z = transform.stft(x)
    mapped = mx.vmap(lambda v: transform.istft(v, length=1500))(z)
    assert np.abs(np.array(mapped - transform.istft(z, length=1500))).max() < 1e-6


def test_compiled_entry_points(noise: np.ndarray) -> None:
    transform = spectro.SpectralTransform(256, 64)
    x = mx.array(noise.astype(np.float32))
    for layout in ("bfn", "bnf"):
        z = transform.stft(x, layout)
        np.testing.assert_allclose(transform.stft_compiled(x, layout), z, atol=1e-5)
        y = transform.istft(z, 1500, input_layout=layout)
        np.testing.assert_allclose(transform.istft_compiled(z, 1500, input_layout=layout), y, atol=1e-6)
        stft, istft = transform.compiled_pair(1500, layout, warmup_batch=3)
        np.testing.assert_allclose(istft(stft(x)), y, atol=1e-5)
        stft, istft = transform.compiled_pair_nd(1500, (3, 1), layout)
        assert stft(x[:, None]).shape == (3, 1, *z.shape[1:])
        np.testing.assert_allclose(istft(stft(x[:, None]))[:, 0], y, atol=1e-5)
    assert transform.get_compiled_stft() is transform.get_compiled_stft()
    assert isinstance(transform.stft_compiled(noise), np.ndarray)
    with pytest.raises(spectro.ParameterError):
        transform.get_compiled_istft(backend_policy="torch_fallback")
    with pytest.raises(spectro.ParameterError):
        transform.compiled_pair_nd(1500, ())
    transform.warmup()
    transform.prewarm_kernels(batch=2)
    transform.prewarm_compiled(length=512)


def test_features_compile_to_their_eager_values(noise: np.ndarray) -> None:
    x = mx.array(noise.astype(np.float32))
    mel = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=20)
    for scale in ("linear", "log", "db"):
        eager = mel(x, output_scale=scale)
        np.testing.assert_allclose(mel.get_compiled(scale)(x), eager, rtol=1e-4, atol=1e-4)
    assert mel.get_compiled(to_db=True) is mel.get_compiled()
    log_mel = spectro.LogMelSpectrogramTransform(sample_rate=16000, n_fft=400, hop_length=160, n_mels=20)
    np.testing.assert_allclose(log_mel.get_compiled()(x), log_mel(x), rtol=1e-4, atol=1e-4)
    mfcc = spectro.MFCCTransform(16000, n_mfcc=5, n_fft=400, hop_length=160, n_mels=20)
    np.testing.assert_allclose(mfcc.get_compiled()(x), mfcc(x), rtol=1e-4, atol=1e-3)
