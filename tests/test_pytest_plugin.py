"""The pytest plugin on a suite of its own, and `spectro.testing`; `torch` is a folder beside the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import spectro
from spectro.testing import assert_parity, parity

ROOT = Path(spectro.__file__).parent.parent
TORCH = """
import numpy as np

def stft(x, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode="reflect",
         normalized=False, onesided=None, return_complex=None):
    x = np.pad(x, n_fft // 2, mode="reflect")
    starts = range(0, len(x) - n_fft + 1, hop_length or n_fft // 4)
    frames = np.stack([x[i : i + n_fft] * window for i in starts])
    return FACTOR * np.fft.rfft(frames, axis=-1).T
"""
SUITE = """
import numpy as np
import torch

from spectro.compat.hook.calls import is_swapped

def spectrum(x):
    return torch.stft(x, 64, window=np.hanning(64), return_complex=True)

def test_swapped():
    assert is_swapped(torch.stft)

def test_parity(parity):
    assert parity(spectrum, np.random.default_rng(0).standard_normal(500)).shape == (33, 32)
"""


def run(folder: Path, *arguments: str, factor: float = 1) -> subprocess.CompletedProcess[str]:
    (folder / "torch.py").write_text(f"FACTOR = {factor}\n{TORCH}")
    (folder / "test_suite.py").write_text(SUITE)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])}
    options = [
        "-q",
        "-p",
        "spectro.testing.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        ".",
    ]
    command = [sys.executable, "-m", "pytest", *options, *arguments, "test_suite.py"]
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_a_suite_runs_swapped(tmp_path):
    done = run(tmp_path, "--spectro")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "spectro served 1 of 1 calls" in done.stdout
    assert "torch.stft" in done.stdout


def test_workers_are_swapped_and_counted(tmp_path):
    pytest.importorskip("xdist")
    done = run(tmp_path, "--spectro", "-p", "xdist", "-n", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "spectro served 1 of 1 calls" in done.stdout


def test_without_the_option_nothing_is_swapped(tmp_path):
    done = run(tmp_path)
    assert "1 failed, 1 passed" in done.stdout  # the fixture swaps for itself


def test_the_libraries_to_swap(tmp_path):
    assert run(tmp_path, "--spectro-only", "librosa, torch").returncode == 0
    done = run(tmp_path, "--spectro-only", "numpy")
    assert done.returncode == 4
    assert "ERROR: --spectro-only: only must name some of torch" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_difference_fails(tmp_path):
    done = run(tmp_path, "--spectro-fallback=error", "-k", "parity", factor=1.00001)
    assert done.returncode == 1
    assert "result: off by" in done.stdout


def test_what_is_compared():
    answers = iter([np.zeros(3, np.float32), np.zeros(3), (np.ones(2),), [np.ones(2)], {"a": 1}, {"b": 1}])
    for message in ("dtype float32, not float64", "is a tuple", "has keys"):
        with pytest.raises(AssertionError, match=message):
            assert_parity(lambda: next(answers))
    for other in (-np.inf, np.nan, 1.0):
        odd = iter([np.array([other, 1.0]), np.array([np.inf, 1.0])])
        with pytest.raises(AssertionError, match="NaN or infinity"):
            assert_parity(lambda odd=odd: next(odd))
    assert np.isnan(assert_parity(lambda: np.array([np.nan, 1.0]))[0])
    outcomes = iter([ValueError("ours"), TypeError("theirs")])

    def fails():
        raise next(outcomes)

    with pytest.raises(AssertionError, match="swapped raised ValueError"):
        assert_parity(fails)


def test_the_rule_with_a_truth():
    truth = np.sin(np.arange(100.0))
    theirs = truth.astype(np.float32)
    answers = iter([theirs, theirs, theirs * np.float32(1.00001), theirs])
    assert_parity(lambda: next(answers), truth=lambda: truth)
    with pytest.raises(AssertionError, match=r"error .* above"):
        assert_parity(lambda: next(answers), truth=lambda: truth)


def test_the_decorator_passes_inputs_and_leaves_fixtures(tmp_path):
    seen = []

    @parity(x=np.ones(3))
    def check(x, folder):
        seen.append(folder)
        return x * 2

    check(folder=tmp_path)
    assert seen == [tmp_path, tmp_path]
    with pytest.raises(spectro.ParameterError, match="takes no y"):
        parity(y=1)(lambda x: x)
