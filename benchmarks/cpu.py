"""The CPU workloads: STFT, inverse, log-mel, gradients; against torch, torchaudio, librosa, plain MLX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import librosa
import mlx.core as mx
import numpy as np
import torch
import torchaudio

import spectro
from spectro.backends import portable as backend
from spectro.spectrum.plan import StftPlan

from . import workloads
from .timing import Ratio, Work
from .workloads import Workload, evaluated

# batch, samples, n_fft, hop: large outputs (38 to 62 MB), medium ones (13 to 21 MB), and clips of one second
LARGE = ((8, 480000, 1024, 256), (8, 480000, 400, 160), (8, 480000, 2048, 512))
MEDIUM = ((1, 1323000, 400, 160), (1, 1323000, 1024, 256), (1, 1323000, 2048, 512))
CLIP = ((1, 16000, 400, 160), (1, 16000, 512, 128), (1, 16000, 1024, 256))


def plain_mlx(work: Callable[[], mx.array]) -> Work:
    """Return `work` by plain MLX operations, evaluated."""

    def run() -> None:
        with spectro.config(backend="portable"):
            mx.eval(work())

    return run


def shape_name(kind: str, shape: tuple[int, int, int, int]) -> str:
    """Return a workload's name, "stft 8x480000 1024/256"."""
    batch, samples, n_fft, hop = shape
    return f"{kind} {batch}x{samples} {n_fft}/{hop}"


def audio(shape: tuple[int, int, int, int]) -> tuple[np.ndarray, mx.array, torch.Tensor]:
    """Return noise as numpy, mlx and torch arrays."""
    x = np.random.default_rng(0).standard_normal(shape[:2]).astype(np.float32)
    lazy = mx.array(x)
    mx.eval(lazy)
    return x, lazy, torch.from_numpy(x)


def stft(shape: tuple[int, int, int, int]) -> Workload:
    """Complex spectra, bins before frames."""
    x, lazy, tensor = audio(shape)
    _, _, n_fft, hop = shape
    ours, window = spectro.SpectralTransform(n_fft, hop), torch.hann_window(n_fft)
    theirs: dict[str, Work] = {
        "torch": lambda: torch.stft(tensor, n_fft, hop, window=window, return_complex=True),
        "plain mlx": plain_mlx(lambda: ours.stft(lazy)),
        "librosa": lambda: librosa.stft(x, n_fft=n_fft, hop_length=hop, pad_mode="reflect"),
    }
    mine = {"numpy": lambda: ours.stft(x), "mx": evaluated(lambda: ours.stft(lazy))}
    return Workload(shape_name("stft", shape), mine, theirs)


def portable(shape: tuple[int, int, int, int]) -> Workload:
    """The portable backend's own function against that of MLX itself, on the same operations."""
    _, lazy, _ = audio(shape)
    _, _, n_fft, hop = shape
    window = spectro.make_window(None, "hann", n_fft, n_fft, True)
    mx.eval(window)
    plan = StftPlan(n_fft, hop, pad=n_fft // 2)
    ours = evaluated(lambda: backend.stft(mx, plan, lazy, window, "bfn"))
    theirs = evaluated(lambda: mx.fft.stft(lazy, n_fft=n_fft, hop_length=hop, window=window))
    return Workload(shape_name("portable", shape), {"mx": ours}, {"mx.fft.stft": theirs})


def istft(shape: tuple[int, int, int, int]) -> Workload:
    """The way back."""
    x, _, tensor = audio(shape)
    _, samples, n_fft, hop = shape
    ours, window = spectro.SpectralTransform(n_fft, hop), torch.hann_window(n_fft)
    z = ours.stft(x)
    lazy, spectrum = mx.array(z), torch.from_numpy(z)
    mx.eval(lazy)
    del tensor
    theirs: dict[str, Work] = {
        "torch": lambda: torch.istft(spectrum, n_fft, hop, window=window, length=samples),
        "plain mlx": plain_mlx(lambda: ours.istft(lazy, length=samples)),
    }
    mine = {
        "numpy": lambda: ours.istft(z, length=samples),
        "mx": evaluated(lambda: ours.istft(lazy, length=samples)),
    }
    return Workload(shape_name("istft", shape), mine, theirs)


def log_mel(shape: tuple[int, int, int, int], bands: int = 80) -> Workload:
    """Mel bands in dB, 80 below the peak."""
    x, lazy, tensor = audio(shape)
    _, _, n_fft, hop = shape
    options: dict[str, Any] = {"n_fft": n_fft, "hop_length": hop, "n_mels": bands}
    ours = spectro.MelSpectrogramTransform(16000, **options, mode="torchaudio_compat")
    mel = torchaudio.transforms.MelSpectrogram(16000, **options)
    decibels = torchaudio.transforms.AmplitudeToDB(top_db=80.0)

    def by_librosa() -> np.ndarray:
        return librosa.power_to_db(librosa.feature.melspectrogram(y=x, sr=16000, **options))

    theirs: dict[str, Work] = {
        "torchaudio": lambda: decibels(mel(tensor)),
        "librosa": by_librosa,
        "plain mlx": plain_mlx(lambda: ours(lazy)),
    }
    return Workload(
        shape_name("logmel", shape), {"numpy": lambda: ours(x), "mx": evaluated(lambda: ours(lazy))}, theirs
    )


def gradient(shape: tuple[int, int, int, int]) -> Workload:
    """Forward and backward through the STFT and its inverse."""
    _, lazy, tensor = audio(shape)
    _, samples, n_fft, hop = shape
    ours, window = spectro.SpectralTransform(n_fft, hop), torch.hann_window(n_fft)
    wanted = tensor.clone().requires_grad_()

    def by_torch() -> None:
        wanted.grad = None
        z = torch.stft(wanted, n_fft, hop, window=window, return_complex=True)
        torch.istft(z, n_fft, hop, window=window, length=samples).square().sum().backward()

    def loss(x: mx.array) -> mx.array:
        return mx.square(ours.istft(ours.stft(x), length=samples)).sum()

    derivative = mx.grad(loss)
    theirs: dict[str, Work] = {"torch": by_torch, "plain mlx": plain_mlx(lambda: derivative(lazy))}
    return Workload(shape_name("gradient", shape), {"mx": evaluated(lambda: derivative(lazy))}, theirs)


PLANNED = (
    (stft, (*LARGE, *MEDIUM, *CLIP)),
    (portable, (LARGE[0], LARGE[1], MEDIUM[2], CLIP[0])),
    (istft, (*LARGE, *MEDIUM, CLIP[0])),
    (log_mel, (LARGE[0], LARGE[1], MEDIUM[0], CLIP[0])),
    (gradient, (LARGE[0], MEDIUM[0], CLIP[0])),
)


def chosen(only: str) -> Iterator[Workload]:
    """Make those whose name contains `only`, one after the other; each is large, so keep only one."""
    for make, shapes in PLANNED:
        for shape in shapes:
            if only in shape_name(make.__name__.replace("_", ""), shape):
                yield make(shape)


def run(seconds: float, threads: int, only: str = "") -> list[Ratio]:
    """Time every workload for about `seconds`, printing as it goes."""
    torch.set_num_threads(threads)
    return workloads.run(chosen(only), seconds, threads)
