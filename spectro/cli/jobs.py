"""From one audio file to its outputs: the work of ``spectro features``."""

from __future__ import annotations

import errno
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from .audio import read
from .extract import Extractor, Feature, extractor
from .figures import Panel, draw
from .files import atomic
from .presets import Preset

__all__ = ["Job"]


@dataclass(frozen=True)
class Job:
    """What to do with each file."""

    preset: Preset
    names: Sequence[str]
    format: str
    plot: bool
    overwrite: bool
    keep_channels: bool
    gpu: bool

    def process(self, source: Path, stem: Path) -> str:
        """Compute the features of `source` and write them to `stem` plus suffixes; return a line about it.

        Everything is computed and drawn before the first byte is written.

        Raises
        ------
        FileExistsError
            Before anything is computed, if an output exists and is not to be overwritten.
        """
        targets = {suffix: Path(f"{stem}.{suffix}") for suffix in self._suffixes()}
        for target in targets.values():
            if target.exists() and not self.overwrite:
                raise FileExistsError(errno.EEXIST, "exists", str(target))
        audio, rate, own_rate = read(source, self.preset.sample_rate, not self.keep_channels)
        extract = extractor(self.preset, rate)
        features = extract(self.names, audio, self.gpu)
        frames = next(iter(features.values())).values.shape[-1]
        times = np.arange(frames) * (extract.hop / rate)  # every preset centres its frames
        about = {
            "spectro": __version__,
            "source": str(source),
            "source_sample_rate": own_rate,
            "channels": "kept" if self.keep_channels else "averaged",
            "units": {name: feature.unit for name, feature in features.items()},
            "parameters": {**asdict(self.preset), "sample_rate": rate, "hop_length": extract.hop},
        }
        contents = self._contents(features, times, extract, about)
        if self.plot:
            title = f"{source.name}  ({self.preset.name}, {rate} Hz)"
            contents["png"] = draw(title, panels(features), times, audio.mean(axis=0), rate)
        for suffix, target in targets.items():
            with atomic(target, self.overwrite) as stream:
                stream.write(contents[suffix])
        shapes = ", ".join(f"{name} {self._array(f).shape}" for name, f in features.items())
        return f"{next(iter(targets.values()))}: {shapes}"

    def _suffixes(self) -> list[str]:
        suffixes = ["npz"] if self.format == "npz" else [*(f"{name}.npy" for name in self.names), "json"]
        return suffixes + ["png"] * self.plot

    def _array(self, feature: Feature) -> np.ndarray:
        return feature.values if self.keep_channels else feature.values[0]

    def _contents(
        self, features: dict[str, Feature], times: np.ndarray, extract: Extractor, about: dict[str, Any]
    ) -> dict[str, bytes]:
        """Return the bytes of each output, keyed by its suffix."""
        arrays = {name: self._array(feature) for name, feature in features.items()}
        rows = {f"{name}_hz": feature.hz for name, feature in features.items() if feature.hz is not None}
        scalars = {"sample_rate": extract.rate, "hop_length": extract.hop, "n_fft": extract.preset.n_fft}
        if self.format == "npz":
            entries = {**arrays, **rows, "times": times, **scalars, "about": json.dumps(about)}
            return {"npz": _saved(np.savez, **entries)}
        contents = {f"{name}.npy": _saved(np.save, arr=array) for name, array in arrays.items()}
        axes = {name: values.tolist() for name, values in {**rows, "times": times}.items()}
        contents["json"] = json.dumps({**scalars, **axes, "about": about}).encode()
        return contents


def _saved(save: Callable[..., None], **arrays: Any) -> bytes:
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def panels(features: dict[str, Feature]) -> list[Panel]:
    """Return how to draw each feature, its channels averaged."""
    drawn = []
    for name, feature in features.items():
        values, unit = feature.values.mean(axis=0), feature.unit
        if name == "mfcc":
            # Coefficient 0 is the level, many times larger than the rest.
            title, first = ("MFCC, without coefficient 0", 1) if len(values) > 1 else ("MFCC", 0)
            drawn.append(Panel(title, values[first:], "Value", first_row=first, diverging=True))
            continue
        if unit in ("power", "magnitude"):
            db = (10 if unit == "power" else 20) * np.log10(np.maximum(values, 1e-20))
            values, unit = np.maximum(db, db.max() - 80), "dB"
        title, rows = _TITLES[name]
        drawn.append(Panel(title, values, unit, rows, feature.hz))
    return drawn


_TITLES: dict[str, tuple[str, Any]] = {
    "spectrogram": ("Spectrogram", "log"),
    "mel": ("Mel spectrogram", "bands"),
    "logmel": ("Log-mel spectrogram", "bands"),
    "filtered": ("Semitone bands", "bands"),
}
