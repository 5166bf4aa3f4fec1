"""Text files of onsets, beats and tempi: one a line, "#" before comments."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

from ....callers import warn

__all__ = [
    "ENCODING",
    "load_beats",
    "load_downbeats",
    "load_events",
    "load_onsets",
    "load_tempo",
    "open_file",
    "write_beats",
    "write_downbeats",
    "write_events",
    "write_onsets",
    "write_tempo",
]

ENCODING = "utf8"


@contextmanager
def open_file(filename: Any, mode: str = "r") -> Iterator[Any]:
    """Open a file by name for the block, or pass an open one through and leave it open."""
    if isinstance(filename, str):
        with open(filename, mode) as file:
            yield file
    else:
        yield filename


def _columns(filename: Any, ndmin: Literal[1, 2]) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an empty file
        return np.loadtxt(filename, ndmin=ndmin)


def load_events(filename: Any) -> np.ndarray:
    """Return the first column of a file: events [N], seconds."""
    return _columns(filename, 2)[:, 0]


def write_events(
    events: Any, filename: Any, fmt: Any = "%.3f", delimiter: str = "\t", header: str | None = None
) -> None:
    """Write events [N], or rows [N, K], one a line.

    Parameters
    ----------
    events : array or list
    filename : str or file
    fmt : str or list of str
        Of an event, or of each column.
    delimiter : str
        Between columns.
    header : str, optional
        A comment to begin with.
    """
    fmt = delimiter.join(fmt) if isinstance(fmt, (list, tuple)) else fmt
    lines = [] if header is None else [f"# {header}"]
    for event in np.array(events):
        row = event.tolist()
        lines.append(row if isinstance(row, str) else fmt % (tuple(row) if isinstance(row, list) else row))
    with open_file(filename, "wb") as file:
        file.write("".join(f"{line}\n" for line in lines).encode(ENCODING))
        file.flush()


load_onsets = load_events
write_onsets = write_events


def load_beats(filename: Any, downbeats: bool = False) -> np.ndarray:
    """Return beats [N], seconds; with `downbeats` those with the number 1 in the second column."""
    values = _columns(filename, 2)
    return values[values[:, 1] == 1][:, 0] if downbeats else values[:, 0]


def write_beats(
    beats: np.ndarray, filename: Any, fmt: Any = None, delimiter: str = "\t", header: str | None = None
) -> None:
    """Write beats [N], or with their numbers [N, 2]: see `write_events`."""
    if fmt is None:
        fmt = ["%.3f", "%d"] if beats.ndim == 2 else "%.3f"
    write_events(beats, filename, fmt, delimiter, header)


def load_downbeats(filename: Any) -> np.ndarray:
    """Return downbeats [N], seconds: see `load_beats`."""
    return load_beats(filename, downbeats=True)


def write_downbeats(
    beats: np.ndarray, filename: Any, fmt: Any = None, delimiter: str = "\t", header: str | None = None
) -> None:
    """Write downbeats [N], or of numbered beats [N, 2] those with the number 1."""
    beats = beats[beats[:, 1] == 1][:, 0] if beats.ndim == 2 else beats
    write_events(beats, filename, "%.3f" if fmt is None else fmt, delimiter, header)


def load_tempo(
    filename: Any,
    split_value: float = 1.0,
    sort: bool | None = None,
    norm_strengths: bool | None = None,
    max_len: int | None = None,
) -> np.ndarray:
    """Return tempi and their strengths [N, 2] of a file of numbers.

    Parameters
    ----------
    filename : str or file
        Numbers above `split_value` are tempi, the others strengths. Without any, strengths are equal; one
        less than tempi leaves the rest to the last.
    sort, norm_strengths, max_len : optional
        Deprecated: strongest first, divide by the sum, return no more than so many.

    Raises
    ------
    AssertionError
        If the numbers of both do not fit, or a strength would be negative.
    """
    values = _columns(filename, 1)
    tempi, strengths = values[values > split_value], values[values <= split_value]
    known = np.sum(strengths)
    if len(tempi) - len(strengths) == 1:
        strengths = np.append(strengths, 1.0 - known)
        if np.any(strengths < 0):
            raise AssertionError("strengths must be positive")
    if known == 0:
        strengths = np.ones_like(tempi) / float(len(tempi))
    for name, given in (("norm_strengths", norm_strengths), ("sort", sort), ("max_len", max_len)):
        if given is not None and given is not False:
            warn(f"`{name}` is deprecated: change the array returned")
    if norm_strengths is not None:
        strengths = strengths / float(known)
    if len(tempi) != len(strengths):
        raise AssertionError("tempi and strengths must have same length")
    if sort:
        order = np.argsort(-strengths, kind="stable")
        tempi, strengths = tempi[order], strengths[order]
    return np.stack((tempi, strengths), axis=1)[:max_len]


def write_tempo(
    tempi: Any, filename: Any, delimiter: str = "\t", header: str | None = None, mirex: bool | None = None
) -> None:
    """Write a line of the two strongest tempi and the strength of the first beside the second.

    Parameters
    ----------
    tempi : array [N, 2]
        Tempi and strengths, strongest first; nan stands for one that lacks.
    filename : str or file
    delimiter, header
        As for `write_events`.
    mirex : bool, optional
        Deprecated: the slower one first.
    """
    tempi = np.array(tempi, ndmin=2)
    first = second = strength = np.nan
    if len(tempi) == 1:
        first, strength = tempi[0, 0], 1.0
    elif len(tempi) > 1:
        (first, one), (second, other) = tempi[:2, :2]
        strength = one / (one + other)
    if mirex is not None:
        warn("`mirex` is deprecated: sort the tempi")
        if first > second:
            first, second, strength = second, first, 1.0 - strength
    write_events([[first, second, strength]], filename, ["%.2f"] * 3, delimiter, header)
