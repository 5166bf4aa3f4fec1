"""torch.signal.windows."""

from __future__ import annotations

from typing import Any

from ..case import FLOAT, Call, Case

__all__ = ["cases"]

# Options of each window beyond those of all.
EXTRA: dict[str, list[dict[str, Any]]] = {
    "bartlett": [],
    "blackman": [],
    "cosine": [],
    "exponential": [{"tau": 5.0}, {"tau": 8.0, "center": 12.5, "sym": False}],
    "gaussian": [{"std": 7.0}, {"std": 0.8, "sym": False}],
    "general_cosine": [{"a": (0.3, 0.4, 0.2, 0.1), "sym": False}, {"a": [1.0]}],
    "general_hamming": [{"alpha": 0.7}, {"alpha": 0.5, "sym": False}],
    "hamming": [],
    "hann": [],
    "kaiser": [{"beta": 0.0}, {"beta": 8.6, "sym": False}, {"beta": 30.0}],
    "nuttall": [],
}
DEFAULTS: dict[str, dict[str, Any]] = {"general_cosine": {"a": (0.46, 0.23, 0.31)}}


def _call(name: str) -> Call:
    def call(ns: Any, x: Any, length: int, **options: Any) -> Any:
        return getattr(ns.torch.signal.windows, name)(length, **options)

    return call


def cases() -> list[Case]:
    """Return the cases of `torch.signal.windows`."""
    found = []
    for name, extra in EXTRA.items():
        lengths = [{"length": n} for n in (0, 1, 2, 7, 64, 400)]
        lengths += [{"length": n, "sym": False} for n in (1, 2, 64, 401)]
        for options in [*lengths, *({"length": 33} | given for given in extra)]:
            given = {"dtype": FLOAT} | DEFAULTS.get(name, {}) | options
            found.append(Case(f"torch.signal.windows.{name}", "torch", _call(name), None, given))
    return found
