"""What ``spectro doctor`` tries out. A probe computes something small and checks it against a closed form.

Each returns ``(usable, why)``: why not, or what is there. A new backend joins with
one function and one line in `BACKENDS`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

__all__ = ["BACKENDS", "Probe", "devices", "mlx_fft", "probe"]

Probe = Callable[[], tuple[bool, str]]

_N = 64


def _tone() -> tuple[np.ndarray, np.ndarray]:
    """Return cos(2 pi 3 n / 64) and its DFT: 32 in bin 3, 0 elsewhere."""
    spectrum = np.zeros(_N // 2 + 1)
    spectrum[3] = _N / 2
    return np.cos(2 * np.pi * 3 * np.arange(_N) / _N).astype(np.float32), spectrum


def _off(spectrum: Any) -> float:
    return float(np.abs(np.asarray(spectrum).reshape(-1) - _tone()[1]).max())


def probe(check: Probe) -> tuple[bool, str]:
    """Run a probe; whatever it raises is a reason too."""
    try:
        return check()
    except Exception as error:  # a broken driver or library may raise anything
        return False, " ".join(f"{type(error).__name__}: {error}".split())


def mlx_fft() -> tuple[bool, str]:
    """Compute an FFT on every device of MLX."""
    import mlx.core as mx

    tried = []
    for device in devices():
        spectrum = mx.fft.rfft(mx.array(_tone()[0]), stream=mx.Device(getattr(mx, device)))
        error = _off(spectrum)
        if not error < 1e-4:
            return False, f"an FFT on the {device} is wrong by {error:.3g}"
        tried.append(device)
    return True, f"an FFT is right on the {' and the '.join(tried)}"


def devices() -> list[str]:
    """Return which of "cpu" and "gpu" MLX has."""
    import mlx.core as mx

    return ["cpu", "gpu"] if mx.metal.is_available() or mx.cuda.is_available() else ["cpu"]


def _only(backend: str) -> AbstractContextManager[Any]:
    from .. import config, settings

    settings()  # a wrong environment variable raises here, before anything is changed
    return config(strict=False, backend=backend)


def portable() -> tuple[bool, str]:
    """Transform numpy and MLX arrays by plain array operations."""
    import mlx.core as mx

    from .. import SpectralTransform

    transform = SpectralTransform(_N, _N, window_fn="rect", center=False)
    with _only("portable"):
        for x in (_tone()[0], mx.array(_tone()[0])):
            error = _off(transform.stft(x))
            if not error < 1e-4:
                return False, f"an STFT of a {type(x).__module__} array is wrong by {error:.3g}"
    return True, f"numpy {np.__version__}; MLX on {mx.default_device()}"


def gpu() -> tuple[bool, str]:
    """Transform an `mx.array` by the fused kernels."""
    import mlx.core as mx

    from .. import SpectralTransform
    from ..backends import gpu as backend

    x = mx.array(_tone()[0])
    reason = backend.why_not(x)
    if reason:
        return False, reason
    with _only(backend.name()):
        error = _off(SpectralTransform(_N, _N, window_fn="rect", center=False).stft(x))
    if not error < 1e-4:
        return False, f"an STFT by the {backend.name()} kernels is wrong by {error:.3g}"
    return True, f"fused {backend.name()} kernels on {mx.default_device()}"


def cpu() -> tuple[bool, str]:
    """Transform a numpy array by the native kernels."""
    from .. import SpectralTransform
    from ..kernels.cpu import status

    found = status()
    if not found.loaded:
        return False, found.reason
    with _only("cpu"):
        error = _off(SpectralTransform(_N, _N, window_fn="rect", center=False).stft(_tone()[0]))
    if not error < 1e-4:
        return False, f"an STFT by the {found.isa} kernels is wrong by {error:.3g}"
    return True, f"native kernels for {found.isa}, {found.threads} threads"


def torch() -> tuple[bool, str]:
    """Transform by torch, as strict mode does."""
    from .. import SpectralTransform

    if importlib.util.find_spec("torch") is None:
        return False, "torch is not installed: pip install 'spectro-mlx[torch]'"
    transform = SpectralTransform(_N, _N, window_fn="rect", center=False)
    with _only("torch"):
        error = _off(transform.stft(_tone()[0]))
    if not error < 1e-4:
        return False, f"torch.stft is wrong by {error:.3g}"
    return True, f"torch {importlib.metadata.version('torch')}; used by strict mode and on request"


BACKENDS: dict[str, Probe] = {
    "gpu": gpu,
    "cpu": cpu,
    "portable": portable,
    "torch": torch,
}
