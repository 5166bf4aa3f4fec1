"""``spectro matrix``: what is mirrored, and how well it is proved."""

from __future__ import annotations

import argparse
import importlib
import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from .console import UsageError, table

__all__ = ["Entry", "add_parser", "entries", "markdown", "run"]

_EPILOG = """\
examples:
  spectro matrix
  spectro matrix librosa.feature --tolerance
  spectro matrix --markdown

Exit code 0; 2 if a name matches nothing.
"""


@dataclass(frozen=True)
class Entry:
    """A mirrored name: its tier, its cases and goldens, and with --tolerance the part of the bar used."""

    name: str
    tier: int
    kind: str
    cases: int
    bad_input: int
    goldens: str
    tolerance: float | None = None

    @property
    def status(self) -> str:
        """Whether goldens prove it."""
        return "proved" if self.cases else "mirrored"


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "matrix",
        help="list what is mirrored: tier, status, goldens",
        description="List the mirrored names with their tier (1 is common), status, cases and goldens.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="libraries, modules or names; default all")
    parser.add_argument("--tolerance", action="store_true", help="run the cases: the part of the bar used")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print the page of the documentation")


def entries(names: list[str], tolerance: bool = False) -> list[Entry]:
    """Return what the registry and the cases say of the names wanted.

    Raises
    ------
    UsageError
        If a name matches nothing.
    """
    from ..compat.registry import mirrored

    cases: Any = importlib.import_module("spectro.parity_tests.cases")
    goldens: Any = importlib.import_module("spectro.parity_tests.goldens")
    found = mirrored()
    for name in names:
        if not any(_matches(known, name) for known in found):
            raise UsageError(f"nothing mirrored matches {name!r}")
    wanted = [m for k, m in found.items() if not names or any(_matches(k, name) for name in names)]
    good = Counter(case.function for case in cases.all_cases() if not case.bad)
    bad = Counter(case.function for case in cases.all_cases() if case.bad)
    reached = _reached([mirror.name for mirror in wanted]) if tolerance else {}
    result = []
    for mirror in wanted:
        folder = goldens.folder_of(mirror.library).name if good[mirror.name] else ""
        kind = "class" if isinstance(mirror.object, type) else "function"
        counts = good[mirror.name], bad[mirror.name]
        result.append(Entry(mirror.name, mirror.tier, kind, *counts, folder, reached.get(mirror.name)))
    return result


def _matches(known: str, name: str) -> bool:
    return known == name or known.startswith(f"{name}.")


def _reached(names: list[str]) -> dict[str, float]:
    """Return the largest part of the bar that a float32 run of each function used."""
    runner: Any = importlib.import_module("spectro.parity_tests.runner")
    cases = [case for case in runner.select() if case.function in set(names)]
    used: dict[str, float] = defaultdict(float)
    for result in runner.run(cases):
        if result.kind.bits == 32 and not result.case.bad:
            used[result.case.function] = max(used[result.case.function], result.verdict.ratio)
    return dict(used)


def _percent(entry: Entry) -> str:
    return "" if entry.tolerance is None else f"{100 * entry.tolerance:.0f} %"


def markdown(found: list[Entry]) -> str:
    """Return the documentation's page."""
    lines = [
        "# What is mirrored",
        "",
        "Made from the registry by `spectro matrix --markdown`. Tier 1 is what most code uses. A name is",
        "*proved* if goldens of the reference hold it to the [error rule](parity.md); `spectro matrix` says",
        "of how many cases, and `spectro matrix --tolerance` how much of the bar they use.",
    ]
    for library in dict.fromkeys(entry.name.partition(".")[0] for entry in found):
        own = [entry for entry in found if entry.name.partition(".")[0] == library]
        lines += ["", f"## {library}", "", "| name | tier | status | goldens |"]
        lines.append("| --- | --- | --- | --- |")
        for e in own:
            lines.append(f"| `{e.name}` | {e.tier} | {e.status} | {e.goldens} |")
    return "\n".join(lines) + "\n"


def run(args: argparse.Namespace) -> int:
    """Print the matrix."""
    found = entries(args.names, args.tolerance)
    if args.json:
        print(json.dumps([{**asdict(entry), "status": entry.status} for entry in found], indent=1))
    elif args.markdown:
        print(markdown(found), end="")
    else:
        headers = ["name", "tier", "kind", "status", "cases", "bad input", "goldens", "of the bar"]
        rows = [
            [e.name, str(e.tier), e.kind, e.status, str(e.cases), str(e.bad_input), e.goldens, _percent(e)]
            for e in found
        ]
        print(
            table(headers[: 8 if args.tolerance else 7], [row[: 8 if args.tolerance else 7] for row in rows])
        )
        print(f"{len(found)} names, {sum(e.status == 'proved' for e in found)} of them proved by goldens")
    return 0
