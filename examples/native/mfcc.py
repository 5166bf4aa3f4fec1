"""MFCCTransform: two vowels by their coefficients."""

import numpy as np

from spectro import MFCCTransform

RATE = 16000


def vowel(formants: tuple[float, ...], pitch: float) -> np.ndarray:
    """Harmonics of `pitch` Hz, louder near the formants."""
    t = np.arange(RATE) / RATE
    harmonics = np.arange(1, int(RATE / 2 / pitch)) * pitch
    gains = sum(1 / (1 + ((harmonics - f) / 80) ** 2) for f in formants)
    return (np.sin(2 * np.pi * harmonics[:, None] * t) * gains[:, None]).sum(axis=0).astype(np.float32)


mfcc = MFCCTransform(sample_rate=RATE, n_mfcc=13, n_fft=400, hop_length=160, n_mels=40)
sounds = {
    "a, 110 Hz": vowel((730, 1090, 2440), 110),
    "a, 180 Hz": vowel((730, 1090, 2440), 180),
    "i, 110 Hz": vowel((270, 2290, 3010), 110),
}
means = {name: mfcc(x)[1:].mean(axis=1) for name, x in sounds.items()}  # without the first: loudness
print(f"coefficients {mfcc(sounds['a, 110 Hz']).shape}")
for name, values in means.items():
    print(f"{name}: distance to 'a, 110 Hz' {np.linalg.norm(values - means['a, 110 Hz']):.0f}")
