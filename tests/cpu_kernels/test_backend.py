"""The kernels behind the public API: arrays of every kind, gradients of every order, and MLX's tracing."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.arrays import receive
from spectro.backends import dispatch
from spectro.framing.windows import Window
from spectro.kernels import cpu
from spectro.kernels.cpu import mlx_arrays, mlx_loading
from spectro.spectrum.plan import StftPlan

pytestmark = pytest.mark.usefixtures("native", "_on_cpu")


@pytest.fixture
def _on_cpu():
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    yield
    mx.set_default_device(before)


def audio(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


TRANSFORM = spectro.SpectralTransform(64, 16)
MEL = spectro.MelSpectrogramTransform(8000, 64, 16, n_mels=10, output_scale="linear")


def round_trip_loss(x: mx.array) -> mx.array:
    """Depends on the phase, so that a conjugated gradient would show."""
    z = TRANSFORM.stft(x, "bnf")
    turned = z * mx.array(np.exp(0.3j * np.arange(33)).astype(np.complex64)) + 0.2 * z * z.real
    return (TRANSFORM.istft(turned, length=x.shape[-1], input_layout="bnf") ** 3).sum()


def mel_loss(x: mx.array) -> mx.array:
    return (mx.log(MEL(x) + 0.1) ** 2).sum()


def decibel_loss(x: mx.array) -> mx.array:
    return (MEL.mel_spectrogram(x, "db") ** 2).mean()


def portable(function, *arguments):
    with spectro.config(backend="portable"):
        return function(*arguments)


def close(found, expected, tolerance: float = 2e-5) -> None:
    found, expected = np.array(found), np.array(expected)
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    assert np.abs(expected).max() > 0
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * np.abs(expected).max())


def test_the_kernels_are_used() -> None:
    assert spectro.explain(audio(100)).startswith("cpu")
    assert spectro.explain(mx.array(audio(100))).startswith("cpu")
    assert portable(spectro.explain, audio(100)).startswith("portable")


@pytest.mark.parametrize(
    "length", [1000, 400000]
)  # the second is large enough to be made inside MLX's buffer
@pytest.mark.parametrize("layout", ["bfn", "bnf"])
def test_mlx_in_mlx_out(layout: str, length: int) -> None:
    x = audio(2, length)
    z = TRANSFORM.stft(mx.array(x), layout)
    assert isinstance(z, mx.array)
    np.testing.assert_array_equal(np.array(z), TRANSFORM.stft(x, layout))
    back = TRANSFORM.istft(z, length=length, input_layout=layout)
    assert isinstance(back, mx.array)
    close(back, mx.array(x))


def test_float64_stays_float64() -> None:
    x = audio(2, 3000).astype(np.float64)
    z = TRANSFORM.stft(x)
    assert z.dtype == np.complex128
    np.testing.assert_allclose(TRANSFORM.istft(z, length=3000), x, atol=1e-12)
    exact = portable(MEL, x)
    np.testing.assert_allclose(MEL(x), exact, rtol=1e-10)


@pytest.mark.parametrize("backend", ["cpu", "portable"])
@pytest.mark.parametrize("layout", ["bfn", "bnf"])
def test_a_plan_may_ask_for_double_arithmetic(backend: str, layout: str) -> None:
    plan = StftPlan(256, 64, pad=128, precision="double")
    window = Window(np.hanning(257)[:-1])
    x = audio(2, 2000)
    with spectro.config(backend=backend):
        exact = dispatch.analyze(plan, window, receive(x.astype(np.float64), "x"), layout)
        z = dispatch.analyze(plan, window, receive(x, "x"), layout)
        again = dispatch.synthesize(plan, window, receive(z, "z"), 128, 2000, layout)
        wide = dispatch.synthesize(plan, window, receive(z.astype(complex), "z"), 128, 2000, layout)
    assert (z.dtype, again.dtype) == (np.complex64, np.float32)
    np.testing.assert_array_equal(z, exact.astype(np.complex64))
    np.testing.assert_array_equal(again, wide.astype(np.float32))
    lazy = dispatch.analyze(plan, window, receive(mx.array(x), "x"), layout)
    np.testing.assert_array_equal(np.array(lazy), z) if backend == "cpu" else close(lazy, mx.array(z))


@pytest.mark.parametrize("n_fft", [100, 202])  # short, and with a large prime factor
def test_sizes_that_float32_is_too_rough_for_are_computed_in_float64(n_fft: int) -> None:
    transform, x = spectro.SpectralTransform(n_fft, n_fft // 4), audio(2, 3000)
    exact = transform.stft(x.astype(np.float64)).astype(np.complex64)
    np.testing.assert_array_equal(transform.stft(x), exact)
    np.testing.assert_array_equal(np.array(transform.stft(mx.array(x))), exact)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(3000,), (2, 5000)])
def test_reductions_of_frames_are_the_plain_ones(shape: tuple[int, ...], dtype: type) -> None:
    x = audio(*shape).astype(dtype)
    x[..., 100:400] = 0
    x[..., 400:500] = 1e-11  # has no sign of its own
    for function in (spectro.rms, spectro.zero_crossing_rate):
        for options in ({}, {"frame_length": 300, "hop_length": 77, "center": False}, {"pad_mode": "edge"}):
            found, expected = function(x, **options), portable(lambda f=function, o=options: f(x, **o))
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
            np.testing.assert_allclose(found, expected, rtol=2e-7 if dtype == np.float32 else 1e-14)
    chunks = np.stack([x, -0.5 * x, 2 * x])
    for window in (None, np.hanning(x.shape[-1])):
        found = spectro.waveform_overlap_add(chunks, 1700, window=window)
        expected = portable(spectro.waveform_overlap_add, chunks, 1700, None, window)
        np.testing.assert_allclose(found, expected, rtol=1e-5 if dtype == np.float32 else 1e-13, atol=1e-6)


@pytest.mark.parametrize("loss", [round_trip_loss, mel_loss, decibel_loss])
def test_first_and_second_derivative(loss) -> None:
    x = mx.array(audio(2, 500, seed=3))
    gradient = mx.grad(loss)
    close(loss(x), portable(loss, x))
    close(gradient(x), portable(gradient, x))
    direction = mx.array(audio(2, 500, seed=4))
    second = mx.grad(lambda a: (gradient(a) * direction).sum())
    close(second(x), portable(second, x), 1e-4)


def test_a_signal_used_twice_keeps_both_gradients() -> None:
    def loss(x: mx.array) -> mx.array:
        mx.eval(x)  # as printing it would
        return mel_loss(x) + round_trip_loss(x) + mel_loss(x)

    x = mx.array(audio(1, 300, seed=6))
    expected = 2 * portable(mx.grad(mel_loss), x) + portable(mx.grad(round_trip_loss), x)
    close(mx.grad(loss)(x), expected)


@pytest.mark.parametrize("loss", [round_trip_loss, mel_loss])
def test_tracing(loss) -> None:
    x = mx.array(audio(3, 2, 400, seed=5))
    plain = portable(mx.grad(loss), x[0])
    close(mx.compile(mx.grad(loss))(x[0]), plain)
    close(mx.vmap(loss)(x), mx.stack([portable(loss, row) for row in x]))
    close(mx.vmap(mx.grad(loss))(x)[0], plain)
    close(mx.grad(lambda a: mx.vmap(loss)(a).sum())(x)[0], plain)
    close(mx.compile(loss)(x[0]), portable(loss, x[0]))


def test_forward_mode() -> None:
    x, tangent = mx.array(audio(1, 300)), mx.array(audio(1, 300, seed=1))
    for function in (TRANSFORM.stft, MEL):
        found = mx.jvp(function, [x], [tangent])[1][0]
        close(found, portable(lambda f=function: mx.jvp(f, [x], [tangent])[1][0]))


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("scale", ["linear", "log", "db"])
def test_fused_mel_is_the_plain_one(power: float, scale: str) -> None:
    for options in ({}, {"log_mode": "add"}, {"log_mode": "log1p"}, {"normalized": True}, {"top_db": None}):
        transform = spectro.MelSpectrogramTransform(
            16000, 128, 40, n_mels=12, power=power, output_scale=scale, log_amin=1e-3, **options
        )
        x = audio(2, 2000).astype(np.float64)
        np.testing.assert_allclose(transform(x), portable(transform, x), rtol=1e-9, atol=1e-9)
        close(transform(mx.array(x.astype(np.float32))), portable(transform, mx.array(x.astype(np.float32))))


def test_a_failure_inside_mlx_is_an_exception_outside() -> None:
    def fail(address: int) -> None:
        raise ValueError("boom")

    assert mlx_loading.can_load()
    with pytest.raises(ValueError, match="boom"):
        mlx_arrays.filled((1 << 20,), np.dtype(np.float32), fail)
    ok = mlx_arrays.filled((2, 3), np.dtype(np.float32), lambda address: None)
    assert ok.shape == (2, 3)


def test_torch_tensors_share_their_memory() -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(audio(2, 1000))
    z = TRANSFORM.stft(x)
    assert isinstance(z, torch.Tensor)
    window = torch.hann_window(64)
    expected = torch.stft(x.double(), 64, 16, window=window.double(), return_complex=True)
    assert (z - expected).abs().max() < 1e-4


def test_a_bundle_of_descriptors_is_one_kernel_call(native: None, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).standard_normal((2, 5000))
    transform = spectro.SpectralFeatureTransform(sample_rate=8000, n_fft=256, hop_length=64, n_bands=3)
    with spectro.config(backend="portable"):
        plain = transform(x)
    calls = []
    describe = cpu.describe
    monkeypatch.setattr(cpu, "describe", lambda *a, **k: calls.append(a) or describe(*a, **k))
    monkeypatch.setattr(cpu, "stft", None)
    for name, value in transform(x).items():
        np.testing.assert_allclose(value, plain[name], rtol=1e-9, atol=1e-9)
    assert len(calls) == 1
