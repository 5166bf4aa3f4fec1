"""Bad input: what a mirrored function must raise as its reference does, and a native one as SpectroError."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..case import Call, Case
from ..signals import Recipe, power, signal, spectrum, window
from .native_cepstrum import mfcc
from .native_mel import SMALL, mel
from .native_stft import native_istft, native_stft
from .oracles import librosa_mfcc, mel_spectrogram, torch_istft, torch_stft
from .torch_functions import istft, stft
from .torchaudio_transforms import transform

__all__ = ["cases"]

GOOD_STFT: dict[str, Any] = {"n_fft": 64, "hop_length": 16}
REAL = spectrum("chirp", 64, 16)
MAGNITUDE = power("chirp", 64, 16)
SQUARE = Recipe("square", lambda: np.ones((8, 8)))
NAN_WINDOW = Recipe("nan-window-64", lambda: np.where(np.arange(64) == 9, np.nan, 1.0))
DEEP = Recipe("deep-spectrum", lambda: np.ones((2, 2, 33, 3)) + 0j)
FLAT = Recipe("flat-spectrum", lambda: np.ones(33) + 0j)
NO_FRAMES = Recipe("no-frames-spectrum", lambda: np.ones((33, 0)) + 0j)
NO_BINS = Recipe("empty-power", lambda: np.ones((2, 0, 3)))


def _torch() -> list[Case]:
    def forward(x: str, **options: Any) -> Case:
        options = GOOD_STFT | {"return_complex": True} | options
        return Case("torch.stft", "torch", stft, signal(x), options, bad=True)

    def inverse(z: Recipe, **options: Any) -> Case:
        return Case("torch.istft", "torch", istft, z, GOOD_STFT | options, bad=True)

    def make(name: str, *arguments: Any, **options: Any) -> Case:
        def call(ns: Any, x: Any, arguments: Any, **options: Any) -> Any:
            return getattr(ns.torch, name)(*arguments, **options)

        return Case(f"torch.{name}", "torch", call, None, {"arguments": arguments} | options, bad=True)

    return [
        forward("chirp", hop_length=0),
        forward("chirp", hop_length=-3),
        forward("chirp", n_fft=0),
        forward("chirp", n_fft=-64),
        forward("chirp", n_fft=64.0),
        forward("chirp", n_fft="64"),
        forward("chirp", hop_length=16.5),
        forward("chirp", win_length=65),
        forward("chirp", win_length=0),
        forward("chirp", win_length=-1),
        forward("chirp", window=window("hann", 63)),
        forward("chirp", win_length=40, window=window("hann", 64)),
        forward("chirp", window=SQUARE),
        forward("chirp", window=NAN_WINDOW),
        forward("chirp", pad_mode="symmetric"),
        forward("chirp", center=False, pad_mode="symmetric"),
        forward("chirp", return_complex=None),
        forward("chirp", align_to_window=True),
        forward("complex", onesided=True),
        forward("empty"),
        forward("empty", center=False),
        forward("short", n_fft=256),
        forward("short", n_fft=256, pad_mode="circular"),
        forward("short", n_fft=256, center=False),
        forward("cube"),
        forward("scalar"),
        forward("integer"),
        forward("nan"),
        forward("infinite"),
        inverse(MAGNITUDE),
        inverse(REAL, n_fft=128),
        inverse(REAL, n_fft=0),
        inverse(REAL, hop_length=0),
        inverse(REAL, hop_length=-4),
        inverse(REAL, hop_length=65),
        inverse(REAL, win_length=65),
        inverse(REAL, win_length=0),
        inverse(REAL, window=window("hann", 60)),
        inverse(REAL, window=SQUARE),
        inverse(REAL, window=window("hann", 64), center=False),
        inverse(REAL, window=window("box", 64), hop_length=40),
        inverse(REAL, onesided=False),
        inverse(REAL, onesided=True, return_complex=True),
        inverse(REAL, length=-5),
        inverse(REAL, length=0),
        inverse(DEEP),
        inverse(FLAT),
        inverse(NO_FRAMES),
        *(
            make(name, length)
            for name in ("hann_window", "hamming_window", "blackman_window", "bartlett_window")
            for length in (-1, 6.5, "6")
        ),
        make("kaiser_window", -1),
        make("kaiser_window", 6, beta="high"),
        make("kaiser_window", 6, beta=8.0),  # torch takes beta only after periodic
        make("hamming_window", 6, alpha=0.6),
        make("hann_window"),
        make("hann_window", 6, nonsense=1),
    ]


def _torchaudio() -> list[Case]:
    def case(name: str, x: Any, **options: Any) -> Case:
        source = signal(x) if isinstance(x, str) else x
        return Case(f"torchaudio.transforms.{name}", "torchaudio", transform(name), source, options, bad=True)

    small = {"n_fft": 128, "n_mels": 20}
    return [
        case("Spectrogram", "chirp", n_fft=0),
        case("Spectrogram", "chirp", n_fft=64, hop_length=0),
        case("Spectrogram", "chirp", n_fft=64, win_length=65),
        case("Spectrogram", "chirp", n_fft=64, pad_mode="symmetric"),
        case("Spectrogram", "chirp", n_fft=64, pad=-1),
        case("Spectrogram", "chirp", n_fft=64, normalized="length"),
        case("Spectrogram", "chirp", n_fft=64, wkwargs={"nonsense": 1}),
        case("Spectrogram", "empty", n_fft=64),
        case("Spectrogram", "short", n_fft=256),
        case("Spectrogram", "integer", n_fft=64),
        case("Spectrogram", "nan", n_fft=64),
        case("MelSpectrogram", "chirp", **small, f_min=9000.0),
        case("MelSpectrogram", "chirp", **small, f_min=500.0, f_max=100.0),
        case("MelSpectrogram", "chirp", **small, norm="area"),
        case("MelSpectrogram", "chirp", **small, mel_scale="bark"),
        case("MelSpectrogram", "chirp", **small, hop_length=0),
        case("MelSpectrogram", "short", n_fft=256),
        case("MelScale", MAGNITUDE, n_mels=8, n_stft=40),
        case("MelScale", MAGNITUDE, n_mels=8, n_stft=33, norm="area"),
        case("MelScale", MAGNITUDE, n_mels=8, n_stft=33, mel_scale="bark"),
        case("MelScale", MAGNITUDE, n_mels=8, n_stft=33, f_min=9000.0),
        case("AmplitudeToDB", signal("click"), top_db=10.0),
        case("AmplitudeToDB", MAGNITUDE, top_db=-1.0),
        case("AmplitudeToDB", MAGNITUDE, stype="loudness"),
        case("MFCC", "chirp", dct_type=3, melkwargs=small),
        case("MFCC", "chirp", norm="slaney", melkwargs=small),
        case("MFCC", "chirp", n_mfcc=21, melkwargs=small),
        case("MFCC", "short", melkwargs={"n_fft": 256}),
    ]


def _native_stft() -> list[Case]:
    def case(x: str, *names: str, oracle: Call | None = torch_stft, **options: Any) -> Case:
        return Case(
            "spectro.SpectralTransform.stft",
            "torch",
            native_stft,
            signal(x),
            GOOD_STFT | options,
            oracle,
            bad=True,
            names=names,
        )

    def inverse(z: Recipe, *names: str, oracle: Call | None = torch_istft, **options: Any) -> Case:
        return Case(
            "spectro.SpectralTransform.istft",
            "torch",
            native_istft,
            z,
            GOOD_STFT | options,
            oracle,
            bad=True,
            names=names,
        )

    none: dict[str, Any] = {"oracle": None}
    return [
        case("chirp", "hop_length", "0", hop_length=0),
        case("chirp", "hop_length", "-16", hop_length=-16),
        case("chirp", "hop_length", "16.5", hop_length=16.5),
        case("chirp", "n_fft", "0", n_fft=0),
        case("chirp", "n_fft", "64.0", n_fft=64.0),
        case("chirp", "win_length", "65", win_length=65),
        case("chirp", "win_length", "0", win_length=0),
        case("chirp", "window", "63", window=window("hann", 63)),
        case("chirp", "window", "(8, 8)", window=SQUARE),
        case("chirp", "window", "NaN", window=NAN_WINDOW),
        case("chirp", "window_fn", "'triangle'", window_fn="triangle", **none),
        case("chirp", "center_pad_mode", "'symmetric'", center_pad_mode="symmetric"),
        case("chirp", "center_tail_pad", "'reflect'", center_tail_pad="minimal", **none),
        case("chirp", "center_tail_pad", "'short'", center_tail_pad="short", **none),
        case("chirp", "output_layout", "'fbn'", output_layout="fbn", **none),
        case("chirp", "istft_backend_policy", "'fast'", istft_backend_policy="fast", **none),
        case("empty", "x", "(0,)"),
        case("short", "x", "70", n_fft=256),
        case("short", "x", "70", n_fft=256, center=False),
        case("cube", "x", "(2, 2, 200)"),
        case("scalar", "x", "()"),
        case("integer", "x", "int16"),
        case("complex", "x", "complex"),
        Case(
            "spectro.SpectralTransform.stft",
            "torch",
            native_stft,
            signal("nan"),
            GOOD_STFT,
            torch_stft,
            ("numpy32", "numpy64", "torch32", "torch64"),
            True,
            ("x", "NaN"),
        ),
        Case(
            "spectro.SpectralTransform.stft",
            "torch",
            native_stft,
            signal("infinite"),
            GOOD_STFT,
            torch_stft,
            ("numpy32", "numpy64", "torch32", "torch64"),
            True,
            ("x", "infinity"),
        ),
        inverse(MAGNITUDE, "z", "complex"),
        inverse(spectrum("chirp", 48, 16), "z", "33"),
        inverse(DEEP, "z", "(2, 2, 33, 3)"),
        inverse(FLAT, "z", "(33,)"),
        inverse(NO_FRAMES, "z", "frames"),
        inverse(REAL, "length", "-5", length=-5),
        inverse(REAL, "length", "12.5", length=12.5),
        inverse(REAL, "hop_length", "48", hop_length=48, window=window("box", 64), torch_like=True),
        inverse(REAL, "length", center_pad_mode="constant", center_tail_pad="minimal", **none),
        inverse(REAL, "input_layout", "'nbf'", input_layout="nbf", **none),
        inverse(REAL, "safety", "'never'", safety="never", **none),
        inverse(REAL, "long_mode_strategy", "'loop'", long_mode_strategy="loop", **none),
        inverse(REAL, "backend_policy", "'fast'", backend_policy="fast", **none),
    ]


def _native_features() -> list[Case]:
    def case(x: str, *names: str, oracle: Call | None = mel_spectrogram, **options: Any) -> Case:
        return Case(
            "spectro.MelSpectrogramTransform",
            "torchaudio",
            mel,
            signal(x),
            SMALL | options,
            oracle,
            bad=True,
            names=names,
        )

    def cepstrum(x: str, *names: str, oracle: Call | None = librosa_mfcc, **options: Any) -> Case:
        options = SMALL | {"n_mfcc": 10} | options
        return Case("spectro.mfcc", "librosa", mfcc, signal(x), options, oracle, bad=True, names=names)

    def decibels(x: Recipe, *names: str, **options: Any) -> Case:
        def call(ns: Any, x: Any, **options: Any) -> Any:
            return ns.spectro.amplitude_to_db(x, **options)

        return Case(
            "spectro.amplitude_to_db", "torchaudio", call, x, options, bad=True, names=names, oracle=None
        )

    def bank(*names: str, oracle: bool = True, **options: Any) -> Case:
        def call(ns: Any, x: Any, **options: Any) -> Any:
            return ns.spectro.melscale_fbanks(**options)

        def reference(ns: Any, x: Any, **options: Any) -> Any:
            return ns.torchaudio.functional.melscale_fbanks(**options)

        good = {"n_freqs": 33, "f_min": 0.0, "f_max": 8000.0, "n_mels": 8, "sample_rate": 16000}
        return Case(
            "spectro.melscale_fbanks",
            "torchaudio",
            call,
            None,
            good | options,
            reference if oracle else None,
            ("mlx",),
            True,
            names,
        )

    none: dict[str, Any] = {"oracle": None}
    return [
        case("chirp", "sample_rate", "0", sample_rate=0, **none),
        case("chirp", "n_mels", "0", n_mels=0, **none),
        case("chirp", "f_min", "9000", f_min=9000.0),
        case("chirp", "f_min", "500", f_min=500.0, f_max=100.0),
        case("chirp", "f_max", "nan", f_max=math.nan),
        case("chirp", "power", "nan", power=math.nan, **none),
        case("chirp", "power", "0", power=0.0, **none),
        case("chirp", "norm", "'area'", norm="area"),
        case("chirp", "mel_scale", "'bark'", mel_scale="bark"),
        case("chirp", "top_db", "-1", top_db=-1.0),
        case("chirp", "top_db", "nan", top_db=math.nan, **none),
        case("chirp", "output_scale", "'sone'", output_scale="sone", **none),
        case("chirp", "log_mode", "'floor'", output_scale="log", log_mode="floor", **none),
        case("chirp", "log_amin", "0", output_scale="log", log_amin=0.0, **none),
        case("chirp", "mode", "'librosa'", mode="librosa", **none),
        case("chirp", "hop_length", "0", hop_length=0),
        case("integer", "x", "int16"),
        case("empty", "x", "(0,)"),
        case("short", "x", "70", n_fft=256),
        cepstrum("chirp", "n_mfcc", "21", n_mfcc=21),
        cepstrum("chirp", "n_mfcc", "0", n_mfcc=0),
        cepstrum("chirp", "dct_norm", "'unit'", dct_norm="unit"),
        cepstrum("chirp", "lifter", "-1", lifter=-1),
        cepstrum("integer", "x", "int16"),
        cepstrum("empty", "x", "(0,)"),
        decibels(MAGNITUDE, "stype", "'loudness'", stype="loudness"),
        decibels(MAGNITUDE, "amin", "0", amin=0.0),
        decibels(MAGNITUDE, "ref_value", "nan", ref_value=math.nan),
        decibels(MAGNITUDE, "mode", "'shared'", mode="shared"),
        decibels(NO_BINS, "x", "(2, 0, 3)"),
        decibels(signal("integer"), "x", "int16"),
        bank("n_mels", "0", n_mels=0, oracle=False),
        bank("n_freqs", "0", n_freqs=0, oracle=False),
        bank("f_min", "9000", f_min=9000.0),
        bank("norm", "'area'", norm="area"),
        bank("mel_scale", "'bark'", mel_scale="bark"),
    ]


def cases() -> list[Case]:
    """Return the cases of bad input."""
    return _torch() + _torchaudio() + _native_stft() + _native_features()
