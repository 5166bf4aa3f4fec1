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
        "faster. Best turns: our fastest over their fastest, least disturbed by other programs. Times are "
        "medians in milliseconds.",
        "",
        *([about["remark"], ""] if about.get("remark") else []),
        "| workload | ours | theirs | min | median | max | best turns | our ms | their ms | rounds |",
        "|" + " --- |" * 10,
    ]
    for r in results["ratios"]:
        ratios = " | ".join(f"{r[key]:.3f}" for key in ("least", "median", "most", "best"))
        times = f"{r['our_ms']:.2f} | {r['their_ms']:.2f} | {r['rounds']}"
        lines.append(f"| {r['workload']} | {r['ours']} | {r['theirs']} | {ratios} | {times} |")
    return "\n".join(lines) + "\n"
