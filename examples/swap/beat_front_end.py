"""The log-mel front end of the beat tracker Beat This! (Foscarin et al. 2024), as a torch module."""

import sys

import numpy as np
import torch
import torchaudio


class LogMel(torch.nn.Module):
    """Log-mel spectrogram [N, 128] of audio [T] at 22050 Hz, 50 frames a second."""

    def __init__(self):
        super().__init__()
        self.mel = torchaudio.transforms.MelSpectrogram(
            22050,
            n_fft=1024,
            hop_length=441,
            f_min=30,
            f_max=11000,
            n_mels=128,
            mel_scale="slaney",
            normalized="frame_length",
            power=1,
        )

    def forward(self, x):
        """Return the features."""
        return torch.log1p(1000 * self.mel(x)).T


def main():
    """Compute the features of clicks at 120 beats a minute."""
    t = np.arange(4 * 22050) / 22050
    noise = np.random.default_rng(0).standard_normal(t.size)
    x = (np.sin(2 * np.pi * 880 * t) * np.exp(-40 * (t % 0.5)) + 0.01 * noise).astype(np.float32)
    if sys.argv[2:] == ["float64"]:
        torch.set_default_dtype(torch.float64)
    features = LogMel()(torch.from_numpy(x).to(torch.get_default_dtype()))
    print("log-mel", tuple(features.shape))
    if len(sys.argv) > 1:
        np.savez(sys.argv[1], features=features.numpy())


if __name__ == "__main__":
    main()
