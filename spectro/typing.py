"""Typing aliases for the string options of the native API, and for arrays.

An array argument is a `numpy.ndarray`, an `mlx.core.array` or a `torch.Tensor`;
what goes in comes out, so a function that takes `Array` returns the same kind.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import mlx.core as mx
import numpy as np

__all__ = [
    "Array",
    "CenterPadMode",
    "CenterTailPad",
    "FilteredOutputScale",
    "ISTFTBackendPolicy",
    "LogMelMode",
    "MelMode",
    "MelNorm",
    "MelOutputScale",
    "MelScale",
    "STFTOutputLayout",
    "WindowLike",
]

Array: TypeAlias = Any
ISTFTBackendPolicy: TypeAlias = Literal["auto", "mlx_fft", "metal", "torch_fallback"]
STFTOutputLayout: TypeAlias = Literal["bfn", "bnf"]
CenterPadMode: TypeAlias = Literal["reflect", "constant"]
CenterTailPad: TypeAlias = Literal["symmetric", "minimal"]
FilteredOutputScale: TypeAlias = Literal["linear", "log", "db", "log10_plus_one"]
MelScale: TypeAlias = Literal["htk", "slaney"]
MelNorm: TypeAlias = Literal["slaney"] | None
MelMode: TypeAlias = Literal["mlx_native", "torchaudio_compat", "default"]
MelOutputScale: TypeAlias = Literal["linear", "log", "db"]
LogMelMode: TypeAlias = Literal["clamp", "add", "log1p"]
WindowLike: TypeAlias = mx.array | np.ndarray | None
