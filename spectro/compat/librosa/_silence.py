"""`librosa.effects`: audio without its silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...typing import Array
from ..registry import mirrors
from .core.convert import frames_to_samples
from .core.spectrum import amplitude_to_db
from .feature.spectral import rms

__all__ = ["split", "trim"]


def _loud_frames(
    y: np.ndarray, top_db: float, ref: Any, frame_length: int, hop_length: int, aggregate: Callable[..., Any]
) -> np.ndarray:
    """Return which frames lie less than `top_db` below `ref`, bools [N]; `aggregate` joins channels."""
    level = rms(y=y, frame_length=frame_length, hop_length=hop_length)
    db = amplitude_to_db(level[..., 0, :], ref=ref, top_db=None)
    if db.ndim > 1:
        db = np.apply_over_axes(aggregate, db, range(db.ndim - 1)).reshape(-1)
    return db > -top_db


@mirrors("librosa.effects.trim", tier=2, numpy=True)
def trim(
    y: Array,
    *,
    top_db: float = 60,
    ref: float | Callable[..., Any] = np.max,
    frame_length: int = 2048,
    hop_length: int = 512,
    aggregate: Callable[..., Any] = np.max,
) -> tuple[np.ndarray, np.ndarray]:
    """Cut off the silence at both ends: mirrors `librosa.effects.trim`.

    Parameters
    ----------
    y : real array [..., n]
    top_db : float
        Frames so far below `ref` are silent.
    ref : float or callable
        A level, or a function of the levels.
    frame_length, hop_length : int
    aggregate : callable
        Joins the levels of channels.

    Returns
    -------
    y : array [..., m]
    interval : int array [2]
        Where it lay.
    """
    found = np.flatnonzero(_loud_frames(y, top_db, ref, frame_length, hop_length, aggregate))
    start, end = 0, 0
    if found.size:
        start = int(frames_to_samples(found[0], hop_length=hop_length))
        end = min(y.shape[-1], int(frames_to_samples(found[-1] + 1, hop_length=hop_length)))
    return y[..., start:end], np.asarray([start, end])


@mirrors("librosa.effects.split", tier=2, numpy=True)
def split(
    y: Array,
    *,
    top_db: float = 60,
    ref: float | Callable[..., Any] = np.max,
    frame_length: int = 2048,
    hop_length: int = 512,
    aggregate: Callable[..., Any] = np.max,
) -> np.ndarray:
    """Return where audio is not silent: mirrors `librosa.effects.split`.

    Parameters as for `trim`.

    Returns
    -------
    int array [m, 2]
        First sample, and the one after the last, of each stretch.
    """
    loud = _loud_frames(y, top_db, ref, frame_length, hop_length, aggregate)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]])))
    samples = frames_to_samples(edges, hop_length=hop_length)
    return np.minimum(samples, y.shape[-1]).reshape(-1, 2)
