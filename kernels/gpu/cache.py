"""The autotuner's memory: a small JSON file that several processes may share, and may find broken."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

FORMAT = 1


def default_path() -> Path:
    """`SPEC_MLX_AUTOTUNE_CACHE_PATH`, or a file in the user's cache folder."""
    given = os.environ.get("SPEC_MLX_AUTOTUNE_CACHE_PATH")
    if given:
        return Path(given).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "spectro" / "autotune.json"


def persistent() -> bool:
    """Whether `SPEC_MLX_AUTOTUNE_PERSIST` allows the file to be read and written."""
    return os.environ.get("SPEC_MLX_AUTOTUNE_PERSIST", "1") not in ("", "0")


class PlanCache:
    """Keys and values, in memory and in a file.

    A file that cannot be read, or holds anything but what was written, counts as empty; one that cannot
    be written is left alone. Writing merges with what another process wrote meanwhile and replaces the
    file in one step, so that a reader never sees half of it.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._entries: dict[str, str] = {}
        self._loaded = False

    def get(self, key: str) -> str | None:
        """The value of `key`, or None."""
        if not self._loaded:
            self._entries = {**self._read(), **self._entries}
            self._loaded = True
        return self._entries.get(key)

    def put(self, key: str, value: str) -> None:
        """Remember `value`, in the file too if there is one."""
        self._entries[key] = value
        if self.path is None:
            return
        self._entries = {**self._read(), **self._entries}
        temporary = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self.path.parent, delete=False, suffix=".tmp") as file:
                temporary = file.name
                json.dump({"format": FORMAT, "plans": self._entries}, file, indent=1, sort_keys=True)
            os.replace(temporary, self.path)
        except OSError:
            if temporary is not None and os.path.exists(temporary):
                os.unlink(temporary)

    def snapshot(self) -> dict[str, str]:
        """All entries known to this process."""
        return dict(self._entries)

    def _read(self) -> dict[str, str]:
        if self.path is None:
            return {}
        try:
            content = json.loads(self.path.read_text())
            plans = content["plans"] if content["format"] == FORMAT else {}
            return {k: v for k, v in plans.items() if isinstance(k, str) and isinstance(v, str)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}
