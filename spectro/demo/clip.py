"""A short piece of music, synthesised: four chords, a drum kit and a voice that sings vowels.

Everything is a sum or product of a few signals over one time axis, and the same on
every run. The harmony is A minor, F, C, G at 120 beats a minute, one bar of four
beats each.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

__all__ = ["BEAT", "CHORDS", "DURATION", "clip", "hz"]

BEAT = 0.5  # seconds
BARS = 4
DURATION = BARS * 4 * BEAT  # seconds
# MIDI notes of each bar: a bass note, then the chord.
CHORDS = ((45, 57, 60, 64), (41, 57, 60, 65), (48, 55, 60, 64), (43, 55, 59, 62))
# (beat, length in beats, MIDI note, vowel)
MELODY = (
    (0.0, 2.0, 69, "ah"),
    (2.0, 1.0, 72, "oh"),
    (3.0, 1.0, 71, "ah"),
    (4.0, 3.0, 69, "ee"),
    (7.0, 1.0, 67, "oh"),
    (8.0, 2.0, 67, "ah"),
    (10.0, 2.0, 64, "ee"),
    (12.0, 3.5, 62, "oh"),
)
# Centre and width of a vowel's first formants, Hz (after Peterson & Barney 1952).
FORMANTS = {
    "ah": ((730, 90), (1090, 110), (2440, 170), (3400, 250)),
    "ee": ((300, 60), (2300, 120), (3000, 170), (3700, 250)),
    "oh": ((500, 70), (850, 90), (2400, 170), (3300, 250)),
}


def hz(note: float) -> float:
    """Return the frequency of a MIDI note: 440 Hz for 69, a semitone is a factor 2**(1/12)."""
    return 440.0 * 2.0 ** ((note - 69) / 12)


def _seconds(length: float, rate: int) -> np.ndarray:
    return np.arange(round(length * rate)) / rate


def _fade(t: np.ndarray, attack: float, release: float) -> np.ndarray:
    """Return a rise from 0 over `attack` seconds and a fall to 0 over the last `release` seconds."""
    return np.minimum(1, t / attack) * np.clip((t[-1] - t) / release, 0, 1)


@lru_cache(maxsize=64)  # notes come back
def plucked(note: int, length: float, rate: int) -> np.ndarray:
    """Return a plucked string: slightly stretched harmonics k of amplitude 1/k, the higher fading faster."""
    t, f0 = _seconds(length, rate), hz(note)
    tone = np.zeros_like(t)
    for k in range(1, 25):
        f = k * f0 * np.sqrt(1 + 1e-4 * k * k)
        if f < 0.45 * rate:
            tone += np.sin(2 * np.pi * f * t) * np.exp(-t * (1.0 + 0.5 * k)) / k
    return tone * _fade(t, 0.004, 0.05)


def sung(note: int, length: float, vowel: str, rate: int) -> np.ndarray:
    """Return a sung vowel: harmonics of a voice with vibrato, each as loud as the formants make it."""
    t = _seconds(length, rate)
    depth = 0.008 * np.clip((t - 0.15) / 0.3, 0, 1)  # the vibrato sets in late
    f0 = hz(note) * (1 + depth * np.sin(2 * np.pi * 5.5 * t))
    phase = 2 * np.pi * np.cumsum(f0) / rate
    tone = np.zeros_like(t)
    for k in range(1, int(9000 / hz(note)) + 1):
        f = k * hz(note)
        # A resonance of centre c and width w lets through 1 / sqrt(1 + (2 (f - c) / w)^2), and the
        # glottis gives its harmonics about 1/k.
        gain = sum(1 / np.sqrt(1 + (2 * (f - c) / w) ** 2) for c, w in FORMANTS[vowel])
        tone += gain / k * np.sin(k * phase)
    return tone / np.sqrt(np.mean(tone**2)) * _fade(t, 0.06, 0.12)


def kick(rate: int) -> np.ndarray:
    """Return a bass drum: a sine that falls from 160 to 45 Hz."""
    t = _seconds(0.35, rate)
    phase = 2 * np.pi * (45 * t + (160 - 45) * 0.03 * (1 - np.exp(-t / 0.03)))
    return np.sin(phase) * np.exp(-t / 0.1) * _fade(t, 0.001, 0.02)


def snare(rate: int, noise: np.random.Generator) -> np.ndarray:
    """Return a snare drum: noise over a short tone."""
    t = _seconds(0.25, rate)
    rattle = noise.standard_normal(t.size) * np.exp(-t / 0.06)
    return (0.5 * rattle + np.sin(2 * np.pi * 190 * t) * np.exp(-t / 0.04)) * _fade(t, 0.001, 0.02)


def hihat(rate: int, noise: np.random.Generator) -> np.ndarray:
    """Return a hi-hat: noise twice differenced, which leaves the high frequencies."""
    t = _seconds(0.08, rate)
    return np.diff(noise.standard_normal(t.size + 2), 2) * np.exp(-t / 0.018) * _fade(t, 0.0005, 0.01)


def clip(rate: int = 44100) -> np.ndarray:
    """Return the clip [DURATION * rate], float32 with a peak of 0.9."""
    noise = np.random.default_rng(0)
    mix = np.zeros(round(DURATION * rate))

    def add(beat: float, sound: np.ndarray, level: float) -> None:
        start = round(beat * BEAT * rate)
        end = min(start + sound.size, mix.size)
        mix[start:end] += level * sound[: end - start]

    for bar, (bass, *chord) in enumerate(CHORDS):
        for eighth in (0, 3, 4, 6, 7):
            add(4 * bar + eighth / 2, plucked(bass, 0.9 * BEAT, rate), 0.30)
        for i, note in enumerate(chord):
            add(4 * bar + 0.03 * i, plucked(note, 4 * BEAT, rate), 0.16)  # strummed
            add(4 * bar + 2.5 + 0.03 * i, plucked(note, 1.5 * BEAT, rate), 0.11)
        for kicked in (0, 2, 2.5):
            add(4 * bar + kicked, kick(rate), 0.55)
        for snapped in (1, 3):
            add(4 * bar + snapped, snare(rate, noise), 0.16)
        for eighth in range(8):
            add(4 * bar + eighth / 2, hihat(rate, noise), 0.05)
    for beat, beats, note, vowel in MELODY:
        add(beat, sung(note, beats * BEAT, vowel, rate), 0.12)
    mix *= _fade(_seconds(DURATION, rate), 1e-4, 0.3)
    return (0.9 * mix / np.abs(mix).max()).astype(np.float32)
