"""Each torchaudio transform against torchaudio's own: ten seconds of stereo at 16 kHz; Kaldi's features."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import numpy as np
import torch
import torchaudio

from spectro.compat import torchaudio as compat

from . import workloads
from .timing import Ratio
from .workloads import Workload, evaluated

RATE, SECONDS = 16000, 10
FRAMES: dict[str, Any] = {"n_fft": 400, "hop_length": 160}


@dataclass(frozen=True)
class Planned:
    """A transform of `compliance.kaldi` or `transforms` (made with `options`), and what it is applied to."""

    name: str
    given: str
    options: dict[str, Any]

    def made(self, library: Any) -> Callable[[Any], Any]:
        """Return the callable of a library."""
        if self.name.startswith("kaldi."):
            function = getattr(library.compliance.kaldi, self.name.partition(".")[2])
            return lambda x: function(x, **self.options)
        return getattr(library.transforms, self.name)(**self.options)


PLANNED = (
    Planned("Spectrogram", "audio", FRAMES),
    Planned("InverseSpectrogram", "spectrum", FRAMES),
    Planned("MelSpectrogram", "audio", {"n_mels": 80, **FRAMES}),
    Planned("MelScale", "power", {"n_mels": 80}),
    Planned("InverseMelScale", "mel", {"n_stft": 201, "n_mels": 40}),
    Planned("MFCC", "audio", {"melkwargs": {"n_mels": 80, **FRAMES}}),
    Planned("LFCC", "audio", {"speckwargs": FRAMES}),
    Planned("AmplitudeToDB", "power", {"top_db": 80.0}),
    Planned("GriffinLim", "power", {"n_iter": 8, **FRAMES}),
    Planned("SpectralCentroid", "audio", {"sample_rate": RATE, **FRAMES}),
    Planned("ComputeDeltas", "mel", {}),
    Planned("SlidingWindowCmn", "features", {}),
    Planned("Resample", "audio", {"orig_freq": 16000, "new_freq": 8000}),
    Planned("Resample", "audio", {"orig_freq": 44100, "new_freq": 16000}),
    Planned("Resample", "audio", {"orig_freq": 16000, "new_freq": 22050}),
    Planned("TimeStretch", "spectrum", {"hop_length": 160, "n_freq": 201, "fixed_rate": 1.2}),
    Planned("PitchShift", "audio", {"sample_rate": RATE, "n_steps": 4}),
    Planned("FrequencyMasking", "power", {"freq_mask_param": 30}),
    Planned("TimeMasking", "power", {"time_mask_param": 30}),
    Planned(
        "SpecAugment",
        "power",
        {"n_time_masks": 2, "time_mask_param": 30, "n_freq_masks": 2, "freq_mask_param": 30},
    ),
    Planned("MuLawEncoding", "audio", {}),
    Planned("MuLawDecoding", "codes", {}),
    Planned("Preemphasis", "audio", {}),
    Planned("Deemphasis", "audio", {}),
    Planned("kaldi.fbank", "audio", {"num_mel_bins": 80}),
    Planned("kaldi.mfcc", "audio", {}),
    Planned("kaldi.spectrogram", "audio", {}),
)


def inputs() -> dict[str, np.ndarray]:
    """Return noise in every form that a transform takes, as torchaudio makes it."""
    audio = torch.from_numpy(np.random.default_rng(0).uniform(-1, 1, (2, RATE * SECONDS)).astype(np.float32))
    spectrum = torchaudio.transforms.Spectrogram(**FRAMES, power=None)(audio)
    power = spectrum.abs() ** 2
    mel = torchaudio.transforms.MelScale(40)(power)
    made = {
        "audio": audio,
        "spectrum": spectrum,
        "power": power,
        "mel": mel.contiguous(),
        "features": mel.swapaxes(-1, -2).contiguous(),
        "codes": torchaudio.transforms.MuLawEncoding()(audio),
    }
    return {name: x.numpy() for name, x in made.items()}


def chosen(only: str) -> Iterator[Workload]:
    """Make those whose name contains `only`."""
    given = inputs()
    lazy = {name: mx.array(x) for name, x in given.items()}
    mx.eval(list(lazy.values()))
    for plan in PLANNED:
        rates = "{orig_freq} to {new_freq}".format(**plan.options) if plan.name == "Resample" else ""
        name = f"{plan.name} {rates}".strip()
        if only.lower() not in name.lower():
            continue
        ours, theirs = plan.made(compat), plan.made(torchaudio)
        x, y, z = given[plan.given], lazy[plan.given], torch.from_numpy(given[plan.given])
        yield Workload(
            name,
            {
                "numpy": lambda ours=ours, x=x: ours(x),
                "torch": lambda ours=ours, z=z: ours(z),
                "mx": evaluated(lambda ours=ours, y=y: ours(y)),
            },
            {"torchaudio": lambda theirs=theirs, z=z: _without_gradient(theirs, z)},
        )


def _without_gradient(transform: Callable[[Any], Any], x: Any) -> Any:
    with torch.no_grad():  # PitchShift has a parameter
        return transform(x)


def run(seconds: float, threads: int, only: str = "") -> list[Ratio]:
    """Time every workload for about `seconds`, printing as it goes."""
    torch.set_num_threads(threads)
    return workloads.run(chosen(only), seconds, threads)
