"""Runs the demo: audio, features, a table, a .wav, an .npz and a picture."""

from __future__ import annotations

import importlib
import io
import statistics
import time
import wave
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np

from ..cli.audio import read, reason
from ..cli.console import CommandError, need, table
from ..cli.figures import Panel, draw
from ..cli.files import atomic
from .clip import clip
from .features import FEATURES, HOP, N_FFT, DemoFeature, Transform

__all__ = ["golden_verdict", "show"]

REPEATS = 3


def show(out: Path, audio: Path | None = None) -> bool:
    """Run the demo into folder `out`; return whether no golden failed."""
    need("matplotlib", "the demo's picture")
    if audio is None:
        name, rate = "clip", 44100
        samples = clip(rate)
        _write(out / "clip.wav", _wav(samples, rate))
    else:
        try:
            channels, rate, _ = read(audio)
        except (CommandError, OSError, RuntimeError) as error:  # soundfile's errors are RuntimeErrors
            raise CommandError(f"{audio}: {reason(error)}") from error
        name, samples = audio.stem, channels[0]
    print(f"{name}: {samples.size / rate:.2f} s at {rate} Hz, on {_device()}\n")
    x = mx.array(samples)
    values: dict[str, np.ndarray] = {}
    rows, passed = [], True
    for feature in FEATURES:
        values[feature.name], seconds = _timed(feature.make(rate), x)
        verdict, ok = golden_verdict(feature.golden)
        passed &= ok
        shape = " x ".join(map(str, values[feature.name].shape))
        rows.append([feature.name, shape, f"{1e3 * seconds:.1f} ms", verdict])
    print(table(["feature", "shape", "time", "parity against golden"], rows))
    times = np.arange(next(iter(values.values())).shape[1]) * (HOP / rate)
    hz = {f"{feature.name}_hz": feature.hz(rate) for feature in FEATURES if feature.hz}
    stream = io.BytesIO()
    np.savez(stream, **values, **hz, times=times, sample_rate=rate, hop_length=HOP, n_fft=N_FFT)  # type: ignore[arg-type]
    _write(out / f"{name}.npz", stream.getvalue())
    panels = [_panel(feature, values[feature.name], rate) for feature in FEATURES]
    title = "Four chords, drums and a sung melody" if audio is None else audio.name
    _write(out / f"{name}.png", draw(title, panels, times, samples, rate))
    files = [f"{name}.npz", f"{name}.png"] if audio else ["clip.wav", "clip.npz", "clip.png"]
    print("\nwrote " + ", ".join(str(out / file) for file in files))
    return passed


def golden_verdict(function: str) -> tuple[str, bool]:
    """Run the golden cases of a function: (what came out, whether nothing failed)."""
    try:
        # A folder of its own that joins the package when that is imported, so mypy does not see it.
        runner: Any = importlib.import_module("spectro.parity_tests.runner")
        cases = runner.select([function])
    except (ImportError, ValueError):  # not installed with it; no case of that name
        return "no golden", True
    results = runner.run(cases)
    failed = sum(not result.passed for result in results)
    if failed:
        return f"FAILS: {failed} of {len(results)} comparisons", False
    # The bar is twice the reference's own float32 error; 100 % would still pass.
    worst = max(result.verdict.ratio for result in results)
    return f"ok: {len(results)} comparisons, worst at {worst:.0%} of the bar", True


def _timed(transform: Transform, x: mx.array) -> tuple[np.ndarray, float]:
    """Return the result and the median time, after one call that pays for tables and caches."""
    mx.eval(transform(x))
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        y = transform(x)
        mx.eval(y)
        seconds.append(time.perf_counter() - start)
    return np.array(y), statistics.median(seconds)


def _panel(feature: DemoFeature, values: np.ndarray, rate: int) -> Panel:
    if feature.skip:
        return Panel(
            feature.title, values[feature.skip :], feature.unit, first_row=feature.skip, diverging=True
        )
    top = np.maximum(values, values.max() - 80)  # the picture shows 80 dB
    return Panel(feature.title, top, feature.unit, feature.rows, feature.hz(rate) if feature.hz else None)


def _device() -> str:
    try:
        name = str(mx.device_info()["device_name"])
    except (AttributeError, KeyError, RuntimeError):  # older MLX; a device without a name
        return str(mx.default_device())
    return f"{mx.default_device()} ({name})"


def _wav(samples: np.ndarray, rate: int) -> bytes:
    """Return a 16-bit mono WAV file."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
    return stream.getvalue()


def _write(path: Path, content: bytes) -> None:
    with atomic(path, overwrite=True) as stream:
        stream.write(content)
