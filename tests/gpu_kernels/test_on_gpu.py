"""The kernels on a real GPU, Metal or CUDA, against numpy in float64; torch's error is the bar."""

import mlx.core as mx
import numpy as np
import pytest
import truth

from spectro.kernels import gpu

pytestmark = pytest.mark.skipif(gpu.target() is None, reason="MLX has no GPU here")

SIZES = [(50, 10), (64, 16), (400, 160), (480, 120), (882, 441), (1024, 256), (2048, 512), (4096, 1024)]


def geometry(n, hop, mode="reflect"):
    return gpu.Geometry(n, hop, 5 * n + 3, n // 2, n // 2, mode)


def audio(g, batch=3):
    return np.random.default_rng(g.n_fft).standard_normal((batch, g.length)).astype(np.float32)


@pytest.mark.parametrize(("n", "hop"), SIZES)
def test_transforms(n, hop):
    g, window = geometry(n, hop), truth.hann(n)
    x = audio(g)
    z = gpu.stft(gpu.Window(window), g)(mx.array(x))
    expected = truth.stft(x, g, window)
    error = truth.relative(np.array(z), expected)
    try:
        import torch
    except ImportError:
        bar = 4e-7
    else:
        device = "cuda" if torch.cuda.is_available() else "cpu"
        w = torch.from_numpy(window.astype(np.float32)).to(device)
        theirs = torch.stft(torch.from_numpy(x).to(device), n, hop, window=w, return_complex=True)
        bar = 2 * truth.relative(theirs.cpu().numpy().swapaxes(1, 2), expected)
    assert error <= bar
    y = gpu.istft(gpu.Window(window), n, hop, g.frames, n // 2, g.length, 1.0, 1e-11)(z)
    covered = slice(0, (g.frames - 1) * hop)
    again = truth.istft(np.array(z).astype(np.complex128), hop, window, n // 2, g.length)
    assert truth.relative(np.array(y)[:, covered], again[:, covered]) < 4e-7


@pytest.mark.parametrize(("n", "hop"), SIZES)
def test_filtered(n, hop):
    g, window = geometry(n, hop), truth.hann(n)
    x, bank = audio(g), truth.bank(g.bins, 20)
    y = gpu.filtered(gpu.Window(window), gpu.Filterbank(bank), g)(mx.array(x))
    expected = (np.abs(truth.stft(x, g, window)) ** 2 @ bank).swapaxes(1, 2)
    assert truth.relative(np.array(y), expected) < 1e-6


@pytest.mark.parametrize(("n", "hop"), SIZES)
@pytest.mark.parametrize("mode", ["reflect", "constant", "edge"])
def test_gradient_is_the_adjoint(n, hop, mode):
    g, window = geometry(n, hop, mode), truth.hann(n)
    x = mx.array(audio(g))
    rng = np.random.default_rng(0)
    c = rng.standard_normal((3, g.frames, g.bins)) + 1j * rng.standard_normal((3, g.frames, g.bins))
    transform, weights = gpu.stft(gpu.Window(window), g), mx.array(c.astype(np.complex64))
    gradient = mx.grad(lambda v: mx.sum(mx.real(transform(v) * mx.conj(weights))))(x)
    assert truth.relative(np.array(gradient), truth.stft_adjoint(c, g, window)) < 5e-7


def test_compiled_functions_use_the_kernels():
    g = geometry(512, 128)
    x = mx.array(audio(g))
    transform = gpu.stft(gpu.Window(truth.hann(512)), g)
    assert mx.array_equal(mx.compile(transform)(x), transform(x))


def test_gradient_of_the_filtered_spectrogram():
    g, window, bank = geometry(400, 160), truth.hann(400), truth.bank(201, 20)
    x = audio(g)
    bands = gpu.filtered(gpu.Window(window), gpu.Filterbank(bank), g)
    gradient = mx.grad(lambda v: mx.sum(bands(v)))(mx.array(x))
    z = truth.stft(x, g, window)
    assert truth.relative(np.array(gradient), truth.stft_adjoint(2 * z * bank.sum(1), g, window)) < 1e-6


def test_a_batch_larger_than_32_bit_indices():
    """More than 2**31 spectrum values: the last frames must be those of the last signal."""
    memory = getattr(mx, "device_info", dict)().get("total_memory") or 0
    if memory < 40 << 30:
        pytest.skip("needs 40 GB of GPU memory")
    n, hop, batch, length = 64, 4, 1100, 64 * 4000
    g = gpu.Geometry(n, hop, length, 32, 32, "reflect")
    assert batch * g.frames * g.bins > 2**31
    x = mx.random.normal((1, length))
    rows = mx.broadcast_to(x, (batch, length)) * mx.arange(batch).astype(mx.float32)[:, None]
    z = gpu.stft(gpu.Window(truth.hann(n)), g)(rows)
    one = gpu.stft(gpu.Window(truth.hann(n)), g)(x)
    assert mx.allclose(z[-1], (batch - 1) * one[0], rtol=1e-5, atol=1e-2).item()
