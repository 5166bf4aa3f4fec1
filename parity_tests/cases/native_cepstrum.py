"""spectro.mfcc and MFCCTransform by librosa.feature.mfcc; dct_matrix by torchaudio and scipy."""

from __future__ import annotations

from typing import Any

from ..case import Call, Case
from ..signals import signal
from .oracles import librosa_mfcc

__all__ = ["cases"]

SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch", "faint")


def mfcc(ns: Any, x: Any, **options: Any) -> Any:
    """`spectro.mfcc`."""
    return ns.spectro.mfcc(x, **options)


def mfcc_transform(ns: Any, x: Any, **options: Any) -> Any:
    """`MFCCTransform(**options)(x)`."""
    return ns.spectro.MFCCTransform(**options)(x)


def mfcc_compiled(ns: Any, x: Any, **options: Any) -> Any:
    """`MFCCTransform(**options).get_compiled()`."""
    return ns.spectro.MFCCTransform(**options).get_compiled()(x)


def _mfcc_cases() -> list[Case]:
    small: dict[str, Any] = {
        "sample_rate": 16000,
        "n_mfcc": 10,
        "n_fft": 128,
        "hop_length": 40,
        "n_mels": 20,
    }

    def case(x: str, call: Call = mfcc_transform, **options: Any) -> Case:
        names = {mfcc: "mfcc", mfcc_transform: "MFCCTransform", mfcc_compiled: "MFCCTransform.get_compiled"}
        return Case(f"spectro.{names[call]}", "librosa", call, signal(x), small | options, librosa_mfcc)

    constant: dict[str, Any] = {"center_pad_mode": "constant"}
    return [
        *(case(name, n_fft=64, n_mels=12, **constant) for name in SIGNALS),
        *(case(name, mfcc, n_fft=64, n_mels=12) for name in SIGNALS),
        case("music"),
        case("long", mfcc, n_fft=400, hop_length=160, n_mels=40, n_mfcc=13),
        case("music", n_mfcc=20),
        case("music", n_mfcc=1),
        case("music", dct_norm=None),
        *(case("music", lifter=lifter) for lifter in (1, 22)),
        case("batch", lifter=15, dct_norm=None, **constant),
        case("music", mel_scale="htk", norm=None),
        case("music", mel_scale="htk", norm="slaney", f_min=100.0, f_max=6000.0),
        case("music", norm=None, sample_rate=22050),
        case("music", win_length=100, window_fn="hamming"),
        case("music", center=False),
        case("music", n_fft=100, hop_length=31),
        *(case("stereo", top_db=top_db) for top_db in (20.0, None)),
        case("batch", mfcc_compiled),
        case("music", mfcc_compiled, lifter=22),
    ]


def _dct_cases() -> list[Case]:
    def call(ns: Any, x: Any, n_mfcc: int, n_mels: int, norm: str | None) -> Any:
        return ns.spectro.dct_matrix(n_mfcc, n_mels, norm=norm)

    def oracle(ns: Any, x: Any, n_mfcc: int, n_mels: int, norm: str | None) -> Any:
        # torchaudio's basis is [n_mels, n_mfcc].
        return ns.torchaudio.functional.create_dct(n_mfcc, n_mels, norm).T.contiguous()

    return [
        Case(
            "spectro.dct_matrix",
            "torchaudio",
            call,
            None,
            {"n_mfcc": n_mfcc, "n_mels": n_mels, "norm": norm},
            oracle,
            ("mlx",),
        )
        for n_mfcc, n_mels in ((13, 40), (20, 128), (7, 7), (1, 5))
        for norm in (None, "ortho")
    ]


def cases() -> list[Case]:
    """Return the cases of the cepstrum."""
    return _mfcc_cases() + _dct_cases()
