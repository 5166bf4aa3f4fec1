"""The cases, a module a namespace; each has a `cases()` that lists them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from ..case import Case
from . import (
    bad_input,
    bad_input_functional,
    examples,
    gradients,
    librosa_constantq,
    librosa_convert,
    librosa_features,
    librosa_filters,
    librosa_options,
    librosa_reconstruction,
    librosa_release_1,
    librosa_rhythm,
    librosa_spectral_options,
    librosa_spectrum,
    librosa_util,
    librosa_waveforms,
    madmom_filters,
    madmom_front_ends,
    madmom_onsets,
    madmom_processors,
    madmom_signal,
    madmom_spectra,
    madmom_spectrograms,
    madmom_tempo,
    native_cepstrum,
    native_constantq,
    native_descriptors,
    native_filtered,
    native_mel,
    native_onsets,
    native_stft,
    torch_functions,
    torch_signal,
    torchaudio_functional,
    torchaudio_kaldi,
    torchaudio_objects,
    torchaudio_transforms,
)

__all__ = ["all_cases"]

MODULES = (
    torch_functions,
    torch_signal,
    torchaudio_functional,
    torchaudio_transforms,
    librosa_convert,
    librosa_features,
    librosa_util,
    librosa_filters,
    librosa_spectrum,
    torchaudio_objects,
    torchaudio_kaldi,
    librosa_waveforms,
    librosa_constantq,
    librosa_reconstruction,
    librosa_release_1,
    librosa_rhythm,
    librosa_options,
    librosa_spectral_options,
    native_stft,
    native_mel,
    native_cepstrum,
    native_constantq,
    native_filtered,
    native_onsets,
    native_descriptors,
    madmom_signal,
    madmom_spectra,
    madmom_filters,
    madmom_spectrograms,
    madmom_onsets,
    madmom_processors,
    madmom_tempo,
    madmom_front_ends,
    gradients,
    examples,
    bad_input,
    bad_input_functional,
)


@lru_cache(maxsize=1)
def _cases() -> tuple[Case, ...]:
    cases = [case for module in MODULES for case in module.cases()]
    twice = [name for name, count in Counter(case.id for case in cases).items() if count > 1]
    if twice:
        raise ValueError(f"cases declared twice: {twice}")
    return tuple(cases)


def all_cases() -> list[Case]:
    """Return every case, in the order of declaration."""
    return list(_cases())
