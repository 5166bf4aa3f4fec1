"""A multi-resolution STFT loss (Yamamoto, Song & Kim 2020) with gradients, moved by changing two imports.

    python examples/stft_loss.py

`stft_loss` runs as it stands with torch and torchaudio themselves, and torch tensors that require grad still
get their gradient from torch. With the imports below it takes MLX arrays too, for `mx.grad`.
"""

import mlx.core as mx
import numpy as np

import spectro.compat.torch as torch  # was: import torch
from spectro.compat import torchaudio  # was: import torchaudio

RESOLUTIONS = ((512, 128), (1024, 256), (256, 64))  # n_fft, hop_length


def magnitude(x, n_fft, hop_length):
    """Return magnitudes [B, F, N] of audio [B, T], above 0 so that they have a gradient."""
    window = torch.hann_window(n_fft)
    z = torch.stft(x, n_fft, hop_length, window=window, return_complex=True)
    return (z.real**2 + z.imag**2 + 1e-7) ** 0.5


def stft_loss(estimate, target, resolutions=RESOLUTIONS):
    """Return the spectral convergence plus the mean distance in nepers, averaged over the resolutions."""
    total = 0.0
    for n_fft, hop_length in resolutions:
        a, b = magnitude(estimate, n_fft, hop_length), magnitude(target, n_fft, hop_length)
        convergence = (((b - a) ** 2).sum() / (b**2).sum()) ** 0.5
        decibels = torchaudio.functional.amplitude_to_DB
        distance = abs(decibels(a, 20.0, 1e-7, 0.0) - decibels(b, 20.0, 1e-7, 0.0)).mean() / 8.685889638065037
        total = total + convergence + distance
    return total / len(resolutions)


def main():
    """Take noise towards a chord by gradient descent on MLX."""
    t = np.arange(8000) / 16000
    target = mx.array(sum(np.sin(2 * np.pi * f * t) for f in (220, 277, 330))[None].astype(np.float32) / 4)
    estimate = mx.array(np.random.default_rng(0).standard_normal((1, 8000)).astype(np.float32) / 10)
    step = mx.value_and_grad(lambda x: stft_loss(x, target))
    for i in range(61):
        loss, gradient = step(estimate)
        if i % 20 == 0:
            print(f"step {i:2d}: loss {float(loss):.3f}")
        estimate = estimate - 0.1 * 0.97**i * gradient / mx.abs(gradient).max()


if __name__ == "__main__":
    main()
