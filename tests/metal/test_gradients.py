"""The differentiable functions, their kernels emulated, against plain MLX, to the second derivative."""

import emulated
import mlx.core as mx
import numpy as np
import pytest
import truth

from spectro.kernels import gpu
from spectro.kernels.gpu import filtering, transforms

N, HOP, LENGTH = 64, 16, 300
WINDOW = truth.hann(N)


@pytest.fixture(autouse=True)
def _emulator(monkeypatch):
    emulated.on_emulator(monkeypatch)


def audio():
    return mx.array(np.random.default_rng(0).standard_normal((2, LENGTH)).astype(np.float32))


def plain_stft(geometry, onesided=True):
    """Padding and framing by index, in MLX."""
    index = np.arange(geometry.frames)[:, None] * geometry.hop + np.arange(geometry.n_fft) - geometry.left
    outside = (index < 0) | (index >= geometry.length)
    if geometry.mode == "constant":
        source = np.clip(index, 0, geometry.length - 1)
    else:
        padded = np.pad(np.arange(geometry.length), (geometry.left, geometry.right), geometry.mode)
        source, outside = padded[index + geometry.left], np.zeros_like(outside)
    weights = mx.array(np.where(outside, 0.0, WINDOW).astype(np.float32))
    transform = mx.fft.rfft if onesided else mx.fft.fft
    return lambda x: transform(x[:, mx.array(source)] * weights)


def close(a, b, tolerance=2e-6):
    return float(mx.abs(a - b).max() / mx.abs(b).max()) < tolerance


def agree(ours, plain, loss, x, tolerance=2e-6):
    """Values, first and second derivatives of loss(f(x))."""

    def first(f):
        return mx.grad(lambda v: loss(f(v)))

    def second(f):
        return mx.grad(lambda v: mx.sum(mx.real(first(f)(v) * mx.sin(mx.real(v)))))(x)

    assert close(ours(x), plain(x), tolerance)
    assert close(first(ours)(x), first(plain)(x), tolerance)
    assert close(second(ours), second(plain), tolerance)


def quartic(z):
    return mx.sum((mx.real(z) ** 2 + mx.imag(z) ** 2) ** 2) + mx.sum(mx.imag(z) * mx.real(z))


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
@pytest.mark.parametrize("onesided", [True, False])
def test_stft(mode, onesided):
    g = gpu.Geometry(N, HOP, LENGTH, 32, 32, mode)
    agree(gpu.stft(gpu.Window(WINDOW), g, onesided), plain_stft(g, onesided), quartic, audio())


def test_stft_with_more_padding_than_the_kernel_can_fold():
    g = gpu.Geometry(N, HOP, LENGTH, 60, 45, "reflect")
    agree(gpu.stft(gpu.Window(WINDOW), g), plain_stft(g), quartic, audio())


def test_stft_of_frames_too_long_to_fold():
    """At n_fft = 4096 no room is left for the samples that folding needs: padding is undone outside."""
    g = gpu.Geometry(4096, 2048, 5000, 2048, 2048, "reflect")
    assert not transforms.can_fold(g)
    x = mx.array(np.random.default_rng(0).standard_normal((1, 5000)).astype(np.float32))
    window, z = truth.hann(4096), gpu.stft(gpu.Window(truth.hann(4096)), g)
    c = np.random.default_rng(1).standard_normal((1, g.frames, g.bins))
    gradient = mx.grad(lambda v: mx.sum(mx.real(z(v)) * mx.array(c.astype(np.float32))))(x)
    assert truth.relative(np.array(gradient), truth.stft_adjoint(c, g, window)) < 1e-6


def test_no_kernel_for_gaps_between_frames():
    assert gpu.supports(64, 64)
    assert not gpu.supports(64, 65)


@pytest.mark.parametrize(("start", "length"), [(32, 300), (32, 250), (32, 360), (0, 300)])
def test_istft(start, length):
    window = WINDOW + 0.2
    frames = 19
    rng = np.random.default_rng(0)
    z = (rng.standard_normal((2, frames, 33)) + 1j * rng.standard_normal((2, frames, 33))).astype(
        np.complex64
    )
    extent = max((frames - 1) * HOP + N, start + length)
    place = np.arange(frames)[:, None] * HOP + np.arange(N)
    squares = np.zeros(extent)
    np.add.at(squares, place, np.broadcast_to(window**2, place.shape))
    inverse = mx.array((1 / np.where(squares > 1e-11, squares, 1)).astype(np.float32))

    def plain(v):
        pieces = mx.fft.irfft(v, n=N) * mx.array(window.astype(np.float32))
        total = mx.zeros((2, extent)).at[:, mx.array(place)].add(pieces)
        return (0.5 * total * inverse)[:, start : start + length]

    ours = gpu.istft(gpu.Window(window), N, HOP, frames, start, length, 2.0, 1e-11)
    agree(ours, plain, lambda y: mx.sum(y**3), mx.array(z))


@pytest.mark.parametrize("mode", ["reflect", "edge"])
@pytest.mark.parametrize("power", [2.0, 1.0, 1.5])
@pytest.mark.parametrize("scale", [gpu.Scale(), gpu.decibels(1e-3), gpu.Scale("log1p", multiplier=3.0)])
def test_filtered(mode, power, scale):
    g = gpu.Geometry(N, HOP, LENGTH, 32, 32, mode)
    bank = truth.bank(33, 8)[:, 1:]
    weights = mx.array(bank.astype(np.float32))
    stft = plain_stft(g)

    def plain(x):
        z = stft(x)
        power_spectrum = (mx.real(z) ** 2 + mx.imag(z) ** 2) ** (power / 2)
        return filtering.apply_scale(scale, (power_spectrum @ weights).swapaxes(1, 2))

    ours = gpu.filtered(gpu.Window(WINDOW), gpu.Filterbank(bank), g, power, scale)
    agree(ours, plain, lambda y: mx.sum(mx.sqrt(1 + y**2)), audio(), 2e-5)


@pytest.mark.parametrize("length", [100, 130])
def test_chunks(length):
    weights = np.hanning(42)[1:-1]
    x = mx.array(np.random.default_rng(0).standard_normal((2, 5, 40)).astype(np.float32))
    place = np.arange(5)[:, None] * 20 + np.arange(40)
    total = np.zeros(130)
    np.add.at(total, place, np.broadcast_to(weights, place.shape))
    inverse = mx.array((1 / np.where(total > 1e-8, total, 1)).astype(np.float32))

    def plain(v):
        y = mx.zeros((2, 130)).at[:, mx.array(place)].add(v * mx.array(weights.astype(np.float32)))
        return (y * inverse)[:, :length]

    agree(gpu.overlap_add(gpu.Window(weights), 20, 5, length, 1e-8), plain, lambda y: mx.sum(y**3), x)
