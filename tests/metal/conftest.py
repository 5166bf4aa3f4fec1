"""Puts the emulator and its helpers on the path, and skips where there is no clang to run it with."""

import importlib.util
import platform
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "emulator")]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    reason = None
    if sys.platform != "linux" or platform.machine() != "x86_64":
        reason = "the emulator's fibers and its target are Linux on x86-64"
    elif importlib.util.find_spec("ziglang") is None:
        reason = "needs the clang in `pip install ziglang`"
    if reason:
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))
