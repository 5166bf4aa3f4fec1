"""The wheel by itself: built, installed in an empty environment elsewhere, and used."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="needs the checkout")

SCRIPT = """
import numpy, spectro, spectro.kernels, spectro.parity_tests
from pathlib import Path
assert Path(spectro.__file__).is_relative_to(Path(__import__("sys").prefix)), spectro.__file__
for module in (spectro.kernels, spectro.parity_tests):
    assert Path(module.__file__).is_relative_to(Path(spectro.__file__).parent), module.__file__
x = numpy.sin(2 * numpy.pi * 1000 / 16000 * numpy.arange(16000))
z = spectro.SpectralTransform(400, 160).stft(x)
print(int(abs(z[0, :, 50]).argmax()))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the environment's own setuptools, so that no network is needed."""
    out = tmp_path_factory.mktemp("wheel")
    source = out / "source"  # a copy without build products, for setuptools leaves some behind
    ignored = [".git", ".venv*", "build", "*.egg-info", "demo", ".carry", "__pycache__", ".*_cache"]
    excludes = [argument for pattern in ignored for argument in ("--exclude", pattern)]
    source.mkdir()
    archive = subprocess.run(["tar", "-cf", "-", *excludes, "."], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-xf", "-"], cwd=source, input=archive.stdout, check=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("spectro_mlx-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in a new environment that finds only its dependencies in ours."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    # A folder named in a .pth file is searched for packages, but its own .pth files, such as the one
    # that makes the checkout importable, are not followed.
    site = next((folder / "lib").glob("python3.*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return python


def run(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run([python, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)


def test_wheel_holds_kernels_and_goldens(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "spectro/py.typed" in names
    assert "spectro/kernels/__init__.py" in names
    assert any(name.startswith("spectro/parity_tests/goldens/") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "kernels/", "benchmarks/"))]


def test_installed_wheel_computes(python: Path, tmp_path: Path) -> None:
    result = run(python, "-c", SCRIPT, cwd=tmp_path)
    assert result.stdout.strip() == "25", result.stderr  # 1000 Hz is bin 25 of 400 at 16 kHz


def test_installed_wheel_proves_its_parity(python: Path, tmp_path: Path) -> None:
    result = run(python, "-m", "spectro", "parity", "torch.stft", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "torch.stft" in result.stdout
