"""spectro: audio spectral code on MLX with the numbers of torch, torchaudio, librosa and madmom.

The native API is here; drop-in namespaces are in `spectro.compat`.
"""

from __future__ import annotations

try:
    import mlx.core  # noqa: F401 - so that its absence is explained here
except ImportError as error:
    raise ImportError(
        "spectro needs MLX with a back end for this machine: pip install 'spectro-mlx[cpu]' on Linux, "
        "'spectro-mlx[cuda]' with an NVIDIA GPU, spectro-mlx on macOS"
    ) from error

from . import _checkout  # first: the others import spectro.kernels
from .backends.dispatch import explain
from .bin_filterbanks import (
    bark_rectangular_fbanks,
    frequencies_to_bins,
    log_frequencies,
    log_triangular_fbanks,
    mel_triangular_fbanks,
    rectangular_fbanks,
)
from .cepstrum import MFCCTransform, dct_matrix, mfcc
from .chroma import chroma_stft
from .chunks import waveform_overlap_add
from .compiling import RepeatedShapeCompileCache
from .config import Settings, config, settings
from .constantq import HybridCQTTransform, cqt, hybrid_cqt, icqt, pseudo_cqt, vqt
from .descriptors import spectral_bandwidth, spectral_centroid, spectral_contrast, spectral_rolloff
from .detection import (
    diff_frames_from_hann,
    high_frequency_content_odf,
    modified_kullback_leibler_odf,
    positive_spectral_diff,
    spectral_diff_odf,
    spectral_flux_odf,
    superflux_odf,
)
from .diagnostics import get_cache_debug_stats, reset_cache_debug_stats, spec_mlx_device_key
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
from .features import SpectralFeatureTransform, spectral_features
from .filterbanks import librosa_mel_fbanks, melscale_fbanks
from .filtered import FilteredSpectrogramTransform, filtered_spectrogram
from .fps import OnsetMethod, filtered_spectrogram_at_fps, onset_detection_function, stft_at_fps
from .framing import (
    FrameOrigin,
    FramingEnd,
    frame_origin_from_mode,
    frame_starts,
    frame_starts_from_fps,
    hop_size_from_fps,
    num_frames_for_hop,
)
from .mel import LogMelSpectrogramTransform, MelSpectrogramTransform
from .onsets import onset_strength, onset_strength_multi
from .phase_detection import (
    complex_domain_odf,
    complex_flux_odf,
    local_group_delay,
    normalized_weighted_phase_deviation,
    phase_deviation,
    rectified_complex_domain_odf,
    weighted_phase_deviation,
)
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

__all__ = [
    "ArrayTypeError",
    "BackendError",
    "CenterPadMode",
    "CenterTailPad",
    "DowncastWarning",
    "FallbackWarning",
    "FilteredOutputScale",
    "FilteredSpectrogramTransform",
    "FrameOrigin",
    "FramingEnd",
    "GradientError",
    "HybridCQTTransform",
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
    "OnsetMethod",
    "ParameterError",
    "RepeatedShapeCompileCache",
    "STFTOutputLayout",
    "Settings",
    "SpectralFeatureTransform",
    "SpectralTransform",
    "SpectroError",
    "WindowLike",
    "amplitude_to_db",
    "bark_rectangular_fbanks",
    "chroma_stft",
    "complex_domain_odf",
    "complex_flux_odf",
    "config",
    "cqt",
    "dct_matrix",
    "diff_frames_from_hann",
    "explain",
    "filtered_spectrogram",
    "filtered_spectrogram_at_fps",
    "frame_origin_from_mode",
    "frame_starts",
    "frame_starts_from_fps",
    "frequencies_to_bins",
    "get_cache_debug_stats",
    "get_transform_mlx",
    "high_frequency_content_odf",
    "hop_size_from_fps",
    "hybrid_cqt",
    "icqt",
    "librosa_mel_fbanks",
    "local_group_delay",
    "log_frequencies",
    "log_triangular_fbanks",
    "make_window",
    "mel_triangular_fbanks",
    "melscale_fbanks",
    "mfcc",
    "modified_kullback_leibler_odf",
    "normalized_weighted_phase_deviation",
    "num_frames_for_hop",
    "onset_detection_function",
    "onset_strength",
    "onset_strength_multi",
    "phase_deviation",
    "positive_spectral_diff",
    "pseudo_cqt",
    "rectangular_fbanks",
    "rectified_complex_domain_odf",
    "reset_cache_debug_stats",
    "resolve_fft_params",
    "rms",
    "settings",
    "spec_mlx_device_key",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_diff_odf",
    "spectral_features",
    "spectral_flux_odf",
    "spectral_rolloff",
    "stft_at_fps",
    "superflux_odf",
    "vqt",
    "waveform_overlap_add",
    "weighted_phase_deviation",
    "zero_crossing_rate",
]

del _checkout
