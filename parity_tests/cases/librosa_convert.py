"""librosa's units of time and frequency, bins and weightings."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Case
from ..signals import signal
from .librosa_calls import NUMPY, array, bad, case

__all__ = ["cases"]

FRAMES = array("frames", [0, 1, 7, 100, 65536])
SAMPLES = array("samples", [0, 1, 511, 512, 513, 100000])
TIMES = array("times", [0.0, 0.25, 1.5, 100.125])
HZ = array("hz", [0.5, 20.0, 55.0, 440.0, 999.0, 1000.0, 1001.0, 11025.0, 20000.0])
ROWS = array("rows", [[27.5, 44.0], [10.0, 60.0]])
MEL = array("mel", [0.0, 1.0, 14.5, 15.0, 15.5, 40.25, 60.0])
MIDI = array("midi", [0.0, 21.0, 60.25, 69.0, 69.5, 108.0, 127.0])
OCTS = array("octs", [-1.0, 0.0, 0.5, 4.0, 8.75])
TUNING = array("tuning", [-0.5, 0.0, 0.25, 1.0])
A4 = array("a4", [220.0, 432.0, 440.0, 442.5])
NOTES = ["C4", "c#3", "Bb-1", "A4+25", "F𝄪2", "E", "g!5-10", "B♭0"]


def _times() -> list[Case]:
    found = []
    hops: list[dict[str, Any]] = [{}, {"hop_length": 160}, {"n_fft": 2048}, {"hop_length": 100, "n_fft": 401}]
    for options in hops:
        for name, key, values in (
            ("frames_to_samples", "frames", FRAMES),
            ("samples_to_frames", "samples", SAMPLES),
        ):
            found += [case(name, **{key: values}, **options), case(name, NUMPY, **{key: 9}, **options)]
        for name, key, values in (("frames_to_time", "frames", FRAMES), ("time_to_frames", "times", TIMES)):
            found.append(case(name, **{key: values}, **options))
            found.append(case(name, **{key: values}, sr=16000, **options))
        for name in ("samples_like", "times_like"):
            found.append(case(name, X=signal("stereo"), **options))
            found.append(case(name, X=signal("stereo"), axis=0, **options))
    found += [case("times_like", NUMPY, X=11, sr=8000), case("samples_like", NUMPY, X=11)]
    for sr in (8000, 22050, 44100.5, 16000):
        found += [
            case("samples_to_time", samples=SAMPLES, sr=sr),
            case("samples_to_time", NUMPY, samples=5, sr=sr),
        ]
        found += [
            case("time_to_samples", times=TIMES, sr=sr),
            case("time_to_samples", NUMPY, times=1.5, sr=sr),
        ]
        for block in (1, 256):
            blocks: dict[str, Any] = {"blocks": FRAMES, "block_length": block}
            found.append(case("blocks_to_time", **blocks, hop_length=512, sr=sr))
            found.append(case("blocks_to_samples", **blocks, hop_length=int(sr) // 100))
            found.append(case("blocks_to_frames", **blocks | {"block_length": block + int(sr) // 100}))
    return found


def _pitches() -> list[Case]:
    found = []
    plain = [("hz_to_midi", "frequencies", HZ), ("midi_to_hz", "notes", MIDI)]
    for name, key, values in plain:
        found += [case(name, **{key: values}), case(name, **{key: ROWS})]
        found += [case(name, NUMPY, **{key: value}) for value in (1, 20.0, 69.5, 100, 440.0, [60, 61])]
    for name, key, values in (("hz_to_mel", "frequencies", HZ), ("mel_to_hz", "mels", MEL)):
        for htk in (False, True):
            found += [case(name, **{key: values}, htk=htk), case(name, **{key: ROWS}, htk=htk)]
            found += [case(name, NUMPY, **{key: value}, htk=htk) for value in (0.0, 12, 44.0, [15, 20])]
    tuned: list[dict[str, Any]] = [
        {},
        {"tuning": 0.25},
        {"bins_per_octave": 36},
        {"tuning": -0.3, "bins_per_octave": 24},
    ]
    for options in tuned:
        found += [case("hz_to_octs", frequencies=HZ, **options), case("octs_to_hz", octs=OCTS, **options)]
        found += [
            case("hz_to_octs", NUMPY, frequencies=60.0, **options),
            case("octs_to_hz", NUMPY, octs=3, **options),
        ]
    for bins in (1, 12, 24, 36):
        found += [
            case("A4_to_tuning", A4=A4, bins_per_octave=bins),
            case("A4_to_tuning", NUMPY, A4=441.0, bins_per_octave=bins),
        ]
        found += [case("tuning_to_A4", tuning=TUNING, bins_per_octave=bins)]
        found += [case("tuning_to_A4", NUMPY, tuning=0.1, bins_per_octave=bins)]
    for note in [*NOTES, NOTES]:
        found += [case("note_to_midi", NUMPY, note=note), case("note_to_hz", NUMPY, note=note)]
    found += [case("note_to_midi", NUMPY, note=NOTES, round_midi=False)]
    for options in ({}, {"octave": False}, {"cents": True}, {"unicode": False}, {"key": "C:maj"}):
        found += [_note(midi, options) for midi in (60, 61.3, [-1, 0, 69.75, 127])]
        found += [
            case("hz_to_note", NUMPY, frequencies=hz, **options) for hz in (440.0, [27.5, 300.0, 8000.0])
        ]
    return found


def _note(midi: Any, options: dict[str, Any]) -> Case:
    def call(ns: Any, x: Any, midi: Any, **options: Any) -> Any:
        return np.asarray(ns.librosa.midi_to_note(midi, **options))  # librosa cannot take it by name

    return Case("librosa.midi_to_note", "librosa", call, None, {"midi": midi} | options, kinds=NUMPY)


def _bins() -> list[Case]:
    found = []
    for sr, n_fft in (
        (22050, 2048),
        (16000, 400),
        (8000, 401),
        (44100.0, 16),
        (1, 2),
        (100, 1),
        (22050, 7),
        (48000, 480),
    ):
        found += [case("fft_frequencies", NUMPY, sr=sr, n_fft=n_fft)]
        found += [case("fourier_tempo_frequencies", NUMPY, sr=sr, win_length=n_fft, hop_length=160)]
    for bins, fmin, octave, tuning in (
        (84, 32.7, 12, 0.0),
        (1, 55.0, 12, 0.0),
        (100, 20.0, 36, 0.3),
        (12, 440.0, 24, -0.5),
    ):
        options = {"n_bins": bins, "fmin": fmin, "bins_per_octave": octave}
        found += [
            case("cqt_frequencies", NUMPY, **options),
            case("cqt_frequencies", NUMPY, **options, tuning=tuning),
        ]
    for count in (1, 2, 40, 128):
        for htk in (False, True):
            found.append(case("mel_frequencies", NUMPY, n_mels=count, htk=htk))
            found.append(case("mel_frequencies", NUMPY, n_mels=count, htk=htk, fmin=100.0, fmax=8000.0))
        for sr in (22050, 16000):
            found.append(case("tempo_frequencies", NUMPY, n_bins=count, sr=sr))
            found.append(case("tempo_frequencies", NUMPY, n_bins=count, sr=sr, hop_length=160))
    return found


def _weightings() -> list[Case]:
    found = []
    for kind in "ABCDZ":
        for floor in (None, -80.0, -20.0):
            found.append(case(f"{kind}_weighting", frequencies=HZ, min_db=floor))
            found.append(case("frequency_weighting", frequencies=HZ, kind=kind.lower(), min_db=floor))
        found += [
            case(f"{kind}_weighting", frequencies=HZ),
            case("frequency_weighting", frequencies=HZ, kind=kind),
        ]
        for frequencies in ([1000.0, 10.0], [31.5, 63.0, 125.0], [0.0, 16000.0]):
            found.append(case(f"{kind}_weighting", NUMPY, frequencies=frequencies))
        rows = array("bins", np.fft.rfftfreq(64, 1 / 16000.0))
        found.append(case(f"{kind}_weighting", frequencies=rows, min_db=-60.0))
    for kinds in ("ZAC", "A", "DCBA", "zz", "AB", "CD", "BDA", "Za"):
        found.append(case("multi_frequency_weighting", frequencies=HZ, kinds=kinds))
    return found


def _bad() -> list[Case]:
    return [
        bad("note_to_midi", note="H4"),
        bad("note_to_midi", note=""),
        bad("note_to_hz", note=["C4", "4C"]),
        bad("note_to_midi", note="C#4x"),
        bad("midi_to_note", midi=60, octave=False, cents=True),
        bad("frequency_weighting", frequencies=HZ, kind="E"),
        bad("blocks_to_time", blocks=FRAMES, hop_length=512, sr=22050),
        bad("cqt_frequencies", n_bins=12),
        bad("mel_frequencies", n_mels=-2),
    ]


def cases() -> list[Case]:
    """Return the cases of librosa's conversions."""
    return _times() + _pitches() + _bins() + _weightings() + _bad()
