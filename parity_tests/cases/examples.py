"""What examples/ compute, against the same written in torch: the goldens that they are tested with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np

from ..case import Case
from ..signals import Recipe, signal
from .gradients import gradient
from .seeded import SINGLE

__all__ = ["cases", "target"]


def whisper(ns: Any, x: Any, n_mels: int) -> Any:
    """The log-mel by transforms alone."""
    spectrogram = ns.torchaudio.transforms.Spectrogram(400, hop_length=160)
    scale = ns.torchaudio.transforms.MelScale(n_mels, 16000, n_stft=201, norm="slaney", mel_scale="slaney")
    log = ns.torchaudio.functional.amplitude_to_DB(scale(spectrogram(x)[..., :-1]), 1.0, 1e-10, 0.0, 8.0)
    return (log + 4.0) / 4.0


def whisper_in_torch(ns: Any, x: Any, n_mels: int) -> Any:
    """The log-mel as Whisper's users write it."""
    torch = ns.torch
    z = torch.stft(x, 400, 160, window=torch.hann_window(400), return_complex=True)
    filters = ns.torchaudio.functional.melscale_fbanks(
        201, 0.0, 8000.0, n_mels, 16000, norm="slaney", mel_scale="slaney"
    )
    mel = filters.T @ z[..., :-1].abs() ** 2
    log = torch.clamp(mel, min=1e-10).log10()
    return (torch.maximum(log, log.max() - 8.0) + 4.0) / 4.0


def target() -> Any:
    """The signal that the loss compares with [2, 600]."""
    return signal("noises").values()[::-1] * 0.5


def loss_of(magnitudes: Callable[[Any, int, int], Any], log: Callable[[Any], Any], x: Any, y: Any) -> Any:
    """The multi-resolution loss."""
    total = 0.0
    for n_fft, hop in ((64, 16), (128, 32)):
        a, b = magnitudes(x, n_fft, hop), magnitudes(y, n_fft, hop)
        total = total + (((b - a) ** 2).sum() / (b**2).sum()) ** 0.5 + abs(log(a) - log(b)).mean()
    return total / 2


def loss_gradient(ns: Any, x: Any) -> Any:
    """The gradient of the loss by MLX."""

    def magnitudes(x: Any, n_fft: int, hop: int) -> Any:
        z = ns.torch.stft(x, n_fft, hop, window=ns.torch.hann_window(n_fft), return_complex=True)
        return (z.real**2 + z.imag**2 + 1e-7) ** 0.5

    y = mx.array(target().astype(np.float32))
    return gradient(lambda x: loss_of(magnitudes, mx.log, x, y), x)


def loss_gradient_in_torch(ns: Any, x: Any) -> Any:
    """The gradient of the loss by autograd."""
    torch = ns.torch

    def magnitudes(x: Any, n_fft: int, hop: int) -> Any:
        z = torch.stft(x, n_fft, hop, window=torch.hann_window(n_fft), return_complex=True)
        return (z.real**2 + z.imag**2 + 1e-7) ** 0.5

    y = torch.tensor(target(), dtype=x.dtype)
    return gradient(lambda x: loss_of(magnitudes, torch.log, x, y), x)


def cases() -> list[Case]:
    """Return the cases of the examples."""

    def log_mel(x: str | Recipe, n_mels: int) -> Case:
        source = signal(x) if isinstance(x, str) else x
        name, options = "spectro.compat.whisper_log_mel", {"n_mels": n_mels}
        return Case(name, "torchaudio", whisper, source, options, whisper_in_torch, SINGLE)

    name = "spectro.compat.stft_loss.gradient"
    return [
        *(log_mel("long", n) for n in (80, 128)),
        *(log_mel("noises", n) for n in (80, 128)),
        log_mel("music", 80),
        Case(name, "torch", loss_gradient, signal("noises"), {}, loss_gradient_in_torch, ("mlx",)),
    ]
