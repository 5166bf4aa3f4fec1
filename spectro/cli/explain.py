"""``spectro explain``: who serves a call, by which backend, and why."""

from __future__ import annotations

import argparse
import difflib
import importlib
import inspect
import warnings
from typing import Any

from ..callers import LIBRARIES
from .console import UsageError

__all__ = ["add_parser", "explain", "run"]

_EPILOG = """\
examples:
  spectro explain librosa.stft
  spectro explain "librosa.stft n_fft=1000 device=gpu"
  spectro explain "torch.stft n_fft=400 arrays=torch requires_grad=True"
  spectro explain "spectro.SpectralTransform n_fft=2048"
  spectro explain "torchaudio.transforms.MelSpectrogram n_fft=1024 arrays=mlx dtype=float64"

Besides the function's own options: arrays=numpy|torch|mlx, dtype=float32|float64, device=cpu|gpu,
requires_grad=True. Exit code 0; 2 if the call is not understood.
"""
_OWN = {"arrays": "", "dtype": "float32", "device": "", "requires_grad": "False"}


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "explain",
        help="say who serves a call, and why",
        description="Say whether a function is mirrored, and which backend serves a call with these options.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("call", nargs="+", metavar="CALL", help='"librosa.stft n_fft=1000 device=gpu"')


def _parse(words: list[str]) -> tuple[str, dict[str, str]]:
    name, *options = " ".join(words).split() or [""]
    if name.partition(".")[0] not in (*LIBRARIES, "spectro"):
        raise UsageError(
            f"a call begins with {', '.join(LIBRARIES)} or spectro, as librosa.stft does; not {name!r}"
        )
    pairs = [option.partition("=") for option in options]
    wrong = [option for option, (key, equals, _) in zip(options, pairs, strict=True) if not (key and equals)]
    if wrong:
        raise UsageError(f"options are written name=value, not {wrong[0]!r}")
    return name, {key: value for key, _, value in pairs}


def explain(name: str, given: dict[str, str]) -> list[str]:
    """Return what there is to say about a call.

    Raises
    ------
    UsageError
        For an option that neither the function nor this command has.
    """
    from ..compat.exchange import takes_numpy
    from ..compat.registry import mirrored

    own = {**_OWN, **{key: value for key, value in given.items() if key in _OWN}}
    options = {key: value for key, value in given.items() if key not in _OWN}
    if name.startswith("spectro."):
        return _native(name, options, own)
    found = mirrored()
    if name not in found:
        near = difflib.get_close_matches(name, found, n=3, cutoff=0.5)
        lines = [f"{name} is not mirrored: the library itself serves it, with a FallbackWarning"]
        return lines + ([f"mirrored are for instance {', '.join(near)}"] if near else [])
    mirror = found[name]
    _check_options(name, mirror.object, options)
    lines = [f"{name} is mirrored (tier {mirror.tier}) by {mirror.object.__module__}"]
    numpy = takes_numpy(mirror.library)
    arrays = own["arrays"] or ("mlx" if own["device"] == "gpu" else "numpy" if numpy else "torch")
    if own["requires_grad"].lower() in ("true", "1"):
        if numpy:
            return [
                *lines,
                f"a tensor that requires grad is refused (GradientError): {mirror.library} has none",
            ]
        return [*lines, "torch: the tensor requires grad, so the reference computes and records it"]
    return lines + _backend(arrays, own["dtype"], own["device"], _number(options.get("n_fft")))


def _native(name: str, options: dict[str, str], own: dict[str, str]) -> list[str]:
    spectro: Any = importlib.import_module("spectro")
    public = name.removeprefix("spectro.")
    if public not in spectro.__all__:
        near = difflib.get_close_matches(public, spectro.__all__, n=3, cutoff=0.5)
        like = f"; it has {', '.join(near)}" if near else ""
        raise UsageError(f"spectro has no public name {public!r}{like}")
    thing = getattr(spectro, public)
    _check_options(name, thing, options)
    lines = [f"{name} is of the native API, by {thing.__module__}"]
    return lines + _backend(
        own["arrays"] or "mlx", own["dtype"], own["device"], _number(options.get("n_fft"))
    )


def _check_options(name: str, thing: Any, options: dict[str, str]) -> None:
    known = inspect.signature(thing).parameters
    unknown = [key for key in options if key not in known]
    if unknown:
        raise UsageError(f"{name} has no option {unknown[0]!r}; it has {', '.join(known)}")


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError as error:
        raise UsageError(f"n_fft must be a whole number, got {text!r}") from error


def _backend(arrays: str, dtype: str, device: str, n_fft: int | None) -> list[str]:
    """Return which backend takes a spectrum of such an array, and what n_fft changes in it."""
    import mlx.core as mx
    import numpy as np

    from ..backends.dispatch import choose
    from ..errors import BackendError
    from ..kernels import gpu as native

    if arrays not in ("numpy", "torch", "mlx") or dtype not in ("float32", "float64"):
        raise UsageError("arrays must be numpy, torch or mlx, and dtype float32 or float64")
    if device not in ("", "cpu", "gpu"):
        raise UsageError(f"device must be cpu or gpu, got {device!r}")
    lines = []
    suits = n_fft is None or bool(native.supports(n_fft, 1))
    if arrays == "mlx" and dtype == "float64":
        lines.append("float64: MLX has none here, so it is computed in float32 with a DowncastWarning")
    if device == "gpu":
        if arrays != "mlx":
            lines.append(f"device=gpu: arrays of {arrays} are computed in host memory; pass an mx.array")
            device = ""
        elif not mx.is_available(mx.gpu):
            backend = "fused Metal or CUDA kernels" if suits else "portable: plain MLX operations on the GPU"
            lines.append("MLX has no GPU on this machine; on one that has, the call is served by")
            return [*lines, f"  {backend}{_size(n_fft, suits)}"]
    before = mx.default_device()
    if device:
        mx.set_default_device(mx.gpu if device == "gpu" else mx.cpu)
    try:
        x: Any = mx.zeros(16) if arrays == "mlx" else np.zeros(16, dtype)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            choice = choose(x)
        if choice.backend in ("metal", "cuda") and not suits:
            return [*lines, f"portable: plain MLX operations{_size(n_fft, suits)}"]
        size = _size(n_fft, suits) if choice.backend in ("metal", "cuda") else ""
        lines.append(f"{choice.backend}: {choice.reason}{size}")
    except BackendError as error:
        lines.append(f"no backend: {error}")
    finally:
        mx.set_default_device(before)
    if arrays == "torch":
        lines.append("  (a CPU tensor shares its memory with numpy; one elsewhere goes through host memory)")
    return lines


def _size(n_fft: int | None, suits: bool) -> str:
    if n_fft is None:
        return ""
    return f" (n_fft={n_fft} is {'one' if suits else 'none'} of the kernels' sizes)"


def run(args: argparse.Namespace) -> int:
    """Print the explanation."""
    for line in explain(*_parse(args.call)):
        print(line)
    return 0
