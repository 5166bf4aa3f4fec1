"""An STFT in and out of a hybrid separation network, as Demucs (Defossez 2021) has it, as torch modules."""

import sys

import numpy as np
import torch


class Spectral(torch.nn.Module):
    """Spectrum, a mask from a small network, and back to audio [B, C, T]."""

    def __init__(self, n_fft=1024, hop_length=256):
        super().__init__()
        self.n_fft, self.hop_length = n_fft, hop_length
        self.register_buffer("window", torch.hann_window(n_fft))
        self.mask = torch.nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x):
        """Return masked audio."""
        batch, channels, length = x.shape
        options = {
            "n_fft": self.n_fft,
            "hop_length": self.hop_length,
            "window": self.window,
            "normalized": True,
        }
        z = torch.stft(x.reshape(-1, length), return_complex=True, center=True, pad_mode="reflect", **options)
        z = z.view(batch, channels, *z.shape[-2:])
        masked = z * torch.sigmoid(self.mask(z.abs()))
        y = torch.istft(masked.flatten(0, 1), length=length, center=True, **options)
        return y.view(batch, channels, length)


def main():
    """Separate noise, without gradients, as one does to infer."""
    torch.manual_seed(0)
    x, weights, bias = torch.randn(2, 2, 22050), torch.randn(2, 2, 3, 3), torch.randn(2)
    if sys.argv[2:] == ["float64"]:
        torch.set_default_dtype(torch.float64)
    x = x.to(torch.get_default_dtype())
    block = Spectral()
    block.load_state_dict({"mask.weight": weights / 3, "mask.bias": bias}, strict=False)
    with torch.no_grad():
        y = block(x)
    print("separated", tuple(y.shape))
    if len(sys.argv) > 1:
        np.savez(sys.argv[1], y=y.numpy())


if __name__ == "__main__":
    main()
