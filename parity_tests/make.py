"""Write the goldens, from the reference libraries installed here.

    python -m spectro.parity_tests.make [--out FOLDER] [torch torchaudio librosa madmom]

Each library's answers go to FOLDER/<library>-<version>. Nothing of spectro computes here.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

import numpy as np

from . import goldens
from .cases import all_cases
from .references import ask, available, installed, version

__all__ = ["main", "make"]


def make(reference: str, out: Path) -> Path:
    """Ask `reference` all the cases of the release installed and write the answers; return their folder."""
    wanted = [c for c in all_cases() if c.reference == reference and c.needs_golden and available(c)]
    answers = [(case, ask(case)) for case in wanted]
    versions = {reference: version(reference), "numpy": np.__version__, "python": platform.python_version()}
    if reference == "torchaudio":
        versions["torch"] = version("torch")
    folder = out / f"{reference}-{versions[reference]}"
    goldens.save(folder, answers, versions)
    return folder


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m spectro.parity_tests.make", description=__doc__)
    known = sorted({case.reference for case in all_cases()})
    parser.add_argument(
        "references", nargs="*", metavar="LIBRARY", help=f"of {', '.join(known)}; default all"
    )
    parser.add_argument("--out", type=Path, default=goldens.FOLDER, help="where to (default: %(default)s)")
    options = parser.parse_args(arguments)
    wanted = options.references or known
    missing = [name for name in wanted if name not in known or not installed(name)]
    if missing:
        parser.error(f"unknown or not installed: {', '.join(missing)}")
    for reference in wanted:
        folder = make(reference, options.out)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{folder}: {size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
