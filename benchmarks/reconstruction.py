"""Half a minute at 22.05 kHz changed, separated and followed: `compat.librosa` against librosa."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import librosa
import mlx.core as mx
import numpy as np

from spectro.compat import librosa as ours

from . import workloads
from .features import music
from .timing import Ratio
from .workloads import Workload, evaluated

Call = Callable[[Any, Any], Any]


def calls(x: np.ndarray) -> dict[str, tuple[Call, np.ndarray]]:
    """Return a call of a library on an array, and that array, by name."""
    magnitude = np.abs(librosa.stft(x))
    envelope = librosa.onset.onset_strength(y=x)
    q = librosa.cqt(x)
    return {
        "cqt": (lambda lib, a: lib.cqt(a), x),
        "vqt": (lambda lib, a: lib.vqt(a), x),
        "pseudo_cqt": (lambda lib, a: lib.pseudo_cqt(a, fmin=220.0, n_bins=60), x),
        "icqt": (lambda lib, a: lib.icqt(a), q),
        "chroma_cqt": (lambda lib, a: lib.feature.chroma_cqt(y=a, tuning=0.0), x),
        "griffinlim": (lambda lib, a: lib.griffinlim(a, n_iter=8, random_state=0), magnitude),
        "decompose.hpss": (lambda lib, a: lib.decompose.hpss(a), magnitude),
        "effects.hpss": (lambda lib, a: lib.effects.hpss(a), x),
        "time_stretch": (lambda lib, a: lib.effects.time_stretch(a, rate=1.25), x),
        "tempogram": (lambda lib, a: lib.feature.tempogram(onset_envelope=a), envelope),
        "beat_track": (lambda lib, a: lib.beat.beat_track(onset_envelope=a), envelope),
        "yin": (lambda lib, a: lib.yin(a, fmin=65.0, fmax=2093.0), x),
        "piptrack": (lambda lib, a: lib.piptrack(y=a), x),
        "reassigned_spectrogram": (lambda lib, a: lib.reassigned_spectrogram(a), x),
        "iirt": (lambda lib, a: lib.iirt(a), x),
    }


def chosen(only: str) -> Iterator[Workload]:
    """Make those whose name contains `only`."""
    for name, (call, array) in calls(music()).items():
        if only not in name:
            continue
        lazy = mx.array(array)
        mx.eval(lazy)
        yield Workload(
            name,
            {
                "numpy": lambda call=call, array=array: call(ours, array),
                "mx": evaluated(lambda call=call, lazy=lazy: call(ours, lazy)),
            },
            {"librosa": lambda call=call, array=array: call(librosa, array)},
        )


def run(seconds: float, threads: int, only: str = "") -> list[Ratio]:
    """Time every workload for about `seconds`, printing as it goes."""
    return workloads.run(chosen(only), seconds, threads)
