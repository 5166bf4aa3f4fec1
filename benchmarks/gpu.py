"""The GPU kernels against torch, torchaudio and flashmel, on whatever GPU MLX has.

    python -m benchmarks gpu [--quick] [--only WORDS]

Milliseconds a call, calls pipelined (one synchronisation after CALLS of them), the median of rounds in
which the contenders take turns. "floor": the share of the time that a device-to-device copy of the bytes
that must move (each input read once, each output written once) would take. On a Mac torch runs on MPS
where it is installed.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import mlx.core as mx
import numpy as np

from spectro.kernels import gpu
from spectro.kernels.gpu import diagnostics

from . import table

CALLS, ROUNDS = 20, 9
# batch, samples, n_fft, hop, mels
STFT = [(8, 480000, 1024, 256), (32, 480000, 400, 160), (4, 1300000, 1024, 256), (1, 16000, 512, 128)]
ISTFT = [(8, 480000, 1024, 256), (32, 480000, 400, 160)]
MEL = [
    (32, 480000, 400, 160, 128),
    (32, 160000, 1024, 256, 80),
    (16, 1323000, 4096, 1024, 256),
    (64, 160000, 64, 16, 40),
    (1, 16000, 512, 128, 80),
]
Contender = tuple[Callable[[], Any], Callable[[], None]]  # a call, and how to wait for it


def rounds(contenders: dict[str, Contender]) -> dict[str, float]:
    """Median milliseconds of each contender, taking turns."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(ROUNDS + 1):
        for name, (call, wait) in contenders.items():
            start = time.perf_counter()
            for _ in range(CALLS):
                call()
            wait()
            if number:  # the first round warms up
                times[name].append((time.perf_counter() - start) / CALLS * 1e3)
    return {name: statistics.median(t) for name, t in times.items()}


def ours(function: Callable[..., mx.array], *arrays: mx.array) -> Contender:
    """`function`, compiled; an eager call before lets the autotuner measure."""
    mx.eval(function(*arrays))
    compiled = mx.compile(function)
    return lambda: mx.async_eval(compiled(*arrays)), mx.synchronize


def copy_bandwidth() -> float:
    """Bytes a second of a large device-to-device copy, counting those read and those written."""
    x = mx.random.normal((1 << 27,))
    mx.eval(x)
    return 2 * x.nbytes / rounds({"copy": ours(lambda a: a + 1.0, x)})["copy"] * 1e3


class References:
    """torch and its friends on the same device, as far as they are installed."""

    def __init__(self) -> None:
        self.torch: Any = None
        self.versions = {"python": platform.python_version(), "mlx": mx.__version__}
        for name in ("torch", "torchaudio", "flashmel"):
            try:
                module = __import__(name)
            except ImportError:
                continue
            self.versions[name] = getattr(module, "__version__", "unknown")
            setattr(self, name, module)
        self.device = ""
        if self.torch is not None:
            available = {"cuda": self.torch.cuda.is_available, "mps": self.torch.backends.mps.is_available}
            self.device = next((name for name, there in available.items() if there()), "")

    def wait(self) -> None:
        """Until the device is idle."""
        getattr(self.torch, self.device).synchronize()

    def tensor(self, x: mx.array) -> Any:
        """`x` on the references' device."""
        return self.torch.from_numpy(np.array(x)).to(self.device)

    def stft(self, x: mx.array, n: int, hop: int) -> dict[str, Contender]:
        """torch.stft, if there is a torch."""
        if not self.device:
            return {}
        torch, t, w = self.torch, self.tensor(x), self.torch.hann_window(n, device=self.device)
        return {"torch": (lambda: torch.stft(t, n, hop, window=w, return_complex=True), self.wait)}

    def istft(self, x: mx.array, n: int, hop: int) -> dict[str, Contender]:
        """torch.istft of the STFT of `x`."""
        if not self.device:
            return {}
        torch, w = self.torch, self.torch.hann_window(n, device=self.device)
        z = torch.stft(self.tensor(x), n, hop, window=w, return_complex=True)
        return {"torch": (lambda: torch.istft(z, n, hop, window=w, length=x.shape[1]), self.wait)}

    def round_trip(self, x: mx.array, n: int, hop: int) -> dict[str, Contender]:
        """torch.stft, torch.istft and the gradient of the mean square."""
        if not self.device:
            return {}
        torch, w = self.torch, self.torch.hann_window(n, device=self.device)
        t = self.tensor(x).requires_grad_()

        def call() -> Any:
            z = torch.stft(t, n, hop, window=w, return_complex=True)
            y = torch.istft(z, n, hop, window=w, length=t.shape[1])
            return torch.autograd.grad((y**2).mean(), t)

        return {"torch": (call, self.wait)}

    def mel(self, x: mx.array, n: int, hop: int, mels: int, db: bool) -> dict[str, Contender]:
        """Torchaudio's and flashmel's mel spectrogram, torchaudio's in dB too."""
        found: dict[str, Contender] = {}
        if not self.device:
            return found
        t = self.tensor(x)
        if "torchaudio" in self.versions:
            transforms: Any = self.torchaudio.transforms
            mel = transforms.MelSpectrogram(16000, n, hop_length=hop, n_mels=mels).to(self.device)
            to_db = transforms.AmplitudeToDB(top_db=80.0).to(self.device)
            found["torchaudio"] = ((lambda: to_db(mel(t))) if db else (lambda: mel(t)), self.wait)
        if "flashmel" in self.versions and self.device == "cuda" and not db:
            try:
                fused = self.flashmel.MelSpectrogram(16000, n, hop_length=hop, n_mels=mels).to(self.device)
                fused(t)
                found["flashmel"] = (lambda: fused(t), self.wait)
            except Exception as error:  # an optional peer: whatever it raises, the rest goes on
                print(f"(flashmel: {type(error).__name__}: {str(error)[-200:]})")
        return found


def mel_bank(n_fft: int, mels: int, rate: int = 16000) -> gpu.Filterbank:
    """Triangles evenly spaced on the HTK mel scale, [bins, mels]."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, mels + 2) / 2595) - 1)
    bins = np.linspace(0, rate // 2, n_fft // 2 + 1)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return gpu.Filterbank(np.maximum(0, np.minimum(rising, falling)))


class Table:
    """Runs contenders and prints a row for each workload."""

    def __init__(self, quick: bool, only: str) -> None:
        self.references, self.quick, self.only = References(), quick, only
        self.bandwidth = copy_bandwidth()
        self.rows: list[dict[str, Any]] = []
        copied = f"copy {self.bandwidth / 1e12:.2f} TB/s"
        print(
            f"{diagnostics.spec_mlx_device_key()}; {self.references.versions}; {copied}\n\n{table.GPU_HEAD}"
        )

    def add(
        self, name: str, mine: Callable[[], Contender], theirs: Callable[[], dict[str, Contender]], moved: int
    ) -> None:
        """Measure one workload; `moved` is the least number of bytes it can move."""
        if self.only not in name:
            return
        times = rounds({"ours": mine(), **theirs()})
        own = times.pop("ours")
        floor = moved / self.bandwidth * 1e3 / own
        self.rows.append({"workload": name, "ours_ms": own, "theirs_ms": times, "copy_floor": floor})
        print(table.gpu_row(self.rows[-1]), flush=True)

    def signal(self, batch: int, samples: int, n: int, hop: int) -> tuple[mx.array, gpu.Geometry, gpu.Window]:
        """Noise, the geometry of its centred frames, and a periodic Hann window."""
        length = samples // 6 if self.quick and samples > 100000 else samples
        x = mx.random.normal((batch, length))
        mx.eval(x)
        window = gpu.Window(np.hanning(n + 1)[:-1])
        return x, gpu.Geometry(n, hop, length, n // 2, n // 2, "reflect"), window

    def transforms(self) -> None:
        """STFT, inverse, and both with their gradients."""
        references = self.references
        for batch, samples, n, hop in STFT:
            x, g, w = self.signal(batch, samples, n, hop)
            moved = x.nbytes + batch * g.frames * g.bins * 8
            theirs = partial(references.stft, x, n, hop)
            self.add(f"STFT {batch} x {g.length}, {n}/{hop}", partial(ours, gpu.stft(w, g), x), theirs, moved)
        for batch, samples, n, hop in ISTFT:
            x, g, w = self.signal(batch, samples, n, hop)
            inverse = gpu.istft(w, n, hop, g.frames, n // 2, g.length, 1.0, 1e-11)
            z = gpu.stft(w, g)(x)
            theirs, moved = partial(references.istft, x, n, hop), z.nbytes + x.nbytes
            self.add(f"iSTFT {batch} x {g.length}, {n}/{hop}", partial(ours, inverse, z), theirs, moved)
        batch, samples, n, hop = STFT[0]
        x, g, w = self.signal(batch, samples, n, hop)
        forward, inverse = gpu.stft(w, g), gpu.istft(w, n, hop, g.frames, n // 2, g.length, 1.0, 1e-11)
        both = mx.grad(lambda v: mx.mean(inverse(forward(v)) ** 2))
        moved = 4 * (x.nbytes + batch * g.frames * g.bins * 8)
        name = f"STFT + iSTFT, forward and backward, {batch} x {g.length}, {n}/{hop}"
        self.add(name, partial(ours, both, x), partial(references.round_trip, x, n, hop), moved)

    def mels(self) -> None:
        """Mel spectrograms, linear and in dB below the peak."""
        for batch, samples, n, hop, count in MEL:
            x, g, w = self.signal(batch, samples, n, hop)
            bank = mel_bank(n, count)
            linear = gpu.filtered(w, bank, g)
            in_db = gpu.filtered_in_range(w, bank, g, 2.0, gpu.decibels(), 1.0, 80.0, False)
            moved = x.nbytes + batch * count * g.frames * 4
            name = f"{batch} x {g.length}, {n}/{hop}, {count} mels"
            for title, function, db in (("mel", linear, False), ("mel + dB", in_db, True)):
                theirs = partial(self.references.mel, x, n, hop, count, db)
                self.add(f"{title} {name}", partial(ours, function, x), theirs, moved)


def run(quick: bool, only: str) -> dict[str, Any]:
    """Run every workload whose name holds `only`, printing a table; `quick` is a sixth of the samples.

    Raises
    ------
    SystemExit
        If MLX has no GPU here.
    """
    if gpu.target() is None:
        raise SystemExit("MLX has no GPU here")
    runs = Table(quick, only)
    runs.transforms()
    runs.mels()
    return {
        "device": diagnostics.spec_mlx_device_key(),
        "versions": runs.references.versions,
        "copy_bytes_per_second": runs.bandwidth,
        "autotune": os.environ.get("SPEC_MLX_AUTOTUNE", "1"),
        "plans": diagnostics.snapshot()["plans_tuned"],
        "rows": runs.rows,
    }
