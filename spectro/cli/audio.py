"""Audio files: finding them, naming their outputs, reading them."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .console import CommandError, need

__all__ = ["SUFFIXES", "Input", "find_inputs", "output_names", "read", "reason"]

SUFFIXES = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au", ".caf", ".w64")


@dataclass(frozen=True)
class Input:
    """An audio file, and the folder that its output's name is relative to."""

    path: Path
    base: Path


def find_inputs(arguments: Iterable[str]) -> tuple[list[Input], list[tuple[str, str]]]:
    """Expand files, folders and patterns into files: (inputs, [(argument, why it gave none)]).

    A folder gives every audio file below it; a pattern (for shells that leave it alone) may
    use ``**``. A file named twice is taken once, and a missing one is left for `read` to report.
    """
    inputs: dict[Path, Input] = {}
    barren: list[tuple[str, str]] = []
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            found = [Input(file, path) for file in _audio_below(path)]
            why = "no audio files in this folder"
        elif not path.exists() and glob.has_magic(argument):
            matches = (Path(match) for match in sorted(glob.glob(argument, recursive=True)))
            found = [Input(match, match.parent) for match in matches if match.is_file()]
            why = "no file matches this pattern"
        else:
            found, why = [Input(path, path.parent)], ""
        if not found:
            barren.append((argument, why))
        for item in found:
            inputs.setdefault(item.path.resolve(), item)
    return list(inputs.values()), barren


def _audio_below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


def output_names(inputs: Sequence[Input]) -> list[str]:
    """Return a different output name, without suffix, for every input.

    Normally the input's name below its `base`. Inputs that would clash are named by their
    path below the folder they have in common ("a/x", "b/x"), then with their suffix ("x.wav",
    "x.flac"), then with a number. Names that differ only in case clash too: some file systems
    do not tell them apart.
    """
    names = [_stem(item.path, item.base) for item in inputs]
    for clash in _clashes(names):
        folders = [os.path.dirname(os.path.abspath(inputs[i].path)) for i in clash]
        common = _common_folder(folders)
        for i in clash:
            names[i] = _stem(inputs[i].path.absolute(), common)
    for clash in _clashes(names):
        for i in clash:
            names[i] += inputs[i].path.suffix
    taken = set(map(str.casefold, names))
    for clash in _clashes(names):
        for i in clash[1:]:
            number = 2
            while f"{names[i]}-{number}".casefold() in taken:
                number += 1
            names[i] += f"-{number}"
            taken.add(names[i].casefold())
    return names


def _stem(path: Path, base: Path) -> str:
    return path.relative_to(base).with_suffix("").as_posix()


def _common_folder(folders: Sequence[str]) -> Path:
    try:
        return Path(os.path.commonpath(folders))
    except ValueError as error:  # different drives
        raise CommandError("inputs of the same name on different drives: run them one by one") from error


def _clashes(names: Sequence[str]) -> list[list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(names):
        groups[name.casefold()].append(i)
    return [group for group in groups.values() if len(group) > 1]


def read(path: Path, sample_rate: int | None = None, mono: bool = True) -> tuple[np.ndarray, int, int]:
    """Read audio as float32: (samples [C, T], its sample rate, the file's own sample rate).

    With `mono` the channels are averaged; with `sample_rate` the result is resampled (soxr,
    "HQ"), in that order.

    Raises
    ------
    CommandError
        If the file holds no usable audio or a library is missing. soundfile's own errors
        (a `RuntimeError`) pass through.
    """
    soundfile = need("soundfile", "reading audio")
    if not path.exists():
        raise CommandError("no such file")
    samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    if samples.shape[0] == 0:
        raise CommandError("the file holds no samples")
    if not np.isfinite(samples).all():
        raise CommandError("the file holds NaN or infinite samples")
    if mono:
        samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    rate = sample_rate or own_rate
    if rate != own_rate:
        samples = need("soxr", f"resampling {own_rate} Hz to {rate} Hz").resample(samples, own_rate, rate)
    return np.ascontiguousarray(samples.T), rate, own_rate


def reason(error: Exception) -> str:
    """Say in a few words why a file could not be done."""
    if isinstance(error, FileExistsError):
        return f"{error.filename} exists (--force overwrites it)"
    if type(error).__name__ == "LibsndfileError":
        return str(getattr(error, "error_string", error)).rstrip(".")
    return str(error) or type(error).__name__
