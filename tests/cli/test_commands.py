"""The command line itself: help, usage errors, missing libraries, doctor and demo."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import wave
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

import spectro as package
from spectro.cli import COMMANDS, probes
from spectro.demo.clip import BEAT, CHORDS, DURATION, clip, hz
from spectro.demo.show import golden_verdict


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(spectro, command) -> None:
    run = spectro(command, "--help")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"usage: spectro {command}")
    assert f"  spectro {command}" in run.out.split("examples:")[1]


def test_the_general_help_lists_the_commands(spectro) -> None:
    run = spectro("--help")
    assert run.code == 0
    for command in COMMANDS:
        assert f"\n    {command} " in run.out or f"\n    {command}\n" in run.out
    assert spectro("--version").out == f"spectro {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "required: COMMAND"),
        (("frobnicate",), "invalid choice: 'frobnicate'"),
        (("features",), "required: FILE"),
        (("features", "x.wav"), "required: --feature"),
        (("features", "x.wav", "--feature", "mel,mystery"), "unknown mystery"),
        (("features", "x.wav", "--feature", ","), "no feature named"),
        (("features", "x.wav", "--feature", "mel", "--preset", "matlab"), "invalid choice: 'matlab'"),
        (("features", "x.wav", "--feature", "mel", "--n-fft", "0"), "must be a whole number above 0"),
        (("features", "x.wav", "--feature", "mel", "--sample-rate", "1e4"), "must be a whole number above 0"),
        (("features", "x.wav", "--feature", "mel", "--mono", "--keep-channels"), "not allowed with"),
        (("features", "x.wav", "--feature", "mfcc", "--n-mels", "10"), "20 MFCCs need as many mels"),
        (
            ("features", "x.wav", "--feature", "mel", "--preset", "madmom-like", "--sample-rate", "22050"),
            "no whole hop at 22050 Hz",
        ),
        (("doctor", "--loud"), "unrecognized arguments: --loud"),
    ],
)
def test_usage_errors_are_one_line_and_code_2(spectro, arguments, complaint) -> None:
    run = spectro(*arguments)
    assert (run.code, run.out) == (2, "")
    assert complaint in run.err
    assert run.err.count("\n") == 1


def test_python_m_spectro_and_a_closed_pipe() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "spectro", "doctor", "--nonsense"], capture_output=True, text=True
    )
    assert (run.returncode, run.stdout) == (2, "")
    read, write = os.pipe()
    os.close(read)
    closed = subprocess.run(
        [sys.executable, "-u", "-m", "spectro", "doctor"], stdout=write, stderr=subprocess.PIPE
    )
    os.close(write)
    assert (closed.returncode, closed.stderr) == (1, b"")


def test_help_loads_no_optional_library() -> None:
    script = (
        "import sys, spectro.cli; code = spectro.cli.main(['--help']); "
        "print(code, [n for n in ('soundfile', 'soxr', 'matplotlib', 'rich', 'torch') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "0 []"


def test_only_the_wanted_command_is_imported() -> None:
    script = (
        "import sys, spectro.cli; spectro.cli.main(['doctor', '--help']); "
        "print([n for n in sys.modules if n in ('spectro.cli.features', 'spectro.cli.parity')])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("library", "arguments"), [("soundfile", ()), ("matplotlib", ("--plot",))])
def test_a_missing_library_is_named_with_its_remedy(spectro, monkeypatch, library, arguments) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    run = spectro("features", "x.wav", "--feature", "mel", *arguments)
    assert run.code == 1
    assert f"needs {library}" in run.err
    assert "pip install 'spectro-mlx[cli]'" in run.err
    assert run.err.count("\n") == 1


def test_doctor_reports_what_is_there(spectro, monkeypatch) -> None:
    monkeypatch.setenv("SPECTRO_FALLBACK", "silent")
    monkeypatch.setenv("MLX_SOMETHING", "7")
    run = spectro("doctor", "--json")
    assert (run.code, run.err) == (0, "")
    report = json.loads(run.out)
    assert report["versions"]["numpy"] == np.__version__
    assert report["versions"]["mlx"] == mx.__version__
    assert report["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert report["mlx"]["usable"] is True
    backends = {entry["name"]: entry for entry in report["backends"]}
    assert backends["portable"]["usable"] is True
    assert report["settings"]["fallback"] == "silent"
    assert report["environment"]["MLX_SOMETHING"] == "7"
    text = spectro("doctor").out
    for line in ("versions", "backends", "MLX_SOMETHING", "SPECTRO_FALLBACK"):
        assert line in text


def test_doctor_explains_what_does_not_work(spectro, monkeypatch) -> None:
    def broken() -> tuple[bool, str]:
        raise RuntimeError("driver\nmissing")

    monkeypatch.setitem(probes.BACKENDS, "cuda", broken)
    monkeypatch.setenv("SPECTRO_BACKEND", "abacus")
    run = spectro("doctor", "--json")
    assert run.code == 0  # MLX itself works
    report = json.loads(run.out)
    cuda = report["backends"][-1]
    assert cuda == {"name": "cuda", "usable": False, "why": "RuntimeError: driver missing"}
    assert "abacus" in report["settings_error"]
    assert "abacus" in spectro("doctor").out


def test_doctor_fails_if_mlx_computes_nonsense(spectro, monkeypatch) -> None:
    monkeypatch.setattr(mx.fft, "rfft", lambda x, stream: mx.zeros(33))
    run = spectro("doctor")
    assert run.code == 1
    assert "not usable: an FFT on the cpu is wrong by 32" in run.out


def test_the_torch_probe_without_torch(monkeypatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert probes.torch() == (False, "torch is not installed: pip install 'spectro-mlx[torch]'")


def test_the_clip_is_music() -> None:
    rate = 8000
    music = clip(rate)
    np.testing.assert_array_equal(music, clip(rate))
    assert music.dtype == np.float32
    assert music.size == round(DURATION * rate)
    assert math.isclose(float(np.abs(music).max()), 0.9, rel_tol=1e-6)
    # Soon after the start of every bar the notes of its chord stand out.
    for bar, (_, *chord) in enumerate(CHORDS):
        start = round((4 * bar + 0.2) * BEAT * rate)
        spectrum = np.abs(np.fft.rfft(music[start : start + rate] * np.hanning(rate)))
        floor = np.median(spectrum[100:1000])
        for note in chord:
            f = round(hz(note))  # bins of 1 Hz
            assert spectrum[f - 3 : f + 4].max() > 10 * floor, (bar, note)


def test_demo_writes_its_clip_arrays_and_picture(spectro, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUDIO", raising=False)
    monkeypatch.setattr("spectro.demo.show.golden_verdict", lambda function: (f"golden {function}", True))
    Path("demo").mkdir()
    Path("demo/clip.npz").write_bytes(b"of an earlier run")
    run = spectro("demo")
    assert (run.code, run.err) == (0, "")
    assert {path.name for path in Path("demo").iterdir()} == {"clip.wav", "clip.npz", "clip.png"}
    with wave.open("demo/clip.wav") as file:
        assert (file.getframerate(), file.getnframes()) == (44100, 44100 * 8)
        samples = np.frombuffer(file.readframes(44100 * 8), "<i2")
    assert np.abs(samples / 32767 - clip(44100)).max() < 2e-5
    with np.load("demo/clip.npz") as made:
        n_fft, hop = int(made["n_fft"]), int(made["hop_length"])
        shapes = {"spectrogram": n_fft // 2 + 1, "logmel": 128, "mfcc": 20}
        for name, rows in shapes.items():
            assert made[name].shape == (rows, 1 + 44100 * 8 // hop)
            assert np.isfinite(made[name]).all()
            line = next(line for line in run.out.splitlines() if line.startswith(name))
            assert f"{rows} x {made[name].shape[1]}" in line
            assert " ms " in line
        # One frame by the definition, in float64.
        at = 100 * hop - n_fft // 2
        frame = clip(44100)[at : at + n_fft] * np.sin(np.pi * np.arange(n_fft) / n_fft) ** 2
        expected = 10 * np.log10(np.abs(np.fft.rfft(frame.astype(np.float64))) ** 2)
        loud = expected > expected.max() - 60
        assert np.abs(made["spectrogram"][:, 100] - expected)[loud].max() < 0.05
    assert Path("demo/clip.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_demo_takes_a_file_by_option_or_variable(spectro, write, tmp_path, monkeypatch) -> None:
    path = write("song.flac", np.random.default_rng(0).uniform(-0.5, 0.5, (8000, 2)), 16000)
    monkeypatch.setattr("spectro.demo.show.golden_verdict", lambda function: ("", True))
    monkeypatch.setenv("AUDIO", str(path))
    assert spectro("demo", "--out", tmp_path / "a").code == 0
    monkeypatch.setenv("AUDIO", "nowhere.wav")
    assert spectro("demo", "--audio", path, "--out", tmp_path / "b").code == 0
    for folder in "ab":
        assert {p.name for p in (tmp_path / folder).iterdir()} == {"song.npz", "song.png"}
    run = spectro("demo", "--out", tmp_path / "c")
    assert (run.code, run.out) == (1, "")
    assert run.err == "spectro demo: nowhere.wav: no such file\n"


def test_demo_fails_with_a_golden(spectro, write, tmp_path, monkeypatch) -> None:
    path = write("song.wav", np.ones(5000) * 0.1)
    monkeypatch.setattr("spectro.demo.show.golden_verdict", lambda function: ("FAILS: 1 of 2", False))
    run = spectro("demo", "--audio", path, "--out", tmp_path)
    assert run.code == 1
    assert "FAILS: 1 of 2" in run.out


def test_the_verdict_is_that_of_the_goldens(monkeypatch) -> None:
    assert golden_verdict("spectro.no_such_function") == ("no golden", True)
    verdict, passed = golden_verdict("spectro.dct_matrix")
    assert passed
    assert verdict.startswith("ok: ")
    right = package.dct_matrix
    monkeypatch.setattr(package, "dct_matrix", lambda *args, **options: right(*args, **options) * 1.001)
    verdict, passed = golden_verdict("spectro.dct_matrix")
    assert not passed
    assert verdict.startswith("FAILS: ")
