"""Whisper's log-mel spectrogram, by the `audio` module of openai-whisper itself."""

import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import torch


def whisper_audio():
    """Import whisper/audio.py alone: the package around it wants its models' dependencies too."""
    folder = Path(importlib.util.find_spec("whisper").origin).parent
    package = sys.modules["whisper"] = types.ModuleType("whisper")
    package.__path__ = [str(folder)]
    return importlib.import_module("whisper.audio")


def widen(audio):
    """Have the package compute in float64: its filterbank is float32, and torch multiplies like with like."""
    torch.set_default_dtype(torch.float64)
    filters = audio.mel_filters
    audio.mel_filters = lambda *args: filters(*args).double()


def main():
    """Compute the spectrogram of a chirp."""
    audio = whisper_audio()
    if sys.argv[2:] == ["float64"]:
        widen(audio)
    t = np.arange(3 * audio.SAMPLE_RATE) / audio.SAMPLE_RATE
    noise = np.random.default_rng(0).standard_normal(t.size)
    x = (0.3 * np.sin(2 * np.pi * (200 * t + 600 * t**2)) + 0.01 * noise).astype(np.float32)
    x = torch.from_numpy(audio.pad_or_trim(x, 2 * audio.SAMPLE_RATE)).to(torch.get_default_dtype())
    mel = audio.log_mel_spectrogram(x, n_mels=80)
    print("log-mel", tuple(mel.shape))
    if len(sys.argv) > 1:
        np.savez(sys.argv[1], mel=mel.numpy())


if __name__ == "__main__":
    main()
