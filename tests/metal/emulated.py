"""The project's launches, run by the emulator."""

import mlx.core as mx
import msl
import numpy as np

from spectro.kernels.gpu import source
from spectro.kernels.gpu.launches import Launch


def call_of(launch: Launch) -> msl.Call:
    mx.eval(*launch.inputs.values())
    return msl.Call(
        f"spectro_{launch.kernel}",
        source.header(launch.kernel, "metal"),
        source.body(launch.kernel),
        {name: np.array(a) for name, a in launch.inputs.items()},
        launch.outputs,
        launch.template,
        launch.grid,
        launch.threadgroup,
    )


def run_all(launch: Launch, schedule: int = 0) -> list[np.ndarray]:
    return msl.run(call_of(launch), schedule)


def run(launch: Launch, schedule: int = 0) -> np.ndarray:
    return run_all(launch, schedule)[0]


def on_emulator(monkeypatch):
    """Make `spectro.kernels.gpu` believe in a Metal GPU, and run its launches here."""
    from spectro.kernels.gpu import running

    monkeypatch.setattr(running, "target", lambda: "metal")
    monkeypatch.setattr(running, "run_all", lambda launch: [mx.array(a) for a in run_all(launch)])
