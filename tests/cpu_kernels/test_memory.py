"""Memory: an operation holds its output and 32 MB at most, however long the signal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.kernels import cpu

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
ALLOWED = 32 << 20
GROWS = 3  # the exit status that says so
N_FFT, HOP, SAMPLES = 1024, 256, 480000


def peak() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def growth_exceeds(name: str) -> bool:
    """Whether preparing and running the operation takes more memory than its output and ALLOWED."""
    work = globals()[name]()
    with open("/proc/self/clear_refs", "w") as reset:
        reset.write("5")  # the peak starts again from here
    before = peak()
    size = work().nbytes
    return peak() - before > size + ALLOWED


def grows(prepare: Callable[[], Callable[[], np.ndarray]]) -> bool:
    """Ask `growth_exceeds` in a fresh process: a forked one would lack MLX's threads."""
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, __file__, prepare.__name__], env={**os.environ, "PYTHONPATH": path}, timeout=300
    )
    assert done.returncode in (GROWS, 0)
    return done.returncode == GROWS


def signal(batch: int) -> np.ndarray:
    return np.random.default_rng(3).standard_normal((batch, SAMPLES)).astype(np.float32)


def plan(arithmetic: type = np.float32) -> cpu.Plan:
    return cpu.plan_for(N_FFT, HOP, np.hanning(N_FFT + 1)[:-1], np.float32, arithmetic)


def forward() -> Callable[[], np.ndarray]:
    x, made = signal(8), plan()
    return lambda: cpu.stft(made, x)


def forward_in_double() -> Callable[[], np.ndarray]:
    x, made = signal(8), plan(np.float64)
    return lambda: cpu.stft(made, x)


def inverse() -> Callable[[], np.ndarray]:
    z, made = cpu.stft(plan(), signal(8)), plan()
    return lambda: cpu.istft(made, z, start=N_FFT // 2, length=SAMPLES - N_FFT)


def filtered() -> Callable[[], np.ndarray]:
    x, made = signal(32), plan()  # a spectrum of 240 MB, were it made
    bank = cpu.bank_for(np.random.default_rng(4).uniform(size=(80, N_FFT // 2 + 1)))
    return lambda: cpu.filtered(made, bank, x, scale=cpu.Scale.decibels())


def by_frames() -> Callable[[], np.ndarray]:
    x, made = signal(8), plan()
    return lambda: cpu.stft(made, x, layout="bnf")


def power() -> Callable[[], np.ndarray]:
    x, made = signal(8), plan()
    return lambda: cpu.stft(made, x, quantity="power")


def short_frames() -> Callable[[], np.ndarray]:
    x, transform = signal(8), spectro.SpectralTransform(100, 25)  # computed in float64
    return lambda: transform.stft(x)


def round_trip() -> Callable[[], np.ndarray]:
    transform = spectro.SpectralTransform(N_FFT, HOP)
    z = transform.stft(signal(8))
    return lambda: transform.istft(z, length=SAMPLES)


def log_mel() -> Callable[[], np.ndarray]:
    x, transform = (
        signal(32),
        spectro.MelSpectrogramTransform(16000, N_FFT, HOP, n_mels=80, output_scale="db"),
    )
    return lambda: transform(x)


def cepstrum() -> Callable[[], np.ndarray]:
    x, transform = signal(32), spectro.MFCCTransform(16000, 20)  # holds the mel spectrogram too
    return lambda: transform(x)


def lazily() -> Callable[[], np.ndarray]:
    mx.set_default_device(mx.cpu)
    x, transform = mx.array(signal(8)), spectro.SpectralTransform(N_FFT, HOP)
    mx.eval(x)
    return lambda: np.array(transform.stft(x), copy=False)


def levels() -> Callable[[], np.ndarray]:
    x = signal(32)
    return lambda: spectro.rms(x, frame_length=N_FFT, hop_length=HOP)


@pytest.mark.parametrize(
    "prepare", [by_frames, power, short_frames, round_trip, log_mel, cepstrum, lazily, levels]
)
def test_nothing_above_the_kernels_adds_to_it(
    native: None, prepare: Callable[[], Callable[[], np.ndarray]]
) -> None:
    assert not grows(prepare)


@pytest.mark.parametrize("prepare", [forward, forward_in_double, inverse, filtered])
def test_memory_is_the_output_and_little_more(
    native: None, prepare: Callable[[], Callable[[], np.ndarray]]
) -> None:
    assert not grows(prepare)


def copying() -> Callable[[], np.ndarray]:
    x = signal(32)
    return lambda: (2 * x + x).astype(np.float64)


def test_the_measure_sees_a_copy(native: None) -> None:
    assert grows(copying)


if __name__ == "__main__":
    sys.exit(GROWS if growth_exceeds(sys.argv[1]) else 0)
