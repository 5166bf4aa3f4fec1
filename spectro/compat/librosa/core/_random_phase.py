"""The phase that Griffin-Lim begins with, as librosa draws it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....callers import warn
from ....errors import ParameterError
from ..util.utils import phasor

__all__ = ["check_momentum", "first_phase", "generator"]


def generator(rng: Any, random_state: Any) -> Any:
    """Return the source of random numbers that librosa 1.0 makes of its two options.

    Raises
    ------
    ParameterError
        If both are given.
    """
    if random_state is not None:
        if rng is not None:
            raise ParameterError(f"rng and random_state exclude each other, got {rng!r} and {random_state!r}")
        warn("random_state is called rng since librosa 1.0, and ends with 1.2", FutureWarning)
        rng = random_state
    return rng if isinstance(rng, np.random.RandomState) else np.random.default_rng(rng)


def first_phase(init: str | None, random_state: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    """Return exp(j angle) with uniform angles, complex128 [shape], or None for an `init` of None.

    Parameters
    ----------
    init : "random" or None
    random_state : int, numpy.random.RandomState, numpy.random.Generator, optional
        The source of random numbers, or the seed of a RandomState.

    Raises
    ------
    ParameterError
    """
    if random_state is None:
        generator: Any = np.random.default_rng()
    elif isinstance(random_state, int):
        generator = np.random.RandomState(seed=random_state)
    elif isinstance(random_state, (np.random.RandomState, np.random.Generator)):
        generator = random_state
    else:
        raise ParameterError(f"random_state must be an integer or a numpy generator, got {random_state!r}")
    if init not in (None, "random"):
        raise ParameterError(f"init must be 'random' or None, got {init!r}")
    return None if init is None else phasor(2 * np.pi * generator.random(size=shape))


def check_momentum(momentum: float) -> None:
    """Refuse a negative momentum, and warn of one above 1."""
    if momentum < 0:
        raise ParameterError(f"momentum must not be negative, got {momentum}")
    if momentum > 1:
        warn(f"Griffin-Lim may diverge with momentum={momentum} > 1")
