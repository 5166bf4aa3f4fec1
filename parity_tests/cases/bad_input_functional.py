"""Bad input of torchaudio.functional, compliance.kaldi and torch.signal.windows: the reference's classes."""

from __future__ import annotations

from typing import Any

from ..case import Case
from ..signals import Recipe, power, signal, spectrum, window
from .torchaudio_functional import FRAMES, function
from .torchaudio_kaldi import BANKS, rows

__all__ = ["cases"]

POWER = power("music", 64, 20)
MUSIC = spectrum("music", 64, 16)


def _functional() -> list[Case]:
    def case(name: str, x: str | Recipe | None, **options: Any) -> Case:
        source = signal(x) if isinstance(x, str) else x
        return Case(f"torchaudio.functional.{name}", "torchaudio", function(name), source, options, bad=True)

    forward = FRAMES | {"pad": 0, "power": 2.0, "normalized": False}
    inverse = FRAMES | {"length": None, "pad": 0, "normalized": False}
    lim = FRAMES | {"power": 2.0, "n_iter": 2, "momentum": 0.5, "length": None, "rand_init": False}
    mask = {"mask_param": 5, "mask_value": 0.0}
    rates = {"orig_freq": 16000, "new_freq": 8000}
    short = window("ramp", 23)
    return [
        case("spectrogram", "chirp", **forward | {"normalized": "energy"}),
        case("spectrogram", "chirp", **forward | {"hop_length": 0}),
        case("spectrogram", "integer", **forward),
        case("inverse_spectrogram", POWER, **inverse),
        case("inverse_spectrogram", MUSIC, **inverse | {"hop_length": 0}),
        case("griffinlim", power("music", 64, 16), **lim | {"momentum": 1.0}),
        case("griffinlim", power("music", 64, 16), **lim | {"length": 100}),
        case("phase_vocoder", MUSIC, rate=-1.0, phase_advance=window("ramp", 1)),
        case("resample", "chirp", **rates | {"new_freq": 0}),
        case("resample", "chirp", **rates | {"new_freq": 8000.5}),
        case("resample", "chirp", **rates, resampling_method="linear"),
        case("resample", "chirp", **rates, lowpass_filter_width=0),
        case("resample", "integer", **rates),
        case("compute_deltas", POWER, win_length=2),
        case("compute_deltas", POWER, mode="mirror"),
        case("mask_along_axis", POWER, **mask, axis=2),
        case("mask_along_axis", POWER, **mask, axis=1, p=1.5),
        case("mask_along_axis", "chirp", **mask, axis=0),
        case("mask_along_axis_iid", POWER, **mask, axis=1),
        case("convolve", "chirp", y=short, mode="half"),
        case("fftconvolve", "stereo", y=short),
        case("fftconvolve", "stereo", y=signal("batch")),
        case("amplitude_to_DB", "chirp", multiplier=10.0, amin=1e-10, db_multiplier=0.0, top_db=80.0),
        case("create_dct", None, n_mfcc=5, n_mels=10, norm="unit"),
        case("melscale_fbanks", None, n_freqs=9, f_min=0.0, f_max=9.0, n_mels=2, sample_rate=20, norm="l2"),
        case("preemphasis", "integer"),
    ]


def _kaldi() -> list[Case]:
    def case(name: str, x: Recipe | None, **options: Any) -> Case:
        def call(ns: Any, x: Any, **options: Any) -> Any:
            f = getattr(ns.torchaudio.compliance.kaldi, name)
            return f(**options)[0] if x is None else f(x, **options)

        return Case(f"torchaudio.compliance.kaldi.{name}", "torchaudio", call, x, options, bad=True)

    music = rows("music")
    return [
        case("fbank", music, frame_shift=0.0),
        case("fbank", music, frame_length=500.0),
        case("fbank", music, channel=2),
        case("fbank", music, window_type="kaiser"),
        case("fbank", music, num_mel_bins=3),
        case("mfcc", music, num_ceps=30),
        case("spectrogram", music, preemphasis_coefficient=1.5),
        case("get_mel_banks", None, **BANKS | {"low_freq": 5000.0}),
        case("get_mel_banks", None, **BANKS | {"vtln_warp_factor": 1.1, "vtln_low": 10.0}),
    ]


def _windows() -> list[Case]:
    def case(name: str, *arguments: Any, **options: Any) -> Case:
        def call(ns: Any, x: Any, arguments: Any, **options: Any) -> Any:
            return getattr(ns.torch.signal.windows, name)(*arguments, **options)

        given = {"arguments": arguments} | options
        return Case(f"torch.signal.windows.{name}", "torch", call, None, given, bad=True)

    return [
        *(case(name, -1) for name in ("hann", "bartlett", "kaiser", "cosine")),
        case("gaussian", 5, std=0.0),
        case("exponential", 5, tau=-1.0),
        case("exponential", 5, center=1.0),
        case("kaiser", 5, beta=-1.0),
        case("general_cosine", 5, a=()),
        case("general_cosine", 5, a=1.0),
        case("hann", 5, False),
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return _functional() + _kaldi() + _windows()
