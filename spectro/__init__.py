"""spectro: audio spectral code on MLX with the numbers of torch, torchaudio, librosa and madmom.

The native API is here; drop-in namespaces are in `spectro.compat`.
"""

from __future__ import annotations

from pathlib import Path

from .backends.dispatch import explain
from .cepstrum import MFCCTransform, dct_matrix, mfcc
from .chroma import chroma_stft
from .compiling import RepeatedShapeCompileCache
from .config import Settings, config, settings
from .descriptors import spectral_bandwidth, spectral_centroid, spectral_contrast, spectral_rolloff
from .diagnostics import get_cache_debug_stats, reset_cache_debug_stats, spec_mlx_device_key
from .errors import (
    ArrayTypeError,
    BackendError,
    DowncastWarning,
    FallbackWarning,
    GradientError,
    MissingLibraryError,
    NolaError,
    NolaWarning,
    ParameterError,
    SpectroError,
)
from .features import SpectralFeatureTransform, spectral_features
from .filterbanks import melscale_fbanks
from .mel import LogMelSpectrogramTransform, MelSpectrogramTransform
from .onsets import onset_strength, onset_strength_multi
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
from .waveform import rms, zero_crossing_rate
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
    "RepeatedShapeCompileCache",
    "STFTOutputLayout",
    "Settings",
    "SpectralFeatureTransform",
    "SpectralTransform",
    "SpectroError",
    "WindowLike",
    "amplitude_to_db",
    "chroma_stft",
    "config",
    "dct_matrix",
    "explain",
    "get_cache_debug_stats",
    "get_transform_mlx",
    "make_window",
    "melscale_fbanks",
    "mfcc",
    "onset_strength",
    "onset_strength_multi",
    "reset_cache_debug_stats",
    "resolve_fft_params",
    "rms",
    "settings",
    "spec_mlx_device_key",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_features",
    "spectral_rolloff",
    "zero_crossing_rate",
]
