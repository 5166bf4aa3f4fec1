"""The one place that decides which backend serves a call, and calls it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import mlx.core as mx
import numpy as np

from ..arrays import Received, is_traced, kind_of, wants_gradient
from ..config import settings
from ..errors import BackendError
from ..filterbanks.bank import Filterbank
from ..framing.windows import Window
from ..spectrum.plan import StftPlan
from ..spectrum.reductions import Bands, Reduction, Spectrum
from ..spectrum.scales import Scale
from ..typing import Array
from . import cpu, cpu_reductions, doubled, gpu, portable, reference
from .choices import Choice, tell

__all__ = [
    "Choice",
    "analyze",
    "analyze_power",
    "choose",
    "explain",
    "has_native_reductions",
    "project",
    "reduce",
    "respond",
    "synthesize",
]


def choose(x: Array, policy: str = "auto") -> Choice:
    """Decide which backend computes the STFT, or inverse STFT, of array `x`.

    Parameters
    ----------
    x : array
        The caller's own array.
    policy : {"auto", "mlx_fft", "metal", "torch_fallback"}
        The seed API's `istft_backend_policy`.

    Raises
    ------
    BackendError
        If `policy` or `config(backend=...)` asks for a backend that cannot serve the call.
    """
    options = settings()
    if policy == "torch_fallback":
        return Choice("torch", "istft_backend_policy='torch_fallback'")
    if options.strict:
        return Choice("torch", "config(strict=True)")
    if wants_gradient(x):
        return Choice("torch", "the tensor requires grad, and autograd records torch operations only")
    if policy == "mlx_fft":
        return Choice("portable", "plain operations were asked for")
    wanted = "metal" if policy == "metal" else options.backend
    asked = "istft_backend_policy='metal'" if policy == "metal" else f"config(backend={wanted!r})"
    if wanted in ("portable", "torch"):
        return Choice(wanted, asked)
    no_gpu = gpu.why_not(x)
    if wanted in ("metal", "cuda"):
        if wanted == "metal" and not mx.metal.is_available():
            no_gpu = "Metal is not available"
        if no_gpu or wanted != gpu.name():
            raise BackendError(f"{asked}, but {no_gpu or 'the GPU is for ' + gpu.name()}")
        return Choice(wanted, asked)
    if wanted == "auto" and not no_gpu:
        return Choice(gpu.name(), f"fused kernels on {mx.default_device()}")
    obstacle = cpu.why_not(x)
    if not obstacle:
        return Choice("cpu", "native kernels" if wanted == "auto" else asked)
    if wanted == "cpu":
        raise BackendError(f"{asked}, but {obstacle}")
    if kind_of(x) == "mlx":
        return Choice("portable", f"plain MLX operations on {mx.default_device()}: {obstacle}")
    return Choice("portable", f"numpy operations for arrays in host memory: {obstacle}")


def explain(x: Array, policy: str = "auto") -> str:
    """Say in a sentence which backend takes the STFT or inverse STFT of `x`, and why.

    Examples
    --------
    >>> import numpy, spectro
    >>> with spectro.config(backend="portable"):
    ...     spectro.explain(numpy.zeros(16000, numpy.float32))
    "portable: config(backend='portable')"
    """
    return str(choose(x, policy))


def has_native_reductions(received: Received) -> bool:
    """Return whether native code sums up frames of the received audio: a numpy array, computed in float64."""
    x = received.data
    return received.xp is np and x.dtype.char in "fd" and choose(x).backend == "cpu"


def analyze(
    plan: StftPlan, window: Window, received: Received, layout: str = "bnf", policy: str = "auto"
) -> Array:
    """Return the STFT of received audio [B, T] in the namespace it was received in.

    The result is [B, N, F] in layout "bnf", and [B, F, N] in layout "bfn".
    """
    xp, x = received.xp, received.data
    backend = tell(choose(x, policy)).backend
    if backend == "torch":
        return reference.stft(plan, x, window.samples, layout)
    if backend == "cpu":
        return cpu.stft(xp, plan, x, window, layout)
    if backend in ("metal", "cuda"):
        return gpu.stft(plan, x, window, layout)
    if doubled.serves(plan, x, window):
        return doubled.analyze(plan, x, window, layout)
    return portable.analyze(xp, plan, x, window, layout)


def project(
    plan: StftPlan,
    window: Window,
    received: Received,
    power: float,
    bank: Filterbank,
    scale: Scale,
    by_frames: bool = False,
) -> Array:
    """Return the filtered spectrogram [B, M, N] of received audio [B, T]: scale(|STFT|^power @ bank).

    With `by_frames`, the bands of a frame lie side by side in numpy, as in the references' spectrograms.
    """
    backend = tell(choose(received.data)).backend
    if backend == "cpu":
        return cpu.project(received.xp, plan, received.data, window, power, bank, scale, by_frames)
    if backend in ("metal", "cuda"):
        return gpu.project(plan, received.data, window, power, bank, scale)
    # The logarithm of a quiet band shows what a transform in float32 loses to the loud ones.
    exact = plan if scale.kind == "linear" else replace(plan, precision="double")
    z = analyze(exact, window, received)
    return portable.filter_spectrum(received.xp, z, power, bank, scale)


def respond(plan: StftPlan, window: Window, received: Received, bank: Filterbank) -> Array:
    """Return the responses [B, M, N] of complex filters to received audio [B, T]: STFT @ bank."""
    xp, x = received.xp, received.data
    if (choice := choose(x)).backend == "cpu" and not (xp is mx and is_traced(x)):
        tell(choice)
        return cpu_reductions.respond(xp, plan, x, window, bank)
    return bank.product(xp, analyze(plan, window, received)).swapaxes(1, 2)


def synthesize(
    plan: StftPlan,
    window: Window,
    received: Received,
    start: int,
    length: int,
    layout: str = "bnf",
    policy: str = "auto",
) -> Array:
    """Return `length` samples [B, length] of the inverse STFT of received z, from `start` on."""
    xp, z = received.xp, received.data
    backend = tell(choose(z, policy)).backend
    if backend == "torch":
        return reference.istft(plan, z, window.samples, start, length, layout)
    if backend == "cpu":
        return cpu.istft(xp, plan, z, window, start, length, layout)
    if backend in ("metal", "cuda"):
        return gpu.istft(plan, z, window, start, length, layout)
    return portable.synthesize(xp, plan, z, window, start, length, layout)


def reduce(
    plan: StftPlan, window: Window, received: Received, reductions: Sequence[Reduction]
) -> list[Array]:
    """Return each reduction [B, K, N] of the spectra of received audio [B, T], from one STFT.

    In numpy they have the dtype that is computed in: float64 with the plan's precision "double".
    """
    xp, x = received.xp, received.data
    only = reductions[0] if len(reductions) == 1 else None
    if xp is mx and isinstance(only, Bands):  # which kernels have, with their gradients
        return [project(plan, window, received, 2.0, only.bank, replace(only.scale, top_db=None))]
    if (choice := choose(x)).backend == "cpu":
        tell(choice)
        return cpu_reductions.reduce(xp, plan, x, window, reductions)
    if xp is np:

        def power(plan: StftPlan, block: Array) -> Array:
            z = analyze(plan, window, Received(np, block, received.give_back))
            return portable.power_spectrum(np, z, 2.0)

        return portable.reduce(plan, x, reductions, power)
    spectrum = Spectrum(xp, z=analyze(plan, window, received))
    return [reduction.of_frames(spectrum).swapaxes(1, 2) for reduction in reductions]


def analyze_power(
    plan: StftPlan, window: Window, received: Received, layout: str = "bnf", power: float = 2.0
) -> Array:
    """Return |STFT|^power of received audio [B, T], in the namespace it was received in: see `analyze`."""
    xp, x = received.xp, received.data
    if power in (1.0, 2.0) and (choice := choose(x)).backend == "cpu":
        tell(choice)
        return cpu.power(xp, plan, x, window, layout, power)
    return portable.power_spectrum(xp, analyze(plan, window, received, layout), power)
