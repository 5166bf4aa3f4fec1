"""Rhythm: what repeats in an onset envelope, and at which tempo."""

from __future__ import annotations

import numpy as np

from ..features.autocorrelation import frame_autocorrelations

__all__ = ["local_autocorrelation", "most_likely_lag", "tempo_prior"]


def local_autocorrelation(
    envelope: np.ndarray, window: np.ndarray, center: bool, relative: bool = False
) -> np.ndarray:
    """Return the autocorrelation about each frame of `envelope` [B, T] at lags 0 .. L - 1: float64 [B, L, N].

    `window` [L] weighs the stretch of L frames. A centred stretch has the frame in its middle, the envelope
    fading to 0 in straight lines beyond its ends, and N is T; otherwise it begins at the frame (Grosche,
    Mueller & Kurth 2010). `relative` autocorrelations are divided by their largest value.
    """
    length = len(window)
    x = envelope.astype(np.float64)
    frames = x.shape[-1]
    if center:
        x = np.pad(x, [(0, 0), (length // 2, length // 2)], mode="linear_ramp")
    count = min(frames, x.shape[-1] - length + 1)
    return frame_autocorrelations(x[:, : count + length - 1], length, 1, length, window, relative)


def tempo_prior(bpm: np.ndarray, center: float, spread: float) -> np.ndarray:
    """Return the log probability of tempos `bpm`, but for a constant: normal in octaves (Ellis 2007).

    About `center` beats a minute, with a standard deviation of `spread` octaves.
    """
    return -0.5 * ((np.log2(bpm) - np.log2(center)) / spread) ** 2


def most_likely_lag(strength: np.ndarray, log_prior: np.ndarray) -> np.ndarray:
    """Return the lag with the greatest ln(1 + 10^6 strength) + log_prior, of [..., L, N] and [L]."""
    return np.argmax(np.log1p(1e6 * strength) + log_prior[:, None], axis=-2)
