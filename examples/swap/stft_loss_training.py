"""A multi-resolution STFT loss with backward: the estimate requires grad, the target does not."""

import sys

import numpy as np
import torch


def loss(estimate, target):
    """Return the spectral convergence (Arik et al. 2018), the mean of three resolutions."""
    total = 0.0
    for n_fft, hop in ((512, 128), (1024, 256), (256, 64)):
        options = {"hop_length": hop, "window": torch.hann_window(n_fft), "return_complex": True}
        theirs = torch.stft(target, n_fft, **options).abs()
        ours = torch.stft(estimate, n_fft, **options).abs()
        total = total + torch.linalg.norm(ours - theirs) / torch.linalg.norm(theirs)
    return total / 3


def main():
    """Take three steps from noise towards a tone."""
    torch.manual_seed(0)
    target = torch.sin(2 * torch.pi * 440 * torch.arange(8000) / 16000)
    estimate = torch.randn(8000) / 10
    if sys.argv[2:] == ["float64"]:
        torch.set_default_dtype(torch.float64)
        target, estimate = target.double(), estimate.double()
    optimizer = torch.optim.SGD([estimate.requires_grad_()], lr=1.0)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        value = loss(estimate, target)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    print("losses", [round(value, 4) for value in losses])
    if len(sys.argv) > 1:
        np.savez(sys.argv[1], losses=torch.tensor(losses).numpy(), gradient=estimate.grad.numpy())


if __name__ == "__main__":
    main()
