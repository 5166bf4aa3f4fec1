"""How the cost of ours and of torch grows: with audio length, batch, n_fft, and threads."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np
import torch

import spectro
from spectro.kernels import cpu

from .timing import take_turns

RATE = 16000


def measure(batch: int, samples: int, n_fft: int, hop: int, threads: int, seconds: float) -> dict[str, float]:
    """Return milliseconds of one STFT and one inverse, ours and torch's: the fastest of their turns."""
    cpu.set_num_threads(threads)
    torch.set_num_threads(threads)
    x = np.random.default_rng(0).standard_normal((batch, samples)).astype(np.float32)
    tensor, window, ours = (
        torch.from_numpy(x),
        torch.hann_window(n_fft),
        spectro.SpectralTransform(n_fft, hop),
    )
    z = ours.stft(x)
    spectrum = torch.from_numpy(z)
    times = take_turns(
        {
            "stft, spectro": lambda: ours.stft(x),
            "stft, torch": lambda: torch.stft(tensor, n_fft, hop, window=window, return_complex=True),
            "istft, spectro": lambda: ours.istft(z, length=samples),
            "istft, torch": lambda: torch.istft(spectrum, n_fft, hop, window=window, length=samples),
        },
        seconds,
        least=3,
    )
    return {name: float(np.min(values)) * 1e3 for name, values in times.items()}


def run(seconds: float, threads: int) -> dict[str, list[dict[str, Any]]]:
    """Vary one thing at a time around 30 s of 16 kHz audio, 512/128; print and return the times."""
    mx.set_default_device(mx.cpu)
    studies = {
        "seconds of audio": [(s, (1, s * RATE, 512, 128, threads)) for s in (1, 4, 15, 60, 240, 900, 3600)],
        "batch of 10 s": [(b, (b, 10 * RATE, 512, 128, threads)) for b in (1, 2, 4, 8, 16, 32, 64)],
        "n_fft": [
            (n, (1, 60 * RATE, n, n // 4, threads))
            for n in (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)
        ],
        "threads": [(t, (1, 60 * RATE, 512, 128, t)) for t in range(1, threads + 1)],
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for study, points in studies.items():
        found[study] = []
        for value, arguments in points:
            times = measure(*arguments, seconds=seconds)
            found[study].append({"value": value, **{k: round(v, 4) for k, v in times.items()}})
            print(
                f"{study:18s} {value:6d}  " + "  ".join(f"{k} {v:.2f} ms" for k, v in times.items()),
                flush=True,
            )
    return found
