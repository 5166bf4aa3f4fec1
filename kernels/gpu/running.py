"""Running a launch on the GPU there is, once it is known that its kernel builds."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import mlx.core as mx

from . import diagnostics, source
from .launches import Launch


class KernelError(RuntimeError):
    """A kernel did not build, or there is no GPU; the portable route can serve the call."""


# The inputs that a caller brings; the others are tables, whose values say where to read.
DATA = ("audio", "spectrum", "cotangent", "chunks", "factor", "bands", "peaks")

_built: set[tuple[Any, ...]] = set()
_failed: dict[str, str] = {}


def built() -> list[str]:
    """The specialisations that have been built."""
    return [f"{kernel}{dict(template)}" for kernel, template in _built]


def failed() -> dict[str, str]:
    """The kernels that did not build, and why."""
    return _failed


@functools.cache
def target() -> source.Target | None:
    """Whose kernels run here; None without a GPU."""
    if mx.metal.is_available():
        return "metal"
    cuda: Any = getattr(mx, "cuda", None)
    if cuda is not None and cuda.is_available():
        return "cuda"
    return None


@functools.cache
def _function(kernel: str, where: source.Target, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Any:
    make = mx.fast.metal_kernel if where == "metal" else mx.fast.cuda_kernel
    return make(
        name=f"spectro_{kernel}",
        input_names=list(inputs),
        output_names=list(outputs),
        header=source.header(kernel, where),
        source=source.body(kernel),
    )


def call(launch: Launch) -> list[mx.array]:
    """The (lazy) results of a launch."""
    where = target()
    if where is None:
        raise KernelError("there is no GPU that MLX can use here")
    function = _function(launch.kernel, where, tuple(launch.inputs), tuple(launch.outputs))
    results: list[mx.array] = function(
        inputs=list(launch.inputs.values()),
        output_shapes=[shape for shape, _ in launch.outputs.values()],
        output_dtypes=[dtype for _, dtype in launch.outputs.values()],
        grid=launch.grid,
        threadgroup=launch.threadgroup,
        template=launch.template,
        stream=mx.gpu,
    )
    return results


def run(launch: Launch) -> mx.array:
    """The (lazy) result of a launch with one output; see `run_all`."""
    return run_all(launch)[0]


def run_all(launch: Launch) -> list[mx.array]:
    """The (lazy) results of `launch`.

    MLX builds a kernel when its result is evaluated, too late to choose another route. So the first launch of
    every specialisation runs one group on zeros, which is legal even while MLX traces.

    Raises
    ------
    KernelError
        If the kernel does not build.
    """
    key = (launch.kernel, tuple(launch.template))
    if key not in _built:
        if launch.kernel in _failed:
            raise KernelError(_failed[launch.kernel])
        try:
            zeros = {name: mx.zeros(a.shape, a.dtype) for name, a in launch.inputs.items() if name in DATA}
            mx.eval(call(replace(launch, inputs={**launch.inputs, **zeros}, groups=1)))
        except (RuntimeError, ValueError) as error:
            _failed[launch.kernel] = f"the {launch.kernel} kernel did not build: {str(error).strip()[:500]}"
            raise KernelError(_failed[launch.kernel]) from error
        _built.add(key)
        diagnostics.count("kernel_built")
    diagnostics.count(f"launch_{launch.kernel}")
    return call(launch)
