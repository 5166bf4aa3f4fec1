"""Which modules of the references hold spectral code: what is not mirrored there is worth a word.

Loading files, playing sounds or naming notes is nobody's concern here.
"""

from __future__ import annotations

__all__ = ["is_spectral"]

_MODULES = (
    "torchaudio.functional.functional.",
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


# What stands there and is of samples or labels.
_ASIDE = frozenset(
    {
        *("AddNoise", "Convolve", "FFTConvolve", "Fade", "Loudness", "RNNTLoss", "RnntLoss", "Speed"),
        *("SpeedPerturbation", "Vad", "Vol", "add_noise", "edit_distance", "frechet_distance", "loudness"),
        *("remix", "rnnt_loss", "speed"),
    }
)


def is_spectral(module: str, name: str = "") -> bool:
    """Return whether a module, or a package that contains it, is in the list, and a name of it too."""
    return f"{module}.".startswith(_MODULES) and name not in _ASIDE
