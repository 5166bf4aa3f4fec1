"""The examples compute what the references do."""

import importlib.util
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from spectro.parity_tests import goldens
from spectro.parity_tests.cases.examples import cases, target
from spectro.parity_tests.kinds import KINDS, to_numpy
from spectro.parity_tests.rule import compare
from spectro.parity_tests.runner import kinds_of

EXAMPLES = Path(__file__).parents[1] / "examples"
MELS = [(case, kind) for case in cases() if "whisper" in case.function for kind in kinds_of(case)]


def load(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore:.*zero everywhere")
@pytest.mark.parametrize(("case", "kind"), MELS, ids=[f"{case.key}-{kind.name}" for case, kind in MELS])
def test_whisper_log_mel(case, kind):
    y = load("whisper_log_mel").log_mel(kind.array(case.x), **case.options)
    answer = goldens.load(case)
    assert kind.owns(y)
    assert compare(to_numpy(y), answer.float32, answer.float64, 32).failure == ""


def test_stft_loss_gradient():
    (case,) = (case for case in cases() if "loss" in case.function)
    example = load("stft_loss")
    y = mx.array(target().astype(np.float32))
    x = KINDS["mlx"].array(case.x)
    gradient = mx.grad(lambda x: example.stft_loss(x, y, ((64, 16), (128, 32))))(x)
    answer = goldens.load(case)
    assert compare(to_numpy(gradient), answer.float32, answer.float64, 32).failure == ""


def test_examples_run(capsys):
    load("whisper_log_mel").main()
    assert "128 mels" in capsys.readouterr().out


RATE = 22050
BEATS = np.arange(0, 6, 0.5)  # s


@pytest.fixture(scope="module")
def song():
    """Six seconds of A440, struck twice a second."""
    t = np.arange(6 * RATE) / RATE
    return (0.5 * np.sin(2 * np.pi * 440 * t) * np.exp(-8 * (t % 0.5))).astype(np.float32)


def test_tutorial_hears_what_was_played(song):
    pytest.importorskip("scipy")
    from spectro.compat import librosa

    tutorial = load("librosa_tutorial")
    found = tutorial.features(song, RATE)
    frames = 1 + len(song) // 512
    assert {name: x.shape for name, x in found.items()} == {
        "mel": (64, frames), "mfcc": (13, frames), "chroma": (12, frames), "onset": (frames,)
    }  # fmt: skip
    assert (found["chroma"].argmax(axis=0) == 9).mean() > 0.95  # C is 0, A is 9
    onsets = librosa.onset.onset_detect(onset_envelope=found["onset"], sr=RATE, units="time")
    assert len(onsets) == len(BEATS) - 1  # the first has nothing before it
    assert np.abs(onsets - BEATS[1:]).max() < 0.05
    beats = librosa.time_to_frames(BEATS[1:], sr=RATE)
    between = tutorial.beat_synchronous(found, beats)
    assert between.shape == (13 + 13 + 12, len(beats) + 1)
    np.testing.assert_allclose(between[:13, 1], found["mfcc"][:, beats[0] : beats[1]].mean(axis=1), rtol=1e-5)


def test_tutorial_draws(song, tmp_path):
    for library in ("scipy", "matplotlib"):
        pytest.importorskip(library)
    tutorial = load("librosa_tutorial")
    path = tmp_path / "tutorial.png"
    tutorial.plot(tutorial.features(song, RATE), RATE, np.array([10, 30]), np.array([20, 40]), path)
    assert path.stat().st_size > 10_000
