"""`compat.torchaudio` without torch: what the objects hold, and what they compute by the definition."""

import copy
import warnings

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.compat import torch as compat_torch
from spectro.compat import torchaudio

transforms = torchaudio.transforms
KINDS = {"numpy": np.array, "mlx": mx.array}


def direct_power(x, n_fft=64, hop=32):
    window = np.hanning(n_fft + 1)[:-1]
    x = np.pad(x.astype(float), n_fft // 2, mode="reflect")
    frames = np.stack([x[s : s + n_fft] for s in range(0, len(x) - n_fft + 1, hop)], axis=1)
    return np.abs(np.fft.rfft(frames * window[:, None], axis=0)) ** 2, window


def htk_filters(n_freqs, n_mels, rate, f_min=0.0):
    """Triangles by interpolation between corners, in float64."""
    mel = np.linspace(2595 * np.log10(1 + f_min / 700), 2595 * np.log10(1 + rate / 2 / 700), n_mels + 2)
    corners = 700 * (10 ** (mel / 2595) - 1)
    f = np.linspace(0, rate / 2, n_freqs)
    return np.stack([np.interp(f, corners[m : m + 3], [0, 1, 0]) for m in range(n_mels)], axis=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("leading", [(), (2,), (3, 2), (1, 2, 2)])
def test_spectrogram_of_any_leading_shape(kind, leading):
    x = np.random.default_rng(0).standard_normal((*leading, 500)).astype(np.float32)
    y = transforms.Spectrogram(64)(KINDS[kind](x))
    assert isinstance(y, mx.array if kind == "mlx" else np.ndarray)
    expected = np.stack([direct_power(row)[0] for row in x.reshape(-1, 500)]).reshape(*leading, 33, 16)
    np.testing.assert_allclose(np.array(y), expected, atol=1e-4)


def test_spectrogram_options(audio):
    x = audio[0]
    power, window = direct_power(x)
    for options, expected in (
        ({"power": 1.0}, np.sqrt(power)),
        ({"power": 0.5}, power**0.25),
        ({"normalized": True}, power / (window**2).sum()),
        ({"normalized": "window"}, power / (window**2).sum()),
        ({"normalized": "frame_length"}, power / 64),
        ({"pad": 10}, direct_power(np.pad(x, 10))[0]),
    ):
        y = transforms.Spectrogram(64, **options)(x)
        np.testing.assert_allclose(y, expected, atol=1e-4, rtol=1e-4)
    z = transforms.Spectrogram(64, power=None)(x)
    assert z.dtype == np.complex64
    np.testing.assert_allclose(np.abs(z) ** 2, power, atol=1e-4)


def test_window_function_gets_its_arguments():
    t = transforms.Spectrogram(
        64, win_length=40, window_fn=compat_torch.hamming_window, wkwargs={"periodic": False, "alpha": 0.6}
    )
    assert isinstance(t.window, mx.array)
    np.testing.assert_allclose(
        np.array(t.window), 0.6 - 0.46 * np.cos(2 * np.pi * np.arange(40) / 39), atol=1e-7
    )
    assert t.hop_length == 20
    assert isinstance(transforms.Spectrogram(64, window_fn=np.hanning).window, np.ndarray)


@pytest.mark.parametrize("kind", KINDS)
def test_mel_spectrogram_and_mfcc_are_their_definitions(kind, audio):
    options = {"n_fft": 64, "n_mels": 10, "f_min": 100.0}
    mel = np.einsum("fm,bfn->bmn", htk_filters(33, 10, 16000, 100.0), [direct_power(x)[0] for x in audio])
    x = KINDS[kind](audio)
    np.testing.assert_allclose(np.array(transforms.MelSpectrogram(**options)(x)), mel, rtol=1e-4)
    # The whole batch [B, M, N] shares one peak.
    db = 10 * np.log10(np.maximum(mel, 1e-10))
    db = np.maximum(db, db.max() - 80)
    m = np.arange(10)
    basis = np.cos(np.pi / 10 * np.outer(np.arange(5), m + 0.5)) * np.sqrt(2 / 10)
    basis[0] /= np.sqrt(2)
    mfcc = transforms.MFCC(n_mfcc=5, melkwargs=options)
    np.testing.assert_allclose(np.array(mfcc(x)), basis @ db, atol=1e-3)
    logs = transforms.MFCC(n_mfcc=5, melkwargs=options, log_mels=True)
    np.testing.assert_allclose(np.array(logs(x)), basis @ np.log(mel + 1e-6), atol=1e-3)
    np.testing.assert_allclose(np.array(mfcc.dct_mat), basis.T, atol=1e-7)


def test_amplitude_to_db_peaks_over_three_axes():
    x = np.zeros((2, 2, 3, 4), np.float32)
    x[0, 0, 0, 0], x[1] = 100.0, 1.0
    y = transforms.AmplitudeToDB(top_db=30.0)(x)
    assert y[0, 0, 0, 0] == 20.0
    assert (y[0, 1] == -10.0).all()
    assert (y[1] == 0.0).all()
    np.testing.assert_allclose(transforms.AmplitudeToDB("magnitude")(x)[0, 1], -200.0)
    assert transforms.AmplitudeToDB()(np.array([10, 100])).tolist() == [10.0, 20.0]


def test_attributes_that_users_read():
    mfcc = transforms.MFCC(melkwargs={"n_fft": 512, "hop_length": 128, "n_mels": 64})
    mel = mfcc.MelSpectrogram
    assert (mel.n_fft, mel.win_length, mel.hop_length, mel.n_mels, mel.f_max) == (512, 512, 128, 64, None)
    assert mel.spectrogram.window.shape == (512,)
    assert (mel.mel_scale.fb.shape, mel.mel_scale.f_max) == ((257, 64), 8000.0)
    assert mfcc.dct_mat.shape == (64, 40)
    assert mfcc.amplitude_to_DB.top_db == mfcc.top_db == 80.0
    names = ["dct_mat", "MelSpectrogram.spectrogram.window", "MelSpectrogram.mel_scale.fb"]
    assert list(mfcc.state_dict()) == names
    assert mfcc.eval() is mfcc
    assert not mel.training


def test_a_transform_shows_its_parts():
    assert repr(torchaudio.Spectrogram()) == "Spectrogram()"
    parts = "\n  (spectrogram): Spectrogram()\n  (mel_scale): MelScale()\n"
    assert repr(torchaudio.MelSpectrogram(n_mels=8)) == f"MelSpectrogram({parts})"
    inner = parts.replace("\n", "\n  ")
    assert f"\n  (MelSpectrogram): MelSpectrogram({inner})" in repr(
        torchaudio.MFCC(n_mfcc=4, melkwargs={"n_mels": 8})
    )


@pytest.mark.parametrize("kind", KINDS)
def test_state_of_another_library_loads(kind, audio):
    source = transforms.MelSpectrogram(n_fft=64, n_mels=10, f_min=200.0, window_fn=np.hamming)
    target = transforms.MelSpectrogram(n_fft=64, n_mels=10)
    state = {name: KINDS[kind](np.array(value, np.float32)) for name, value in source.state_dict().items()}
    target.load_state_dict(state)
    assert isinstance(target.mel_scale.fb, mx.array)
    np.testing.assert_allclose(target(audio), source.float()(audio), rtol=1e-4)
    state["extra"] = np.zeros(1)
    state["mel_scale.fb"] = np.zeros((3, 3))
    with pytest.raises(RuntimeError, match=r"(?s)Unexpected.*'extra'.*mel_scale\.fb"):
        target.load_state_dict(state)


def test_set_buffers_are_used(audio):
    t = transforms.MelScale(n_mels=3, n_stft=33)
    t.fb = np.eye(33, 3, dtype=np.float32)
    s = np.abs(audio[:, :33, None])
    np.testing.assert_array_equal(t(s), s[:, :3])
    np.testing.assert_array_equal(np.array(t(mx.array(s))), s[:, :3])
    with pytest.raises(TypeError, match="fb"):
        t.fb = "filters"


def test_double_precision_is_asked_for_as_in_torch(audio):
    x = audio.astype(np.float64)
    t = transforms.MelSpectrogram(n_fft=64, n_mels=10)
    with pytest.raises(RuntimeError, match="float64"):
        t(x)
    y = t.double()(x)
    assert y.dtype == np.float64
    mel = np.einsum("fm,bfn->bmn", htk_filters(33, 10, 16000), [direct_power(row)[0] for row in x])
    np.testing.assert_allclose(y, mel, rtol=1e-10)
    assert transforms.Spectrogram(64)(x).dtype == np.float64  # the FFT promotes, the filters do not
    assert t.float()(audio).dtype == np.float32
    with spectro.config(arrays="numpy", default_dtype="float64"):
        np.testing.assert_array_equal(transforms.MelSpectrogram(n_fft=64, n_mels=10)(x), y)


def test_mlx_compiles_and_differentiates():
    rng = np.random.default_rng(2)
    x = rng.standard_normal(400)
    t = transforms.MFCC(n_mfcc=5, melkwargs={"n_fft": 64, "n_mels": 8})
    given = mx.array(x.astype(np.float32))
    np.testing.assert_allclose(np.array(mx.compile(t)(given)), np.array(t(given)), atol=1e-3)
    gradient = mx.grad(lambda x: (t(x) ** 2).sum())(given)
    exact = copy.deepcopy(t).double()
    for index in (5, 200):
        step = np.zeros(400)
        step[index] = 1e-6
        slope = ((exact(x + step) ** 2).sum() - (exact(x - step) ** 2).sum()) / 2e-6
        np.testing.assert_allclose(float(gradient[index]), slope, rtol=1e-3)


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_gradient_of_a_power_spectrogram(power):
    x = np.random.default_rng(4).standard_normal(300)
    t = transforms.Spectrogram(64, power=power)
    gradient = mx.grad(lambda x: t(x).sum())(mx.array(x.astype(np.float32)))
    step = np.zeros(300)
    step[100] = 1e-6
    above, below = (direct_power(x + s)[0] ** (power / 2) for s in (step, -step))
    np.testing.assert_allclose(float(gradient[100]), (above - below).sum() / 2e-6, rtol=1e-3)


@pytest.mark.parametrize("name", ["Resample", "PitchShift"])
def test_a_resampling_kernel_loads(name, audio):
    sizes = (
        {"orig_freq": 16000, "new_freq": 8000} if name == "Resample" else {"sample_rate": 8000, "n_steps": 4}
    )
    source, target = (getattr(transforms, name)(**sizes) for _ in range(2))
    y = source(audio)
    source.kernel = np.array(source.kernel) * np.float32(0.5)
    target.load_state_dict({key: np.array(value) for key, value in source.state_dict().items()})
    assert list(target.state_dict()) == list(source.state_dict())
    np.testing.assert_allclose(target(audio), 0.5 * y, atol=1e-6)


def test_gradient_reaches_a_filterbank():
    s = np.abs(np.random.default_rng(3).standard_normal((33, 7))).astype(np.float32)
    t = transforms.MelScale(n_mels=4, n_stft=33)

    def loss(fb):
        t.fb = fb
        return t(mx.array(s)).sum()

    np.testing.assert_allclose(np.array(mx.grad(loss)(t.fb)), np.repeat(s.sum(1)[:, None], 4, 1), rtol=1e-5)


def test_gradient_reaches_a_dct_basis(audio):
    t = transforms.MFCC(n_mfcc=3, melkwargs={"n_fft": 64, "n_mels": 4})
    mel = t.amplitude_to_DB(t.MelSpectrogram(audio))

    def loss(basis):
        t.dct_mat = basis
        return t(mx.array(audio)).sum()

    expected = np.repeat(mel.sum(axis=(0, 2))[:, None], 3, 1)
    np.testing.assert_allclose(np.array(mx.grad(loss)(t.dct_mat)), expected, rtol=1e-5)


def test_deprecated_arguments_warn():
    with pytest.warns(UserWarning, match="return_complex") as caught:
        transforms.Spectrogram(return_complex=True)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="onesided"):
        transforms.MelSpectrogram(n_mels=40, onesided=True)
    with pytest.warns(UserWarning, match="zero"):
        transforms.MelScale(n_mels=80, n_stft=33)


X = np.zeros(1000, np.float32)
FEW = {"n_mels": 40}
BAD = [
    (ValueError, lambda: transforms.AmplitudeToDB(top_db=-1)),
    (ValueError, lambda: transforms.MelScale(f_min=9000.0)),
    (ValueError, lambda: transforms.MelScale(norm="l2")),
    (ValueError, lambda: transforms.MelScale(mel_scale="bark")),
    (ValueError, lambda: transforms.MFCC(dct_type=3)),
    (ValueError, lambda: transforms.MFCC(n_mfcc=41, melkwargs=FEW)),
    (ValueError, lambda: transforms.MFCC(norm="unit", melkwargs=FEW)),
    (ValueError, lambda: transforms.Spectrogram(normalized="power")(X)),
    (TypeError, lambda: transforms.Spectrogram(normalized=1)(X)),
    (TypeError, lambda: transforms.Spectrogram(window_fn=lambda n: [1.0] * n)),
    (AttributeError, lambda: transforms.Spectrogram()([0.0] * 1000)),
    (IndexError, lambda: transforms.Spectrogram()(np.array(1.0, np.float32))),
    (RuntimeError, lambda: transforms.Spectrogram()(X[:100])),
    (RuntimeError, lambda: transforms.Spectrogram()(X.astype(np.int16))),
    (NotImplementedError, lambda: transforms.Spectrogram(pad_mode="mirror")(X)),
    (RuntimeError, lambda: transforms.MelScale(40)(np.zeros((33, 5), np.float32))),
    (RuntimeError, lambda: transforms.MelSpectrogram(n_mels=40, power=None)(X)),
    (IndexError, lambda: transforms.MelScale(40)(np.zeros(201, np.float32))),
    (IndexError, lambda: transforms.AmplitudeToDB(top_db=10.0)(X)),
    (NotImplementedError, lambda: transforms.AmplitudeToDB()(X + 0j)),
]


@pytest.mark.parametrize(("error", "call"), BAD)
def test_bad_input_raises_torchaudios_class(error, call):
    with pytest.raises(error) as caught:
        call()
    assert error is NotImplementedError or not issubclass(caught.type, NotImplementedError)


def test_overflow_passes_without_a_word():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isinf(transforms.Spectrogram(64)(np.full(200, 1e30, np.float32))).any()


def test_strict_mode_needs_torch(without_torch, audio):
    t = transforms.MelSpectrogram(n_mels=40)
    with spectro.config(strict=True), pytest.raises(spectro.MissingLibraryError, match="torch"):
        t(audio)
