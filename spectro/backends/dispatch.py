"""The one place that decides which backend serves a call, and calls it."""

from __future__ import annotations

from dataclasses import dataclass

import mlx.core as mx

from ..arrays import Received, kind_of, wants_gradient
from ..config import settings
from ..errors import BackendError
from ..plan import StftPlan
from ..typing import Array
from ..windows import Window
from . import portable, reference

__all__ = ["Choice", "analyze", "choose", "explain", "synthesize"]


@dataclass(frozen=True)
class Choice:
    """A backend's name and why it serves the call."""

    backend: str
    reason: str

    def __str__(self) -> str:
        return f"{self.backend}: {self.reason}"


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
    if policy == "metal":
        available = mx.metal.is_available()
        why = "there is no Metal kernel for this call" if available else "Metal is not available"
        raise BackendError(f"istft_backend_policy='metal', but {why}")
    if options.backend != "auto":
        return Choice(options.backend, f"config(backend={options.backend!r})")
    if kind_of(x) == "mlx":
        return Choice("portable", f"plain MLX operations on {mx.default_device()}")
    return Choice("portable", "numpy operations for arrays in host memory")


def explain(x: Array, policy: str = "auto") -> str:
    """Say in a sentence which backend takes the STFT or inverse STFT of `x`, and why.

    Examples
    --------
    >>> import numpy, spectro
    >>> spectro.explain(numpy.zeros(16000, numpy.float32))
    'portable: numpy operations for arrays in host memory'
    """
    return str(choose(x, policy))


def analyze(
    plan: StftPlan, window: Window, received: Received, layout: str = "bnf", policy: str = "auto"
) -> Array:
    """Return the STFT of received audio [B, T] in the namespace it was received in.

    The result is [B, N, F] in layout "bnf", and [B, F, N] in layout "bfn".
    """
    xp, x = received.xp, received.data
    if choose(x, policy).backend == "torch":
        return reference.stft(plan, x, window.samples, layout)
    return portable.stft(xp, plan, x, window.array(xp, x), layout)


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
    if choose(z, policy).backend == "torch":
        return reference.istft(plan, z, window.samples, start, length, layout)
    return portable.istft(xp, plan, z, window.array(xp, z), start, length, layout)
