"""The parity report as one HTML page that needs nothing else: a row and an error plot a function.

In a plot, on one logarithmic axis for all rows, a filled mark is our float32 error, a ring the
reference's own, both relative to the peak, in the run that is nearest to its bar; the tick is the bar.
"""

from __future__ import annotations

import math
from collections import defaultdict
from html import escape

from .runner import Result
from .table import Row, tabulate

__all__ = ["page"]

_LOW, _HIGH = -10.0, -2.0  # decades of the axis
_WIDTH, _HEIGHT = 360, 22

_STYLE = """
:root { --ink: #1c2024; --soft: #667079; --line: #dfe3e6; --back: #fff; --band: #f6f8f9;
        --ours: #1763cf; --theirs: #b4540a; --bar: #8a949c; --good: #17803d; --bad: #c62828; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9eb; --soft: #9aa4ac; --line: #30363b; --back: #15181b; --band: #1c2024;
          --ours: #6ba7ff; --theirs: #ffb26b; --bar: #77828a; --good: #62c483; --bad: #ff7b7b; } }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1360px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 4px 0; color: var(--soft); max-width: 80ch; }
.tiles { display: flex; gap: 12px; margin: 20px 0; flex-wrap: wrap; }
.tile { background: var(--band); border-radius: 8px; padding: 10px 18px; }
.tile b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 1150px; table-layout: fixed;
        font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
td:first-child { white-space: normal; }
td.number, th.number { text-align: right; } code { font: 13px ui-monospace, monospace; }
tr:hover td { background: var(--band); } svg { display: block; }
.ok { color: var(--good); } .failed { color: var(--bad); font-weight: 600; }
.key { display: inline-flex; align-items: center; gap: 6px; margin-right: 18px; color: var(--soft); }
"""


def page(results: list[Result], title: str) -> str:
    """Return the page for these runs."""
    rows = tabulate(results)
    failed = sum(not result.passed for result in results)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.function.partition(".")[0]].append(row)
    tiles = {
        "functions": len(rows),
        "cases": len({result.case.id for result in results}),
        "runs": len(results),
        "failed": failed,
    }
    body = [
        "<h1>spectro: parity</h1>",
        f"<p>{escape(title)}</p>",
        '<div class="tiles">',
        *(f'<div class="tile"><b>{count}</b>{name}</div>' for name, count in tiles.items()),
        "</div>",
        "<p>The bar is the reference's own error: ours in float32 may be at most twice as far from the "
        "reference's float64 answer as its float32 answer is, or 4 units in the last place of the peak. "
        "Errors are relative to the peak, in the run that is nearest to its bar.</p>",
        f"<p>{_key('ours')} our error</span>{_key('theirs')} the reference's own</span>"
        f"{_key('bar')} the bar</span></p>",
    ]
    for name, own in groups.items():
        body += [f"<h2>{escape(name)}</h2>", '<div class="wide">', _table(own), "</div>"]
    lines = [f"<li><code>{escape(r.case.id)}</code> with {r.kind.name}: {escape(r.verdict.failure)}</li>"
             for r in results if not r.passed]  # fmt: skip
    if lines:
        body += ["<h2>What failed</h2>", "<ul>", *lines, "</ul>"]
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>spectro: parity</title><style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body>\n</html>\n"
    )


# Heading, class and width; the same in every table, so that the plots share one axis down the page.
_COLUMNS = (
    ("function", "", "auto"),
    ("reference", "", "80px"),
    ("cases", "number", "45px"),
    ("errors", "", f"{_WIDTH}px"),
    ("ours", "number", "60px"),
    ("its own", "number", "60px"),
    ("of the bar", "number", "70px"),
    ("float64", "number", "55px"),
    ("verdict", "", "60px"),
)


def _table(rows: list[Row]) -> str:
    head = "".join(
        f'<th class="{kind}" style="width: {width}">{_axis() if text == "errors" else text}</th>'
        for text, kind, width in _COLUMNS
    )
    return "\n".join(["<table>", f"<tr>{head}</tr>", *map(_row, rows), "</table>"])


def _row(row: Row) -> str:
    mark = "failed" if row.failed else "ok"
    name = escape(row.function).replace(".", ".<wbr>")
    return (
        f"<tr><td><code>{name}</code></td><td>{escape(row.reference)}</td>"
        f'<td class="number">{row.cases}</td><td>{_plot(row)}</td>'
        f'<td class="number">{_small(row.error)}</td><td class="number">{_small(row.reference_error)}</td>'
        f'<td class="number">{_share(row.ratio)}</td><td class="number">{_share(row.ratio64)}</td>'
        f'<td class="{mark}">{escape(row.verdict)}</td></tr>'
    )


def _x(value: float) -> float:
    """Return where a relative error lies on the axis; what is smaller than its left end lies there."""
    decade = _LOW if value <= 0 else min(max(math.log10(value), _LOW), _HIGH)
    return round(8 + (_WIDTH - 16) * (decade - _LOW) / (_HIGH - _LOW), 1)


def _plot(row: Row) -> str:
    if not math.isfinite(row.error) or not math.isfinite(row.reference_error):
        return ""
    y = _HEIGHT / 2
    marks = [f'<line x1="8" x2="{_WIDTH - 8}" y1="{y}" y2="{y}" stroke="var(--line)"/>']
    if math.isfinite(row.ratio) and row.ratio > 0:
        bar = f'x1="{_x(row.error / row.ratio)}" x2="{_x(row.error / row.ratio)}" y1="4" y2="{_HEIGHT - 4}"'
        marks.append(f'<line {bar} stroke="var(--bar)" stroke-width="2"/>')
    ring = 'r="5" fill="none" stroke="var(--theirs)" stroke-width="2"'
    marks.append(f'<circle cx="{_x(row.reference_error)}" cy="{y}" {ring}/>')
    marks.append(f'<circle cx="{_x(row.error)}" cy="{y}" r="3.5" fill="var(--ours)"/>')
    said = f"ours {_small(row.error)}, the reference's own {_small(row.reference_error)}"
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{said}"><title>{said}</title>'
        + "".join(marks)
        + "</svg>"
    )


def _axis() -> str:
    style = 'y="15" text-anchor="middle" font-size="11" fill="var(--soft)"'
    decades = range(int(_LOW) + 1, int(_HIGH), 2)
    ticks = [f'<text x="{_x(10.0**decade)}" {style}>1e{decade}</text>' for decade in decades]
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" aria-hidden="true">{"".join(ticks)}</svg>'


def _key(kind: str) -> str:
    shape = {
        "ours": '<circle cx="8" cy="8" r="4" fill="var(--ours)"/>',
        "theirs": '<circle cx="8" cy="8" r="5" fill="none" stroke="var(--theirs)" stroke-width="2"/>',
        "bar": '<line x1="8" x2="8" y1="1" y2="15" stroke="var(--bar)" stroke-width="2"/>',
    }[kind]
    return f'<span class="key"><svg width="16" height="16">{shape}</svg>'


def _small(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1e}"


def _share(value: float) -> str:
    return "" if math.isnan(value) else "over" if math.isinf(value) else f"{100 * value:.0f} %"
