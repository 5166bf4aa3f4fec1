"""spectro's mel transforms, filterbank and decibels, by torch.stft and torchaudio."""

from __future__ import annotations

from typing import Any

from ..case import Case
from ..signals import power, signal
from .oracles import mel_spectrogram, power_spectrogram

__all__ = ["cases"]

SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch", "faint")
MEL = "spectro.MelSpectrogramTransform"
LOG_MEL = "spectro.LogMelSpectrogramTransform"


def mel(ns: Any, x: Any, to_db_alias: bool | None = None, **options: Any) -> Any:
    """`MelSpectrogramTransform(**options)(x, to_db=...)`."""
    return ns.spectro.MelSpectrogramTransform(**options)(x, to_db=to_db_alias)


def mel_override(ns: Any, x: Any, output_scale: str, **options: Any) -> Any:
    """`MelSpectrogramTransform(...).mel_spectrogram(x, output_scale=...)`, over a constructor's "db"."""
    return ns.spectro.MelSpectrogramTransform(**options).mel_spectrogram(x, output_scale=output_scale)


def mel_compiled(ns: Any, x: Any, output_scale: str, **options: Any) -> Any:
    """`MelSpectrogramTransform(...).get_compiled(output_scale)`."""
    return ns.spectro.MelSpectrogramTransform(**options).get_compiled(output_scale)(x)


def log_mel(ns: Any, x: Any, output_scale: str, **options: Any) -> Any:
    """`LogMelSpectrogramTransform(**options)(x)`; `output_scale` is for the oracle."""
    return ns.spectro.LogMelSpectrogramTransform(**options)(x)


def log_mel_compiled(ns: Any, x: Any, output_scale: str, **options: Any) -> Any:
    """`LogMelSpectrogramTransform(**options).get_compiled()`."""
    return ns.spectro.LogMelSpectrogramTransform(**options).get_compiled()(x)


def spectrogram(ns: Any, x: Any, sample_rate: int, n_mels: int, **options: Any) -> Any:
    """`MelSpectrogramTransform(...).spectrogram`."""
    transform = ns.spectro.MelSpectrogramTransform(sample_rate=sample_rate, n_mels=n_mels, **options)
    return transform.spectrogram(x)


def _spectrogram_oracle(ns: Any, x: Any, sample_rate: int, n_mels: int, **options: Any) -> Any:
    return power_spectrogram(ns, x, **options)


SMALL: dict[str, Any] = {"sample_rate": 16000, "n_fft": 128, "hop_length": 40, "n_mels": 20}


def _mel_cases() -> list[Case]:
    def case(x: str, **options: Any) -> Case:
        return Case(MEL, "torchaudio", mel, signal(x), SMALL | options, mel_spectrogram)

    linear: dict[str, Any] = {"output_scale": "linear"}
    return [
        *(case(name, n_fft=64, n_mels=12) for name in SIGNALS),
        *(case(name, **linear) for name in SIGNALS if name != "short"),
        # The defaults of the transform with a clip long enough for them.
        Case(
            MEL,
            "torchaudio",
            mel,
            signal("long"),
            {"sample_rate": 24000, "n_fft": 2048, "hop_length": 240, "win_length": 2048},
            mel_spectrogram,
        ),
        # Filterbank.
        case("music", **linear, f_min=100.0, f_max=6000.0),
        case("music", **linear, norm="slaney"),
        case("music", **linear, mel_scale="slaney"),
        case("music", **linear, mel_scale="slaney", norm="slaney", sample_rate=22050, f_max=10000.0),
        case("music", **linear, sample_rate=44100),
        case("music", **linear, sample_rate=11025),
        # STFT options.
        case("music", **linear, n_fft=125, hop_length=31),
        case("music", **linear, win_length=100, window_fn="hamming", periodic=False),
        case("music", **linear, window_fn="blackman"),
        case("music", **linear, window_fn="rect"),
        case("music", **linear, center=False),
        case("music", **linear, center_pad_mode="constant"),
        case("music", **linear, center_pad_mode="constant", center_tail_pad="minimal"),
        case("music", **linear, normalized=True),
        *(case("music", **linear, power=p) for p in (0.5, 1.0, 3.0)),
        # Scales: dB ranges by both modes, logarithms.
        *(
            case(name, mode=mode, top_db=top_db)
            for name in ("stereo", "batch")
            for mode in ("mlx_native", "torchaudio_compat", "default")
            for top_db in (30.0, None)
        ),
        case("music", power=1.0, top_db=20.0),
        case("music", to_db_alias=True, output_scale="linear"),
        case("music", to_db_alias=False),
        *(
            case(name, output_scale="log", log_mode=mode, log_amin=amin)
            for name in ("music", "silence")
            for mode in ("clamp", "add")
            for amin in (1e-5, 1e-2)
        ),
        *(case("music", output_scale="log", log_mode="log1p", log_scale=s) for s in (1.0, 100.0)),
    ]


def _log_mel_cases() -> list[Case]:
    def case(x: str, **options: Any) -> Case:
        options = SMALL | {"output_scale": "log"} | options
        return Case(LOG_MEL, "torchaudio", log_mel, signal(x), options, mel_spectrogram)

    # The README's example, on a smaller frame.
    transcription: dict[str, Any] = {
        "f_min": 30.0,
        "f_max": 8000.0,
        "power": 1.0,
        "norm": "slaney",
        "mel_scale": "htk",
        "center_pad_mode": "constant",
        "log_amin": 1e-5,
        "log_mode": "clamp",
    }
    return [
        *(case(name, n_fft=64, n_mels=12) for name in SIGNALS),
        *(case(name, **transcription) for name in ("music", "batch", "silence", "click")),
        case("music", log_mode="add"),
        case("music", log_mode="log1p", log_scale=50.0),
        case("long", n_fft=400, hop_length=160, n_mels=80, log_amin=1e-10),
        case("batch", window_fn="hamming", win_length=90, normalized=True, power=1.0),
    ]


def _other_ways() -> list[Case]:
    def case(name: str, call: Any, x: str, oracle: Any = mel_spectrogram, **options: Any) -> Case:
        return Case(name, "torchaudio", call, signal(x), SMALL | options, oracle)

    scales = ("linear", "log", "db")
    return [
        *(case(f"{MEL}.mel_spectrogram", mel_override, "batch", output_scale=scale) for scale in scales),
        *(case(f"{MEL}.get_compiled", mel_compiled, "batch", output_scale=scale) for scale in scales),
        case(f"{LOG_MEL}.get_compiled", log_mel_compiled, "batch", output_scale="log", log_mode="add"),
        *(
            case(f"{MEL}.spectrogram", spectrogram, name, _spectrogram_oracle, power=p)
            for name in ("music", "stereo")
            for p in (1.0, 2.0)
        ),
    ]


def _filterbanks() -> list[Case]:
    def call(ns: Any, x: Any, norm: str | None, mel_scale: str, **options: Any) -> Any:
        return ns.spectro.melscale_fbanks(**options, norm=norm, mel_scale=mel_scale)

    def oracle(ns: Any, x: Any, **options: Any) -> Any:
        return ns.torchaudio.functional.melscale_fbanks(**options)

    sizes = [
        (201, 0.0, 8000.0, 80, 16000),
        (65, 100.0, 6000.0, 20, 16000),
        (65, 0.0, 11025.0, 24, 22050),
        (64, 0.0, 5512.0, 12, 11025),
        (33, 0.0, 8000.0, 40, 16000),
        (17, 300.0, 700.0, 1, 16000),
    ]
    names = ("n_freqs", "f_min", "f_max", "n_mels", "sample_rate")
    return [
        Case(
            "spectro.melscale_fbanks",
            "torchaudio",
            call,
            None,
            dict(zip(names, size, strict=True)) | {"norm": norm, "mel_scale": scale},
            oracle,
            ("mlx",),
        )
        for size in sizes
        for norm in (None, "slaney")
        for scale in ("htk", "slaney")
    ]


def _decibels() -> list[Case]:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return ns.spectro.amplitude_to_db(x, **options)

    def oracle(
        ns: Any,
        x: Any,
        stype: str = "power",
        top_db: float | None = 80.0,
        amin: float = 1e-10,
        ref_value: float = 1.0,
        mode: str = "torchaudio_compat",
    ) -> Any:
        def scale(y: Any) -> Any:
            multiplier = 10.0 if stype == "power" else 20.0
            reference = ns.math.log10(max(amin, ref_value))
            return ns.torchaudio.functional.amplitude_to_DB(y, multiplier, amin, reference, top_db)

        if mode == "torchaudio_compat" or x.ndim <= 2:
            return scale(x)
        examples = x.reshape(-1, *x.shape[-2:])
        return ns.torch.stack([scale(example) for example in examples]).reshape(x.shape)

    def case(x: str, **options: Any) -> Case:
        recipe = power(x, 64, 20)
        return Case("spectro.amplitude_to_db", "torchaudio", call, recipe, options, oracle)

    return [
        *(case(name) for name in ("chirp", "noise", "click", "silence", "dc", "music", "short", "batch")),
        case("music", stype="magnitude"),
        case("music", top_db=None),
        case("music", top_db=0.0),
        case("music", amin=1e-3, ref_value=0.5),
        case("music", amin=1e-3, ref_value=1e-6, stype="magnitude"),
        *(
            case(name, mode=mode, top_db=25.0)
            for name in ("stereo", "batch", "surround")
            for mode in ("torchaudio_compat", "per_example")
        ),
    ]


def cases() -> list[Case]:
    """Return the cases of the mel transforms."""
    return _mel_cases() + _log_mel_cases() + _other_ways() + _filterbanks() + _decibels()
