"""The log-mel spectrogram that Whisper hears (Radford et al. 2022), moved by changing two imports.

    python examples/whisper_log_mel.py

`log_mel` runs as it stands with torch and torchaudio themselves; with the imports below it takes numpy arrays
and MLX arrays too, and gives the same kind back.
"""

import mlx.core as mx
import numpy as np

import spectro.compat.torch as torch  # was: import torch
from spectro.compat import torchaudio  # was: import torchaudio

SAMPLE_RATE = 16000
N_FFT = 400
HOP_LENGTH = 160


def log_mel(audio, n_mels=80):
    """Return the log-mel spectrogram [..., n_mels, N] of audio [..., T] at 16 kHz: 100 frames a second."""
    window = torch.hann_window(N_FFT)
    spectrum = torch.stft(audio, N_FFT, HOP_LENGTH, window=window, return_complex=True)
    power = abs(spectrum[..., :-1]) ** 2
    filters = torchaudio.transforms.MelScale(
        n_mels, SAMPLE_RATE, n_stft=N_FFT // 2 + 1, norm="slaney", mel_scale="slaney"
    )
    # log10 of 1e-10 or more, and at most 8 below the loudest.
    log = torchaudio.functional.amplitude_to_DB(
        filters(power), multiplier=1.0, amin=1e-10, db_multiplier=0.0, top_db=8.0
    )
    return (log + 4.0) / 4.0


def main():
    """Show that numpy and MLX agree."""
    audio = np.random.default_rng(0).standard_normal(10 * SAMPLE_RATE).astype(np.float32) / 10
    for n_mels in (80, 128):
        from_numpy, from_mlx = log_mel(audio, n_mels), log_mel(mx.array(audio), n_mels)
        difference = float(abs(np.array(from_mlx) - from_numpy).max())
        print(f"{n_mels} mels: {type(from_mlx).__name__} {from_mlx.shape}, numpy differs by {difference:.1e}")


if __name__ == "__main__":
    main()
