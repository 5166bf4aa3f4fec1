"""HybridCQTTransform: a C major scale lies on a line of bins."""

import mlx.core as mx
import numpy as np

from spectro import HybridCQTTransform

RATE = 22050
t = np.arange(RATE // 2) / RATE
scale = [0, 2, 4, 5, 7, 9, 11, 12]
melody = np.concatenate([np.sin(2 * np.pi * 261.6256 * 2 ** (s / 12) * t) for s in scale]).astype(np.float32)

cqt = HybridCQTTransform(sr=RATE, hop_length=512)
magnitude = cqt(melody)  # [84, N], from C1 up in semitones
peaks = magnitude.argmax(axis=0)
middle = (np.arange(8) + 0.5) * 0.5 * RATE / 512
print(f"{magnitude.shape}: bins above C4:", *(int(peaks[round(m)]) - 36 for m in middle))

batch = mx.array(np.stack([melody, melody[::-1]]))
lazy = cqt.get_compiled()(batch)  # the rates are halved by array operations then, not by soxr
error = np.abs(np.array(lazy[0]) - magnitude).max() / magnitude.max()
print(f"compiled {lazy.shape}, off by less than 1e-5 of the peak: {bool(error < 1e-5)}")
