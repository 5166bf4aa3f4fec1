"""The inputs of the cases: short signals, made by seeded recipes.

Every value is a multiple of 2^-20 (or that, scaled by a power of two), so float32 holds it
exactly: the reference in float32, the reference in float64 and spectro start from the same
numbers, and a last bit of some platform's sine is rounded away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

__all__ = ["SAMPLE_RATE", "SIGNALS", "Recipe", "magnitude", "phase", "power", "signal", "spectrum", "window"]

SAMPLE_RATE = 16000
_GRID = 2.0**20


@dataclass(frozen=True)
class Recipe:
    """An input that can be made anywhere: its name, which says all about it, and how."""

    name: str
    make: Callable[[], np.ndarray] = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.name

    def values(self) -> np.ndarray:
        """Return the array: float64 or complex128 on the grid, or integers. Read-only, cached."""
        return _values(self)

    def checksum(self) -> str:
        """Return a digest of the shape, dtype and values."""
        values = self.values()
        head = f"{values.shape}{values.dtype.str}".encode()
        return hashlib.sha256(head + np.ascontiguousarray(values).tobytes()).hexdigest()[:16]


@lru_cache(maxsize=512)
def _values(recipe: Recipe) -> np.ndarray:
    values = recipe.make()
    values.setflags(write=False)
    return values


def _on_grid(x: np.ndarray, grid: float = _GRID) -> np.ndarray:
    # Adding 0 turns a -0 into 0, so that a sign of zero never differs between platforms.
    return np.round(x * grid) / grid + 0.0


def _uniform(seed: int, *shape: int) -> np.ndarray:
    """White noise in [-1/2, 1/2): integers over 2^20, so the generator's own bits."""
    return np.random.default_rng(seed).integers(-(2**19), 2**19, shape) / _GRID


def _chirp(length: int = 720) -> np.ndarray:
    """A sine from 100 Hz to 7 kHz, linearly."""
    t = np.arange(length) / SAMPLE_RATE
    rate = (7000.0 - 100.0) * SAMPLE_RATE / length
    return _on_grid(0.7 * np.sin(2 * np.pi * (100.0 * t + rate * t * t / 2)))


def _click() -> np.ndarray:
    """Impulses on both ends, where padding shows, and inside."""
    x = np.zeros(640)
    x[[0, 1, 301, 639]] = 1.0, -0.5, 0.75, 0.25
    return x


def _music(length: int = 1000) -> np.ndarray:
    """A chord of decaying harmonics over a quiet burst of noise, as a drum would make."""
    t = np.arange(length) / SAMPLE_RATE
    chord = sum(
        np.sin(2 * np.pi * f * h * t + h) * np.exp(-(20 + 15 * h) * t) / h
        for f in (220.0, 277.18, 329.63)
        for h in (1, 2, 3, 5)
    )
    drum = _uniform(3, length) * np.exp(-200 * t)
    return _on_grid(0.2 * chord + 0.5 * drum)


def _long() -> np.ndarray:
    """Music, then a chirp, over the floor of noise (-66 dB) that every recording has."""
    return _on_grid(np.concatenate([_music(1000), _chirp(1000)]) + _uniform(13, 2000) / 1024)


def _stereo() -> np.ndarray:
    """Two channels of very different level: a peak shared between them would show."""
    return np.stack([_chirp(480), _uniform(5, 480) / 1024])


SIGNALS: dict[str, Recipe] = {
    name: Recipe(name, make)
    for name, make in {
        "chirp": _chirp,
        "noise": lambda: _uniform(1, 720),
        "click": _click,
        "silence": lambda: np.zeros(600),
        "dc": lambda: np.full(600, 0.5),
        "music": _music,
        "short": lambda: _uniform(2, 70),
        "stereo": _stereo,
        "batch": lambda: np.stack([_music(420), _uniform(4, 420), _chirp(420)]),
        "faint": lambda: _music(600) * 2.0**-14,
        "surround": lambda: _uniform(6, 2, 2, 300),
        "noises": lambda: _uniform(14, 2, 600),
        "long": _long,
        # Samples before channels, silence at the ends, and samples as files hold them.
        "columns": lambda: np.ascontiguousarray(_stereo().T[:240]),
        "gap": lambda: np.pad(_uniform(15, 50), (30, 40)),
        "gap-columns": lambda: np.pad(_uniform(16, 50, 2), ((30, 40), (0, 0))),
        "pcm": lambda: np.round(_music(600) * 2.0**14).astype(np.int16),
        "pcm-columns": lambda: np.round(_uniform(17, 200, 2) * 2.0**15).astype(np.int16),
        # Bad input.
        "empty": lambda: np.zeros(0),
        "integer": lambda: np.arange(600, dtype=np.int16),
        "nan": lambda: np.where(np.arange(600) == 300, np.nan, _uniform(7, 600)),
        "infinite": lambda: np.where(np.arange(600) == 300, np.inf, _uniform(7, 600)),
        "complex": lambda: _uniform(8, 600) + 1j * _uniform(9, 600),
        "cube": lambda: _uniform(10, 2, 2, 200),
        "scalar": lambda: np.array(0.5),
    }.items()
}


def signal(name: str) -> Recipe:
    """Return a recipe of `SIGNALS`."""
    return SIGNALS[name]


def spectrum(source: str, n_fft: int, hop: int, onesided: bool = True, layout: str = "bfn") -> Recipe:
    """Return the STFT of a signal with a Hann window, on a grid of 2^-14: [..., F, N] or [..., N, F].

    "random" is a spectrum of uniform noise [2, F, 9] that no signal has; its lowest and highest bin
    are not real.
    """
    bins = n_fft // 2 + 1 if onesided else n_fft

    def make() -> np.ndarray:
        if source == "random":
            z = _uniform(11, 2, bins, 9) + 1j * _uniform(12, 2, bins, 9)
        else:
            x = SIGNALS[source].values()
            starts = np.arange(0, max(1, x.shape[-1] - n_fft + 1), hop)
            frames = x[..., starts[:, None] + np.arange(n_fft)] * np.hanning(n_fft + 1)[:-1]
            z = np.fft.fft(frames)[..., :bins].swapaxes(-1, -2)
            z = _on_grid(z.real, 2.0**14) + 1j * _on_grid(z.imag, 2.0**14)
        return z if layout == "bfn" else np.ascontiguousarray(z.swapaxes(-1, -2))

    sides = "" if onesided else "-twosided"
    return Recipe(f"{source}-spectrum-{n_fft}-{hop}{sides}{'' if layout == 'bfn' else '-' + layout}", make)


def magnitude(source: str, n_fft: int, hop: int) -> Recipe:
    """Return |`spectrum`| without the Nyquist bin on a grid of 2^-18: frames by bins [..., N, F]."""

    def make() -> np.ndarray:
        return _on_grid(np.abs(spectrum(source, n_fft, hop, layout="bnf").values())[..., :-1], 2.0**18)

    return Recipe(f"{source}-magnitude-{n_fft}-{hop}", make)


def phase(source: str, n_fft: int, hop: int) -> Recipe:
    """Return the phase of `magnitude`, of frames whose middle is time 0, on a grid of 2^-20 [..., N, F]."""

    def make() -> np.ndarray:
        z = spectrum(source, n_fft, hop, layout="bnf").values()[..., :-1]
        return _on_grid(np.angle(z * (1.0 - 2.0 * (np.arange(n_fft // 2) % 2))))

    return Recipe(f"{source}-phase-{n_fft}-{hop}", make)


def power(source: str, n_fft: int, hop: int) -> Recipe:
    """Return the power of `spectrum` on a grid of 2^-20 [..., F, N], with exact zeros where it is lowest."""

    def make() -> np.ndarray:
        z = spectrum(source, n_fft, hop).values()
        # Below 16 and on the grid a value has at most 24 bits, which is what float32 holds.
        return np.floor(np.minimum(z.real**2 + z.imag**2, 15.0) * _GRID) / _GRID

    return Recipe(f"{source}-power-{n_fft}-{hop}", make)


def window(name: str, length: int) -> Recipe:
    """Return a window on the grid [length]; "ramp" and "box" (half of it 0) are not symmetric."""
    samples: dict[str, Callable[[], np.ndarray]] = {
        "hann": lambda: np.hanning(length + 1)[:-1],
        "hamming": lambda: np.hamming(length + 1)[:-1],
        "ramp": lambda: np.arange(1, length + 1) / length,
        "box": lambda: (np.arange(length) < length // 2) * 1.0,
    }
    return Recipe(f"{name}-window-{length}", lambda: _on_grid(samples[name]()))
