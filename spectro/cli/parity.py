"""`spectro parity`: the goldens, or the libraries installed here, against this machine's results."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path
from typing import Any

from .console import UsageError

__all__ = ["add_parser", "run"]

DESCRIPTION = """Compare spectro with the libraries it mirrors, on this machine.

Without --live nothing but spectro is needed: the references' answers come with it. The bar is
the reference's own error: ours may be at most twice as far from the reference's float64 answer
as the reference's float32 answer is (or 4 units in the last place of the peak)."""

EXAMPLES = """examples:
  spectro parity                                all functions, with MLX's default device
  spectro parity --device gpu                   on the GPU (Metal or CUDA)
  spectro parity torch.stft torchaudio          one function, and a namespace
  spectro parity 'spectro.*' --json out.json    the native API, every run with its figures
  spectro parity librosa --html report.html     a report with plots, too
  spectro parity --live                         against the torch, torchaudio and librosa installed here
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to `spectro`'s subcommands."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "parity",
        help="compare with the goldens of torch, torchaudio and librosa",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="functions, namespaces or patterns; default all"
    )
    parser.add_argument("--live", action="store_true", help="ask the installed references, not the goldens")
    parser.add_argument("--device", choices=("cpu", "gpu"), help="MLX device; default MLX's own")
    parser.add_argument(
        "--json",
        nargs="?",
        const="-",
        metavar="FILE.json",
        help="every run as JSON, printed or written to a file",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report with plots for a browser")
    return parser


def run(args: argparse.Namespace) -> int:
    """Run the command: 0 if everything passed, 1 if not.

    Raises
    ------
    UsageError
        If nothing could be run: an unknown name, no such device, no reference installed.
    """
    # The cases and goldens are a folder of their own that joins the package when it is imported.
    runner: Any = importlib.import_module("spectro.parity_tests.runner")
    table: Any = importlib.import_module("spectro.parity_tests.table")
    if args.json not in (None, "-") and not args.json.endswith(".json"):
        raise UsageError(f"--json writes to a file named *.json, not {args.json}; names go before it")
    for path in (args.html, None if args.json in (None, "-") else Path(args.json)):
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise UsageError(f"{path} cannot be written: it is a folder, or its folder is not there")
    try:
        runner.check_device(args.device)
        cases = runner.select(args.names)
    except ValueError as error:
        raise UsageError(str(error)) from error
    results = runner.run(cases, live=args.live, device=args.device)
    left_out = [case for case in cases if runner.missing(case)]
    if not results:
        raise UsageError(_nothing_ran(left_out, runner))
    if args.html is not None:
        report: Any = importlib.import_module("spectro.parity_tests.html")
        args.html.write_text(report.page(results, runner.describe(args.live, args.device)))
    if args.json is not None:
        text = json.dumps(table.as_json(results), indent=1)
        if args.json == "-":
            print(text)
            return _code(results)
        Path(args.json).write_text(f"{text}\n")
    table.show(results, f"{runner.describe(args.live, args.device)}")
    if left_out:
        print(f"{len(left_out)} cases were not run: {_install(left_out, runner)}")
    return _code(results)


def _code(results: list[Any]) -> int:
    return 0 if all(result.passed for result in results) else 1


def _install(cases: list[Any], runner: Any) -> str:
    libraries = sorted({library for case in cases for library in runner.missing(case)})
    return f"they need {', '.join(libraries)} (pip install {' '.join(libraries)})"


def _nothing_ran(left_out: list[Any], runner: Any) -> str:
    if left_out:
        return f"no case could be run: {_install(left_out, runner)}"
    return "--live needs torch, torchaudio or librosa: pip install 'spectro-mlx[parity]'"
