"""Warnings name the line of the user's code, however deep inside they are given."""

from __future__ import annotations

import sys
import warnings

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.callers import user_frame
from spectro.compat import librosa, torch, torchaudio
from spectro.compat.torch import _checks

NOISE = np.random.default_rng(0).standard_normal(4000).astype(np.float32)
SPECTRUM = np.abs(np.random.default_rng(1).standard_normal((1025, 9))).astype(np.float32)
GAPS = spectro.SpectralTransform(n_fft=64, hop_length=64, window_fn="hann", center=False)

# The call stands on the line of the lambda: one line each.
CALLS = {
    "a function": lambda: librosa.power_to_db(SPECTRUM * 1j),
    "a function of a function": lambda: librosa.feature.melspectrogram(y=NOISE, n_fft=256, n_mels=200),
    "a function on an MLX array": lambda: librosa.amplitude_to_db(mx.array(SPECTRUM * 1j)),
    "a function behind map": lambda: list(map(librosa.power_to_db, [SPECTRUM * 1j])),
    "a function that warns once": lambda: torch.stft(NOISE, 64, return_complex=True),
    "a table": lambda: spectro.melscale_fbanks(65, 0.0, 8000.0, 200, 16000),
    "a constructor": lambda: torchaudio.transforms.MelSpectrogram(n_fft=256, n_mels=200),
    "an object that is called": lambda: torchaudio.transforms.TimeStretch(fixed_rate=1.5, n_freq=1025)(
        SPECTRUM
    ),
    "a deprecated name": lambda: torchaudio.transforms.Spectrogram(return_complex=True),
    "a method": lambda: GAPS.istft(mx.ones((33, 9), mx.complex64), length=400),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_line_of_the_call(name, monkeypatch):
    monkeypatch.setattr(_checks, "_warned", set())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CALLS[name]()
    line = CALLS[name].__code__.co_firstlineno
    assert caught
    assert {(warning.filename, warning.lineno) for warning in caught} == {(__file__, line)}


def test_what_stands_between_is_passed_over():
    """Code of a reference, of spectro and of Python's own plumbing."""
    names = ("torch.nn.modules.module", "spectro.somewhere", "importlib", "librosa")
    call = user_frame
    for name in names:
        layer = {"__name__": name, "call": call}
        exec("def through():\n    return call()", layer)
        call = layer["through"]
    frame = call()
    assert frame is sys._getframe()
