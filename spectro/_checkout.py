"""Lets a bare checkout import `spectro.kernels` and `spectro.parity_tests`.

There they stand beside the package's folder; in a wheel they are inside it, and this does nothing.
"""

import sys
from pathlib import Path

_root = Path(__file__).resolve().parent.parent
if (_root / "pyproject.toml").is_file() and (_root / "parity_tests").is_dir():
    sys.modules[__package__].__path__.append(str(_root))
