"""Events (times in seconds) and notes, and arrays cut into segments."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ....callers import warn
from ...registry import mirrors

__all__ = ["combine_events", "expand_notes", "quantize_events", "quantize_notes", "segment_axis"]


@mirrors("madmom.utils.combine_events")
def combine_events(
    events: Any, delta: float, combine: Literal["mean", "left", "right"] = "mean"
) -> np.ndarray:
    """Return events [N] with each that follows another within `delta` seconds merged into it.

    Parameters
    ----------
    events : list or array, sorted
    delta : float
        Distance to the event kept last; a tie counts.
    combine : {"mean", "left", "right"}
        What two become: their mean, the first, or the second.

    Raises
    ------
    ValueError
        For events of more than one dimension or an unknown `combine`.

    Examples
    --------
    >>> combine_events([1, 1.02, 1.5, 2], 0.03, "left")
    array([1. , 1.5, 2. ])
    """
    if len(events) <= 1:
        return events  # type: ignore[no-any-return]
    events = np.array(events, dtype=float)
    if events.ndim > 1:
        raise ValueError("only 1-dimensional events supported.")
    within = delta + 1e-12  # so that a distance of delta itself is not lost to rounding
    kept = [events[0]]
    for event in events[1:]:
        if event - kept[-1] > within:
            kept.append(event)
        elif combine == "mean":
            kept[-1] = 0.5 * (event + kept[-1])
        elif combine == "right":
            kept[-1] = event
        elif combine != "left":
            raise ValueError(f"combine must be 'mean', 'left' or 'right', got {combine!r}")
    return np.array(kept)


@mirrors("madmom.utils.quantize_events")
def quantize_events(
    events: Any, fps: float, length: int | None = None, shift: float | None = None
) -> np.ndarray:
    """Return an array [length] with 1 in every frame an event falls on, 0 elsewhere.

    Parameters
    ----------
    events : array [N]
        Seconds, sorted.
    fps : float
        Frames a second.
    length : int, optional
        Frames; default up to the last event.
    shift : float, optional
        Deprecated: added to the events first.

    Raises
    ------
    ValueError
        For events of more than one dimension.
    """
    events = np.array(events, dtype=float)
    if events.ndim != 1:
        raise ValueError("only 1-dimensional events supported.")
    if shift is not None:
        warn("`shift` is deprecated; add it to the events instead")
        events = events + shift
    if length is None:
        length = round(np.max(events) * float(fps)) + 1
    else:
        events = events[: np.searchsorted(events, float(length - 0.5) / fps)]
    quantized = np.zeros(length)
    quantized[np.unique(np.round(events * fps).astype(int))] = 1
    return quantized


@mirrors("madmom.utils.quantize_notes")
def quantize_notes(
    notes: Any,
    fps: float,
    length: int | None = None,
    num_pitches: int | None = None,
    velocity: float | None = None,
) -> np.ndarray:
    """Return a piano roll [length, num_pitches] of velocities.

    Parameters
    ----------
    notes : array [N, 2 to 4]
        Onset (s), pitch (MIDI number), and optionally duration (s) and velocity.
    fps : float
    length, num_pitches : int, optional
        Default up to the last note and the highest pitch.
    velocity : float, optional
        Used instead of the notes' own; default 1 where they have none.

    Raises
    ------
    ValueError
        If the notes are not two-dimensional or have fewer than two columns.
    """
    notes = np.array(np.array(notes).T, dtype=float, ndmin=2).T
    if notes.ndim != 2:
        raise ValueError("only 2-dimensional notes supported.")
    if notes.shape[1] < 2:
        raise ValueError("notes must have at least 2 columns.")
    onsets, pitches = notes[:, 0], notes[:, 1].astype(int)
    offsets = onsets + notes[:, 2] if notes.shape[1] > 2 else onsets
    if notes.shape[1] > 3 and velocity is None:
        velocities = notes[:, 3]
    else:
        velocities = np.full(len(notes), velocity or 1, float)
    if length is None:
        length = round(np.max(offsets) * float(fps)) + 1
    if num_pitches is None:
        num_pitches = int(np.max(pitches)) + 1
    roll = np.zeros((length, num_pitches))
    first, last = (np.round(times * fps).astype(int) for times in (onsets, offsets))
    for begin, end, pitch, value in zip(first, last + 1, pitches, velocities, strict=True):
        if 0 <= pitch < num_pitches:
            roll[begin:end, pitch] = value
    return roll


@mirrors("madmom.utils.expand_notes")
def expand_notes(notes: Any, duration: float = 0.6, velocity: float = 100) -> np.ndarray:
    """Return notes [N, 4]: onset, pitch, duration, velocity, the last two filled in where they lack.

    Raises
    ------
    ValueError
        If the notes have fewer than two columns.
    """
    notes = np.array(notes, ndmin=2)
    columns = notes.shape[1]
    if columns >= 4:
        return notes
    if columns < 2:
        raise ValueError(f"unable to handle `notes` with {columns} columns")
    missing = [duration, velocity][columns - 2 :]
    return np.hstack((notes, np.tile(np.array(missing, float), (len(notes), 1))))


@mirrors("madmom.utils.segment_axis")
def segment_axis(
    signal: np.ndarray,
    frame_size: int,
    hop_size: int,
    axis: int | None = None,
    end: Literal["cut", "pad", "wrap"] = "cut",
    end_value: float = 0,
) -> np.ndarray:
    """Return overlapping segments of an array's first axis, [N, frame_size, ...], a view where possible.

    Parameters
    ----------
    signal : array
    frame_size, hop_size : int
    axis : {None, 0}
        None flattens the array first.
    end : {"cut", "pad", "wrap"}
        A last, incomplete segment is left out, filled with `end_value`, or with the beginning.

    Raises
    ------
    ValueError
        If a size is not positive, the axis another, or no segment is left.
    """
    size, hop = int(frame_size), int(hop_size)
    if axis is None:
        signal, axis = np.ravel(signal), 0
    if axis != 0:
        raise ValueError(f"only the first axis can be segmented, got axis={axis}")
    if hop <= 0:
        raise ValueError("hop_size must be positive.")
    if size <= 0:
        raise ValueError("frame_size must be positive.")
    length = signal.shape[0]
    whole = (length - size) // hop + 1 if length >= size else 0
    covered = (whole - 1) * hop + size if whole else 0
    if covered < length and end in ("pad", "wrap"):
        whole += 1
        missing = (whole - 1) * hop + size - length
        tail = signal[:missing] if end == "wrap" else np.full((missing, *signal.shape[1:]), end_value)
        signal = np.concatenate((signal, tail.astype(signal.dtype)))
    if whole == 0:
        raise ValueError("not enough data points for a segment with end='cut'; try 'pad' or 'wrap'")
    windows = np.lib.stride_tricks.sliding_window_view(signal, size, axis=0, writeable=signal.flags.writeable)
    return np.moveaxis(windows[::hop][:whole], -1, 1)
