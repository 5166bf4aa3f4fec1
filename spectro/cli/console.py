"""What every command shares: errors on one line, optional libraries, tables."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

__all__ = ["CommandError", "Parser", "UsageError", "fail", "need", "say", "table"]


class CommandError(Exception):
    """A command cannot go on; the message is one line for its user."""

    code = 1


class UsageError(CommandError):
    """The command line asks for something impossible."""

    code = 2


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that reports errors on one line."""

    def error(self, message: str) -> NoReturn:
        """Print `message` to stderr and exit with code 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def fail(command: str, message: str, code: int) -> int:
    """Print an error of `command` to stderr on one line and return `code`."""
    print(f"spectro {command}: {' '.join(message.split())}", file=sys.stderr)
    return code


def say(line: str) -> None:
    """Print a line to stdout; what its encoding lacks (an undecodable file name) is escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding))


def need(library: str, what: str) -> Any:
    """Import an optional library of the ``cli`` extra.

    Raises
    ------
    CommandError
        With the command that installs it.
    """
    try:
        return importlib.import_module(library)
    except (ImportError, OSError) as error:  # OSError: soundfile without its libsndfile
        raise CommandError(f"{what} needs {library} ({error}): pip install 'spectro-mlx[cli]'") from error


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out `rows` under `headers` in aligned columns."""
    lines = [headers, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headers))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
