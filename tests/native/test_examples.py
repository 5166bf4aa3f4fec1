"""The examples run and print what their sounds were made of."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "native"

# What each must print; all of it follows from how its audio is made.
EXPECTED = {
    "spectral_transform": ("spectrum (1, 1025, 63)", "gradient of the energy is 2 x: True"),
    "mel_spectrogram": ("64 bands, 401 frames",),
    "log_mel_spectrogram": ("(4, 16000) -> (4, 256, 32)", "silence is ln(1e-5) = -11.51 everywhere"),
    "mfcc": ("coefficients (13, 101)", "a, 110 Hz: distance to 'a, 110 Hz' 0\n"),
    "filtered_spectrogram": ("notes: A C E A",),
    "hybrid_cqt": ("bins above C4: 0 2 4 5 7 9 11 12", "1e-5 of the peak: True"),
    "spectral_features": ("tone        440", "[0, 4, 7]", "clicks at 0.5 1.0 1.5 s"),
    "repeated_shapes": (
        "3 eager calls, 4 compiled",
        "compiled shapes [(1, 16000), (1, 8000)], still counted 1",
    ),
}


def test_every_example_is_run() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(FOLDER / f"{name}.py"))
    printed = capsys.readouterr().out
    for line in EXPECTED[name]:
        assert line in printed
