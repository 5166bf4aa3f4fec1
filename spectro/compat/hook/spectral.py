"""Which modules of the references hold spectral code: what is not mirrored there is worth a word.

Loading files, playing sounds or naming notes is nobody's concern here.
"""

from __future__ import annotations

__all__ = ["is_spectral"]

_MODULES = (
    "torchaudio.functional.",
    "torchaudio.transforms.",
    "librosa.core.spectrum.",
    "librosa.core.constantq.",
    "librosa.core.harmonic.",
    "librosa.core.pitch.",
    "librosa.feature.",
    "librosa.onset.",
    "librosa.decompose.",
    "librosa.effects.",
    "librosa.filters.",
    "madmom.audio.stft.",
    "madmom.audio.spectrogram.",
    "madmom.audio.filters.",
    "madmom.audio.cepstrogram.",
    "madmom.audio.chroma.",
    "madmom.features.onsets.",
)


def is_spectral(module: str) -> bool:
    """Return whether a module, or a package that contains it, is in the list."""
    return f"{module}.".startswith(_MODULES)
