"""The parity table: a row a function, as text, by rich or as JSON."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from .kinds import installed
from .runner import Result

__all__ = ["Row", "as_json", "failures", "show", "tabulate"]

HEADINGS = ("function", "reference", "cases", "our error", "reference's", "of the bar", "float64", "verdict")


@dataclass(frozen=True)
class Row:
    """What the runs of one function came to.

    Attributes
    ----------
    cases, runs, failed, narrowed : int
        A case runs once for each kind of array. `narrowed`: see `Verdict`.
    error, reference_error : float
        In float32, relative to the peak, in the run that is nearest to its bar.
    ratio, ratio64 : float
        The largest part of the bar that was used, in float32 and in float64; NaN without such runs.
    """

    function: str
    reference: str
    cases: int
    runs: int
    failed: int
    narrowed: int
    error: float
    reference_error: float
    ratio: float
    ratio64: float

    @property
    def verdict(self) -> str:
        """The outcome: "ok", how many runs failed, or that float32 shows (see `Verdict`)."""
        if not self.failed and self.narrowed:
            return "ok but for float32"
        return "ok" if not self.failed else f"{self.failed} of {self.runs} FAILED"


def _row(results: list[Result]) -> Row:
    judged = [result for result in results if not result.case.bad]
    single = [r.verdict for r in judged if r.kind.bits == 32]
    double = [r.verdict for r in judged if r.kind.bits == 64]
    worst = max(single, key=lambda v: v.ratio, default=None)
    peak = (worst.peak or 1.0) if worst else math.nan
    return Row(
        function=results[0].case.function,
        reference=results[0].case.reference,
        cases=len({result.case.id for result in results}),
        runs=len(results),
        failed=sum(not result.passed for result in results),
        narrowed=sum(result.verdict.narrowed for result in results),
        error=worst.error / peak if worst else math.nan,
        reference_error=worst.reference_error / peak if worst else math.nan,
        ratio=worst.ratio if worst else math.nan,
        ratio64=max((v.ratio for v in double), default=math.nan),
    )


def tabulate(results: Iterable[Result]) -> list[Row]:
    """Return a row for each function and reference, in the order they first appear."""
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        groups[result.case.function, result.case.reference].append(result)
    return [_row(group) for group in groups.values()]


def failures(results: Iterable[Result]) -> list[str]:
    """Return a line for each run that failed."""
    return [f"{r.case.id} with {r.kind.name}: {r.verdict.failure}" for r in results if not r.passed]


def as_json(results: list[Result]) -> dict[str, Any]:
    """Return the rows, and every run with its figures, as JSON can hold them."""

    def finite(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    rows = [
        {k: finite(v) for k, v in asdict(row).items()} | {"verdict": row.verdict} for row in tabulate(results)
    ]
    runs = [
        {
            "function": r.case.function,
            "case": r.case.key,
            "arrays": r.kind.name,
            "passed": r.passed,
            **{k: finite(v) for k, v in asdict(r.verdict).items()},
            "ratio": finite(r.verdict.ratio),
        }
        for r in results
    ]
    return {"passed": all(r.passed for r in results), "functions": rows, "runs": runs}


def _cells(row: Row) -> tuple[str, ...]:
    def small(value: float) -> str:
        return "" if math.isnan(value) else f"{value:.1e}"

    def percent(value: float) -> str:
        return "" if math.isnan(value) else "over" if math.isinf(value) else f"{100 * value:.0f} %"

    return (
        row.function,
        row.reference,
        str(row.cases),
        small(row.error),
        small(row.reference_error),
        percent(row.ratio),
        percent(row.ratio64),
        row.verdict,
    )


def show(results: list[Result], title: str) -> None:
    """Print the table, by rich where it is installed, and the failures below it."""
    rows = tabulate(results)
    if installed("rich"):
        _show_rich(rows, title)
    else:
        _show_plain(rows, title)
    for line in failures(results):
        print(f"FAILED {line}")
    for r in results:
        if r.verdict.narrowed:
            figures = f"error {r.verdict.error:.3g} above {r.verdict.bar:.3g}"
            print(f"FLOAT32 {r.case.id} with {r.kind.name}: {figures}")
    failed = sum(not r.passed for r in results)
    narrowed = sum(r.verdict.narrowed for r in results)
    cases = len({r.case.id for r in results})
    print(f"{cases} cases of {len(rows)} functions in {len(results)} runs: {failed or 'none'} failed")
    if narrowed:
        print(
            f"{narrowed} runs beyond the bar (FLOAT32) are of functions whose reference computes in float64, "
            "which MLX has on the CPU only."
        )
    print(
        "Errors are relative to the peak; the bar is twice the reference's own error, or 4 ulp of the peak."
    )


def _show_rich(rows: list[Row], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    for i, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if i in (0, 1, 7) else "right", overflow="fold")
    for row in rows:
        *cells, verdict = _cells(row)
        table.add_row(*cells, f"[red]{verdict}[/red]" if row.failed else f"[green]{verdict}[/green]")
    console = Console()
    # Piped, a table must not be folded to the 80 columns that rich assumes.
    Console(width=None if console.is_terminal else 160).print(table)


def _show_plain(rows: list[Row], title: str) -> None:
    lines = [HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    print(title)
    for line in lines:
        cells = [
            c.ljust(w) if i in (0, 1, 7) else c.rjust(w)
            for i, (c, w) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
