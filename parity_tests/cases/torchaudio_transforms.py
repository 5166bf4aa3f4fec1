"""torchaudio.transforms: Spectrogram, MelSpectrogram, MelScale, AmplitudeToDB, MFCC."""

from __future__ import annotations

from typing import Any

from ..case import ALL_KINDS, Call, Case
from ..signals import power, signal

__all__ = ["cases", "transform"]

SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch", "faint")


def transform(name: str) -> Call:
    """Return a call that makes transform `name` with the options and applies it.

    A window function is named in the options, and taken from the namespace's torch. For float64 audio
    the transform is converted, as torchaudio wants it.
    """

    def call(ns: Any, x: Any, **options: Any) -> Any:
        def resolve(given: dict[str, Any]) -> dict[str, Any]:
            given = dict(given)
            if "window_fn" in given:
                given["window_fn"] = getattr(ns.torch, given["window_fn"])
            if "melkwargs" in given:
                given["melkwargs"] = resolve(given["melkwargs"])
            return given

        made = getattr(ns.torchaudio.transforms, name)(**resolve(options))
        return (made.double() if str(x.dtype).endswith("float64") else made)(x)

    return call


def _case(name: str, x: Any, kinds: tuple[str, ...] = ALL_KINDS, **options: Any) -> Case:
    source = signal(x) if isinstance(x, str) else x
    return Case(f"torchaudio.transforms.{name}", "torchaudio", transform(name), source, options, kinds=kinds)


def _spectrogram() -> list[Case]:
    def case(x: str, n_fft: int = 64, **options: Any) -> Case:
        return _case("Spectrogram", x, n_fft=n_fft, **options)

    return [
        *(case(name, hop_length=28) for name in SIGNALS),
        _case("Spectrogram", "long"),
        case("surround", 48),
        case("chirp", 63, hop_length=28),
        case("chirp", 61, hop_length=28, win_length=50),
        case("music", 400, hop_length=160),
        case("music", win_length=40),
        case("music", win_length=41, hop_length=30),
        case("noise", hop_length=28, pad=13),
        *(case("music", hop_length=28, power=p) for p in (1.0, 2.0, 0.5, 3.0, None)),
        *(case("noise", hop_length=28, normalized=n) for n in (True, "window", "frame_length")),
        case("stereo", hop_length=28, normalized=True, power=None),
        case("music", hop_length=28, window_fn="hamming_window"),
        case("music", hop_length=28, window_fn="hamming_window", wkwargs={"alpha": 0.6, "periodic": False}),
        case("music", hop_length=28, window_fn="kaiser_window", wkwargs={"beta": 8.0, "periodic": True}),
        case("music", hop_length=28, window_fn="blackman_window"),
        case("music", hop_length=28, window_fn="bartlett_window"),
        case("noise", hop_length=28, center=False),
        *(case("noise", hop_length=30, pad_mode=mode) for mode in ("constant", "replicate", "circular")),
        case("noise", hop_length=30, onesided=False),
        case("noise", hop_length=30, return_complex=True),  # deprecated, without effect
        case("noise", hop_length=30, onesided=False, power=None, normalized="frame_length"),
        case("noise", hop_length=28, center=False, pad=7, win_length=48, power=1.0),
    ]


def _mel_spectrogram() -> list[Case]:
    def case(x: str, n_fft: int = 128, n_mels: int = 20, **options: Any) -> Case:
        return _case("MelSpectrogram", x, n_fft=n_fft, n_mels=n_mels, **options)

    return [
        *(case(name, 64, 12, hop_length=20) for name in SIGNALS),
        _case("MelSpectrogram", "long"),
        case("surround"),
        case("long", 400, 80, hop_length=160),
        case("chirp", sample_rate=22050),
        case("chirp", sample_rate=44100, hop_length=40),
        case("chirp", sample_rate=11025, hop_length=40),
        case("music", win_length=100),
        case("music", f_min=100.0, f_max=6000.0),
        case("music", f_max=8000.0, norm="slaney"),
        case("music", mel_scale="slaney"),
        case("music", norm="slaney", mel_scale="slaney"),
        case("music", norm="slaney", mel_scale="slaney", f_min=200.0, f_max=7000.0, sample_rate=22050),
        case("noise", pad=9),
        case("noise", power=1.0),
        case("noise", power=3.0),
        case("noise", normalized=True),
        case("noise", window_fn="hamming_window"),
        case("noise", window_fn="hamming_window", wkwargs={"periodic": False}),
        case("noise", center=False),
        case("noise", pad_mode="constant"),
        case("noise", pad_mode="replicate"),
        case("noise", onesided=True),  # deprecated, without effect
        case("noise", 125, 16, hop_length=25),
        case("noise", 64, 40, hop_length=60),  # some filters between two bins, all zero
    ]


def _mel_scale() -> list[Case]:
    def case(x: Any, n_mels: int = 12, **options: Any) -> Case:
        return _case("MelScale", x, n_mels=n_mels, **options)

    small, stereo = power("music", 64, 20), power("stereo", 64, 20)
    return [
        _case("MelScale", power("long", 400, 160)),
        *(
            case(power(name, 64, 20), n_stft=33)
            for name in ("chirp", "noise", "click", "silence", "dc", "short")
        ),
        case(small, n_stft=33),
        case(stereo, n_stft=33),
        case(power("batch", 64, 20), n_stft=33),
        case(power("surround", 64, 20), n_stft=33),
        case(small, n_stft=33, sample_rate=44100),
        case(small, n_stft=33, f_min=300.0, f_max=5000.0),
        case(small, n_stft=33, f_max=4000.0),
        case(small, n_stft=33, norm="slaney"),
        case(small, n_stft=33, mel_scale="slaney"),
        case(small, n_stft=33, norm="slaney", mel_scale="slaney"),
        case(small, 1, n_stft=33),
    ]


def _amplitude_to_db() -> list[Case]:
    case = _case
    small, stereo = power("music", 64, 20), power("stereo", 64, 20)
    return [
        *(
            case("AmplitudeToDB", power(name, 64, 20))
            for name in ("chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch")
        ),
        case("AmplitudeToDB", small, stype="magnitude"),
        *(case("AmplitudeToDB", small, top_db=top) for top in (80.0, 20.0, 0.0)),
        case("AmplitudeToDB", stereo, stype="magnitude", top_db=30.0),
        case("AmplitudeToDB", power("batch", 64, 20), top_db=40.0),
        case("AmplitudeToDB", power("surround", 64, 20), top_db=10.0),
        case("AmplitudeToDB", signal("click")),
    ]


def _mfcc() -> list[Case]:
    def case(x: str, n_mfcc: int = 10, mel: dict[str, Any] | None = None, **options: Any) -> Case:
        small = {"n_fft": 128, "n_mels": 20, "hop_length": 40}
        return _case("MFCC", x, n_mfcc=n_mfcc, **options, melkwargs=small | (mel or {}))

    return [
        *(case(name) for name in SIGNALS),
        _case("MFCC", "long"),
        case("surround"),
        case("music", 20),
        case("music", 1),
        case("music", norm=None),
        case("music", norm="ortho", dct_type=2),
        case("music", log_mels=True),
        case("batch", log_mels=True, norm=None),
        case("chirp", sample_rate=22050),
        case("music", mel={"f_min": 100.0, "f_max": 6000.0, "mel_scale": "slaney", "norm": "slaney"}),
        case("music", mel={"win_length": 100, "window_fn": "hamming_window", "power": 1.0, "center": False}),
        case("long", 13, {"n_fft": 400, "hop_length": 160, "n_mels": 40}),
    ]


def cases() -> list[Case]:
    """Return the cases of `torchaudio.transforms`."""
    return _spectrogram() + _mel_spectrogram() + _mel_scale() + _amplitude_to_db() + _mfcc()
