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
    columns = 2 if len(rivals) > 1 else 1
    lines = -(-len(rivals) // columns)
    of_rival = {rival: [r for r in results["ratios"] if r["theirs"] == rival] for rival in rivals}
    heights = [
        max(
            len({r["workload"] for r in of_rival[rival]}) for rival in rivals[i * columns : (i + 1) * columns]
        )
        for i in range(lines)
    ]
    figure, axes = plt.subplots(
        lines,
        columns,
        figsize=(7.5 * columns, 0.36 * sum(heights) + 1.3 * lines),
        height_ratios=heights,
        squeeze=False,
        layout="constrained",
    )
    for axis in axes.flat[len(rivals) :]:
        axis.set_visible(False)
    for rival, axis in zip(rivals, axes.flat, strict=False):
        _ratios(axis, of_rival[rival])
        axis.set_title(f"our time / {rival}'s", fontsize=11)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    figure.suptitle(f"{_machine(results)}; left of the line is faster; whiskers: 10 to 90 % of the rounds")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _ratios(axis: Any, rows: list[dict[str, Any]]) -> None:
    """Draw the ratios to one reference, with the median written at each bar."""
    names = list(dict.fromkeys(r["workload"] for r in rows))
    limit = max(1.1, *(1.15 * r["median"] for r in rows))
    for offset, ours in ((-0.2, "numpy"), (0.2, "mx")):
        mine = [r for r in rows if r["ours"] == ours]
        places = [names.index(r["workload"]) + offset for r in mine]
        spread = [[r["median"] - r["low"] for r in mine], [r["high"] - r["median"] for r in mine]]
        whiskers = {"elinewidth": 0.8, "ecolor": "#555555"}
        axis.barh(
            places,
            [r["median"] for r in mine],
            0.38,
            xerr=spread,
            error_kw=whiskers,
            label=ours,
            color=COLORS[ours],
        )
        for place, r in zip(places, mine, strict=True):
            axis.text(limit, place, f"{r['median']:.2f} ", fontsize=7, va="center", ha="right")
    axis.axvline(1, color="black", linewidth=0.8)
    axis.set_yticks(range(len(names)), names, fontsize=9)
    axis.invert_yaxis()
    axis.set_xlim(0, limit)


def _machine(results: dict[str, Any]) -> str:
    about = results["environment"]
    return f"{about['processor']}, {about['isa']}, {about['threads']} threads"


def growth(results: dict[str, Any], path: Path) -> None:
    """Draw time against size, a panel for each thing that was varied."""
    studies = results["studies"]
    figure, axes = plt.subplots(
        2, -(-len(studies) // 2), figsize=(11, 8), squeeze=False, layout="constrained"
    )
    for axis, (study, points) in zip(axes.flat, studies.items(), strict=False):
        for name in (key for key in points[0] if key != "value"):
            kind, who = name.split(", ")
            axis.plot(
                [p["value"] for p in points],
                [p[name] for p in points],
                marker="o",
                markersize=4,
                linestyle="-" if kind == "stft" else "--",
                color="#3b6ea5" if who == "spectro" else "#999999",
                label=name,
            )
        axis.set_xlabel(study)
        axis.set_ylabel("milliseconds")
        axis.set_xscale("log", base=2)
        axis.set_yscale("log")
        axis.set_xticks([p["value"] for p in points], [str(p["value"]) for p in points])
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter(_some_minor_ticks)
        axis.grid(alpha=0.3, which="both")
    axes[0, 0].legend(fontsize=9)
    figure.suptitle(f"{_machine(results)}; fastest of the turns")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _some_minor_ticks(value: float, position: int | None) -> str:
    """Label 2 and 5 of every decade."""
    return f"{value:g}" if f"{value:e}"[0] in "25" else ""
