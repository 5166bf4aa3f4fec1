"""Shares the float64 truth and the emulator of the Metal tests."""

import sys
from pathlib import Path

_metal = Path(__file__).parent.parent / "metal"
sys.path[:0] = [str(_metal), str(_metal / "emulator")]
