"""The scripts of examples/swap, with the libraries themselves and swapped."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from .conftest import ROOT

SCRIPTS = {
    "whisper_audio": ("torch", "whisper"),
    "demucs_block": ("torch",),
    "beat_front_end": ("torchaudio",),
    "librosa_features": ("librosa",),
    "stft_loss_training": ("torch",),
}
GRADIENT = {"stft_loss_training": 9}  # calls that torch itself must follow: three steps at three resolutions

# Coarse on purpose: it finds a wrong window, scale or layout. How precise each function is, its goldens
# prove by the error rule; a script in float32 has no float64 answer that the rule could start from.
PEAK = 2.0**-14


def run(script, out, *prefix):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-W",
        "ignore",
        *prefix,
        str(ROOT / "examples" / "swap" / f"{script}.py"),
        str(out),
    ]
    subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return np.load(out)


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_runs_unchanged_and_is_served(script, tmp_path):
    missing = [name for name in SCRIPTS[script] if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    theirs = run(script, tmp_path / "theirs.npz")
    swap = ["-m", "spectro.compat", "--profile-json", str(tmp_path / "profile.json")]
    ours = run(script, tmp_path / "ours.npz", *swap)
    assert ours.files == theirs.files
    for name in theirs.files:
        a, b = ours[name], theirs[name]
        assert (a.shape, a.dtype) == (b.shape, b.dtype), name
        assert np.abs(a - b).max() <= PEAK * np.abs(b).max(), name
    report = json.loads((tmp_path / "profile.json").read_text())
    assert report["served"] > 0
    assert report["passed_on"] == GRADIENT.get(script, 0), report
    reasons = [reason for line in report["functions"] for reason in line["reasons"]]
    assert all("requires grad" in reason for reason in reasons)
