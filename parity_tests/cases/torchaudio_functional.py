"""torchaudio.functional."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import ALL_KINDS, Call, Case
from ..signals import Recipe, power, signal, spectrum, window
from .seeded import SINGLE, seeded

__all__ = ["cases", "function"]

SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch", "faint")
NOISE = Recipe("noise-features", lambda: signal("noise").values().reshape(2, 60, 6))
FRAMES: dict[str, Any] = {"n_fft": 64, "hop_length": 16, "win_length": 64, "window": window("hann", 64)}


def function(name: str) -> Call:
    """Return a call of `torchaudio.functional.<name>`; without an input, of the options alone."""

    def call(ns: Any, x: Any, **options: Any) -> Any:
        f = getattr(ns.torchaudio.functional, name)
        return f(**options) if x is None else f(x, **options)

    return call


def _case(name: str, x: Any, kinds: tuple[str, ...] = ALL_KINDS, **options: Any) -> Case:
    source = signal(x) if isinstance(x, str) else x
    call = seeded(function(name)) if "seed" in options else function(name)
    kinds = SINGLE if "seed" in options else kinds
    return Case(f"torchaudio.functional.{name}", "torchaudio", call, source, options, kinds=kinds)


def _spectrograms() -> list[Case]:
    def forward(x: str, **options: Any) -> Case:
        return _case("spectrogram", x, **FRAMES | {"pad": 0, "power": 2.0, "normalized": False} | options)

    def inverse(x: Recipe, **options: Any) -> Case:
        return _case(
            "inverse_spectrogram", x, **FRAMES | {"length": None, "pad": 0, "normalized": False} | options
        )

    def centroid(x: str, **options: Any) -> Case:
        return _case("spectral_centroid", x, **{"sample_rate": 16000, "pad": 0} | FRAMES | options)

    music, stereo = spectrum("music", 64, 16), spectrum("stereo", 64, 16)
    box = {"win_length": 40, "window": window("hann", 40)}
    return [
        *(forward(name) for name in SIGNALS),
        forward("surround", power=None),
        *(forward("music", power=p) for p in (1.0, 0.7, None)),
        *(forward("noise", normalized=n) for n in (True, "window", "frame_length")),
        forward("noise", normalized=True, power=None),
        forward("chirp", pad=9, **box),
        forward("chirp", center=False, onesided=False),
        forward("chirp", pad_mode="constant", return_complex=True),
        *(inverse(spectrum(name, 64, 16)) for name in ("chirp", "noise", "batch", "faint")),
        inverse(music, length=500),
        inverse(music, length=500, pad=7),
        inverse(stereo, normalized=True),
        inverse(stereo, normalized="frame_length", pad_mode="constant"),
        inverse(music, normalized="window", **box),
        inverse(music, center=False, window=window("hamming", 64)),
        inverse(spectrum("noise", 64, 16, onesided=False), onesided=False),
        *(centroid(name) for name in ("chirp", "noise", "click", "dc", "music", "stereo", "batch", "faint")),
        centroid("silence"),
        centroid("music", sample_rate=44100, pad=10, **box),
    ]


def _scales() -> list[Case]:
    small, stereo = power("music", 64, 20), power("stereo", 64, 20)

    def db(x: Any, **options: Any) -> Case:
        return _case(
            "amplitude_to_DB", x, **{"multiplier": 10.0, "amin": 1e-10, "db_multiplier": 0.0} | options
        )

    def linear(x: Any, **options: Any) -> Case:
        return _case("DB_to_amplitude", x, **{"ref": 1.0, "power": 1.0} | options)

    return [
        *(db(power(name, 64, 20)) for name in ("chirp", "silence", "dc", "batch")),
        db(small, multiplier=20.0),
        db(small, amin=1e-3, db_multiplier=0.5),
        db(small, top_db=20.0),
        db(stereo, top_db=30.0, db_multiplier=-10.0),
        db(power("surround", 64, 20), top_db=10.0),
        *(linear(signal(name)) for name in ("chirp", "noise", "click", "stereo", "faint")),
        linear(small, power=0.5),
        linear(small, ref=20.0),
        linear(small, ref=0.3, power=0.5),
    ]


def _tables() -> list[Case]:
    def mel(*sizes: Any, **options: Any) -> Case:
        names = ("n_freqs", "f_min", "f_max", "n_mels", "sample_rate")
        given = dict(zip(names, sizes, strict=True)) | options
        return _case("melscale_fbanks", None, ("mlx",), **given)

    def linear(*sizes: Any) -> Case:
        names = ("n_freqs", "f_min", "f_max", "n_filter", "sample_rate")
        return _case("linear_fbanks", None, ("mlx",), **dict(zip(names, sizes, strict=True)))

    def dct(n_mfcc: int, n_mels: int, norm: str | None) -> Case:
        return _case("create_dct", None, ("mlx",), n_mfcc=n_mfcc, n_mels=n_mels, norm=norm)

    return [
        mel(201, 0.0, 8000.0, 40, 16000),
        mel(65, 100.0, 7000.0, 12, 16000),
        mel(65, 0.0, 5512.0, 12, 11025),
        *(
            mel(65, 50.0, 8000.0, 12, 16000, norm=n, mel_scale=s)
            for n in (None, "slaney")
            for s in ("htk", "slaney")
        ),
        mel(33, 0.0, 8000.0, 40, 16000),  # some filters between two bins, all zero
        mel(65, 0, 11025, 1, 22050),
        *(
            linear(65, low, high, n, 16000)
            for low, high, n in ((0.0, 8000.0, 20), (100.0, 4000.0, 7), (0, 8000, 1))
        ),
        *(linear(n, 0.0, rate / 2, 24, rate) for n in (33, 201, 513) for rate in (16000, 44100)),
        *(dct(k, m, n) for k, m in ((13, 40), (1, 7), (20, 20), (8, 5)) for n in (None, "ortho")),
    ]


def _features() -> list[Case]:
    small, stereo = power("music", 64, 20), power("stereo", 64, 20)

    def cmn(x: Any, **options: Any) -> Case:
        return _case("sliding_window_cmn", x, **options)

    return [
        _case("compute_deltas", small),
        *(_case("compute_deltas", power(name, 64, 20)) for name in ("noise", "batch", "surround", "silence")),
        *(_case("compute_deltas", small, win_length=n) for n in (3, 4, 9)),
        *(_case("compute_deltas", stereo, mode=m) for m in ("replicate", "reflect", "constant", "circular")),
        *(cmn(power(name, 64, 20)) for name in ("music", "batch", "silence")),
        cmn(small, cmn_window=10, min_cmn_window=4),
        cmn(small, cmn_window=10, min_cmn_window=20),
        cmn(small, cmn_window=9, center=True),
        cmn(stereo, cmn_window=200, center=True),
        cmn(NOISE, cmn_window=12, min_cmn_window=6, norm_vars=True),
        cmn(NOISE, cmn_window=12, center=True, norm_vars=True),
        cmn(NOISE, cmn_window=12, min_cmn_window=1, norm_vars=True),  # a first window of one frame
        *(
            _case("mu_law_encoding", name, quantization_channels=256)
            for name in ("chirp", "noise", "stereo", "dc")
        ),
        *(
            _case("mu_law_encoding", name, quantization_channels=32)
            for name in ("music", "batch", "click", "silence")
        ),
        *(
            _case("mu_law_decoding", name, quantization_channels=n)
            for name in ("chirp", "music")
            for n in (2, 256)
        ),
        *(
            _case("mu_law_decoding", name, quantization_channels=64)
            for name in ("noise", "stereo", "silence")
        ),
        _case("mu_law_decoding", "integer", SINGLE, quantization_channels=1024),
    ]


def _filters() -> list[Case]:
    short = window("ramp", 23)
    row, rows = _row(short, 1), _row(short, 2)

    def convolution(name: str) -> list[Case]:
        return [
            *(_case(name, x, y=short) for x in ("chirp", "noise", "click", "music", "faint")),
            *(_case(name, "stereo", y=y, mode=m) for y in (row, rows) for m in ("full", "valid", "same")),
            _case(name, short, y=signal("chirp"), mode="same"),
            _case(name, short, y=signal("chirp"), mode="valid"),
            _case(name, "long", y=signal("noise")),
        ]

    return [
        *(_case("preemphasis", name) for name in SIGNALS),
        _case("preemphasis", "music", coeff=0.5),
        *(_case("deemphasis", name) for name in SIGNALS),
        _case("deemphasis", "music", coeff=0.5),
        *convolution("convolve"),
        *convolution("fftconvolve"),
    ]


def _row(recipe: Recipe, count: int) -> Recipe:
    def make() -> Any:
        values = recipe.values()[None]
        return values if count == 1 else values.repeat(count, axis=0)

    return Recipe(f"{recipe.name}-rows-{count}", make)


def _resampling() -> list[Case]:
    def case(x: str, orig: int, new: int, **options: Any) -> Case:
        return _case("resample", x, orig_freq=orig, new_freq=new, **options)

    return [
        *(case(name, 16000, 8000) for name in SIGNALS),
        case("surround", 3, 2),
        case("long", 44100, 16000),
        case("music", 16000, 22050),
        case("music", 8000, 16000),
        case("music", 16000, 16000),
        case("chirp", 11, 7, lowpass_filter_width=16),
        case("chirp", 16000, 4000, rolloff=0.8),
        case("noise", 5, 6, resampling_method="sinc_interp_kaiser"),
        case("noise", 6, 5, resampling_method="sinc_interp_kaiser", beta=8.0, lowpass_filter_width=12),
        # The names of before: the Kaiser window goes with both.
        case("noise", 5, 6, resampling_method="sinc_interpolation"),
        case("noise", 5, 6, resampling_method="kaiser_window"),
    ]


def _phases() -> list[Case]:
    def vocoder(x: Recipe, rate: float, bins: int = 33) -> Case:
        return _case("phase_vocoder", x, rate=rate, phase_advance=_advance(bins, 16))

    def lim(x: Any, **options: Any) -> Case:
        given = {"power": 2.0, "n_iter": 4, "momentum": 0.99, "length": None, "rand_init": False}
        return _case("griffinlim", x, **FRAMES | given | options)

    def shift(x: str, steps: int, **options: Any) -> Case:
        # The window that it makes itself is float32, and the reference's float64 one float64.
        # A low rate, since the reference's kernel for the rate between has as many rows.
        kinds = ALL_KINDS if "window" in options else SINGLE
        return _case(
            "pitch_shift", x, kinds, **{"sample_rate": 4000, "n_steps": steps, "n_fft": 64} | options
        )

    box: dict[str, Any] = {"win_length": 40, "hop_length": 10, "window": window("hann", 40)}
    return [
        *(vocoder(spectrum("music", 64, 16), rate) for rate in (0.5, 0.9, 1.0, 1.3, 2.0)),
        *(vocoder(spectrum(name, 64, 16), 1.1) for name in ("chirp", "noise", "stereo", "batch", "silence")),
        vocoder(spectrum("random", 48, 0), 0.75, 25),
        *(lim(power(name, 64, 16)) for name in ("chirp", "music", "stereo")),
        lim(power("music", 64, 16), power=1.0, momentum=0.0, length=940),
        lim(power("noise", 64, 16), n_iter=2, momentum=0.5),
        lim(power("noise", 64, 10), n_iter=3, **box),
        *(
            lim(power(name, 64, 16), rand_init=True, seed=seed)
            for seed, name in enumerate(("chirp", "noise", "batch"))
        ),
        *(shift("music", steps) for steps in (4, -5, 12, 0)),
        shift("stereo", 3),
        shift("chirp", 7, bins_per_octave=24),
        shift("batch", -2, sample_rate=2000),
        shift("noise", 2, **box),
    ]


def _advance(bins: int, hop: int) -> Recipe:
    def make() -> Any:
        return np.round(np.linspace(0, np.pi * hop, bins) * 2.0**14)[:, None] / 2.0**14

    return Recipe(f"phase-advance-{bins}-{hop}", make)


def _masks() -> list[Case]:
    stereo, batch = power("stereo", 64, 20), power("batch", 64, 20)

    def one(x: Recipe, seed: int, axis: int, **options: Any) -> Case:
        given = {"mask_param": 20, "mask_value": 0.0, "axis": axis, "seed": seed}
        return _case("mask_along_axis", x, **given | options)

    def each(x: Recipe, seed: int, axis: int, **options: Any) -> Case:
        given = {"mask_param": 20, "mask_value": 0.0, "axis": axis, "seed": seed}
        return _case("mask_along_axis_iid", x, **given | options)

    return [
        *(one(stereo, seed, axis) for seed in range(3) for axis in (1, 2)),
        one(power("music", 64, 20), 3, 0, mask_value=-1.5),
        one(batch, 4, 2, p=0.3),
        one(power("surround", 64, 20), 5, 3, mask_param=8),
        one(batch, 6, 1, mask_param=0),
        *(each(batch, seed, axis) for seed in range(3) for axis in (1, 2)),
        each(power("surround", 64, 20), 3, 2, mask_value=2.0),
        each(batch, 4, 2, p=0.3),
        each(batch, 5, 1, mask_param=0),
    ]


def cases() -> list[Case]:
    """Return the cases of `torchaudio.functional`."""
    return [
        *_spectrograms(),
        *_scales(),
        *_tables(),
        *_features(),
        *_filters(),
        *_resampling(),
        *_phases(),
        *_masks(),
    ]
