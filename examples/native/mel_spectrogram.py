"""MelSpectrogramTransform: a sweep climbs through the mel bands."""

import numpy as np

from spectro import MelSpectrogramTransform

RATE = 24000
t = np.arange(4 * RATE) / RATE
sweep = np.sin(2 * np.pi * 200 * 8 * ((20 ** (t / 4)) - 1) / np.log(20) / 2).astype(np.float32)

mel = MelSpectrogramTransform(sample_rate=RATE, n_fft=2048, hop_length=240, n_mels=64, norm="slaney")
db = mel(sweep)[0]  # [n_mels, N]; a single signal is a batch of one here
print(f"{db.shape[0]} bands, {db.shape[1]} frames, from {db.min():.0f} to {db.max():.0f} dB")
loudest = db.argmax(axis=0)
print("loudest band each half second:", *loudest[25::50])
power = mel(sweep, output_scale="linear")
print(f"80 dB range: quietest {10 * np.log10(power.max()) - 80:.1f} dB")
