"""What the kernels should compute, in numpy and float64."""

import numpy as np


def hann(n):
    return np.hanning(n + 1)[:-1].astype(np.float32).astype(np.float64)


def frames(x, geometry):
    g = geometry
    padded = np.pad(x.astype(np.float64), ((0, 0), (g.left, g.right)), g.mode)
    return np.stack([padded[:, i * g.hop : i * g.hop + g.n_fft] for i in range(g.frames)], 1)


def stft(x, geometry, window, onesided=True):
    transform = np.fft.rfft if onesided else np.fft.fft
    return transform(frames(x, geometry) * window)


def overlap_add(pieces, hop, extent):
    y = np.zeros((pieces.shape[0], extent))
    for i in range(pieces.shape[1]):
        y[:, i * hop : i * hop + pieces.shape[2]] += pieces[:, i]
    return y


def istft(z, hop, window, start, length):
    n, count = window.size, z.shape[1]
    extent = max((count - 1) * hop + n, start + length)
    total = overlap_add(np.fft.irfft(z, n=n) * window, hop, extent)
    squares = overlap_add(np.broadcast_to(window**2, (1, count, n)), hop, extent)[0]
    y = total / np.where(squares > 1e-11, squares, 1.0)
    return y[:, start : start + length]


def stft_adjoint(z, geometry, window):
    """Transposed, matrix by matrix: FFT, window, framing, padding (by counting where each sample goes)."""
    g = geometry
    weights = np.full(g.bins, g.n_fft / 2.0)
    weights[[0, -1]] = g.n_fft
    y = overlap_add(np.fft.irfft(z * weights, n=g.n_fft) * window, g.hop, g.left + g.length + g.right)
    source = np.pad(np.arange(g.length), (g.left, g.right), g.mode if g.mode != "constant" else "edge")
    inside = slice(g.left, g.left + g.length) if g.mode == "constant" else slice(None)
    out = np.zeros((z.shape[0], g.length))
    for b in range(z.shape[0]):
        np.add.at(out[b], source[inside], y[b, inside])
    return out


def bank(bins, bands, seed=0):
    """Filters with supports of every kind: empty, one bin, reaching both ends, wide, with a hole."""
    rng = np.random.default_rng(seed)
    w = np.zeros((bins, bands))
    for m in range(1, bands):
        first, last = sorted(rng.integers(0, bins, 2))
        w[first : last + 1, m] = rng.random(last + 1 - first)
    w[:3, 1] = 1.0
    w[-2:, 2] = 0.5
    w[bins // 2, 3] = 2.0
    w[[1, bins - 2], 4] = 1.0
    return w


def relative(a, b):
    """Largest error, relative to the largest value."""
    return np.abs(a - b).max() / np.abs(b).max()
