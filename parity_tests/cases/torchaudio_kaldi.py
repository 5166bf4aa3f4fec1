"""torchaudio.compliance.kaldi."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Call, Case
from ..signals import Recipe, signal

__all__ = ["BANKS", "cases", "rows"]

# Frames of 100 samples every 40, as other options do not say.
SMALL: dict[str, Any] = {"frame_length": 12.5, "frame_shift": 5.0, "sample_frequency": 8000.0}
BANKS: dict[str, Any] = {
    "num_bins": 12,
    "window_length_padded": 128,
    "sample_freq": 8000.0,
    "low_freq": 20.0,
    "high_freq": 0.0,
    "vtln_low": 100.0,
    "vtln_high": -500.0,
    "vtln_warp_factor": 1.0,
}


def rows(name: str, gain: float = 1.0) -> Recipe:
    """Return a signal as channels [C, T]; Kaldi's samples are large numbers."""
    return Recipe(f"{name}-rows-times-{gain:g}", lambda: np.atleast_2d(signal(name).values()) * gain)


def _function(name: str) -> Call:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return getattr(ns.torchaudio.compliance.kaldi, name)(x, **options)

    return call


def _part(index: int) -> Call:
    """Return a call of `get_mel_banks` for one of its two answers."""

    def call(ns: Any, x: Any, part: str, **options: Any) -> Any:
        return ns.torchaudio.compliance.kaldi.get_mel_banks(**options)[index]

    return call


def _framing(name: str, extra: dict[str, Any]) -> list[Case]:
    """Return cases of the options that the three features share."""

    def case(x: str | Recipe, **options: Any) -> Case:
        source = rows(x, 2.0**15) if isinstance(x, str) else x
        return Case(
            f"torchaudio.compliance.kaldi.{name}", "torchaudio", _function(name), source, extra | options
        )

    def small(x: str | Recipe, **options: Any) -> Case:
        return case(x, **SMALL | options)

    return [
        case("long"),
        *(small(x) for x in ("dc", "noise", "music", "stereo")),
        small(rows("music"), energy_floor=0.0),
        small("silence", dither=0.0),
        small("stereo", channel=1, raw_energy=False),
        small("noise", snip_edges=False),
        small("noise", snip_edges=False, frame_length=5.0, frame_shift=7.0),
        small("music", preemphasis_coefficient=0.0, remove_dc_offset=False),
        small("music", round_to_power_of_two=False, subtract_mean=True),
        small("music", min_duration=0.1),
        *(small("noise", window_type=w) for w in ("hanning", "hamming", "rectangular")),
        small("stereo", window_type="blackman", blackman_coeff=0.4),
    ]


def _bands(name: str) -> list[Case]:
    """Return cases of the mel options of `fbank` and `mfcc`."""

    def case(**options: Any) -> Case:
        source = rows("music", 2.0**15)
        return Case(
            f"torchaudio.compliance.kaldi.{name}", "torchaudio", _function(name), source, SMALL | options
        )

    return [
        case(num_mel_bins=30, low_freq=50.0, high_freq=3800.0),
        case(num_mel_bins=15, high_freq=-300.0),
        case(use_energy=True),
        case(use_energy=True, htk_compat=True),
        case(htk_compat=True),
        case(num_mel_bins=15, vtln_warp=1.1, vtln_low=150.0, vtln_high=-400.0),
        case(num_mel_bins=15, vtln_warp=0.9),
    ]


def cases() -> list[Case]:
    """Return the cases of `torchaudio.compliance.kaldi`."""
    few = {"num_mel_bins": 15}

    def feature(name: str, **options: Any) -> Case:
        source = rows("music", 2.0**15)
        return Case(
            f"torchaudio.compliance.kaldi.{name}", "torchaudio", _function(name), source, SMALL | options
        )

    def banks(part: str, **options: Any) -> Case:
        call = _part(0 if part == "filters" else 1)
        name = "torchaudio.compliance.kaldi.get_mel_banks"
        return Case(name, "torchaudio", call, None, {"part": part} | BANKS | options, kinds=("mlx",))

    warped = {"vtln_warp_factor": 1.15, "vtln_low": 150.0, "vtln_high": -400.0}
    return [
        *_framing("spectrogram", {}),
        *_framing("fbank", few),
        *_framing("mfcc", few),
        *_bands("fbank"),
        *_bands("mfcc"),
        feature("fbank", use_log_fbank=False),
        feature("fbank", use_power=False),
        feature("mfcc", cepstral_lifter=0.0),
        feature("mfcc", cepstral_lifter=15.0, num_ceps=8),
        *(banks(part, **options) for part in ("filters", "centres") for options in ({}, warped)),
        banks("filters", num_bins=23, window_length_padded=512, sample_freq=16000.0),
        banks("filters", low_freq=200.0, high_freq=3500.0),
        banks("filters", vtln_warp_factor=0.9),
        banks("centres", num_bins=30),
    ]
