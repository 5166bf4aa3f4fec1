"""What the caches did: counters that each cache reports here, and a snapshot for people.

A cache registers a function that returns its state; "hits" and "misses" in it are counted from the
last reset. Single events are counted too, if ``SPEC_MLX_CACHE_STATS=1``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import mlx.core as mx

__all__ = [
    "count",
    "get_cache_debug_stats",
    "register",
    "register_lru",
    "reset_cache_debug_stats",
    "spec_mlx_device_key",
]

Report = Callable[[], Mapping[str, Any]]

_reports: dict[str, Report] = {}
_counts: Counter[str] = Counter()
_before: dict[str, dict[str, int]] = {}


def register(name: str, report: Report) -> None:
    """Let `report()` stand under `name` in `get_cache_debug_stats`."""
    _reports[name] = report


def register_lru(name: str, function: Any) -> None:
    """Register the cache of a function wrapped by `functools.lru_cache`."""
    register(name, lambda: function.cache_info()._asdict())


def enabled() -> bool:
    """Return whether events are counted: ``SPEC_MLX_CACHE_STATS`` is 1."""
    return os.environ.get("SPEC_MLX_CACHE_STATS", "0") == "1"


def count(event: str) -> None:
    """Count an event by name, if events are counted."""
    if enabled():
        _counts[event] += 1


def get_cache_debug_stats(reset: bool = False) -> dict[str, Any]:
    """Return the counters and a snapshot of every cache.

    Parameters
    ----------
    reset : bool
        Start the counters from 0 again after this.

    Returns
    -------
    dict
        "enabled" and "counts" of single events, and a dict for each cache by its name, such as
        "transform_cache" with "hits", "misses", "maxsize" and "currsize".

    Examples
    --------
    >>> sorted(get_cache_debug_stats()["transform_cache"])
    ['currsize', 'hits', 'maxsize', 'misses']
    """
    stats: dict[str, Any] = {"enabled": enabled(), "counts": dict(_counts)}
    for name, report in _reports.items():
        before = _before.get(name, {})
        # A cache that was cleared since counts from 0 by itself.
        stats[name] = {
            key: value - before[key] if key in before and value >= before[key] else value
            for key, value in report().items()
        }
    if reset:
        reset_cache_debug_stats()
    return stats


def reset_cache_debug_stats() -> None:
    """Start every counter from 0; what the caches hold stays."""
    _counts.clear()
    for name, report in _reports.items():
        state = report()
        _before[name] = {key: state[key] for key in ("hits", "misses") if key in state}


def spec_mlx_device_key() -> str:
    """Return what identifies the default device in the keys of the autotune cache.

    Examples
    --------
    >>> import mlx.core as mx
    >>> with mx.stream(mx.cpu):
    ...     isinstance(spec_mlx_device_key(), str)
    True
    """
    device = mx.default_device()
    if device.type != mx.DeviceType.gpu:
        return str(device)
    info = mx.device_info(device)
    return f"{device}:{info.get('architecture') or info.get('device_name', 'unknown')}"
