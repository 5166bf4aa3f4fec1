"""Audio files that the tests write themselves, and the command line run in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import mlx.core as mx
import numpy as np
import pytest
import soundfile

from spectro.cli import main


class Run(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _cpu() -> Iterator[None]:
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    yield
    mx.set_default_device(before)


@pytest.fixture
def spectro(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run ``spectro *arguments``."""

    def run(*arguments: object) -> Run:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return run


@pytest.fixture
def music() -> np.ndarray:
    """Two channels [T, 2] of decaying harmonics and noise, 0.4 s at 22050 Hz, as 16-bit values."""
    rng = np.random.default_rng(3)
    t = np.arange(8820) / 22050
    tones = sum(np.sin(2 * np.pi * 220 * k * t) / k for k in range(1, 9)) * np.exp(-4 * t)
    x = 0.25 * np.stack([tones, tones[::-1]], axis=1) + 0.01 * rng.standard_normal((t.size, 2))
    return np.rint(x * 32767) / 32768


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write samples to `name` in the test's folder."""

    def file(name: str, samples: np.ndarray, rate: int = 22050) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, rate)
        return path

    return file
