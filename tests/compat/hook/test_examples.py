"""The scripts of examples/swap, with the libraries themselves and swapped, compared by the error rule."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from spectro.parity_tests.rule import compare

from .conftest import ROOT

pytestmark = pytest.mark.references

SCRIPTS = {
    "whisper_audio": ("torch", "whisper"),
    "demucs_block": ("torch",),
    "beat_front_end": ("torchaudio",),
    "librosa_features": ("librosa",),
    "stft_loss_training": ("torch",),
}
GRADIENT = {"stft_loss_training": 9}  # calls that torch itself must follow: three steps at three resolutions


def run(script, out, *prefix, options=()):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    path = str(ROOT / "examples" / "swap" / f"{script}.py")
    command = [sys.executable, "-W", "ignore", *prefix, path, str(out), *options]
    subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return np.load(out)


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_runs_unchanged_and_is_served(script, tmp_path):
    missing = [name for name in SCRIPTS[script] if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    truth = run(script, tmp_path / "truth.npz", options=["float64"])
    theirs = run(script, tmp_path / "theirs.npz")
    swap = ["-m", "spectro.compat", "--profile-json", str(tmp_path / "profile.json")]
    ours = run(script, tmp_path / "ours.npz", *swap)
    verdicts = {name: compare(ours[name], theirs[name], truth[name], 32) for name in theirs.files}
    assert ours.files == theirs.files
    assert {name: verdict.failure for name, verdict in verdicts.items() if verdict.failure} == {}
    report = json.loads((tmp_path / "profile.json").read_text())
    assert report["served"] > 0
    assert report["passed_on"] == GRADIENT.get(script, 0), report
    reasons = [reason for line in report["functions"] for reason in line["reasons"]]
    assert all("requires grad" in reason for reason in reasons)
