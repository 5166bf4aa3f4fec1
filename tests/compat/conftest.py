"""Shared by the compat tests: torch's once-in-a-process warnings start anew in every test."""

import numpy as np
import pytest

from spectro.compat import fallback
from spectro.compat.torch import _checks


@pytest.fixture(autouse=True)
def nothing_warned_yet(monkeypatch):
    monkeypatch.setattr(_checks, "_warned", set())
    monkeypatch.setattr(fallback, "_told", set())


@pytest.fixture
def without_torch(monkeypatch):
    """Make torch and torchaudio look as if they were not installed."""
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "torchaudio", None)


@pytest.fixture
def audio():
    return np.random.default_rng(0).standard_normal((2, 1000)).astype(np.float32)
