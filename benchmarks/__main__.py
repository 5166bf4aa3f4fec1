"""`python -m benchmarks`: times, writes JSON, a table and PNG. See the package's docstring."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from spectro.kernels import cpu as native
from spectro.kernels import gpu as gpu_kernels

from . import plots, table, timing

WORKLOADS = ("cpu", "features", "reconstruction", "transforms", "drop_in", "madmom")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        help=f"of {', '.join((*WORKLOADS, 'scaling', 'hook', 'gpu'))}; default all there is",
    )
    parser.add_argument("--threads", type=int, default=native.num_threads(), help="for ours and theirs")
    parser.add_argument("--seconds", type=float, default=4.0, help="time spent on each workload")
    parser.add_argument("--only", default="", help="part of the names of the workloads to run")
    parser.add_argument("--quick", action="store_true", help="a sixth of the samples, for small GPUs")
    parser.add_argument("--remark", default="", help="what a reader of the results should know")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    options = parser.parse_args()
    known = (*WORKLOADS, "scaling", "hook", "gpu")
    if set(options.what) - set(known):
        parser.error(f"there is {', '.join(known)}; not {', '.join(sorted(set(options.what) - set(known)))}")
    wanted = options.what or [*WORKLOADS, "scaling", "hook", *(["gpu"] if gpu_kernels.target() else [])]
    options.out.mkdir(parents=True, exist_ok=True)
    about = {**timing.environment(options.threads), "remark": options.remark}
    for name in WORKLOADS:
        if name not in wanted:
            continue
        workloads = importlib.import_module(f"benchmarks.{name}")
        ratios = workloads.run(options.seconds, options.threads, options.only)
        results = {"environment": about, "ratios": timing.as_dicts(ratios)}
        (options.out / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n")
        (options.out / f"{name}.md").write_text(table.markdown(results))
        plots.bars(results, options.out / f"{name}.png")
    if "scaling" in wanted:
        from . import scaling

        results = {"environment": about, "studies": scaling.run(options.seconds / 4, options.threads)}
        (options.out / "scaling.json").write_text(json.dumps(results, indent=1) + "\n")
        plots.growth(results, options.out / "scaling.png")
    if "hook" in wanted:
        from . import hook

        results = {"environment": about, **hook.run(options.seconds / 2)}
        (options.out / "hook.json").write_text(json.dumps(results, indent=1) + "\n")
        (options.out / "hook.md").write_text(hook.markdown(results))
    if "gpu" in wanted:
        from . import gpu

        found = gpu.run(options.quick, options.only)
        results = {**found, "command": about["command"], "remark": options.remark}
        (options.out / "gpu.json").write_text(json.dumps(results, indent=1) + "\n")
        (options.out / "gpu.md").write_text(table.gpu_markdown(results))
    print(f"written to {options.out}")


if __name__ == "__main__":
    main()
