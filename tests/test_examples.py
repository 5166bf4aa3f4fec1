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
