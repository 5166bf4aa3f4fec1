"""Running a launch on the GPU there is."""

from __future__ import annotations

import functools
from typing import Any

import mlx.core as mx

from . import source
from .launches import Launch


@functools.lru_cache(maxsize=None)
def target() -> source.Target | None:
    """Whose kernels run here; None without a GPU."""
    if mx.metal.is_available():
        return "metal"
    cuda: Any = getattr(mx, "cuda", None)
    if cuda is not None and cuda.is_available():
        return "cuda"
    return None


@functools.lru_cache(maxsize=None)
def _function(kernel: str, where: source.Target, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Any:
    make = mx.fast.metal_kernel if where == "metal" else mx.fast.cuda_kernel
    return make(
        name=f"spectro_{kernel}",
        input_names=list(inputs),
        output_names=list(outputs),
        header=source.header(kernel, where),
        source=source.body(kernel),
    )


def run(launch: Launch) -> mx.array:
    """The (lazy) result of a launch with one output.

    Raises
    ------
    RuntimeError
        Without a GPU; and, once evaluated, if the kernel does not build.
    """
    where = target()
    if where is None:
        raise RuntimeError("there is no GPU that MLX can use here")
    function = _function(launch.kernel, where, tuple(launch.inputs), tuple(launch.outputs))
    (result,) = function(
        inputs=list(launch.inputs.values()),
        output_shapes=[shape for shape, _ in launch.outputs.values()],
        output_dtypes=[dtype for _, dtype in launch.outputs.values()],
        grid=launch.grid,
        threadgroup=launch.threadgroup,
        template=launch.template,
        stream=mx.gpu,
    )
    return result
