"""`torchaudio.functional`: the functions that the transforms are made of."""

from __future__ import annotations

from ... import fallback as _fallback
from ._amplitude import DB_to_amplitude, amplitude_to_DB
from ._features import compute_deltas, mu_law_decoding, mu_law_encoding, sliding_window_cmn
from ._filterbanks import create_dct, linear_fbanks, melscale_fbanks
from ._filtering import convolve, deemphasis, fftconvolve, preemphasis
from ._masking import mask_along_axis, mask_along_axis_iid
from ._phase import griffinlim, phase_vocoder, pitch_shift
from ._resampling import resample
from ._spectrogram import inverse_spectrogram, spectral_centroid, spectrogram

__all__ = [
    "DB_to_amplitude",
    "amplitude_to_DB",
    "compute_deltas",
    "convolve",
    "create_dct",
    "deemphasis",
    "fftconvolve",
    "griffinlim",
    "inverse_spectrogram",
    "linear_fbanks",
    "mask_along_axis",
    "mask_along_axis_iid",
    "melscale_fbanks",
    "mu_law_decoding",
    "mu_law_encoding",
    "phase_vocoder",
    "pitch_shift",
    "preemphasis",
    "resample",
    "sliding_window_cmn",
    "spectral_centroid",
    "spectrogram",
]

__getattr__ = _fallback.fall_through(__name__, "torchaudio.functional")
