"""FilteredSpectrogramTransform: a bank of semitones, and the note in every frame."""

import numpy as np

from spectro import FilteredSpectrogramTransform, log_triangular_fbanks

RATE, SIZE = 44100, 8192
NAMES = ("A", "A#", "B", "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#")
semitones = (0, 3, 7, 12)  # A minor, from A4
t = np.arange(RATE // 2) / RATE
melody = np.concatenate([np.sin(2 * np.pi * 440 * 2 ** (s / 12) * t) for s in semitones])

bank = log_triangular_fbanks(
    SIZE // 2, RATE, 12, f_min=220.0, f_max=4000.0, norm_filters=False, unique_bins=False
)
transform = FilteredSpectrogramTransform(
    bank, sample_rate=RATE, n_fft=SIZE, hop_length=4410, output_scale="log10_plus_one",
    center_pad_mode="constant", center_tail_pad="minimal",
)  # fmt: skip
notes = transform(melody)  # [n_bands, N] in float64, as the audio
peaks = np.array(bank).argmax(axis=0) * RATE / SIZE  # Hz
names = [NAMES[round(12 * np.log2(f / 440)) % 12] for f in peaks]
print(f"{notes.shape[0]} bands x {notes.shape[1]} frames at 10 frames per second")
print("notes:", *(names[band] for band in notes.argmax(axis=0)[2::5]))
