"""``spectro bench``: our time beside the references', on this machine."""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from .console import UsageError, table

__all__ = ["add_parser", "measure", "run"]

_EPILOG = """\
examples:
  spectro bench
  spectro bench stft --seconds 60 --n-fft 2048
  spectro bench --json

Calls take turns, so that other programs disturb all alike; times are medians. References that are not
installed are left out. The project's own, longer benchmark is `make bench` in a checkout.
"""
WORKLOADS = ("stft", "istft", "mel")


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "bench",
        help="time spectro beside torch, torchaudio and librosa",
        description="Time STFT, its inverse and a mel spectrogram, beside the references installed here.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}")
    parser.add_argument("--seconds", type=float, default=10.0, help="of audio at 22050 Hz; default 10")
    parser.add_argument("--n-fft", type=int, default=1024, help="default 1024, hop a quarter of it")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each; default 7")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _rivals(workload: str, seconds: float, n_fft: int) -> dict[str, Callable[[], Any]]:
    """Return the ways to do one thing, by name; ours by numpy and by MLX first."""
    import mlx.core as mx
    import numpy as np

    from .. import MelSpectrogramTransform, SpectralTransform

    hop, rate = n_fft // 4, 22050
    x = np.random.default_rng(0).standard_normal(int(seconds * rate)).astype(np.float32)
    lazy = mx.array(x)
    ours: dict[str, Callable[[], Any]]
    if workload == "mel":
        mel = MelSpectrogramTransform(sample_rate=rate, n_fft=n_fft, hop_length=hop, n_mels=64)
        ours = {"numpy": lambda: mel(x), "mlx": lambda: mx.eval(mel(lazy))}
    else:
        transform = SpectralTransform(n_fft=n_fft, hop_length=hop)
        z = transform.stft(x)
        lazy_z = mx.array(z)
        ours = {"numpy": lambda: transform.stft(x), "mlx": lambda: mx.eval(transform.stft(lazy))}
        if workload == "istft":
            ours = {"numpy": lambda: transform.istft(z), "mlx": lambda: mx.eval(transform.istft(lazy_z))}
    found = {f"spectro {kind}": work for kind, work in ours.items()}
    for library, add in (("torch", _torch), ("librosa", _librosa)):
        if importlib.util.find_spec(library) is not None:
            work = add(workload, x, rate, n_fft, hop)
            found |= {} if work is None else {library: work}
    return found


def _torch(workload: str, x: Any, rate: int, n_fft: int, hop: int) -> Callable[[], Any] | None:
    import torch

    signal, window = torch.from_numpy(x), torch.hann_window(n_fft)
    options = {"n_fft": n_fft, "hop_length": hop, "window": window}
    z = torch.stft(signal, return_complex=True, **options)
    if workload == "stft":
        return lambda: torch.stft(signal, return_complex=True, **options)
    if workload == "istft":
        return lambda: torch.istft(z, **options)
    if importlib.util.find_spec("torchaudio") is None:
        return None
    import torchaudio

    mel = torchaudio.transforms.MelSpectrogram(rate, n_fft, hop_length=hop, n_mels=64)
    return lambda: mel(signal)


def _librosa(workload: str, x: Any, rate: int, n_fft: int, hop: int) -> Callable[[], Any] | None:
    import librosa

    options = {"n_fft": n_fft, "hop_length": hop}
    z = librosa.stft(x, **options)
    works: dict[str, Callable[[], Any]] = {
        "stft": lambda: librosa.stft(x, **options),
        "istft": lambda: librosa.istft(z, **options),
        "mel": lambda: librosa.feature.melspectrogram(y=x, sr=rate, n_mels=64, **options),
    }
    return works[workload]


def measure(rivals: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Return the median time of each in milliseconds, taken by turns after a warm-up."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for work in rivals.values():
        work()
    for _ in range(rounds):
        for name, work in rivals.items():
            begin = time.perf_counter()
            work()
            times[name].append(1e3 * (time.perf_counter() - begin))
    return {name: statistics.median(values) for name, values in times.items()}


def run(args: argparse.Namespace) -> int:
    """Time and print."""
    wanted = args.workloads or list(WORKLOADS)
    if set(wanted) - set(WORKLOADS):
        raise UsageError(f"workloads are {', '.join(WORKLOADS)}, not {', '.join(wanted)}")
    if args.seconds <= 0 or args.n_fft < 2 or args.rounds < 1:
        raise UsageError("--seconds, --n-fft and --rounds must be positive")
    results = {name: measure(_rivals(name, args.seconds, args.n_fft), args.rounds) for name in wanted}
    if args.json:
        print(json.dumps({"milliseconds": results}, indent=1))
        return 0
    rows = []
    for workload, times in results.items():
        best = min(value for name, value in times.items() if name.startswith("spectro"))
        rows += [[workload, name, f"{value:.2f} ms", f"{value / best:.2f}"] for name, value in times.items()]
    print(table(["workload", "by", "median", "of our best"], rows))
    return 0
