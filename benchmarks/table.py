"""The results as a Markdown table."""

from __future__ import annotations

from typing import Any


def markdown(results: dict[str, Any]) -> str:
    """Return processor, versions, command, and a line for each ratio."""
    about = results["environment"]
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    lines = [
        "# Our time over theirs on a CPU",
        "",
        f"{about['processor']} ({about['isa']}), {about['threads']} of {about['cores']} cores used by each, "
        f"{about['system']}, Python {about['python']}, {versions}.",
        "",
        f"`{about['command']}`: calls by turns in one process; the ratio of each round, so less than 1 is "
        "faster. Times are medians in milliseconds.",
        "",
        "| workload | ours | theirs | min | median | max | our ms | their ms | rounds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in results["ratios"]:
        ratios = " | ".join(f"{r[key]:.3f}" for key in ("least", "median", "most"))
        times = f"{r['our_ms']:.2f} | {r['their_ms']:.2f} | {r['rounds']}"
        lines.append(f"| {r['workload']} | {r['ours']} | {r['theirs']} | {ratios} | {times} |")
    return "\n".join(lines) + "\n"
