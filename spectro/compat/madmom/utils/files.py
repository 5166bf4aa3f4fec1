"""File names: filtering by suffix, searching folders, matching detections with annotations."""

from __future__ import annotations

import fnmatch
import os
from typing import Any

__all__ = ["filter_files", "match_file", "search_files", "search_path", "strip_suffix"]


def filter_files(files: Any, suffix: Any) -> list[Any]:
    """Return the files (one or a list) whose names end with `suffix` (one, a list, or None for all)."""
    files = files if isinstance(files, list) else [files]
    if suffix is None:
        return files  # type: ignore[no-any-return]
    suffixes = suffix if isinstance(suffix, list) else [suffix]
    return [file for end in suffixes for file in fnmatch.filter(files, f"*{end}")]


def search_path(path: str, recursion_depth: int = 0) -> list[str]:
    """Return the sorted files of a folder, and of folders `recursion_depth` levels below it.

    Raises
    ------
    IOError
        If there is no such folder.
    """
    path = path.rstrip(os.path.sep)
    if not os.path.isdir(path):
        raise OSError(f"{path} is not a directory.")
    found: list[str] = []
    for root, folders, files in os.walk(path):
        found += [os.path.join(root, file) for file in files]
        if root.count(os.path.sep) - path.count(os.path.sep) >= recursion_depth:
            folders.clear()
    return sorted(found)


def search_files(files: Any, suffix: Any = None, recursion_depth: int = 0) -> list[str]:
    """Return the sorted files among files and folders (one or a list), filtered by `suffix`.

    Raises
    ------
    IOError
        If one does not exist.
    """
    if isinstance(files, list):
        found = [name for file in files for name in search_files(file)]
    elif os.path.isdir(files):
        found = search_path(files, recursion_depth)
    elif os.path.isfile(files):
        found = [files]
    else:
        raise OSError(f"{files} does not exist.")
    return sorted(set(filter_files(found, suffix)))


def strip_suffix(filename: str, suffix: str | None = None) -> str:
    """Return the name without `suffix`, if it ends with it."""
    return filename.removesuffix(suffix) if suffix is not None else filename


def match_file(
    filename: str,
    match_list: list[str],
    suffix: str | None = None,
    match_suffix: str | None = None,
    match_exactly: bool = True,
) -> list[str]:
    """Return the files of `match_list` with the base name of `filename`, suffixes aside.

    Without `match_exactly` the name may stand anywhere in theirs.
    """
    base = os.path.basename(strip_suffix(filename, suffix))
    pattern = f"*{base}" if match_suffix is None else f"*{base}*{match_suffix}"
    return [
        name
        for name in fnmatch.filter(match_list, pattern)
        if not match_exactly or os.path.basename(strip_suffix(name, match_suffix)) == base
    ]
