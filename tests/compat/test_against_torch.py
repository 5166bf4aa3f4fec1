"""What needs the references: strict mode, gradients and tensors of torch, outcomes side by side."""

import warnings

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.arrays import from_torch, to_torch
from spectro.compat import torch as compat
from spectro.compat import torchaudio as compat_audio

torch = pytest.importorskip("torch", reason="compares with torch itself")
torchaudio = pytest.importorskip("torchaudio", reason="compares with torchaudio itself")

TO = {"numpy": np.array, "mlx": mx.array, "torch": torch.tensor}
OWN = {"numpy": np.ndarray, "mlx": mx.array, "torch": torch.Tensor}
pytestmark = pytest.mark.references
SMALL = {"n_fft": 64, "n_mels": 10}


def numbers(x):
    return x.detach().resolve_conj().numpy() if isinstance(x, torch.Tensor) else np.array(x)


@pytest.mark.parametrize("kind", TO)
def test_strict_is_the_reference_bit_for_bit(kind, audio):
    x, window = TO[kind](audio), TO[kind](np.hanning(64).astype(np.float32))
    theirs = torch.from_numpy(audio)
    their_window = torch.from_numpy(np.hanning(64).astype(np.float32))
    z = torch.stft(theirs, 64, window=their_window, return_complex=True)
    mfcc = {"n_mfcc": 5, "melkwargs": {**SMALL, "window_fn": torch.hamming_window}}
    with spectro.config(strict=True, arrays=kind):
        ours = [
            compat.stft(x, 64, window=window, return_complex=True),
            compat.istft(TO[kind](z.numpy()), 64, window=TO[kind](np.hamming(64).astype(np.float32))),
            compat.kaiser_window(101, False),
            compat_audio.MelSpectrogram(**SMALL)(x),
            compat_audio.MFCC(16000, 5, melkwargs={**SMALL, "window_fn": compat.hamming_window})(x),
        ]
    expected = [
        z,
        torch.istft(z, 64, window=torch.from_numpy(np.hamming(64).astype(np.float32))),
        torch.kaiser_window(101, False),
        torchaudio.transforms.MelSpectrogram(**SMALL)(theirs),
        torchaudio.transforms.MFCC(**mfcc)(theirs),
    ]
    for y, reference in zip(ours, expected, strict=True):
        assert isinstance(y, OWN[kind])
        assert numbers(y).tobytes() == numbers(reference).tobytes()


def test_strict_refuses_what_mlx_cannot_hold(audio):
    with spectro.config(strict=True), pytest.raises(spectro.BackendError, match="complex128"):
        compat.stft(mx.array(audio), 64, window=np.hanning(64), return_complex=True)


def test_strict_follows_changes_to_the_object(audio):
    ours, theirs = compat_audio.MelSpectrogram(**SMALL), torchaudio.transforms.MelSpectrogram(**SMALL)
    bank = np.random.default_rng(0).random((33, 4)).astype(np.float32)
    with spectro.config(strict=True):
        ours(audio)
        ours.mel_scale.fb = bank
        theirs.mel_scale.fb = torch.from_numpy(bank)
        ours.spectrogram.power = theirs.spectrogram.power = 1.0
        np.testing.assert_array_equal(ours(audio), theirs(torch.from_numpy(audio)).numpy())
        wide = audio.astype(np.float64)
        np.testing.assert_array_equal(ours.double()(wide), theirs.double()(torch.from_numpy(wide)).numpy())


def test_gradients_are_torchs_own(audio):
    def loss(torch_like, audio_like, x, window):
        z = torch_like.stft(x, 64, window=window, return_complex=True)
        y = torch_like.istft(z * z, 64, window=torch.hamming_window(64))
        return y.square().sum() + audio_like.transforms.MFCC(melkwargs=SMALL, n_mfcc=5)(x).square().sum()

    gradients = []
    for namespaces in ((compat, compat_audio), (torch, torchaudio)):
        x = torch.from_numpy(audio.copy()).requires_grad_()
        window = torch.hann_window(64, requires_grad=True)
        loss(*namespaces, x, window).backward()
        gradients.append((x.grad, window.grad))
    for ours, theirs in zip(*gradients, strict=True):
        assert torch.equal(ours, theirs)


def test_gradient_of_a_buffer_is_followed(audio):
    t = compat_audio.MelScale(n_mels=4, n_stft=33)
    t.fb = torch.ones(33, 4, requires_grad=True)
    s = torch.from_numpy(np.abs(audio[:, :33, None]))
    t(s).sum().backward()
    np.testing.assert_allclose(t.fb.grad.numpy(), np.repeat(s.sum((0, 2)).numpy()[:, None], 4, 1), rtol=1e-6)
    with torch.no_grad():
        assert not t(s).requires_grad


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16", "float16"])
def test_torch_in_torch_out(dtype, audio):
    x = torch.from_numpy(audio).to(getattr(torch, dtype))
    with spectro.config(arrays="torch"):
        window = compat.hann_window(64)
        ours = compat.stft(x, 64, window=window, return_complex=True)
        theirs = torch.stft(x, 64, window=torch.hann_window(64), return_complex=True)
    assert isinstance(window, torch.Tensor)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


def test_default_dtype_is_torchs():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with spectro.config(arrays="numpy"):
            assert compat.hann_window(8).dtype == np.float64
            assert compat_audio.MelScale(n_mels=4, n_stft=33).fb.dtype == np.float64
        assert compat.hann_window(8).dtype == mx.float32
    finally:
        torch.set_default_dtype(before)


def test_torch_window_options():
    window = compat.hann_window(8, dtype=torch.float64, device=torch.device("cpu"), requires_grad=True)
    assert window.requires_grad
    torch.testing.assert_close(window.detach(), torch.hann_window(8, dtype=torch.float64))
    assert isinstance(compat.hann_window(8, device=torch.device("cpu")), torch.Tensor)


@pytest.mark.parametrize("kind", ["numpy", "mlx"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "int16", "bool", "complex64"])
def test_conversion_to_torch_and_back_keeps_every_bit(kind, dtype):
    if kind == "numpy" and dtype == "bfloat16":
        pytest.skip("numpy has no bfloat16")
    values = np.arange(-3, 4)
    x = (
        values.astype(dtype)
        if kind == "numpy"
        else mx.array(values).astype(getattr(mx, dtype.replace("bool", "bool_")))
    )
    t = to_torch(x)
    assert str(t.dtype) == f"torch.{dtype}"
    back = from_torch(t, kind)
    assert back.dtype == x.dtype
    assert bool((back == x).all())


def outcome(call):
    """Return (kind of answer, dtype, shape) or the class of the exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            y = call()
        except Exception as error:
            return next(c for c in type(error).__mro__ if c.__module__ == "builtins").__name__
        return str(y.dtype), tuple(y.shape)


X, W = torch.zeros(1000), torch.hann_window(64)
Z = torch.ones(33, 63, dtype=torch.complex64)
STFT_CHANGES = [
    *({"input": X.to(d)} for d in (torch.float16, torch.bfloat16, torch.int64, torch.bool, torch.complex128)),
    *({"input": X.to(d), "window": None} for d in (torch.float16, torch.int64, torch.complex64)),
    *({"input": X.to(d), "window": W.to(d)} for d in (torch.float16, torch.bfloat16, torch.float64)),
    *(
        {"window": W.to(d)}
        for d in (torch.float16, torch.int64, torch.bool, torch.complex64, torch.complex128)
    ),
    *({"input": X.to(torch.int64), "return_complex": r} for r in (None, True)),
    *(
        {"input": torch.zeros([1] * d + [1000]), "pad_mode": m}
        for d in range(4)
        for m in ("reflect", "constant")
    ),
    *(
        {"input": torch.zeros(n), "pad_mode": m}
        for n in (0, 1, 31, 32, 33)
        for m in ("reflect", "replicate", "circular")
    ),
    *({"input": torch.zeros(n), "pad_mode": "constant"} for n in (0, 1, 63)),
    *({"input": torch.zeros(n), "center": False} for n in (0, 63, 64)),
    *({"input": torch.tensor(1.0), "pad_mode": m} for m in ("reflect", "constant", "replicate", "circular")),
    *({"center": c} for c in (0, None, "yes")),
    *({"center": False, "align_to_window": a} for a in (True, False, 1)),
    *({"n_fft": n} for n in (-64, 1, 2, None, "64", np.int64(64))),
    *({"hop_length": h} for h in (-1, 2000, np.int32(16))),
    *({"onesided": s, "input": X + 0j} for s in (True, False, None)),
    *({"return_complex": r, "input": X + 0j} for r in (False, None)),
    {"window": torch.zeros(0)},
    {"window": 3},
    {"input": None},
    {"pad_mode": "mirror", "center": False},
]


@pytest.mark.parametrize("change", STFT_CHANGES, ids=range(len(STFT_CHANGES)))
def test_stft_has_torchs_outcome(change):
    options = {"input": X, "n_fft": 64, "window": W, "return_complex": True, **change}
    assert outcome(lambda: compat.stft(**options)) == outcome(lambda: torch.stft(**options))


ISTFT_CHANGES = [
    *({"window": W.to(d)} for d in (torch.float16, torch.float64, torch.int64, torch.complex64)),
    *({"length": n} for n in (-40, -5, 0, 1, 992, 1008, 1024, 5000)),
    *({"length": n, "center": False, "window": torch.ones(64)} for n in (-3, 0, 10, 1056, 1057)),
    *({"input": Z[:, :n]} for n in (0, 1, 2)),
    *(
        {"input": z}
        for z in (Z.to(torch.complex128), Z[0], Z[None], Z[None, None], Z[None][:0], Z.real, Z.sum())
    ),
    *({"n_fft": n} for n in (0, -1, 1, 65, 66, 128, None)),
    *(
        {
            "input": torch.ones(1, 9, dtype=torch.complex64),
            "n_fft": 1,
            "hop_length": 1,
            "window": torch.ones(1),
            "center": c,
        }
        for c in (True, False)
    ),
    *(
        {"input": torch.ones(64, 9, dtype=torch.complex64), "return_complex": r, "onesided": s}
        for r in (True, False)
        for s in (True, False, None)
    ),
    *({"hop_length": h} for h in (None, 0, 63, 64, 65)),
    *({"win_length": w} for w in (0, 32, 65)),
]


@pytest.mark.parametrize("change", ISTFT_CHANGES, ids=range(len(ISTFT_CHANGES)))
def test_istft_has_torchs_outcome(change):
    options = {"input": Z, "n_fft": 64, "hop_length": 16, "window": W, **change}
    assert outcome(lambda: compat.istft(**options)) == outcome(lambda: torch.istft(**options))


WINDOWS = ["hann_window", "hamming_window", "blackman_window", "bartlett_window", "kaiser_window"]
WINDOW_CALLS = [
    *(((n,), {}) for n in (0, 1, 2, -1, 2.5, "5", True, np.int64(4), None)),
    *(((5, p), {}) for p in (False, 0, None, "a")),
    *(((5, True, 0.5, 0.5)[:n], {}) for n in (3, 4)),
    *(((5,), {"dtype": d}) for d in (torch.int32, torch.float16, torch.bfloat16, torch.complex64, "float32")),
    *(((5,), {"device": d}) for d in ("cpu", "nowhere", 3.5, torch.device("cpu"))),
    *(((5,), {"layout": d}) for d in (torch.strided, torch.sparse_coo)),
    *(((5,), {"periodic": True, name: v}) for name in ("alpha", "beta") for v in (1, -2.0, "a", None)),
    *(((5,), {name: 0.5}) for name in ("alpha", "beta")),
    ((5,), {"requires_grad": True}),
    ((5,), {"requires_grad": 1}),
    ((), {"window_length": 5}),
    ((), {}),
    ((5,), {"bogus": 1}),
]


@pytest.mark.parametrize("call", WINDOW_CALLS, ids=str)
@pytest.mark.parametrize("name", WINDOWS)
def test_windows_have_torchs_outcome(name, call):
    args, options = call
    with spectro.config(arrays="torch"):
        ours = outcome(lambda: getattr(compat, name)(*args, **options))
    assert ours == outcome(lambda: getattr(torch, name)(*args, **options))


S = torch.ones(2, 33, 5)
TRANSFORM_CALLS = [
    *(
        ("Spectrogram", {"n_fft": 64}, X.to(d))
        for d in (torch.float16, torch.float64, torch.int32, torch.complex64)
    ),
    *(
        ("Spectrogram", {"n_fft": 64}, torch.zeros(s))
        for s in ((), (0,), (0, 500), (2, 0), (2, 3, 4, 500), (33,), (32,))
    ),
    *(("Spectrogram", {"n_fft": 64, "normalized": n}, X) for n in (1, None, "bogus", "window")),
    *(("Spectrogram", {"n_fft": 64, "power": p}, X) for p in (0, 0.0, -1.0, 2, None)),
    *(
        ("Spectrogram", {"n_fft": 64, "pad": 5, "center": c}, torch.zeros(n))
        for n in (0, 1, 60)
        for c in (True, False)
    ),
    *(("Spectrogram", {"n_fft": 64, "onesided": o}, X + 0j) for o in (True, False)),
    *(("Spectrogram", {"n_fft": 64, "win_length": n}, X) for n in (0, 1, 65)),
    *(
        ("MelSpectrogram", SMALL, X.to(d))
        for d in (torch.float16, torch.float64, torch.int32, torch.complex64)
    ),
    *(("MelSpectrogram", {**SMALL, "power": p}, X) for p in (None, 1.0)),
    *(
        ("MelSpectrogram", {**SMALL, "f_min": a, "f_max": b}, X)
        for a in (0, 50, 9000)
        for b in (None, 50, 0, 100.0, 20000)
    ),
    *(
        ("MelSpectrogram", {**SMALL, "norm": n, "mel_scale": m}, X)
        for n in ("slaney", "l1")
        for m in ("htk", "bark")
    ),
    *(
        ("MelScale", {"n_mels": 4, "n_stft": 33}, S.to(d))
        for d in (torch.float16, torch.float64, torch.int32, torch.complex64)
    ),
    *(
        ("MelScale", {"n_mels": 4, "n_stft": n}, s)
        for n in (33, 32)
        for s in (S, S[0], S[0, :, 0], S[:, :, :0], S[:0])
    ),
    *(
        ("AmplitudeToDB", {"top_db": t}, S.to(d))
        for t in (None, 20)
        for d in (torch.float16, torch.bfloat16, torch.float64, torch.int32, torch.complex64)
    ),
    *(
        ("AmplitudeToDB", {"top_db": t}, s)
        for t in (None, 20)
        for s in (S[0], S[0, 0], S[0, 0, 0], S[:0], S[None, None])
    ),
    *(("MFCC", {"n_mfcc": n, "melkwargs": SMALL}, X) for n in (1, 10, 11)),
    *(("MFCC", {"n_mfcc": 5, "melkwargs": SMALL}, X.to(d)) for d in (torch.float16, torch.float64)),
    *(("MFCC", {"n_mfcc": 5, "norm": n, "melkwargs": SMALL}, X) for n in (None, "slaney")),
    *((name, {}, [1.0]) for name in ("Spectrogram", "MelSpectrogram", "MelScale", "AmplitudeToDB", "MFCC")),
]


@pytest.mark.parametrize("call", TRANSFORM_CALLS, ids=[f"{c[0]}-{i}" for i, c in enumerate(TRANSFORM_CALLS)])
def test_transforms_have_torchaudios_outcome(call):
    name, options, x = call
    with spectro.config(arrays="torch"):
        ours = outcome(lambda: getattr(compat_audio, name)(**options)(x))
    assert ours == outcome(lambda: getattr(torchaudio.transforms, name)(**options)(x))


@pytest.mark.filterwarnings("ignore::spectro.FallbackWarning")
def test_unmirrored_names_are_the_libraries_own():
    import spectro.compat.torch.nn.functional as functional
    from spectro.compat.torchaudio.functional import lowpass_biquad
    from spectro.compat.torchaudio.transforms import Vad

    assert functional is torch.nn.functional
    assert lowpass_biquad is torchaudio.functional.lowpass_biquad
    assert Vad is torchaudio.transforms.Vad
    assert compat.float32 is torch.float32
