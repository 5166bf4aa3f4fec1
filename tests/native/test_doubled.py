"""Without native kernels, an `mx.array` on the CPU still gets spectra that are exact bin by bin."""

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.spectrum.framed import FramedTransform

FRAME, RATE = 256, 8000
STARTS = np.arange(40) * 80


@pytest.fixture(autouse=True)
def portable():
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    with spectro.config(backend="portable"):
        yield
    mx.set_default_device(before)


@pytest.fixture
def audio():
    """A loud tone in the middle of a bin, and noise 100 dB below it."""
    t = np.arange(4000) / RATE
    noise = np.random.default_rng(0).standard_normal(len(t)) * 1e-5
    return (np.sin(2 * np.pi * 1000 * t) + noise).astype(np.float32)


def stft(x):
    """As madmom transforms: arithmetic in float64."""
    return FramedTransform(np.hanning(FRAME)).spectrum(mx, x[None], STARTS)[0]


def truth(x):
    frames = x.astype(np.float64)[STARTS[:, None] + np.arange(FRAME)]
    return np.fft.rfft(frames * np.hanning(FRAME))[:, : FRAME // 2]


def test_quiet_bins_beside_a_loud_one(audio):
    z, expected = np.array(stft(mx.array(audio))), truth(audio)
    assert z.dtype == np.complex64
    np.testing.assert_array_less(abs(z - expected), 1e-7 * abs(expected) + 1e-12)


def test_gradients(audio):
    x = mx.array(audio)
    weights = np.random.default_rng(1).standard_normal((40, 128)).astype(np.float32)

    def weighed(x):
        return (mx.real(stft(x)) * mx.array(weights)).sum()

    direction = np.random.default_rng(2).standard_normal(len(audio)).astype(np.float32)
    slope = float((mx.grad(weighed)(x) * mx.array(direction)).sum())
    assert slope == pytest.approx(float((truth(direction).real * weights).sum()), rel=1e-4)
    _, tangents = mx.jvp(weighed, [x], [mx.array(direction)])
    assert float(tangents[0]) == pytest.approx(slope, rel=1e-4)


def test_what_mlx_traces_is_its_own_operations(audio):
    x = mx.array(audio)
    np.testing.assert_allclose(np.array(mx.compile(stft)(x)), truth(audio), atol=1e-4)
    np.testing.assert_allclose(np.array(mx.vmap(stft)(x[None]))[0], truth(audio), atol=1e-4)
