"""The command ``spectro``.

Each command is a module here with ``add_parser(subparsers)``, which declares its
options, and ``run(args) -> int``, which returns the exit code: 0 done, 1 failed,
2 not understood. Only the module of the command that was asked for is imported.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..errors import SpectroError
from .console import CommandError, Parser, fail

__all__ = ["COMMANDS", "main"]

COMMANDS = ("features", "parity", "matrix", "explain", "bench", "doctor", "demo")

_EPILOG = """\
examples:
  spectro features speech.wav --feature logmel,mfcc --preset whisper --plot
  spectro parity
  spectro matrix librosa
  spectro explain "librosa.stft n_fft=1000 device=gpu"
  spectro doctor
  spectro demo

`spectro COMMAND --help` says more about a command.
Exit codes: 0 done, 1 something failed, 2 the command line was not understood.
"""


def _parser(commands: Sequence[str]) -> argparse.ArgumentParser:
    parser = Parser(
        prog="spectro",
        description="Audio spectra on MLX, with the numbers of torch, torchaudio, librosa and madmom.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"spectro {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", required=True)
    for name in commands:
        importlib.import_module(f".{name}", __name__).add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's) and return its exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    known = bool(arguments) and arguments[0] in COMMANDS
    try:
        args, unknown = _parser(arguments[:1] if known else COMMANDS).parse_known_args(arguments)
        if unknown:  # said for the command, whose help has the answer
            Parser(prog=f"spectro {args.command}").error(f"unrecognized arguments: {' '.join(unknown)}")
    except SystemExit as stop:  # argparse has printed its help, or what was wrong
        return int(stop.code or 0)
    command = importlib.import_module(f".{args.command}", __name__)
    try:
        return int(command.run(args))
    except CommandError as error:
        return fail(args.command, str(error), error.code)
    except (SpectroError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            # The reader (head, less) has gone; leave Python nothing to flush into the closed pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        return fail(args.command, str(error), 1)
    except KeyboardInterrupt:
        return fail(args.command, "interrupted", 130)
