"""The results as Markdown tables."""

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


GPU_HEAD = "| workload | ours ms | theirs ms | theirs / ours | floor |\n| --- | --- | --- | --- | --- |"


def gpu_row(row: dict[str, Any]) -> str:
    """Return the line of a GPU workload: times, ratios, and the share of the copy floor."""
    theirs, own = row["theirs_ms"], row["ours_ms"]
    others = ", ".join(f"{name} {ms:.3f}" for name, ms in theirs.items())
    ratios = ", ".join(f"{ms / own:.2f}x" for ms in theirs.values())
    return f"| {row['workload']} | {own:.4f} | {others} | {ratios} | {row['copy_floor']:.0%} |"


def gpu_markdown(results: dict[str, Any]) -> str:
    """Return device, versions, command, and a line for each workload on a GPU."""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    lines = [
        "# Their time over ours on a GPU",
        "",
        f"{results['device']}; {versions}; device-to-device copy "
        f"{results['copy_bytes_per_second'] / 1e12:.2f} TB/s (bytes read and written).",
        "",
        f"`{results['command']}`: milliseconds a call, calls pipelined, medians of rounds in which the "
        "contenders take turns, ours autotuned. Floor: the share of our time that a copy of the bytes that "
        "must move takes.",
        "",
        *([results["remark"], ""] if results.get("remark") else []),
        GPU_HEAD,
        *map(gpu_row, results["rows"]),
    ]
    return "\n".join(lines) + "\n"
