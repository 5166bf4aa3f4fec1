"""The hook on madmom itself: its functions are served, and what its objects compute is told of."""

import importlib
import pickle

import numpy as np
import pytest

import spectro
from spectro.compat import hook

madmom = pytest.importorskip("madmom", reason="swaps madmom itself")

pytestmark = [pytest.mark.references, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def pipeline():
    """A logarithmic filtered spectrogram, as madmom's users build one."""
    signal = importlib.import_module("madmom.audio.signal")
    stft = importlib.import_module("madmom.audio.stft")
    spectrogram = importlib.import_module("madmom.audio.spectrogram")
    steps = [
        signal.FramedSignalProcessor(frame_size=512, hop_size=128),
        stft.ShortTimeFourierTransformProcessor(),
        spectrogram.FilteredSpectrogramProcessor(num_bands=6),
        spectrogram.LogarithmicSpectrogramProcessor(),
    ]
    return importlib.import_module("madmom.processors").SequentialProcessor(steps)


@pytest.fixture
def audio():
    x = np.random.default_rng(0).standard_normal(4000).astype(np.float32)
    return importlib.import_module("madmom.audio.signal").Signal(x, sample_rate=22050)


@pytest.fixture
def installed():
    hook.install(profile=True, inherit=False)
    yield
    hook.uninstall()


def counted():
    return {line["name"]: line for line in hook.report().as_json()["functions"]}


def test_functions_are_served(installed):
    from madmom.audio.filters import mel_frequencies
    from madmom.features.onsets import spectral_diff

    assert mel_frequencies(10, 20.0, 8000.0).shape == (10,)
    assert spectral_diff(np.random.default_rng(0).random((9, 12), np.float32), 1).shape == (9,)
    assert all(line["passed_on"] == 0 for line in counted().values())
    assert set(counted()) == {"madmom.audio.filters.mel_frequencies", "madmom.features.onsets.spectral_diff"}


def test_objects_are_madmoms_own_and_told_of(pipeline, audio):
    expected = pipeline(audio)
    hook.install(profile=True, inherit=False)
    try:
        with pytest.warns(spectro.FallbackWarning, match="import spectro.compat.madmom") as caught:
            answer = pipeline(audio)
        assert {warning.filename for warning in caught} == {__file__}
        reported = {name.rpartition(".")[2]: line["passed_on"] for name, line in counted().items()}
        assert reported == {
            "ShortTimeFourierTransformProcessor": 1,
            "FilteredSpectrogramProcessor": 1,
            "LogarithmicSpectrogramProcessor": 1,
        }
        with spectro.config(fallback="error"), pytest.raises(spectro.FallbackError, match="stay its own"):
            pipeline(audio)
        data = pickle.dumps(pipeline)
    finally:
        hook.uninstall()
    assert type(answer) is type(expected)
    assert np.array_equal(answer, expected)
    assert b"spectro.compat" not in data
    assert np.array_equal(pickle.loads(data)(audio), expected)


@pytest.mark.filterwarnings("ignore::spectro.FallbackWarning")
def test_arrays_are_made_as_before_and_passed_on_to_madmoms_functions(installed, audio):
    module = importlib.import_module("madmom.audio.spectrogram")
    onsets = importlib.import_module("madmom.features.onsets")

    def detect():
        spectrogram = module.LogarithmicSpectrogram(module.Spectrogram(audio, frame_size=512))
        assert isinstance(spectrogram, module.Spectrogram)
        return onsets.superflux(spectrogram)

    made = detect()
    assert counted()["madmom.audio.spectrogram.LogarithmicSpectrogram"]["passed_on"] == 1
    assert counted()["madmom.features.onsets.superflux"]["passed_on"] == 1
    hook.uninstall()
    assert np.array_equal(detect(), made)
