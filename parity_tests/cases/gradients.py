"""Gradients: mx.grad of a scalar loss against torch autograd's, for batches of more than one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np

from ..case import Call, Case
from ..signals import Recipe, signal, spectrum
from .native_mel import SMALL, log_mel
from .native_stft import native_istft, native_stft
from .oracles import mel_spectrogram, torch_istft, torch_stft

__all__ = ["cases"]


def gradient(loss: Callable[[Any], Any], x: Any) -> Any:
    """Return d loss / dx for an `mx.array` or a torch tensor."""
    if isinstance(x, mx.array):
        return mx.grad(loss)(x)
    x = x.clone().requires_grad_()
    loss(x).backward()
    return x.grad


def _energy(y: Any) -> Any:
    """Sum of |y|^2, each frame and bin weighted differently by y's own square: not a quadratic form."""
    square = y.real**2 + y.imag**2 if "complex" in str(y.dtype) else y**2
    return (square + 0.1 * square**2).sum()


def _weighted_sum(y: Any) -> Any:
    return (y * y).sum()


def of_signal(forward: Call, loss: Callable[[Any], Any] = _energy) -> Call:
    """Return the call of a case: the gradient of loss(forward(x)) with respect to x."""

    def call(ns: Any, x: Any, **options: Any) -> Any:
        return gradient(lambda x: loss(forward(ns, x, **options)), x)

    return call


def of_spectrum(inverse: Call) -> Call:
    """Return the gradient with respect to the real and imaginary parts z = [2, ...] of a spectrum."""

    def call(ns: Any, parts: Any, **options: Any) -> Any:
        def loss(parts: Any) -> Any:
            if isinstance(parts, mx.array):
                z = parts[0] + mx.array(1j) * parts[1]
            else:
                z = ns.torch.complex(parts[0], parts[1])
            return _energy(inverse(ns, z, **options))

        return gradient(loss, parts)

    return call


def round_trip(stft: Call, istft: Call) -> Call:
    """Return STFT then inverse, the spectrum squared in between so that the two do not cancel."""

    def call(ns: Any, x: Any, **options: Any) -> Any:
        z = stft(ns, x, **options)
        return istft(ns, z * z, length=x.shape[-1], **options)

    return call


def _parts(recipe: Recipe) -> Recipe:
    def make() -> np.ndarray:
        z = recipe.values()
        return np.stack([z.real, z.imag])

    return Recipe(f"{recipe.name}-parts", make)


def cases() -> list[Case]:
    """Return the cases of gradients."""
    transform, kinds = "spectro.SpectralTransform", ("mlx",)
    settings: list[dict[str, Any]] = [
        {"n_fft": 64, "hop_length": 16},
        {"n_fft": 63, "hop_length": 20, "win_length": 50},
        {"n_fft": 48, "hop_length": 48, "window_fn": "hamming", "normalized": True},
    ]
    found = []
    for options in settings:
        n_fft = options["n_fft"]
        for name in ("batch", "stereo", "noise"):
            found.append(
                Case(
                    f"{transform}.stft.gradient",
                    "torch",
                    of_signal(native_stft),
                    signal(name),
                    options,
                    of_signal(torch_stft),
                    kinds,
                )
            )
            found.append(
                Case(
                    f"{transform}.round_trip.gradient",
                    "torch",
                    of_signal(round_trip(native_stft, native_istft)),
                    signal(name),
                    options,
                    of_signal(round_trip(torch_stft, torch_istft)),
                    kinds,
                )
            )
        for x, length in ((spectrum("batch", n_fft, 16), None), (spectrum("random", n_fft, 0), 100)):
            found.append(
                Case(
                    f"{transform}.istft.gradient",
                    "torch",
                    of_spectrum(native_istft),
                    _parts(x),
                    options | ({"length": length} if length else {}),
                    of_spectrum(torch_istft),
                    kinds,
                )
            )
    found += [
        Case(
            f"{transform}.stft.gradient",
            "torch",
            of_signal(native_stft),
            signal("batch"),
            settings[0] | padding,
            of_signal(torch_stft),
            kinds,
        )
        for padding in (
            {"center": False},
            {"center_pad_mode": "constant"},
            {"center_pad_mode": "constant", "center_tail_pad": "minimal"},
            {"output_layout": "bnf"},
        )
    ]
    for mode in ("clamp", "add", "log1p"):
        for name in ("batch", "noise"):
            # Filters several bins wide: d log(m) / dm = 1 / m, and a filter of one bin that happens to be
            # near 0 would compare the rounding of a single number.
            options = SMALL | {"n_mels": 10, "output_scale": "log", "log_mode": mode, "log_amin": 1e-3}
            found.append(
                Case(
                    "spectro.LogMelSpectrogramTransform.gradient",
                    "torchaudio",
                    of_signal(log_mel, _weighted_sum),
                    signal(name),
                    options,
                    of_signal(mel_spectrogram, _weighted_sum),
                    kinds,
                )
            )
    return found
