"""`spectro matrix`, `explain`, `bench`, and the HTML report of `parity`."""

from __future__ import annotations

import json
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import spectro as package
from spectro.cli.matrix import entries, markdown
from spectro.compat.registry import mirrored

ROOT = Path(package.__file__).parent.parent


def test_the_matrix_is_the_registry(spectro) -> None:
    run = spectro("matrix", "--json")
    assert (run.code, run.err) == (0, "")
    listed = {entry["name"]: entry for entry in json.loads(run.out)}
    assert list(listed) == list(mirrored())
    assert listed["torch.stft"]["status"] == "proved"
    assert listed["torch.stft"]["goldens"] == "torch-2.13.0"
    assert all(entry["tier"] == mirrored()[name].tier for name, entry in listed.items())


def test_the_matrix_of_a_part_with_what_was_reached(spectro) -> None:
    run = spectro("matrix", "torch.hann_window", "--tolerance")
    assert "1 names, 1 of them proved" in run.out
    assert 0 <= entries(["torch.hann_window"], tolerance=True)[0].tolerance <= 1
    assert spectro("matrix", "torch.fst").code == 2


def test_the_page_of_the_documentation_is_the_matrix() -> None:
    page = ROOT / "docs" / "matrix.md"
    assert page.read_text() == markdown(entries([])), "run: spectro matrix --markdown > docs/matrix.md"


@pytest.mark.parametrize(
    ("call", "answers"),
    [
        ("torch.stft n_fft=400", ["is mirrored (tier 1)"]),
        ("torch.stft requires_grad=True", ["requires grad"]),
        ("torch.stft arrays=mlx dtype=float64", ["DowncastWarning"]),
        ("torch.stft device=gpu arrays=torch", ["host memory"]),
        ("spectro.SpectralTransform n_fft=400", ["native API", "spectro.spectrum.transform"]),
        ("torch.stf", ["is not mirrored", "torch.stft"]),
    ],
)
def test_explain_says_who_serves(spectro, call, answers) -> None:
    run = spectro("explain", *call.split())
    assert (run.code, run.err) == (0, "")
    assert all(answer in run.out for answer in answers)
    assert spectro("explain", call).out == run.out  # in one word or in several


def test_explain_knows_the_kernels_sizes(spectro, monkeypatch) -> None:
    monkeypatch.setattr("mlx.core.is_available", lambda device: False)
    assert "fused" in spectro("explain", "torch.stft n_fft=1000 device=gpu").out
    assert "portable" in spectro("explain", "torch.stft n_fft=1001 device=gpu").out


@pytest.mark.parametrize(
    "call",
    [
        "torch.stft n_ftt=4",
        "torch.stft n_fft",
        "torch.stft n_fft=x",
        "torch.stft device=tpu",
        "",
        "stft",
        "spectro.SpectralTransforms",
        "spectro.SpectralTransform n_ftt=4",
    ],
)
def test_explain_refuses_what_it_does_not_understand(spectro, call) -> None:
    run = spectro("explain", call)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("spectro explain: ")


def test_options_that_a_command_has_not_are_refused_by_it(spectro) -> None:
    run = spectro("explain", "torch.stft", "--json")
    assert (run.code, run.out) == (2, "")
    assert run.err == "spectro explain: unrecognized arguments: --json (see spectro explain --help)\n"


def test_a_report_that_cannot_be_written_is_refused_before_the_runs(spectro, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("spectro.parity_tests.runner.run", lambda *args, **kwargs: pytest.fail("it ran"))
    for option in ("--html", "--json"):
        run = spectro("parity", "torch.hann_window", option, tmp_path / "nowhere" / "report.json")
        assert (run.code, run.out) == (2, "")
    assert spectro("parity", "torch.hann_window", "--html", tmp_path).code == 2


def test_bench_makes_only_what_it_times(spectro, recwarn) -> None:
    assert spectro("bench", "stft", "--n-fft", "8", "--seconds", "0.1", "--rounds", "1").code == 0
    assert not recwarn.list  # of mel bands without bins


def test_bench_times_every_way(spectro, monkeypatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    run = spectro("bench", "--seconds", "0.1", "--rounds", "2", "--json")
    times = json.loads(run.out)["milliseconds"]
    assert set(times) == {"stft", "istft", "mel"}
    assert all(set(by) == {"spectro numpy", "spectro mlx"} and min(by.values()) > 0 for by in times.values())
    assert "of our best" in spectro("bench", "mel", "--seconds", "0.1", "--rounds", "1").out
    assert spectro("bench", "nothing").code == 2


class _Page(HTMLParser):
    """Checks that tags are closed, and collects text and what is loaded from elsewhere."""

    VOID = frozenset({"meta", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.counts: dict[str, int] = {}
        self.outside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attributes) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.outside += [value for name, value in attributes if name in ("src", "href", "xlink:href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data


def _page(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text())
    assert page.open == []
    assert page.outside == []
    return page


def test_the_html_report_has_a_row_and_a_plot_a_function(spectro, tmp_path) -> None:
    run = spectro("parity", "spectro.dct_matrix", "torch.hann_window", "--html", tmp_path / "report.html")
    assert run.code == 0
    page = _page(tmp_path / "report.html")
    assert page.counts["tr"] == 2 + 2  # a heading for each namespace
    assert page.counts["circle"] == 2 + 2 * 2  # the key, and ours and theirs
    assert "torch.hann_window" in page.text
    assert "What failed" not in page.text


def test_the_html_report_names_what_failed(spectro, tmp_path, monkeypatch) -> None:
    right = package.dct_matrix
    monkeypatch.setattr(package, "dct_matrix", lambda *a, **k: right(*a, **k) * (1 + 1e-5))
    assert spectro("parity", "spectro.dct_matrix", "--html", tmp_path / "report.html").code == 1
    text = _page(tmp_path / "report.html").text
    assert "FAILED" in text
    assert "What failed" in text


@pytest.mark.parametrize(("mode", "back", "ours"), [(1, "#ffffff", "#1763cf"), (0, "#15181b", "#6ba7ff")])
def test_a_browser_shows_the_report_in_light_and_dark(spectro, tmp_path, mode, back, ours) -> None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    browser = next(filter(None, map(shutil.which, names)), None)
    if browser is None:
        pytest.skip("needs Chromium or Chrome")
    image = pytest.importorskip("matplotlib.image")
    spectro("parity", "spectro.dct_matrix", "torch.hann_window", "--html", tmp_path / "report.html")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1300,900"]
    options += [f"--user-data-dir={tmp_path}", f"--blink-settings=preferredColorScheme={mode}"]
    shot = tmp_path / "report.png"
    command = [browser, *options, f"--screenshot={shot}", (tmp_path / "report.html").as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pixels = (image.imread(shot)[..., :3] * 255).round().astype(int)

    def where(colour: str) -> np.ndarray:
        return (pixels == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=-1)

    assert where(back).mean() > 0.8
    assert where(ours).sum() > 3 * 20  # three filled marks: the key's and two rows'
