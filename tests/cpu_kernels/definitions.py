"""What the kernels compute, written down in numpy float64 from the definitions."""

from __future__ import annotations

import numpy as np

NUMPY_PAD = {"constant": "constant", "reflect": "reflect", "edge": "edge", "wrap": "wrap"}


def frames_of(
    x: np.ndarray, n_fft: int, hop: int, left: int, right: int, mode: str, count: int | None = None
):
    """Frames [batch, count, n_fft] of the padded signal; zeros beyond it."""
    padded = np.pad(x.astype(np.float64), ((0, 0), (left, right)), mode=NUMPY_PAD[mode])
    if count is None:
        count = max(0, 1 + (padded.shape[1] - n_fft) // hop)
    missing = max(0, (count - 1) * hop + n_fft - padded.shape[1])
    padded = np.pad(padded, ((0, 0), (0, missing)))
    index = hop * np.arange(count)[:, None] + np.arange(n_fft)
    return padded[:, index]


def stft(x, window, hop, left=0, right=0, mode="constant", count=None, twosided=False):
    """Spectrum [batch, bins, frames]."""
    frames = frames_of(x, len(window), hop, left, right, mode, count) * window
    transform = np.fft.fft if twosided else np.fft.rfft
    return transform(frames, axis=-1).swapaxes(1, 2)


def overlap_add(frames: np.ndarray, hop: int, start: int, length: int) -> np.ndarray:
    """Sum of frames [batch, count, n] placed `hop` apart, samples start .. start + length - 1."""
    batch, count, n = frames.shape
    out = np.zeros((batch, max((count - 1) * hop + n, start + length)))
    for f in range(count):
        out[:, f * hop : f * hop + n] += frames[:, f]
    return out[:, start : start + length]


def istft(spectrum, window, hop, start, length, normalised=True):
    """Inverse of a one-sided spectrum [batch, bins, frames]."""
    frames = np.fft.irfft(spectrum.astype(np.complex128).swapaxes(1, 2), n=len(window), axis=-1) * window
    out = overlap_add(frames, hop, start, length)
    if not normalised:
        return out
    squares = np.broadcast_to(window**2, (1, frames.shape[1], len(window)))
    envelope = overlap_add(squares, hop, start, length)
    return np.where(envelope > 1e-11, out / np.where(envelope > 1e-11, envelope, 1), out)


def relative_rms(found: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.abs(found - truth) ** 2) / np.mean(np.abs(truth) ** 2)))
