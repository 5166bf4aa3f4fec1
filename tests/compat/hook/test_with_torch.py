"""The hook on torch and torchaudio themselves: what users' modules need, and what torch must see itself."""

import copy
import importlib
import io
import pickle
import sys
import threading
import types
import warnings

import pytest

import spectro
from spectro.compat import hook

torch = pytest.importorskip("torch", reason="swaps torch itself")
torchaudio = pytest.importorskip("torchaudio", reason="swaps torchaudio itself")

pytestmark = pytest.mark.references
SMALL = {"sample_rate": 8000, "n_fft": 64, "n_mels": 10}


@pytest.fixture
def installed():
    hook.install(profile=True, fallback="silent", inherit=False)
    yield
    hook.uninstall()


@pytest.fixture
def audio():
    return torch.randn(2, 800, generator=torch.Generator().manual_seed(0))


def counted():
    return {line["name"]: line for line in hook.report().as_json()["functions"]}


def why(name):
    return next(iter(counted()[name]["reasons"]))


def test_functions_methods_and_aliases(installed, audio):
    options = {"n_fft": 64, "window": torch.hann_window(64), "return_complex": True}
    theirs = torch.functional.stft.__wrapped__
    answers = [torch.stft(audio, **options), audio.stft(**options), torch.functional.stft(audio, **options)]
    assert all(torch.equal(answers[0], answer) for answer in answers)
    assert torch.istft(answers[0], 64, window=options["window"], length=800).shape == (2, 800)
    assert answers[0].istft(64, window=options["window"]).shape == (2, 800)
    assert (
        counted()["torch.stft"]["backends"] == {"cpu": 2} or "portable" in counted()["torch.stft"]["backends"]
    )
    assert counted()["torch.Tensor.stft"]["calls"] == 1
    assert theirs.__module__ == "torch.functional"


def test_windows_are_tensors(installed):
    window = torch.hann_window(16, dtype=torch.float64)
    assert isinstance(window, torch.Tensor)
    assert window.dtype == torch.float64
    assert torch.hann_window(16).dtype == torch.get_default_dtype()


def test_transforms_in_users_modules(installed, audio):
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.front = torch.nn.Sequential(
                torchaudio.transforms.MelSpectrogram(**SMALL), torchaudio.transforms.AmplitudeToDB()
            )
            self.linear = torch.nn.Linear(10, 3)

        def forward(self, x):
            return self.linear(self.front(x).mT)

    net = Net()
    theirs = copy.deepcopy(net)
    assert set(net.state_dict()) == {
        "front.0.spectrogram.window",
        "front.0.mel_scale.fb",
        "linear.weight",
        "linear.bias",
    }
    y = net(audio)
    y.sum().backward()
    assert net.linear.weight.grad is not None
    assert counted()["torchaudio.transforms.MelSpectrogram"]["passed_on"] == 0
    hook.uninstall()
    torch.testing.assert_close(y, theirs(audio))


def test_subclass_isinstance_state_and_dtype(installed, audio):
    class LogMel(torchaudio.transforms.MelSpectrogram):
        def forward(self, x):
            return torch.log(super().forward(x) + 1e-6)

    mel = LogMel(**SMALL)
    assert isinstance(mel, torchaudio.transforms.MelSpectrogram)
    before = mel(audio)
    assert mel.double()(audio.double()).dtype == torch.float64
    mel.float()
    mel.load_state_dict({name: 2 * value for name, value in mel.state_dict().items()})
    torch.testing.assert_close(mel(audio), before + torch.log(torch.tensor(8.0)), rtol=1e-3, atol=1e-3)
    assert counted()["torchaudio.transforms.MelSpectrogram"]["passed_on"] == 0


def test_pickles_and_saved_modules_hold_nothing_of_ours(installed, audio):
    mel = torchaudio.transforms.MelSpectrogram(**SMALL)
    y = mel(audio)
    data = pickle.dumps(mel)
    assert b"spectro.compat" not in data
    file = io.BytesIO()
    torch.save(mel, file)
    file.seek(0)
    for twin in (pickle.loads(data), copy.deepcopy(mel), torch.load(file, weights_only=False)):
        assert torch.equal(twin(audio), y)
    hook.uninstall()
    torch.testing.assert_close(pickle.loads(data)(audio), y)


def test_gradients_are_torchs_and_said_to_be(installed, audio):
    x = audio.clone().requires_grad_()
    torch.stft(x, 64, window=torch.hann_window(64), return_complex=True).abs().sum().backward()
    assert x.grad is not None
    assert "requires grad" in why("torch.stft")
    with torch.no_grad():
        torchaudio.transforms.Spectrogram(64)(x)
    assert counted()["torchaudio.transforms.Spectrogram"]["passed_on"] == 0
    with spectro.config(fallback="error"), pytest.raises(spectro.FallbackError, match="requires grad"):
        torch.stft(x, 64, return_complex=True)


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        (lambda: torch.autocast("cpu", torch.bfloat16), "autocast"),
        (lambda: torch.device("cpu"), "mode"),
        (lambda: torch.autograd.forward_ad.dual_level(), "forward-mode"),
    ],
)
def test_what_torch_watches_is_left_to_it(installed, audio, context, reason):
    mel = torchaudio.transforms.MelScale(10, 8000, n_stft=33)
    spectrum = torch.rand(33, 5)
    with context():
        y = mel(spectrum)
    assert reason in why("torchaudio.transforms.MelScale")
    hook.uninstall()
    with context():
        assert torch.equal(mel(spectrum), y)


@pytest.mark.filterwarnings("ignore")
def test_traced_compiled_and_mapped_code_is_torchs(installed, audio):
    window = torch.hann_window(64)

    def f(x):
        return torch.stft(x, 64, window=window, return_complex=True).abs()

    expected = f(audio)
    traced = torch.jit.trace(f, audio)
    torch.testing.assert_close(traced(2 * audio), 2 * expected)
    compiled = torch.compile(f, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(audio), expected)
    torch.testing.assert_close(torch.func.vmap(f)(audio), expected)
    assert torch.fx.symbolic_trace(f)(audio).shape == expected.shape
    mel = torchaudio.transforms.MelSpectrogram(**SMALL)
    torch.testing.assert_close(torch.compile(mel, backend="eager")(audio), mel(audio))


def test_scripted_code_is_torchs(installed, audio):
    mel = torchaudio.transforms.MelSpectrogram(**SMALL)
    expected = mel(audio)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scripted = torch.jit.script(mel)
    torch.testing.assert_close(scripted(audio), expected)
    assert torch.equal(mel(audio), expected)


def test_threads(installed, audio):
    mel = torchaudio.transforms.MelSpectrogram(**SMALL)
    expected, right = mel(audio), []

    def work():
        right.extend(torch.equal(mel(audio), expected) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(right) == 80
    assert all(right)
    assert counted()["torchaudio.transforms.MelSpectrogram"]["calls"] == 81


def test_errors_are_torchs(installed, audio):
    with pytest.raises(RuntimeError):
        torch.stft(audio, 0, window=torch.ones(0), return_complex=True)
    with pytest.raises(TypeError):
        torch.stft(audio, "64", window=torch.ones(64), return_complex=True)


def test_a_method_held_before_is_swapped_and_pickled_by_its_name(audio, monkeypatch):
    module = types.ModuleType("users_module")
    module.method = theirs = torch.Tensor.stft
    monkeypatch.setitem(sys.modules, "users_module", module)
    hook.install(profile=True, inherit=False)
    try:
        module.method(audio, 64, window=torch.hann_window(64), return_complex=True)
        assert counted()["torch.Tensor.stft"]["backends"].keys() <= {"cpu", "portable"}
        data = pickle.dumps(module.method)
    finally:
        hook.uninstall()
    assert pickle.loads(data) is module.method is theirs


def test_reloaded_transforms_are_swapped(installed, audio):
    deep = importlib.reload(sys.modules["torchaudio.transforms._transforms"])
    module = importlib.reload(torchaudio.transforms)
    assert module.MelSpectrogram is deep.MelSpectrogram
    module.MelSpectrogram(**SMALL)(audio)
    assert counted()["torchaudio.transforms.MelSpectrogram"]["passed_on"] == 0


def test_what_is_not_mirrored_is_told_of_if_it_is_spectral(installed, audio):
    """By the package's name too, which holds what its modules define."""
    spectrum = torch.ones(2, 33, 9, dtype=torch.complex64)
    with spectro.config(fallback="error"):
        for call in (
            lambda: torchaudio.functional.psd(spectrum),
            lambda: torchaudio.transforms.PSD()(spectrum),
        ):
            with pytest.raises(spectro.FallbackError, match="does not mirror it"):
                call()
        torchaudio.transforms.Vol(0.5)(audio)
        torchaudio.functional.lowpass_biquad(audio, 8000, 1000.0)


def test_warnings_name_the_users_line(audio):
    """Of a function, of a transform behind torch's `Module.__call__`, and of what falls through."""
    hook.install(inherit=False)
    try:
        stretch = torchaudio.transforms.TimeStretch(fixed_rate=1.5, n_freq=33)
        mel = torch.nn.Sequential(torchaudio.transforms.MelSpectrogram(**SMALL))
        calls = [
            (UserWarning, lambda: stretch(torch.ones(33, 9))),
            (
                UserWarning,
                lambda: torchaudio.functional.mu_law_encoding(torch.ones(9, dtype=torch.int16), 256),
            ),
            (spectro.FallbackWarning, lambda: mel(audio.requires_grad_())),
            (spectro.FallbackWarning, lambda: torchaudio.transforms.PSD()(torch.ones(2, 33, 9) + 0j)),
        ]
        for category, call in calls:
            with pytest.warns(category) as caught:
                call()
            assert {(w.filename, w.lineno) for w in caught} == {(__file__, call.__code__.co_firstlineno)}
    finally:
        hook.uninstall()
