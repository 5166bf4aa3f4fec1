"""`compat.torch` without torch: kinds, dtypes, laziness, gradients, errors; values by the definition."""

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.compat import torch as compat

KINDS = {"numpy": np.array, "mlx": mx.array}


def direct_stft(x, n_fft, hop, window, sides=1):
    """sum_n w[n] x[i hop + n - n_fft // 2] exp(-2 pi j k n / n_fft), reflected ends, as a matrix product."""
    x = np.pad(x, n_fft // 2, mode="reflect")
    starts = range(0, len(x) - n_fft + 1, hop)
    frames = np.stack([x[s : s + n_fft] for s in starts], axis=1)
    bins = n_fft // 2 + 1 if sides == 1 else n_fft
    n = np.arange(n_fft)
    return np.exp(-2j * np.pi * np.outer(np.arange(bins), n) / n_fft) @ (frames * window[:, None])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n_fft", "hop"), [(64, 16), (61, 20)])
def test_stft_is_its_definition(kind, n_fft, hop, audio):
    window = np.hanning(n_fft + 1)[:-1]
    z = compat.stft(
        KINDS[kind](audio), n_fft, hop, window=KINDS[kind](window.astype(np.float32)), return_complex=True
    )
    assert isinstance(z, mx.array if kind == "mlx" else np.ndarray)
    expected = direct_stft(audio[1].astype(float), n_fft, hop, window)
    assert z.shape == (2, *expected.shape)
    np.testing.assert_allclose(np.array(z)[1], expected, atol=2e-5)


def test_complex_input_and_window(audio):
    x = (audio[0] + 1j * audio[1]).astype(np.complex64)
    window = np.exp(1j * np.arange(32)) * np.hanning(32)
    z = compat.stft(x, 32, 8, window=window.astype(np.complex64))
    np.testing.assert_allclose(z, direct_stft(x.astype(complex), 32, 8, window, sides=2), atol=2e-5)
    lazy = compat.stft(mx.array(x), 32, 8, window=mx.array(window.astype(np.complex64)))
    np.testing.assert_allclose(np.array(lazy), z, atol=2e-5)


def test_float64_anywhere_is_complex128(audio):
    window = np.hanning(64)
    for x, w in ((audio.astype(float), window.astype(np.float32)), (audio, window)):
        z = compat.stft(x, 64, window=w, return_complex=True)
        assert z.dtype == np.complex128
        expected = direct_stft(audio[0].astype(float), 64, 16, w.astype(float))
        np.testing.assert_allclose(z[0], expected, atol=1e-12)
        assert compat.istft(z, 64, window=np.hamming(64).astype(np.float32)).dtype == np.float64


def test_mlx_says_when_it_cannot_be_double(audio):
    with pytest.warns(spectro.DowncastWarning, match="window"):
        z = compat.stft(mx.array(audio), 64, window=np.hanning(64), return_complex=True)
    assert z.dtype == mx.complex64


def test_align_to_window_starts_the_window_at_the_first_sample():
    x = np.arange(1.0, 201.0)
    options = {"hop_length": 16, "win_length": 32, "center": False, "return_complex": True}
    aligned = compat.stft(x, 64, window=np.ones(32), align_to_window=True, **options)
    plain = compat.stft(x, 64, window=np.ones(32), align_to_window=False, **options)
    assert aligned.shape == (33, 11)
    np.testing.assert_allclose(np.fft.irfft(aligned[:, 2])[16:48], x[32:64], atol=1e-10)
    np.testing.assert_allclose(np.fft.irfft(plain[:, 2])[16:48], x[48:80], atol=1e-10)


def test_real_view_has_the_parts_last(audio):
    window = np.ones(64, np.float32)
    z = compat.stft(audio, 64, window=window, return_complex=True)
    with pytest.warns(UserWarning, match="return_complex=False"):
        parts = compat.stft(audio, 64, window=window, return_complex=False)
    assert parts.shape == (*z.shape, 2)
    assert parts.dtype == np.float32
    np.testing.assert_array_equal(parts[..., 0] + 1j * parts[..., 1], z)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("center", [True, False])
def test_istft_inverts_stft(kind, center, audio):
    window = KINDS[kind](np.hamming(64).astype(np.float32))
    options = {"hop_length": 16, "window": window, "center": center}
    z = compat.stft(KINDS[kind](audio), 64, **options, return_complex=True)
    y = compat.istft(z, 64, **options, length=992)
    assert isinstance(y, mx.array if kind == "mlx" else np.ndarray)
    np.testing.assert_allclose(np.array(y), audio[:, :992], atol=1e-5)


def test_istft_of_a_two_sided_spectrum_can_be_complex(audio):
    x = audio[0] + 1j * audio[1].astype(np.complex128)
    window = np.hamming(64)
    z = compat.stft(x, 64, 16, window=window)
    y = compat.istft(z, 64, 16, window=window, onesided=False, return_complex=True, length=1000)
    np.testing.assert_allclose(y, x, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_an_array_of_one_integer_is_a_number(kind, audio):
    lengths = KINDS[kind](np.array([800, 900], np.int32))
    window = KINDS[kind](np.hanning(65)[:-1].astype(np.float32))
    x = KINDS[kind](audio)
    z = compat.stft(x, n_fft=window.shape[0] + lengths[0] * 0, window=window, return_complex=True)
    y = compat.istft(z, 64, window=window, length=lengths.max())
    assert y.shape == (2, 900)
    np.testing.assert_allclose(np.array(y), audio[:, :900], atol=1e-5)


def test_istft_pads_beyond_the_frames_and_warns_once(audio):
    z = compat.stft(audio, 64, 16, window=np.hanning(64), return_complex=True)
    with pytest.warns(UserWarning, match="length"):
        y = compat.istft(z, 64, 16, window=np.hamming(64), length=1100)
    compat.istft(z, 64, 16, window=np.hamming(64), length=1100)  # another warning would be an error
    assert y.shape == (2, 1100)
    # 63 frames span 1056 samples, of which centring takes 32 from the start.
    assert y[:, 1023].all()
    assert not y[:, 1024:].any()


def test_missing_window_warns_once(audio):
    with pytest.warns(UserWarning, match="window") as caught:
        z = compat.stft(audio, 64, return_complex=True)
    compat.istft(z, 64)  # another warning would be an error
    assert caught[0].filename == __file__


def test_mlx_results_are_lazy_and_compile(audio):
    window = mx.array(np.hanning(65)[:-1].astype(np.float32))

    def roundtrip(x):
        z = compat.stft(x, 64, 16, window=window, return_complex=True)
        return compat.istft(z * 2, 64, 16, window=window, length=1000)

    x = mx.array(audio)
    np.testing.assert_allclose(np.array(mx.compile(roundtrip)(x)), 2 * audio, atol=1e-5)
    # Inside a trace nothing can be evaluated, so a call that evaluated its input would fail there.
    mapped = mx.vmap(lambda row: mx.abs(compat.stft(row, 64, 16, window=window, return_complex=True)))(x)
    whole = mx.abs(compat.stft(x, 64, 16, window=window, return_complex=True))
    np.testing.assert_allclose(np.array(mapped), np.array(whole), atol=1e-5)


def test_gradients_reach_signal_and_window():
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal(100), rng.uniform(0.5, 1.0, 16)

    def loss(x, w):
        z = compat.stft(x, 16, 4, window=w, return_complex=True)
        power = z.real**2 + z.imag**2 if isinstance(z, np.ndarray) else mx.abs(z) ** 2
        return (power * power).sum()

    got = mx.grad(loss, argnums=(0, 1))(mx.array(x.astype(np.float32)), mx.array(w.astype(np.float32)))
    for argument, index in ((0, 3), (0, 57), (1, 2), (1, 9)):
        step = np.zeros_like((x, w)[argument])
        step[index] = 1e-6
        up = loss(x + step, w) if argument == 0 else loss(x, w + step)
        down = loss(x - step, w) if argument == 0 else loss(x, w - step)
        np.testing.assert_allclose(float(got[argument][index]), (up - down) / 2e-6, rtol=2e-4)


def test_istft_under_compile_with_a_traced_window_skips_the_nola_check():
    z = mx.ones((9, 20), dtype=mx.complex64)

    def invert(w):
        return compat.istft(z, 16, 4, window=w)

    assert mx.compile(invert)(mx.ones(16)).shape == (76,)
    with pytest.raises(RuntimeError, match="overlap-add"):
        invert(mx.zeros(16))


BAD_STFT = [
    (RuntimeError, {"n_fft": 0}),
    (RuntimeError, {"n_fft": 5000, "center": False}),
    (TypeError, {"n_fft": 64.0}),
    (TypeError, {"n_fft": True}),
    (RuntimeError, {"hop_length": 0}),
    (TypeError, {"hop_length": 2.0}),
    (RuntimeError, {"win_length": 65}),
    (RuntimeError, {"win_length": 32}),
    (RuntimeError, {"window": np.ones((1, 64), np.float32)}),
    (TypeError, {"window": [1.0] * 64}),
    (TypeError, {"normalized": 1}),
    (TypeError, {"onesided": 0}),
    (TypeError, {"return_complex": 1}),
    (RuntimeError, {"return_complex": None}),
    (NotImplementedError, {"pad_mode": "mirror"}),
    (TypeError, {"pad_mode": None}),
    (RuntimeError, {"align_to_window": False}),
    (RuntimeError, {"input": np.zeros(32, np.float32)}),
    (RuntimeError, {"input": np.zeros(20, np.float32), "pad_mode": "circular"}),
    (RuntimeError, {"input": np.zeros(0, np.float32)}),
    (RuntimeError, {"input": np.zeros((1, 1, 900), np.float32)}),
    (NotImplementedError, {"input": np.zeros((1, 1, 1, 900), np.float32)}),
    (RuntimeError, {"input": np.zeros((0, 900), np.float32)}),
    (RuntimeError, {"input": np.zeros(900, np.int16)}),
    (NotImplementedError, {"input": np.zeros(900, bool)}),
    (RuntimeError, {"input": np.zeros(900, np.complex64), "onesided": True}),
    (RuntimeError, {"input": np.zeros(900, np.float16), "window": np.ones(64, np.float16)}),
    (AttributeError, {"input": [0.0] * 900}),
    (TypeError, {"input": [0.0] * 900, "center": False}),
]


@pytest.mark.parametrize(("error", "change"), BAD_STFT, ids=lambda v: str(v)[:60])
def test_stft_raises_torchs_class(error, change):
    good = {"input": np.zeros(1000, np.float32), "n_fft": 64, "window": np.ones(64, np.float32)}
    with pytest.raises(error) as caught:
        compat.stft(**{**good, "return_complex": True, **change})
    # NotImplementedError is a RuntimeError in Python; a subclass of ours is as good as torch's class.
    assert error is NotImplementedError or not issubclass(caught.type, NotImplementedError)


Z = np.ones((33, 63), np.complex64)
BAD_ISTFT = [
    (RuntimeError, {"n_fft": 66}),
    (TypeError, {"n_fft": 64.0}),
    (RuntimeError, {"hop_length": 65}),
    (RuntimeError, {"hop_length": 0}),
    (RuntimeError, {"hop_length": 64, "window": np.hanning(65)[:-1]}),
    (RuntimeError, {"window": np.zeros(64)}),
    (RuntimeError, {"window": np.ones(32)}),
    (RuntimeError, {"window": np.ones(64) + 0j}),
    (TypeError, {"center": 1}),
    (TypeError, {"normalized": None}),
    (RuntimeError, {"onesided": False}),
    (RuntimeError, {"return_complex": True}),
    (RuntimeError, {"length": 0}),
    (TypeError, {"length": 10.0}),
    (RuntimeError, {"input": Z.real}),
    (IndexError, {"input": Z[:, 0]}),
    (RuntimeError, {"input": Z[:, :0]}),
    (RuntimeError, {"input": Z[None, None]}),
    (TypeError, {"input": [[1j]]}),
]


@pytest.mark.parametrize(("error", "change"), BAD_ISTFT, ids=lambda v: str(v)[:60])
def test_istft_raises_torchs_class(error, change):
    good = {"input": Z, "n_fft": 64, "hop_length": 16, "window": np.hamming(64)}
    with pytest.raises(error) as caught:
        compat.istft(**{**good, **change})
    # NotImplementedError is a RuntimeError in Python; a subclass of ours is as good as torch's class.
    assert error is NotImplementedError or not issubclass(caught.type, NotImplementedError)


def test_windows_are_numpys_symmetric_ones():
    with spectro.config(arrays="numpy", default_dtype="float64"):
        for ours, theirs in (
            (compat.hann_window(33, False), np.hanning(33)),
            (compat.hamming_window(33, False), np.hamming(33)),
            (compat.blackman_window(33, False), np.blackman(33)),
            (compat.bartlett_window(33, False), np.bartlett(33)),
            (compat.kaiser_window(33, False, 8.6), np.kaiser(33, 8.6)),
        ):
            np.testing.assert_allclose(ours, theirs, atol=1e-15)
        np.testing.assert_allclose(compat.hann_window(32), np.hanning(33)[:-1], atol=1e-15)


def test_window_kind_follows_dtype_then_device_then_setting():
    assert isinstance(compat.hann_window(8), mx.array)
    assert compat.hann_window(8, dtype=np.float64).dtype == np.float64
    assert compat.hann_window(8, dtype=mx.float16).dtype == mx.float16
    with spectro.config(arrays="numpy"):
        assert compat.hann_window(8).dtype == np.float32
        assert isinstance(compat.hann_window(8, device=mx.cpu), mx.array)
        assert isinstance(compat.hann_window(8, device="cpu"), np.ndarray)


@pytest.mark.parametrize(
    ("error", "arguments", "options"),
    [
        (RuntimeError, (-1,), {}),
        (TypeError, (2.5,), {}),
        (TypeError, (True,), {}),
        (TypeError, (5, 1), {}),
        (RuntimeError, (5,), {"dtype": np.int32}),
        (NotImplementedError, (5,), {"dtype": np.complex64}),
        (TypeError, (5,), {"dtype": "float32"}),
        (RuntimeError, (5,), {"device": "nowhere"}),
        (RuntimeError, (5,), {"layout": "torch.sparse_coo"}),
        (TypeError, (5,), {"alpha": 0.5}),
        (spectro.GradientError, (5,), {"requires_grad": True}),
    ],
)
def test_window_raises_torchs_class(error, arguments, options):
    with pytest.raises(error):
        compat.hamming_window(*arguments, **options)


@pytest.mark.parametrize(
    "call",
    [
        lambda: compat.stft(np.zeros(100, np.float32), 16, return_complex=True),
        lambda: compat.hann_window(8),
    ],
)
def test_strict_mode_needs_torch(call, without_torch):
    with spectro.config(strict=True), pytest.raises(spectro.MissingLibraryError, match="torch"):
        call()
