"""What tutorials of librosa do: a spectrum, mel bands in dB, MFCCs, chroma and onset strength."""

import sys

import librosa
import numpy as np


def main():
    """Compute them for a melody."""
    sr = 22050
    t = np.arange(sr // 2) / sr
    notes = [librosa.note_to_hz(note) for note in ("A3", "C4", "E4", "A4")]
    y = np.concatenate([np.sin(2 * np.pi * f * t) * np.exp(-6 * t) for f in notes]).astype(np.float32)
    y = y.astype(sys.argv[2] if len(sys.argv) > 2 else np.float32)
    found = {
        "stft": librosa.stft(y),
        "mel_db": librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=sr), ref=np.max),
        "mfcc": librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13),
        "chroma": librosa.feature.chroma_stft(y=y, sr=sr, tuning=0.0),
        "centroid": librosa.feature.spectral_centroid(y=y, sr=sr),
        "onsets": librosa.onset.onset_strength(y=y, sr=sr),
    }
    for name, values in found.items():
        print(name, values.shape)
    if len(sys.argv) > 1:
        np.savez(sys.argv[1], **found)


if __name__ == "__main__":
    main()
