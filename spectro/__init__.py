"""spectro: audio spectral code on MLX with the numbers of torch, torchaudio, librosa and madmom.

The native API is here; drop-in namespaces are in `spectro.compat`.
"""

from __future__ import annotations

from pathlib import Path

try:
    import mlx.core  # noqa: F401 - so that its absence is explained here
except ImportError as error:
    raise ImportError(
        "spectro needs MLX with a back end for this machine: pip install 'spectro-mlx[cpu]' on Linux, "
        "'spectro-mlx[cuda]' with an NVIDIA GPU, spectro-mlx on macOS"
    ) from error

from .backends.dispatch import explain
from .cepstrum import MFCCTransform, dct_matrix, mfcc
from .config import Settings, config, settings
from .errors import (
    ArrayTypeError,
    BackendError,
    DowncastWarning,
    FallbackWarning,
    GradientError,
    LibraryAttributeError,
    LibraryImportError,
    MissingLibraryError,
    NolaError,
    NolaWarning,
    ParameterError,
    SpectroError,
)
from .filterbanks import melscale_fbanks
from .mel import LogMelSpectrogramTransform, MelSpectrogramTransform
from .plan import resolve_fft_params
from .scales import amplitude_to_db
from .spectrum import SpectralTransform, get_transform_mlx
from .typing import (
    CenterPadMode,
    CenterTailPad,
    FilteredOutputScale,
    ISTFTBackendPolicy,
    LogMelMode,
    MelMode,
    MelNorm,
    MelOutputScale,
    MelScale,
    STFTOutputLayout,
    WindowLike,
)
from .windows import make_window

__version__ = "0.1.0"

# In a checkout `kernels` and `parity_tests` stand beside this folder; in a wheel they are inside it.
_root = Path(__file__).resolve().parent.parent
if (_root / "pyproject.toml").is_file() and (_root / "parity_tests").is_dir():
    __path__.append(str(_root))

__all__ = [
    "ArrayTypeError",
    "BackendError",
    "CenterPadMode",
    "CenterTailPad",
    "DowncastWarning",
    "FallbackWarning",
    "FilteredOutputScale",
    "GradientError",
    "ISTFTBackendPolicy",
    "LibraryAttributeError",
    "LibraryImportError",
    "LogMelMode",
    "LogMelSpectrogramTransform",
    "MFCCTransform",
    "MelMode",
    "MelNorm",
    "MelOutputScale",
    "MelScale",
    "MelSpectrogramTransform",
    "MissingLibraryError",
    "NolaError",
    "NolaWarning",
    "ParameterError",
    "STFTOutputLayout",
    "Settings",
    "SpectralTransform",
    "SpectroError",
    "WindowLike",
    "amplitude_to_db",
    "config",
    "dct_matrix",
    "explain",
    "get_transform_mlx",
    "make_window",
    "melscale_fbanks",
    "mfcc",
    "resolve_fft_params",
    "settings",
]
