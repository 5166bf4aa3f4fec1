"""The definitions, in float64 and by brute force: what the core is compared with."""

from __future__ import annotations

import numpy as np

PADS = {"reflect": "reflect", "constant": "constant"}


def dft_matrix(n: int, bins: int) -> np.ndarray:
    """Return exp(-2 pi j k n / N) [N, bins] with the phase reduced exactly."""
    turns = np.outer(np.arange(n), np.arange(bins)) % n
    return np.exp(-2j * np.pi * turns / n)


def frames(x: np.ndarray, n: int, hop: int) -> np.ndarray:
    """Return frames [B, N, n] by a loop."""
    count = 1 + (x.shape[-1] - n) // hop
    return np.stack([x[:, i * hop : i * hop + n] for i in range(count)], axis=1)


def stft(x: np.ndarray, window: np.ndarray, hop: int, pad: int = 0, mode: str = "reflect") -> np.ndarray:
    """Return the one-sided STFT [B, F, N] of x [B, T] by the definition of the DFT."""
    n = len(window)
    padded = np.pad(x.astype(np.float64), ((0, 0), (pad, pad)), mode=mode)
    z = (frames(padded, n, hop) * window) @ dft_matrix(n, n // 2 + 1)
    return z.swapaxes(1, 2)


def hann(n: int) -> np.ndarray:
    """Return a periodic Hann window [n] from its closed form sin^2(pi k / n)."""
    return np.sin(np.pi * np.arange(n) / n) ** 2


def relative_error(got: np.ndarray, truth: np.ndarray) -> float:
    """Return the largest error over the largest true value."""
    return float(np.abs(np.asarray(got) - truth).max() / np.abs(truth).max())
