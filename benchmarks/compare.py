"""Compares two results of `python -m benchmarks cpu`; exit code 1 where a ratio became worse beyond noise.

    python -m benchmarks.compare benchmarks/results/cpu.json new.json

Noise is what the rounds of both runs show: a ratio counts as worse if its median grew by more than
`--tolerance` and lies above the old run's 90th percentile, while the new run's 10th percentile lies above
the old median.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

Key = tuple[str, str, str]


def load(path: Path) -> dict[Key, dict[str, Any]]:
    """Return the ratios of a file by workload and rivals."""
    ratios = json.loads(path.read_text())["ratios"]
    return {(r["workload"], r["ours"], r["theirs"]): r for r in ratios}


def is_worse(old: dict[str, Any], new: dict[str, Any], tolerance: float) -> bool:
    """Return whether a ratio grew beyond noise."""
    grown = new["median"] > old["median"] * (1 + tolerance)
    return bool(grown and new["median"] > old["high"] and new["low"] > old["median"])


def main(arguments: list[str] | None = None) -> int:
    """Print every ratio of both files, and what became worse."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument(
        "--tolerance", type=float, default=0.15, help="growth that is never held against a run"
    )
    options = parser.parse_args(arguments)
    old, new = load(options.old), load(options.new)
    worse = 0
    for key in old.keys() & new.keys():
        bad = is_worse(old[key], new[key], options.tolerance)
        worse += bad
        mark = "WORSE" if bad else ""
        medians = f"{old[key]['median']:.3f} -> {new[key]['median']:.3f}"
        print(f"{key[0]:34s} {key[1]:6s}/ {key[2]:10s} {medians} {mark}")
    for key in old.keys() - new.keys():
        print(f"{key[0]:34s} {key[1]:6s}/ {key[2]:10s} not measured any more")
    print(f"{worse} of {len(old.keys() & new.keys())} ratios became worse")
    return 1 if worse or not old.keys() & new.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
