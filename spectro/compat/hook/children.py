"""Processes that this one starts are swapped too.

An environment variable tells them how, and a folder put first in PYTHONPATH makes Python read it: its
sitecustomize.py installs the hook when one of the libraries is first imported, so that a process that
needs none of them pays nothing. A forked process has everything already.

What they count is in journals: files of one folder, a line for each call, written as it is counted.
Nobody says when a worker ends (pools kill theirs, joblib keeps them for the next task), so the first
process reads the journals whenever a report is asked for.
"""

from __future__ import annotations

import atexit
import json
import os
from glob import glob
from typing import Any

from .profile import Profile

__all__ = ["VARIABLE", "collect", "gathered", "join", "leave", "tell"]

VARIABLE = "SPECTRO_SWAP"
_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")
_PATH = "PYTHONPATH"
_LINES = 10_000  # of a journal, before they are summed up
_APPENDED = os.O_WRONLY | os.O_CREAT | os.O_APPEND

# What is counted here, and the folder of the journals: a process that is forked from this one needs both.
_counted: tuple[Profile, str] | None = None
_asked = False


def tell(options: dict[str, Any]) -> None:
    """Put into the environment what children need."""
    os.environ[VARIABLE] = json.dumps(options)
    entries = [entry for entry in os.environ.get(_PATH, "").split(os.pathsep) if entry]
    if _STARTUP not in entries:
        os.environ[_PATH] = os.pathsep.join([_STARTUP, *entries])


def leave() -> None:
    """Take it out of the environment; what processes count from now on is nobody's concern."""
    global _counted
    _counted = None
    os.environ.pop(VARIABLE, None)
    entries = os.environ.get(_PATH, "").split(os.pathsep)
    if _STARTUP in entries:
        entries.remove(_STARTUP)
        os.environ[_PATH] = os.pathsep.join(entries)
        if not entries:
            del os.environ[_PATH]


def collect(profile: Profile) -> str:
    """Make the folder of the journals, and return it."""
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="spectro-profile-")
    owner = os.getpid()
    atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == owner else None)
    _remember(profile, folder)
    return folder


def join(profile: Profile, folder: str) -> None:
    """Have what this process counts written to a journal."""
    _remember(profile, folder)
    profile.journal = _Journal.begin(folder)


def gathered(profile: Profile) -> Profile:
    """Return what was counted here and, so far, in the processes started from here."""
    if _counted is None:
        return profile
    whole = Profile()
    whole.add(profile.as_json())
    for path in sorted(glob(os.path.join(_counted[1], "*.jsonl"))):
        with open(path) as file:
            for line in file:
                if line.endswith("\n"):
                    whole.add(json.loads(line))
    return whole


def _remember(profile: Profile, folder: str) -> None:
    global _counted, _asked
    _counted = profile, folder
    if not _asked and hasattr(os, "register_at_fork"):
        _asked = True
        os.register_at_fork(after_in_child=_forked)


def _forked() -> None:
    if _counted is not None:
        profile, folder = _counted
        profile.clear()
        join(profile, folder)


class _Journal:
    """A file that grows by a report a call, and is summed up to one report when it has grown long."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines = 0
        self._file = os.open(path, _APPENDED | os.O_EXCL, 0o600)

    @classmethod
    def begin(cls, folder: str) -> _Journal | None:
        """Begin one; there is none if the first process has ended, and its folder is gone."""
        try:
            return cls(os.path.join(folder, f"{os.getpid()}-{os.urandom(4).hex()}.jsonl"))
        except OSError:
            return None

    def write(self, profile: Profile, call: dict[str, Any]) -> None:
        """Add a report of one call, which `profile` has counted."""
        try:
            os.write(self._file, f"{json.dumps(call)}\n".encode())
            self._lines += 1
            if self._lines == _LINES:
                self._sum_up(profile)
        except OSError:  # no room is left, or the folder is gone: the program has to go on
            profile.journal = None

    def _sum_up(self, profile: Profile) -> None:
        whole = f"{self._path}.part"
        file = os.open(whole, _APPENDED, 0o600)
        os.write(file, f"{json.dumps(profile.as_json())}\n".encode())
        os.replace(whole, self._path)
        os.close(self._file)
        self._file = file
        self._lines = 1
