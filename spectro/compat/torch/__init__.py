"""`torch`'s spectral functions, for numpy, torch and mlx arrays.

Mirrored are `stft`, `istft`, the window functions and `signal.windows`, as in
torch 2.13; `manual_seed` seeds the random draws of the namespaces, with torch
or without; every other name is torch's own.

Examples
--------
>>> import numpy as np
>>> import spectro.compat.torch as torch
>>> audio = np.zeros((2, 16000), np.float32)
>>> torch.stft(audio, 400, 160, window=torch.hann_window(400), return_complex=True).shape
(2, 201, 101)
"""

from __future__ import annotations

from .. import fallback as _fallback
from . import signal
from ._istft import istft
from ._random import manual_seed
from ._stft import stft
from ._windows import bartlett_window, blackman_window, hamming_window, hann_window, kaiser_window

__all__ = [
    "bartlett_window",
    "blackman_window",
    "hamming_window",
    "hann_window",
    "istft",
    "kaiser_window",
    "manual_seed",
    "signal",
    "stft",
]

__getattr__ = _fallback.fall_through(__name__, "torch")
