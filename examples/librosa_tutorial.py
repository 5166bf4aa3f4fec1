"""The usual tour of librosa: mel spectrogram, chroma, onsets, beat-synchronous features and their plots.

    python examples/librosa_tutorial.py song.wav [figure.png]

It runs as it stands with librosa itself: change the one import.
"""

import sys

import numpy as np

from spectro.compat import librosa  # was: import librosa


def features(y, sr):
    """Return what each frame of audio [n] is like: dB mel spectrogram, MFCCs, chroma and onset strength."""
    mel = librosa.feature.melspectrogram(y=y, sr=sr, n_mels=64)
    decibels = librosa.power_to_db(mel, ref=np.max)
    return {
        "mel": decibels,
        "mfcc": librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=13),
        "chroma": librosa.feature.chroma_stft(y=y, sr=sr),
        "onset": librosa.onset.onset_strength(S=decibels, sr=sr),
    }


def beat_synchronous(found, beats):
    """Return timbre and harmony between beats: mean MFCCs and their trend, and the median chroma."""
    trend = librosa.feature.delta(found["mfcc"])
    timbre = librosa.util.sync(np.vstack([found["mfcc"], trend]), beats)
    harmony = librosa.util.sync(found["chroma"], beats, aggregate=np.median)
    return np.vstack([timbre, harmony])


def plot(found, sr, onsets, beats, path):
    """Draw the spectrogram, the chroma, and the onset strength with its onsets and beats."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    times = librosa.times_like(found["onset"], sr=sr)
    end = float(times[-1])
    figure, axes = plt.subplots(3, 1, sharex=True, figsize=(9, 7), layout="constrained")
    image = axes[0].imshow(found["mel"], origin="lower", aspect="auto", extent=(0, end, 0, len(found["mel"])))
    figure.colorbar(image, ax=axes[0], label="dB")
    axes[0].set(ylabel="mel band", title="Mel spectrogram")
    axes[1].imshow(found["chroma"], origin="lower", aspect="auto", extent=(0, end, 0, 12))
    names = librosa.midi_to_note(np.arange(60, 72), octave=False, unicode=False)
    axes[1].set(ylabel="pitch class", title="Chroma", yticks=np.arange(12) + 0.5, yticklabels=names)
    axes[2].plot(times, found["onset"], color="0.4")
    axes[2].vlines(times[onsets], 0, found["onset"].max(), color="C1", alpha=0.6, label="onsets")
    axes[2].vlines(times[beats], 0, found["onset"].max(), color="C0", linestyle="--", label="beats")
    axes[2].set(xlabel="time (s)", title="Onset strength")
    axes[2].legend(loc="upper right")
    figure.savefig(path)


def main(song, path="tutorial.png"):
    """Describe a song and draw it."""
    y, sr = librosa.load(song)
    found = features(y, sr)
    onsets = librosa.onset.onset_detect(onset_envelope=found["onset"], sr=sr)
    tempo, beats = librosa.beat.beat_track(onset_envelope=found["onset"], sr=sr)
    print(f"{len(y) / sr:.1f} s, {float(np.squeeze(tempo)):.0f} beats a minute, {len(onsets)} onsets")
    print("features between beats:", beat_synchronous(found, beats).shape)
    plot(found, sr, onsets, beats, path)


if __name__ == "__main__":
    main(*sys.argv[1:])
