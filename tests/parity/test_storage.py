"""Goldens on disk: exact, and the same bytes for the same answers."""

import numpy as np
import pytest

from spectro.parity_tests import goldens, make, runner
from spectro.parity_tests.case import Case
from spectro.parity_tests.references import Answer, installed, version
from spectro.parity_tests.signals import signal


def _case(number):
    return Case("torch.f", "torch", lambda ns, x: x, signal("noise"), {"number": number})


def _answers():
    rng = np.random.default_rng(0)
    wide = np.concatenate([rng.standard_normal(50), [0.0, 1e-42, 3e38, 1e300, np.inf, -np.inf, np.nan]])
    with np.errstate(over="ignore", under="ignore"):
        near = (wide * (1 + 1e-6)).astype(np.float32)
        off = (-wide * 1e-5).astype(np.float32)
        both = np.stack([wide, wide[::-1]], axis=-1).view(np.complex128).reshape(3, 19)
        narrow = both.astype(np.complex64)
    return [
        Answer(near, wide),
        Answer(off, wide),
        Answer(narrow, both),
        Answer(wide, wide),  # float64 whatever the input
        Answer(np.array([1, 2]), np.array([1, 2])),
        Answer(np.zeros((2, 0), np.float32), np.zeros((2, 0))),
        Answer(np.float32(0.1).reshape(()), np.array(0.1)),
    ]


def test_answers_come_back_bit_for_bit(tmp_path, monkeypatch):
    stored = [(_case(i), answer) for i, answer in enumerate(_answers())]
    goldens.save(tmp_path / "torch-1.2.3", stored, {"torch": "1.2.3"})
    monkeypatch.setattr(goldens, "folder_of", lambda *_: tmp_path / "torch-1.2.3")
    for case, answer in stored:
        found = goldens.load(case)
        for got, wanted in ((found.float32, answer.float32), (found.float64, answer.float64)):
            assert got.dtype == wanted.dtype
            assert got.shape == wanted.shape
            assert got.tobytes() == wanted.tobytes()


def test_an_exception_comes_back_by_name(tmp_path, monkeypatch):
    answer = Answer(error="ParameterError", bases=("Exception", "BaseException"))
    goldens.save(tmp_path / "torch-1.2.3", [(_case(1), answer)], {})
    monkeypatch.setattr(goldens, "folder_of", lambda *_: tmp_path / "torch-1.2.3")
    assert goldens.load(_case(1)) == answer
    assert goldens.load(_case(2)) is None


def test_the_same_answers_make_the_same_bytes(tmp_path):
    stored = [(_case(i), answer) for i, answer in enumerate(_answers()[:3])]
    for name in ("a", "b"):
        goldens.save(tmp_path / name, stored, {"torch": "1.2.3"})
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")


def test_the_newest_version_is_used(tmp_path, monkeypatch):
    for name in ("torch-2.9.1", "torch-2.13.0", "torchaudio-3.0.0"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(goldens, "FOLDER", tmp_path)
    goldens.folder_of.cache_clear()
    try:
        assert goldens.folder_of("torch").name == "torch-2.13.0"
        with pytest.raises(FileNotFoundError, match="librosa"):
            goldens.folder_of("librosa")
    finally:
        goldens.folder_of.cache_clear()


def _bytes(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


needs_references = pytest.mark.skipif(
    not all(map(installed, ("torch", "torchaudio", "librosa"))), reason="needs the reference libraries"
)


@needs_references
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("reference", ["librosa", "torchaudio"])
def test_make_is_reproducible(reference, tmp_path):
    folders = [make.make(reference, tmp_path / name) for name in ("a", "b")]
    assert folders[0].name == f"{reference}-{version(reference)}"
    assert _bytes(folders[0]) == _bytes(folders[1])


@needs_references
@pytest.mark.filterwarnings("ignore")
def test_live_agrees_too():
    results = runner.run(runner.select(["spectro.amplitude_to_db", "torch.kaiser_window"]), live=True)
    assert {result.kind.name for result in results} >= {"numpy32", "numpy64", "mlx", "torch32", "torch64"}
    assert [result.case.id for result in results if not result.passed] == []
