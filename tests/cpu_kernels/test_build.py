"""Building, and doing without: the compiler hidden, the library missing or unwanted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import spectro
from spectro.kernels import cpu
from spectro.kernels.cpu import build, library

HIDDEN = {**os.environ, "CXX": "none"}


def test_without_a_compiler_nothing_is_built_and_nobody_fails(tmp_path: Path) -> None:
    script = Path(build.__file__).resolve()
    code = f"import pathlib, runpy; print(runpy.run_path({str(script)!r})['build'](pathlib.Path('x')))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=HIDDEN, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert "no C++ compiler" in done.stderr
    assert not (tmp_path / "x").exists()


def test_every_machine_has_a_list_of_instruction_sets() -> None:
    assert list(build.instruction_sets("x86_64")) == list(library.X86_LEVELS)
    assert list(build.instruction_sets("arm64")) == list(build.instruction_sets("aarch64")) == ["neon"]
    assert list(build.instruction_sets("riscv64")) == ["baseline"]


def test_a_broken_compiler_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("CXX", "false")
    assert build.build(tmp_path / "lib", quiet=True) == []
    assert "no kernels for" in capsys.readouterr().err


def test_without_the_library_the_api_computes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3000))
    transform = spectro.SpectralTransform(128, 32)
    with_kernels = transform.stft(x)
    monkeypatch.setenv("SPECTRO_CPU_ISA", "missing")
    assert not cpu.status().loaded
    assert spectro.explain(x).startswith("portable")
    np.testing.assert_allclose(transform.stft(x), with_kernels, atol=1e-11)
    with pytest.raises(spectro.BackendError, match="missing"), spectro.config(backend="cpu"):
        transform.stft(x)
