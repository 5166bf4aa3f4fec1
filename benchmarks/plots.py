"""The pictures of the results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

COLORS = {"numpy": "#3b6ea5", "mx": "#d98032"}


def bars(results: dict[str, Any], path: Path) -> None:
    """Draw our time over the reference's, a panel for each reference."""
    rivals = list(dict.fromkeys(r["theirs"] for r in results["ratios"]))
    heights = [len({r["workload"] for r in results["ratios"] if r["theirs"] == rival}) for rival in rivals]
    figure, axes = plt.subplots(
        len(rivals),
        1,
        figsize=(9, 0.42 * sum(heights) + 1.2 * len(rivals)),
        height_ratios=heights,
        squeeze=False,
    )
    for rival, axis in zip(rivals, axes[:, 0], strict=True):
        rows = [r for r in results["ratios"] if r["theirs"] == rival]
        names = list(dict.fromkeys(r["workload"] for r in rows))
        for offset, ours in ((-0.2, "numpy"), (0.2, "mx")):
            mine = [r for r in rows if r["ours"] == ours]
            places = [names.index(r["workload"]) + offset for r in mine]
            spread = [[r["median"] - r["low"] for r in mine], [r["high"] - r["median"] for r in mine]]
            axis.barh(places, [r["median"] for r in mine], 0.38, xerr=spread, label=ours, color=COLORS[ours])
        axis.axvline(1, color="black", linewidth=0.8)
        axis.set_yticks(range(len(names)), names, fontsize=8)
        axis.invert_yaxis()
        axis.set_xlim(0, max(1.1, *(1.05 * r["median"] for r in rows)))
        axis.set_title(f"our time / {rival}'s (shorter is faster; 1 is equal)", fontsize=9)
        axis.legend(title="array", fontsize=7, title_fontsize=7)
    about = results["environment"]
    figure.suptitle(f"{about['processor']}, {about['isa']}, {about['threads']} threads", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def growth(results: dict[str, Any], path: Path) -> None:
    """Draw time against size, a panel for each thing that was varied."""
    studies = results["studies"]
    figure, axes = plt.subplots(1, len(studies), figsize=(4.2 * len(studies), 4), squeeze=False)
    for axis, (study, points) in zip(axes[0], studies.items(), strict=True):
        for name in (key for key in points[0] if key != "value"):
            kind, who = name.split(", ")
            axis.plot(
                [p["value"] for p in points],
                [p[name] for p in points],
                marker="o",
                markersize=3,
                linestyle="-" if kind == "stft" else "--",
                color="#3b6ea5" if who == "spectro" else "#999999",
                label=name,
            )
        axis.set_xlabel(study)
        axis.set_ylabel("milliseconds")
        axis.set_xscale("log", base=2)
        axis.set_yscale("log")
        axis.grid(alpha=0.3)
    axes[0, 0].legend(fontsize=7)
    about = results["environment"]
    figure.suptitle(f"{about['processor']}, {about['isa']}, {about['threads']} threads", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
