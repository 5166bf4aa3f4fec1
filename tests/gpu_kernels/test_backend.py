"""The GPU backend behind the dispatcher, its kernels run by the Metal emulator."""

import importlib.util
import platform
import sys
import warnings

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.backends import gpu
from spectro.backends.choices import listening
from spectro.framing.windows import Window
from spectro.kernels import gpu as native
from spectro.kernels.gpu import running
from spectro.spectrum.plan import StftPlan

runs_emulator = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or importlib.util.find_spec("ziglang") is None,
    reason="needs the Metal emulator: Linux on x86-64, and ziglang",
)


@pytest.fixture
def metal(monkeypatch):
    """A machine that looks like a Mac to the dispatcher."""
    import emulated

    emulated.on_emulator(monkeypatch)
    monkeypatch.setattr(native, "target", lambda: "metal")
    monkeypatch.setattr(gpu, "_failed", [])
    monkeypatch.setattr(gpu, "why_not", lambda x: "" if isinstance(x, mx.array) else "host memory")


def audio(length=3000):
    return mx.array(np.random.default_rng(0).standard_normal((2, length)).astype(np.float32))


def on_portable(call):
    with spectro.config(backend="portable"):
        return call()


@runs_emulator
@pytest.mark.parametrize(
    "options",
    [
        {"n_fft": 256, "hop_length": 64},
        {"n_fft": 400, "hop_length": 160, "normalized": True},
        {"n_fft": 128, "hop_length": 50, "center": False},
        {"n_fft": 128, "hop_length": 50, "center_pad_mode": "constant", "center_tail_pad": "minimal"},
        {"n_fft": 110, "hop_length": 20},  # 11 divides it: portable operations serve it
        {"n_fft": 75, "hop_length": 20},  # odd
    ],
)
def test_transforms_agree_with_the_portable_backend(metal, options):
    transform = spectro.SpectralTransform(**options)
    x = audio()
    assert spectro.explain(x).startswith("metal")
    z, expected = transform.stft(x), on_portable(lambda: transform.stft(x))
    assert z.shape == expected.shape
    assert float(mx.abs(z - expected).max() / mx.abs(expected).max()) < 1e-6

    def invert():
        return transform.istft(z, length=2900, safety="off")

    y, again = invert(), on_portable(invert)
    inner = slice(200, 2600)
    assert float(mx.abs(y - again)[:, inner].max()) < 1e-5


@runs_emulator
@pytest.mark.parametrize("precision", ["auto", "double"])
def test_a_plan_for_float64_is_told_that_it_gets_float32(metal, precision):
    plan = StftPlan(64, 16, precision=precision)
    with listening() as choices:
        gpu.stft(plan, audio(300), Window(np.hanning(64)), "bnf")
    assert any(choice.narrowed for choice in choices) == (precision == "double")


@runs_emulator
@pytest.mark.parametrize("scale", ["linear", "log", "db"])
@pytest.mark.parametrize("mode", ["clamp", "add", "log1p"])
def test_mel_agrees_with_the_portable_backend(metal, scale, mode):
    mel = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=40, log_mode=mode, normalized=True)
    x = audio()
    y, expected = mel(x, scale), on_portable(lambda: mel(x, scale))
    assert y.shape == expected.shape
    assert float(mx.abs(y - expected).max() / mx.abs(expected).max()) < 1e-5


@runs_emulator
@pytest.mark.parametrize("normalized", [True, False])
def test_chunks_agree_with_the_portable_backend(metal, normalized):
    x = mx.array(np.random.default_rng(0).standard_normal((4, 2, 3, 40)).astype(np.float32))
    weights = np.hanning(42)[1:-1]

    def join(**options):
        return spectro.waveform_overlap_add(x, 25, 130, weights, normalized=normalized, **options)

    y, expected = join(require_metal=True), on_portable(join)
    np.testing.assert_allclose(np.array(y), np.array(expected), atol=1e-5)
    with pytest.raises(spectro.BackendError, match="portable"):
        on_portable(lambda: join(require_metal=True))


@pytest.fixture
def launched(monkeypatch, metal):
    """The kernels launched so far."""
    names = []
    run_all = running.run_all

    def counted(launch):
        names.append(launch.kernel)
        return run_all(launch)

    monkeypatch.setattr(running, "run_all", counted)
    return names


@runs_emulator
def test_traced_calls_take_portable_operations(metal, launched):
    transform = spectro.SpectralTransform(256, 64)
    rows = mx.stack([audio(), 2 * audio()])
    mapped = mx.vmap(transform.stft)(rows)
    expected = on_portable(lambda: transform.stft(rows.reshape(4, -1))).reshape(mapped.shape)
    assert float(mx.abs(mapped - expected).max() / mx.abs(expected).max()) < 1e-6
    assert not launched


@runs_emulator
@pytest.mark.parametrize("mode", ["mlx_native", "torchaudio_compat"])
def test_decibels_below_the_peak_and_their_gradient(metal, launched, mode):
    mel = spectro.MelSpectrogramTransform(16000, 64, 16, n_mels=8, top_db=20.0, mode=mode)
    x = audio(300) * mx.array([[1.0], [30.0]])
    y, expected = mel(x), on_portable(lambda: mel(x))
    assert launched == ["filtered_peaks", "in_range"]
    np.testing.assert_allclose(np.array(y), np.array(expected), atol=2e-5)
    slope = mx.grad(lambda v: mx.sum(mel(v) ** 2))
    assert mx.allclose(slope(x), on_portable(lambda: slope(x)), rtol=1e-3, atol=1e-2)
    assert mx.isnan(mel(mx.where(mx.arange(300) == 100, mx.nan, x))).any().item()


def test_a_kernel_that_does_not_build_falls_back_with_one_warning(monkeypatch):
    def broken(launch):
        raise RuntimeError("error: expected ';' at line 1")

    monkeypatch.setattr(running, "target", lambda: "metal")
    monkeypatch.setattr(native, "target", lambda: "metal")
    monkeypatch.setattr(running, "call", broken)
    monkeypatch.setattr(running, "_failed", {})
    monkeypatch.setattr(running, "_built", set())
    monkeypatch.setattr(gpu, "_failed", [])
    monkeypatch.setattr(mx, "default_device", lambda: mx.Device(mx.gpu))
    transform = spectro.SpectralTransform(256, 64)
    with mx.stream(mx.cpu), pytest.warns(spectro.FallbackWarning, match="expected ';'"):
        z = transform.stft(audio())
    with warnings.catch_warnings(), mx.stream(mx.cpu):
        warnings.simplefilter("error")
        again = transform.stft(audio())
    assert "expected ';'" in gpu.why_not(audio())
    assert mx.array_equal(z, again)
