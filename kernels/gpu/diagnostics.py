"""What the GPU side did, counted on request, and what it runs on."""

from __future__ import annotations

import functools
import os
import platform
from collections import Counter
from importlib.metadata import version
from typing import Any

import mlx.core as mx

_counts: Counter[str] = Counter()


def enabled() -> bool:
    """Whether `SPEC_MLX_CACHE_STATS` asks for counters."""
    return os.environ.get("SPEC_MLX_CACHE_STATS", "0") not in ("", "0")


def count(event: str) -> None:
    """Count an event, if anybody wants to know."""
    if enabled():
        _counts[event] += 1


def snapshot() -> dict[str, Any]:
    """Return the counters (kept only while `SPEC_MLX_CACHE_STATS=1`) and what the kernel caches hold."""
    from . import running, tuning

    return {
        "counters": dict(sorted(_counts.items())),
        "kernels_built": sorted(running.built()),
        "kernels_failed": dict(running.failed()),
        "plans_tuned": tuning.cache().snapshot(),
    }


def reset() -> None:
    """Set every counter back to zero."""
    _counts.clear()


@functools.cache
def spec_mlx_device_key() -> str:
    """The device as autotuned plans are filed under it: target, device name, MLX version."""
    from .running import target

    where = target() or "cpu"
    try:
        # the newer name first; older MLX has it under mx.metal
        info: Any = mx.device_info() if hasattr(mx, "device_info") else mx.metal.device_info()
        name = str(info.get("device_name") or info.get("architecture") or platform.machine())
    except (AttributeError, RuntimeError):
        name = platform.machine()
    return f"{where}:{name}:mlx-{version('mlx')}"
