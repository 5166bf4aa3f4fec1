"""Files written whole or not at all, and never over another file unless asked."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["atomic"]


@contextmanager
def atomic(path: Path, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Open a stream that becomes the file `path` when the block ends well.

    The bytes go to a hidden file in the same folder, so that giving it its name is one
    step; an exception in the block, Ctrl-C included, leaves nothing behind.

    Raises
    ------
    FileExistsError
        If `path` exists and `overwrite` is False, even if it appeared during the block.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".spectro-{secrets.token_hex(6)}.part")
    try:
        with open(hidden, "xb") as stream:
            yield stream
        _publish(hidden, path, overwrite)
    finally:
        hidden.unlink(missing_ok=True)


def _publish(hidden: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        os.replace(hidden, path)
        return
    try:
        # A hard link, unlike a rename, refuses a name that is taken.
        os.link(hidden, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.replace(hidden, path)
