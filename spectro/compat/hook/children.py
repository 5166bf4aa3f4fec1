"""Processes that this one starts are swapped too.

An environment variable tells them how, and a folder put first in PYTHONPATH makes Python read it: its
sitecustomize.py installs the hook when one of the libraries is first imported, so that a process that
needs none of them pays nothing. A forked process has everything already.

Each writes what it counted to a folder when it ends, from which the first process adds it to its own.
"""

from __future__ import annotations

import atexit
import json
import multiprocessing.util
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .profile import Profile

__all__ = ["VARIABLE", "collect", "gather", "leave", "tell", "write_at_end"]

VARIABLE = "SPECTRO_SWAP"
_STARTUP = str(Path(__file__).parent / "startup")
_PATH = "PYTHONPATH"

_folder = ""


def tell(options: dict[str, Any]) -> None:
    """Put into the environment what children need."""
    os.environ[VARIABLE] = json.dumps(options)
    entries = [entry for entry in os.environ.get(_PATH, "").split(os.pathsep) if entry]
    if _STARTUP not in entries:
        os.environ[_PATH] = os.pathsep.join([_STARTUP, *entries])


def leave() -> None:
    """Take it out of the environment."""
    os.environ.pop(VARIABLE, None)
    entries = os.environ.get(_PATH, "").split(os.pathsep)
    if _STARTUP in entries:
        entries.remove(_STARTUP)
        os.environ[_PATH] = os.pathsep.join(entries)
        if not entries:
            del os.environ[_PATH]


def collect(profile: Profile) -> str:
    """Make the folder that children write to, and return it; forked ones are told here."""
    global _folder
    _folder = tempfile.mkdtemp(prefix="spectro-profile-")
    atexit.register(_remove, _folder, os.getpid())
    os.register_at_fork(after_in_child=lambda: _forked(profile))
    multiprocessing.util.register_after_fork(profile, _forked)  # it forgets what was arranged before
    return _folder


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _forked(profile: Profile) -> None:
    profile.clear()
    if _folder:
        write_at_end(profile, _folder)


def write_at_end(profile: Profile, folder: str) -> None:
    """Write what this process counts to `folder` when it ends, whichever way Python ends it."""
    path = Path(folder) / f"{os.getpid()}.json"

    def write() -> None:
        if Path(folder).is_dir():
            profile.write(path)

    atexit.register(write)
    # A process of multiprocessing leaves by os._exit, which runs no atexit functions.
    multiprocessing.util.Finalize(None, write, exitpriority=0)


def gather(profile: Profile) -> None:
    """Add the reports of processes that have ended."""
    if _folder and Path(_folder).is_dir():
        for path in sorted(Path(_folder).glob("*.json")):
            profile.add(json.loads(path.read_text()))
            path.unlink()
