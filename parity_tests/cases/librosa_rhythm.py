"""librosa's tempo and beats."""

from __future__ import annotations

import numpy as np

from ..case import ALL_KINDS, Case
from ..signals import Recipe
from .librosa_calls import DIRECT, Function, array, bad, case, each

__all__ = ["cases"]

# With hop_length=512 at 22050 Hz, 43 frames are a second.
MEDIAN = Function("median", np.median)


def _envelope(
    name: str, period: float, seed: int, channels: tuple[int, ...] = (), frames: int = 260
) -> Recipe:
    """Return onsets about every `period` frames, of uneven strength, over noise."""

    def make() -> np.ndarray:
        random = np.random.default_rng(seed)
        x = random.integers(0, 2**8, (*channels, frames)) / 2**12
        beats = np.round(np.arange(5, frames - 10, period)).astype(int)
        x[..., beats] += random.integers(2**11, 2**12, (*channels, len(beats))) / 2**12
        return x

    return Recipe(f"onsets-{name}", make)


STEADY, FAST = _envelope("steady", 20.3, 1), _envelope("fast", 11.7, 2)
ROOMS = _envelope("rooms", 17.0, 3, (2, 2))
SHORT = _envelope("short", 9.3, 4, frames=60)
SHORT_ROOMS = _envelope("short-rooms", 7.0, 5, (2, 2), 40)
BPM = array("rising-bpm", np.linspace(100, 140, 260))


def cases() -> list[Case]:
    """Return the cases."""
    found = []
    for envelope in (SHORT, SHORT_ROOMS):
        found += each(
            "feature.tempogram",
            ALL_KINDS,
            {"onset_envelope": envelope, "win_length": 16},
            [{}, {"center": False}, {"win_length": 13, "window": "hamming"}, {"norm": None}, {"norm": 1}],
        )
        found += each(
            "feature.fourier_tempogram",
            DIRECT,
            {"onset_envelope": envelope, "win_length": 16},
            [{}, {"center": False}, {"win_length": 13, "window": "hamming"}],
        )
    for envelope in (STEADY, FAST, ROOMS):
        found += each(
            "feature.tempo",
            ALL_KINDS,
            {"onset_envelope": envelope, "ac_size": 2.0},
            [
                {},
                {"start_bpm": 80.0, "std_bpm": 0.5},
                {"max_tempo": None},
                {"aggregate": None},
                {"aggregate": MEDIAN},
            ],
        )
    found += each(
        "feature.tempogram_ratio",
        ALL_KINDS,
        {"onset_envelope": STEADY, "win_length": 100},
        [{}, {"factors": array("factors", [0.5, 1.0, 2.0])}],
    )
    for envelope in (STEADY, FAST):
        found += each(
            "beat.beat_track",
            ALL_KINDS,
            {"onset_envelope": envelope, "part": 1},
            [
                {"bpm": 130.0},
                {"bpm": 220.0, "trim": False},
                {"bpm": 130.0, "units": "time"},
                {"bpm": 130.0, "units": "samples"},
                {"bpm": 110.0, "tightness": 5},
                {"bpm": BPM},
                {},
            ],
        )
    found += [case("beat.beat_track", ALL_KINDS, onset_envelope=STEADY, part=0)]
    found += [case("beat.beat_track", ALL_KINDS, onset_envelope=ROOMS, sparse=False, part=1)]
    found += each("beat.plp", DIRECT, {"onset_envelope": STEADY, "win_length": 96}, [{}, {"tempo_min": None}])
    return [
        *found,
        bad("feature.tempogram", win_length=48),
        bad("feature.tempogram", onset_envelope=STEADY, win_length=0),
        bad("feature.tempogram", onset_envelope=STEADY, win_length=400, center=False),
        bad("feature.fourier_tempogram", win_length=48),
        bad("feature.tempo", onset_envelope=STEADY, start_bpm=0),
        bad("beat.beat_track"),
        bad("beat.beat_track", onset_envelope=ROOMS),
        bad("beat.beat_track", onset_envelope=STEADY, bpm=-1.0),
        bad("beat.beat_track", onset_envelope=STEADY, tightness=0),
        bad("beat.beat_track", onset_envelope=STEADY, units="beats"),
        bad("beat.plp", onset_envelope=STEADY, tempo_min=100, tempo_max=50),
    ]
