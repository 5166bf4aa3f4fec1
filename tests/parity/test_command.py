"""`spectro parity`."""

import json

import pytest

import spectro
from spectro.cli import main
from spectro.parity_tests import runner


def test_prints_the_table(capsys):
    assert main(["parity", "spectro.dct_matrix"]) == 0
    out = capsys.readouterr().out
    assert "spectro.dct_matrix" in out
    assert "torchaudio" in out
    assert "none failed" in out


def test_prints_the_table_without_rich(capsys, monkeypatch):
    monkeypatch.setattr("spectro.parity_tests.table.installed", lambda library: False)
    assert main(["parity", "spectro.dct_matrix", "torch.hann_window"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert any(row.startswith("torch.hann_window") and row.endswith("ok") for row in rows)


def test_json(capsys):
    assert main(["parity", "spectro.dct_matrix", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] is True
    assert report["functions"][0]["cases"] == 8
    assert all(run["error"] <= run["bar"] for run in report["runs"] if run["bar"])


def test_json_to_a_file_beside_the_table(capsys, tmp_path):
    path = tmp_path / "out.json"
    assert main(["parity", "spectro.dct_matrix", "--json", str(path)]) == 0
    assert "none failed" in capsys.readouterr().out
    assert json.loads(path.read_text())["passed"] is True
    assert main(["parity", "--json", "spectro.dct_matrix"]) == 2  # a name, not a file
    assert "not spectro.dct_matrix" in capsys.readouterr().err


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_exits_with_1_when_a_number_is_off(form, monkeypatch, capsys):
    right = spectro.dct_matrix
    monkeypatch.setattr(spectro, "dct_matrix", lambda *a, **k: right(*a, **k) * (1 + 1e-5))
    assert main(["parity", "spectro.dct_matrix", *form]) == 1
    assert ("FAILED spectro.dct_matrix" in capsys.readouterr().out) is (form == [])


def test_exits_with_2_for_an_unknown_function(capsys):
    assert main(["parity", "torch.fst"]) == 2
    assert "torch.stft" in capsys.readouterr().err


def test_the_device_can_be_named(capsys):
    assert main(["parity", "spectro.dct_matrix", "--device", "cpu"]) == 0
    assert "cpu" in capsys.readouterr().out


def test_cases_without_their_library_are_named_not_failed(monkeypatch, capsys):
    monkeypatch.setattr(runner, "installed", lambda library: False)
    assert main(["parity", "spectro.icqt", "torch.hann_window"]) == 0
    said = capsys.readouterr().out
    assert "6 cases were not run: they need soxr (pip install soxr)" in said
    assert main(["parity", "spectro.icqt"]) == 2
