"""spectro's constant-Q family, by librosa.

Runs in 32 bits only. librosa's own float64 holds float32 roundings (its filters are complex64, its FFT of
them single precision, and soxr computes in float32), which another processor's FFT need not repeat; so there
is no float64 truth to that precision. tests/native holds the float64 path to the bar of these cases.
"""

from __future__ import annotations

from typing import Any

from ..case import FLOAT, Call, Case
from ..signals import signal, spectrum

__all__ = ["cases"]

KINDS = ("numpy32", "mlx", "torch32")
SOXR = ("soxr",)  # without it, lower rates are some 1e-7 of the peak off


def _pair(name: str) -> tuple[Call, Call]:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return getattr(ns.spectro, name)(x, **options)

    def oracle(ns: Any, x: Any, **options: Any) -> Any:
        return getattr(ns.librosa, name)(x, **options)

    return call, oracle


def hybrid_transform(ns: Any, x: Any, **options: Any) -> Any:
    """`HybridCQTTransform(**options)(x)`."""
    return ns.spectro.HybridCQTTransform(**options)(x)


def _case(name: str, x: str, **options: Any) -> Case:
    call, oracle = _pair(name)
    return Case(f"spectro.{name}", "librosa", call, signal(x), options, oracle, KINDS, needs=SOXR)


def _hybrid_cases() -> list[Case]:
    name = "hybrid_cqt"
    _, oracle = _pair(name)
    transform = "spectro.HybridCQTTransform"
    return [
        *(
            _case(name, x)
            for x in ("chirp", "noise", "click", "silence", "dc", "music", "stereo", "faint", "long")
        ),
        _case(name, "long", n_bins=36, fmin=55.0),
        _case(name, "long", bins_per_octave=24, n_bins=120),
        _case(name, "long", bins_per_octave=36, n_bins=100, fmin=65.0),
        *(_case(name, "long", filter_scale=scale, n_bins=60) for scale in (0.5, 2.0)),
        *(_case(name, "long", norm=norm) for norm in (None, 2, float("inf"))),
        *(_case(name, "long", sparsity=sparsity) for sparsity in (0.0, 0.05)),
        *(_case(name, "long", hop_length=hop) for hop in (64, 256, 384)),
        _case(name, "music", hop_length=441, n_bins=40),
        _case(name, "long", sr=44100, n_bins=90),
        _case(name, "long", sr=16000, n_bins=72),
        _case(name, "batch", n_bins=1, fmin=440.0, hop_length=128),
        *(
            Case(transform, "librosa", hybrid_transform, signal(x), options, oracle, KINDS, needs=SOXR)
            for x, options in (("long", {}), ("batch", {"hop_length": 128, "n_bins": 40, "fmin": 110.0}))
        ),
    ]


def _forward_cases() -> list[Case]:
    return [
        *(_case("cqt", x) for x in ("chirp", "noise", "click", "music", "stereo", "long")),
        *(_case("cqt", "long", scale=False, n_bins=n) for n in (24, 84)),
        _case("cqt", "long", hop_length=160, n_bins=48, fmin=110.0, sr=16000),
        _case("cqt", "music", hop_length=441, n_bins=30, fmin=110.0),
        _case("cqt", "long", tuning=0.3, norm=2),
        _case("cqt", "long", tuning=None, n_bins=36),
        _case("cqt", "long", window="hamming", n_bins=60),
        _case("cqt", "long", window=("kaiser", 4.0), n_bins=60, filter_scale=0.7),
        *(_case("cqt", "long", pad_mode=mode) for mode in ("reflect", "edge")),
        *(_case("pseudo_cqt", x, fmin=220.0, n_bins=40) for x in ("chirp", "noise", "long", "batch")),
        _case("pseudo_cqt", "long", fmin=220.0, n_bins=40, scale=False),
        _case("pseudo_cqt", "long", fmin=880.0, n_bins=1, pad_mode="reflect"),
        *(_case("vqt", x) for x in ("noise", "long")),
        _case("vqt", "long", gamma=20.0, scale=False),
        *(_case("vqt", "long", intervals=name, n_bins=48) for name in ("pythagorean", "ji3", "ji5", "ji7")),
        _case("vqt", "batch", intervals=[1.0, 1.2, 1.5], n_bins=11, fmin=110.0, hop_length=128),
    ]


def _inverse_cases() -> list[Case]:
    call, oracle = _pair("icqt")

    def case(bins: int, **options: Any) -> Case:
        z = spectrum("random", 2 * bins - 2, 1)
        return Case(
            "spectro.icqt",
            "librosa",
            call,
            z,
            options | {"dtype": FLOAT},
            oracle,
            ("numpy32", "mlx"),
            needs=SOXR,
        )

    return [
        case(84),
        case(84, length=3000),
        case(36, fmin=110.0, hop_length=128, scale=False),
        case(30, fmin=110.0, hop_length=256, norm=2, tuning=-0.2),
        case(24, fmin=220.0, hop_length=147, window="hamming", filter_scale=0.5),
        case(17, fmin=220.0, hop_length=128, length=2000, sparsity=0.0),
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return _hybrid_cases() + _forward_cases() + _inverse_cases()
