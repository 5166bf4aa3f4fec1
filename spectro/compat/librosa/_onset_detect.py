"""`librosa.onset.onset_detect` and `onset_backtrack`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import ParameterError
from ...typing import Array
from ..registry import mirrors
from ._onset_strength import onset_strength
from .core._time import frames_to_samples, frames_to_time
from .util._peaks import peak_pick
from .util._shapes import fix_frames
from .util._values import tiny

__all__ = ["onset_backtrack", "onset_detect"]


@mirrors("librosa.onset.onset_detect", tier=1, numpy=True)
def onset_detect(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    backtrack: bool = False,
    energy: Array | None = None,
    units: str = "frames",
    normalize: bool = True,
    sparse: bool = True,
    **kwargs: Any,
) -> np.ndarray:
    """Return where notes begin: mirrors `librosa.onset.onset_detect`.

    Parameters
    ----------
    y : array [..., n]
        Audio, or give `onset_envelope`.
    sr, hop_length
        Of the envelope.
    onset_envelope : array [..., N], optional
        By default `onset_strength`.
    backtrack : bool
        Whether to go back to the minimum of `energy` (default the envelope) before each onset.
    units : {"frames", "samples", "time"}
    normalize : bool
        Whether to scale the envelope to 0 .. 1.
    sparse : bool
        Whether to return positions, or True and False for each frame.
    **kwargs
        As for `util.peak_pick`, whose sizes are by default those of Boeck, Krebs & Schedl 2012 and a
        search over data.

    Returns
    -------
    array [onsets], or bool array [..., N]

    Raises
    ------
    ParameterError
        If neither is given, for unknown units, and for positions of more than one channel.
    """
    if onset_envelope is None:
        if y is None:
            raise ParameterError("y or onset_envelope must be given")
        onset_envelope = onset_strength(y=y, sr=sr, hop_length=hop_length)
    envelope = onset_envelope
    if normalize:
        envelope = envelope - np.min(envelope, keepdims=True, axis=-1)
        envelope = envelope / (np.max(envelope, keepdims=True, axis=-1) + tiny(envelope))
    if envelope.any() and np.isfinite(envelope).all():
        sizes = {
            "pre_max": 0.03 * sr // hop_length,
            "post_max": 0.00 * sr // hop_length + 1,
            "pre_avg": 0.10 * sr // hop_length,
            "post_avg": 0.10 * sr // hop_length + 1,
            "wait": 0.03 * sr // hop_length,
            "delta": 0.07,
        }
        onsets = peak_pick(envelope, sparse=sparse, axis=-1, **sizes | kwargs)
        if backtrack:
            if not sparse:
                raise ParameterError("backtrack=True needs sparse=True")
            onsets = onset_backtrack(onsets, envelope if energy is None else energy)
    else:
        onsets = np.array([], dtype=int) if sparse else np.zeros_like(envelope, dtype=bool)
    return _in_units(onsets, units, sr, hop_length) if sparse else onsets


def _in_units(onsets: np.ndarray, units: str, sr: float, hop_length: int) -> np.ndarray:
    if units == "frames":
        return onsets
    if units == "samples":
        return frames_to_samples(onsets, hop_length=hop_length)
    if units == "time":
        return frames_to_time(onsets, hop_length=hop_length, sr=sr)
    raise ParameterError(f"units must be 'frames', 'samples' or 'time', got {units!r}")


@mirrors("librosa.onset.onset_backtrack", tier=1, numpy=True)
def onset_backtrack(events: Array, energy: Array) -> np.ndarray:
    """Move events back to the local minimum of an energy before them: `librosa.onset.onset_backtrack`.

    Parameters
    ----------
    events : int array [n]
        Frames.
    energy : array [N]

    Returns
    -------
    int array [n]
        0 where there is no minimum before.

    Raises
    ------
    ParameterError
        For no events, or a negative one.
    """
    events = np.asarray(events)
    if len(events) == 0:
        raise ParameterError("there are no events")
    if events.min() < 0:
        raise ParameterError(f"events must not be negative, got {events.min()}")
    low = np.flatnonzero((energy[1:-1] <= energy[:-2]) & (energy[1:-1] < energy[2:]))
    minima = fix_frames(1 + low, x_min=0)
    return minima[np.searchsorted(minima, events, side="right") - 1]
