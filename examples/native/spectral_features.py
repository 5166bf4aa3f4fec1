"""SpectralFeatureTransform: six descriptors from one STFT tell a tone, a chord and noise apart."""

import numpy as np

from spectro import SpectralFeatureTransform, onset_strength

RATE = 22050
t = np.arange(2 * RATE) / RATE
sounds = {
    "tone": np.sin(2 * np.pi * 440 * t),
    "chord": sum(np.sin(2 * np.pi * f * t) for f in (262, 330, 392, 1046)),
    "noise": np.random.default_rng(0).standard_normal(t.size),
}
features = SpectralFeatureTransform(sample_rate=RATE, n_mfcc=13)
print(f"{'':6s} centroid bandwidth rolloff contrast  classes")
for name, x in sounds.items():
    found = {key: value[:, 10:-10].mean(axis=1) for key, value in features(x).items()}
    centroid, bandwidth, rolloff = (
        found[f"spectral_{key}"][0] for key in ("centroid", "bandwidth", "rolloff")
    )
    contrast = found["spectral_contrast"].mean()
    classes = np.flatnonzero(found["chroma_stft"] > 0.3).tolist()
    print(f"{name:6s} {centroid:8.0f} {bandwidth:9.0f} {rolloff:7.0f} {contrast:8.1f}  {classes}")

clicks = np.zeros(2 * RATE)
clicks[[11025, 22050, 33075]] = 1.0
strength = onset_strength(clicks, sample_rate=RATE)
peaks = np.flatnonzero((strength[1:-1] > strength[:-2]) & (strength[1:-1] >= strength[2:])) + 1
peaks = peaks[strength[peaks] > 0.5 * strength.max()]
print("clicks at", *(f"{frame * 512 / RATE:.1f}" for frame in peaks), "s")
