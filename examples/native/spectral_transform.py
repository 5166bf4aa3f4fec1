"""SpectralTransform: there, change something, and back. Removes a 50 Hz hum from a chord."""

import mlx.core as mx
import numpy as np

from spectro import SpectralTransform

RATE = 16000
t = np.arange(2 * RATE) / RATE
chord = sum(np.sin(2 * np.pi * f * t) for f in (262, 330, 392)) / 3
noisy = mx.array((chord + 0.5 * np.sin(2 * np.pi * 50 * t)).astype(np.float32))

transform = SpectralTransform(n_fft=2048, hop_length=512, window_fn="hann")
z = transform.stft(noisy)  # [1, F, N], lazy
same = transform.istft(z, length=t.size)
print(f"spectrum {z.shape}, reconstruction off by {float(mx.abs(same - noisy).max()):.0e}")

frequencies = mx.arange(z.shape[1]) * (RATE / 2048)
quiet = transform.istft(mx.where((frequencies > 100)[None, :, None], z, 0), length=t.size)
before = 20 * np.log10(np.std(np.array(noisy) - chord) / np.std(chord))
after = 20 * np.log10(np.std(np.array(quiet)[0] - chord) / np.std(chord))
print(f"hum: {before:.0f} dB before, {after:.0f} dB after")

# A gradient goes through both directions.
loss = mx.grad(lambda x: mx.square(transform.istft(transform.stft(x), length=t.size)).sum())
print(f"gradient of the energy is 2 x: {bool(mx.allclose(loss(noisy), 2 * noisy, atol=1e-4))}")
