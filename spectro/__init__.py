"""spectro: audio spectral code on MLX with the numbers of torch, torchaudio, librosa and madmom.

The native API is here; drop-in namespaces are in `spectro.compat`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

try:
    import mlx.core  # noqa: F401 - so that its absence is explained here
except ImportError as error:
    raise ImportError(
        "spectro needs MLX with a back end for this machine: pip install 'spectro-mlx[cpu]' on Linux, "
        "'spectro-mlx[cuda]' with an NVIDIA GPU, spectro-mlx on macOS"
    ) from error

from . import _checkout  # noqa: F401 - first: other modules import spectro.kernels
from .config import Settings, config, settings
from .errors import (
    ArrayTypeError,
    BackendError,
    DowncastWarning,
    FallbackError,
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

__version__ = "0.1.0"

# Module -> the public names it holds. A module is imported when one of its names is first asked for, so that
# `import spectro` is quick whatever there is in it. __init__.pyi says the same to type checkers.
_MODULES = {
    "backends.dispatch": ("explain",),
    "filterbanks.bins": (
        "bark_rectangular_fbanks",
        "frequencies_to_bins",
        "log_frequencies",
        "log_triangular_fbanks",
        "mel_triangular_fbanks",
        "rectangular_fbanks",
    ),
    "spectrograms.cepstrum": (
        "MFCCTransform",
        "dct_matrix",
        "mfcc",
    ),
    "features.chroma": ("chroma_stft",),
    "framing.chunks": ("waveform_overlap_add",),
    "compiled.cache": ("RepeatedShapeCompileCache",),
    "constantq": (
        "HybridCQTTransform",
        "cqt",
        "hybrid_cqt",
        "icqt",
        "pseudo_cqt",
        "vqt",
    ),
    "features.descriptors": (
        "spectral_bandwidth",
        "spectral_centroid",
        "spectral_contrast",
        "spectral_rolloff",
    ),
    "onsets.detection": (
        "diff_frames_from_hann",
        "high_frequency_content_odf",
        "modified_kullback_leibler_odf",
        "positive_spectral_diff",
        "spectral_diff_odf",
        "spectral_flux_odf",
        "superflux_odf",
    ),
    "diagnostics": (
        "get_cache_debug_stats",
        "reset_cache_debug_stats",
        "spec_mlx_device_key",
    ),
    "features.several": (
        "SpectralFeatureTransform",
        "spectral_features",
    ),
    "filterbanks.mel": (
        "librosa_mel_fbanks",
        "melscale_fbanks",
    ),
    "spectrograms.filtered": (
        "FilteredSpectrogramTransform",
        "filtered_spectrogram",
    ),
    "onsets.fps": (
        "OnsetMethod",
        "filtered_spectrogram_at_fps",
        "onset_detection_function",
        "stft_at_fps",
    ),
    "framing.rates": (
        "FrameOrigin",
        "FramingEnd",
        "frame_origin_from_mode",
        "frame_starts",
        "frame_starts_from_fps",
        "hop_size_from_fps",
        "num_frames_for_hop",
    ),
    "spectrograms.mel": (
        "LogMelSpectrogramTransform",
        "MelSpectrogramTransform",
    ),
    "onsets.strength": (
        "onset_strength",
        "onset_strength_multi",
    ),
    "onsets.phase_detection": (
        "complex_domain_odf",
        "complex_flux_odf",
        "local_group_delay",
        "normalized_weighted_phase_deviation",
        "phase_deviation",
        "rectified_complex_domain_odf",
        "weighted_phase_deviation",
    ),
    "spectrum.plan": ("resolve_fft_params",),
    "spectrum.scales": ("amplitude_to_db",),
    "spectrum.transform": (
        "SpectralTransform",
        "get_transform_mlx",
    ),
    "typing": (
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
    ),
    "features.waveform": (
        "rms",
        "zero_crossing_rate",
    ),
    "framing.windows": ("make_window",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "ArrayTypeError",
    "BackendError",
    "DowncastWarning",
    "FallbackError",
    "FallbackWarning",
    "GradientError",
    "LibraryAttributeError",
    "LibraryImportError",
    "MissingLibraryError",
    "NolaError",
    "NolaWarning",
    "ParameterError",
    "Settings",
    "SpectroError",
    "config",
    "settings",
    *_MODULE_OF,
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})
