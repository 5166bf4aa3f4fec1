"""Shares the float64 truth of the Metal tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "metal"))
