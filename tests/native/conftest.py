"""Shared signals, and every native test on MLX's CPU device so that it runs anywhere alike."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import mlx.core as mx
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _cpu() -> Iterator[None]:
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    yield
    mx.set_default_device(before)


@pytest.fixture
def noise() -> np.ndarray:
    """Three rows of noise [3, 1500], float64 values that float32 holds exactly."""
    rng = np.random.default_rng(7)
    return rng.standard_normal((3, 1500)).astype(np.float32).astype(np.float64)


# How long an example takes says nothing about its result.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
