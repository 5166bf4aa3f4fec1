"""Run a script or a module unchanged, with its spectral calls served by spectro.

python -m spectro.compat [options] script.py arguments...
python -m spectro.compat [options] -m module arguments...
"""

from __future__ import annotations

import argparse
import atexit
import io
import os
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from ..callers import LIBRARIES
from . import hook

__all__ = ["main"]

_EPILOG = """\
examples:
  python -m spectro.compat train.py --epochs 3
  python -m spectro.compat --profile --only librosa features.py song.wav
  python -m spectro.compat --fallback error -m mypackage.extract
"""


def _libraries(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names or set(names) - set(LIBRARIES):
        raise argparse.ArgumentTypeError(f"must name some of {','.join(LIBRARIES)}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m spectro.compat",
        description="Run a script or a module unchanged, with its spectral calls served by spectro.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", type=_libraries, metavar="LIBRARIES", help=f"some of {','.join(LIBRARIES)}; default all"
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="say once for each function who serves it"
    )
    parser.add_argument("--profile", action="store_true", help="print at exit what was swapped (on stderr)")
    parser.add_argument("--profile-json", type=Path, metavar="FILE", help="write the same to a file")
    parser.add_argument(
        "--fallback",
        choices=("warn", "silent", "error"),
        help="when the reference itself serves a spectral call; default warn",
    )
    parser.add_argument("-m", dest="module", action="store_true", help="what follows is a module, not a file")
    parser.add_argument("target", metavar="script.py", help="the script (or a folder, or an archive)")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="its own arguments")
    return parser


def _run_file(path: str) -> None:
    """Run a file as `python path` does: in a module called __main__ that stays."""
    sys.path[0] = str(Path(path).resolve().parent)
    with io.open_code(path) as file:
        code = compile(file.read(), path, "exec")
    main = ModuleType("__main__")
    main.__dict__.update(__file__=path, __builtins__=__builtins__, __spec__=None, __cached__=None)
    sys.modules["__main__"] = main
    exec(code, main.__dict__)


def _run(options: argparse.Namespace) -> None:
    sys.argv = [options.target, *options.arguments]
    if options.module:
        sys.path[0] = os.getcwd()
        runpy.run_module(options.target, run_name="__main__", alter_sys=True)
    elif Path(options.target).is_file() and not options.target.endswith((".zip", ".pyz", ".pyc")):
        _run_file(options.target)
    else:
        del sys.path[0]
        runpy.run_path(options.target, run_name="__main__")


def _report(options: argparse.Namespace, owner: int) -> None:
    counts = hook.report() if os.getpid() == owner else None  # not in a process that the script has forked
    if counts is None:
        return
    sys.stdout.flush()
    if options.profile:
        print(counts.text(), file=sys.stderr)
    if options.profile_json is not None:
        counts.write(options.profile_json)


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.module and not Path(options.target).exists():
        parser.error(f"there is no file {options.target}")
    if options.profile_json is not None:
        options.profile_json = options.profile_json.resolve()  # the script may go to another folder
        if options.profile_json.is_dir() or not options.profile_json.parent.is_dir():
            parser.error(
                f"{options.profile_json} cannot be written: it is a folder, or its folder is not there"
            )
    hook.install(
        options.only,
        fallback=options.fallback,
        profile=options.profile or options.profile_json is not None,
        verbose=options.verbose,
    )
    # First registered, so last run: after threads and workers that the script leaves behind have ended.
    atexit.register(_report, options, os.getpid())
    _run(options)


if __name__ == "__main__":
    main()
