"""librosa's constant-Q family and its chroma, of audio [..., n]; native_constantq.py has more of the first.

What is made of audio runs in 32 bits only, for the reason that is given there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..case import ALL_KINDS, Case
from ..signals import Recipe, signal, spectrum
from .librosa_calls import bad, case, each
from .native_constantq import SOXR

__all__ = ["cases"]

KINDS = ("numpy32", "mlx", "torch32")


def _forward() -> list[Case]:
    found = []
    for name in ("vqt", "cqt", "hybrid_cqt"):
        found += each(
            name,
            KINDS,
            {"y": signal("long"), "n_bins": 48, "fmin": 65.0},
            [
                {},
                {"scale": False, "norm": 2},
                {"hop_length": 160, "pad_mode": "reflect"},
                {"window": "hamming"},
            ],
        )
        found += [case(name, KINDS, y=signal("surround"), n_bins=24, fmin=220.0, hop_length=128)]
    found += each(
        "pseudo_cqt",
        KINDS,
        {"y": signal("long"), "fmin": 220.0, "n_bins": 40},
        [{}, {"scale": False}, {"y": signal("surround"), "pad_mode": "edge"}],
    )
    found += [case("vqt", KINDS, y=signal("long"), n_bins=48, intervals="ji5", gamma=10.0)]
    found += [case(n, KINDS, y=signal("long"), n_bins=24, res_type=None) for n in ("vqt", "hybrid_cqt")]
    return found


def _inverse() -> list[Case]:
    z = spectrum("random", 70, 1)  # [2, 36, 9]
    inverse = each(
        "icqt",
        ("numpy32",),
        {"C": z, "fmin": 110.0, "hop_length": 128},
        [{}, {"length": 900}, {"scale": False, "dtype": "float32"}, {"norm": 2, "tuning": 0.3}],
    )
    rebuilt = each(
        "griffinlim_cqt",
        ("numpy32",),
        {"C": _magnitudes(), "fmin": 110.0, "hop_length": 128, "random_state": 0},
        [{"n_iter": 0}, {"n_iter": 2}, {"n_iter": 2, "momentum": 0.0, "init": None}],
    )
    return inverse + rebuilt


def _magnitudes() -> Recipe:
    def make() -> Any:
        z = spectrum("random", 70, 1).values()
        return abs(z.real)

    return Recipe("random-magnitudes-36", make)


def _chroma() -> list[Case]:
    found = []
    c = _magnitudes()
    found += each(
        "feature.chroma_cqt",
        ALL_KINDS,
        {"C": c, "bins_per_octave": 12},
        [{}, {"norm": 2}, {"threshold": 0.5, "norm": None}, {"fmin": 100.0}, {"n_chroma": 6}],
    )
    found += each(
        "feature.chroma_cens",
        ALL_KINDS,
        {"C": c, "bins_per_octave": 12},
        [{}, {"win_len_smooth": 4}, {"win_len_smooth": None}],
    )
    found += each("feature.chroma_vqt", ALL_KINDS, {"V": c, "intervals": "equal"}, [{}, {"norm": 1}])
    audio = {"y": signal("long"), "n_octaves": 4, "bins_per_octave": 12}
    found += each(
        "feature.chroma_cqt", KINDS, {**audio, "tuning": 0.0}, [{}, {"cqt_mode": "hybrid"}, {"fmin": 65.0}]
    )
    found += [case("feature.chroma_vqt", KINDS, y=signal("long"), n_octaves=4, intervals="ji3")]
    found += [case("feature.tonnetz", KINDS, **audio, tuning=0.0)]
    return found


def _bad() -> list[Case]:
    y = signal("long")
    return [
        *(bad(name, y=y, n_bins=120) for name in ("vqt", "cqt")),
        *(bad(name, y=signal("nan")) for name in ("vqt", "cqt", "hybrid_cqt", "pseudo_cqt")),
        *(bad(name, y=signal("integer"), n_bins=12) for name in ("cqt", "pseudo_cqt")),
        bad("cqt", y=y, n_bins=12, sparsity=1.0),
        bad("cqt", y=y, n_bins=12, filter_scale=0),
        bad("cqt", y=y, n_bins=12, norm=-1),
        bad("griffinlim_cqt", C=_magnitudes(), momentum=-1),
        bad("griffinlim_cqt", C=_magnitudes(), init="zero"),
        bad("griffinlim_cqt", C=_magnitudes(), random_state="seed"),
        bad("feature.chroma_cqt"),
        bad("feature.chroma_cqt", C=_magnitudes(), bins_per_octave=13),
        bad("feature.chroma_cens", C=_magnitudes(), win_len_smooth=0),
        bad("feature.chroma_cens", C=_magnitudes(), win_len_smooth=2.5),
        bad("feature.chroma_vqt", intervals="equal"),
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return [replace(c, needs=SOXR) for c in _forward() + _inverse() + _chroma() + _bad()]
