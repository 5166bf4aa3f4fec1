"""Chroma, centroid, bandwidth, rolloff, contrast, onset strength, RMS, zero crossings: by librosa.

librosa transforms in float64 whatever the input. spectro does so too for numpy audio, and is held to
librosa's own float32 error there. MLX has no float64 FFT: an `mx.array` is held to what librosa makes of
the float32 spectrum of torch.stft, in the cases with ``fft="float32"``. So is float64, since the bar for
it scales a float32 error, which must be that of a float32 FFT to show how a case is conditioned.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ..case import Call, Case
from ..signals import signal
from .oracles import power_spectrogram

__all__ = ["cases"]

SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "stereo", "batch", "faint")
DIRECT = ("numpy32", "torch32")
SINGLE: dict[str, Any] = {"fft": "float32"}
SMALL: dict[str, Any] = {"sample_rate": 16000, "n_fft": 128, "hop_length": 40}
BANDS: dict[str, Any] = SMALL | {"n_bands": 4, "fmin": 400.0}
MELS: dict[str, Any] = SMALL | {"n_mels": 20}
FRAMES: dict[str, Any] = {"frame_length": 128, "hop_length": 40}


def native(name: str) -> Call:
    """Return the call of a native function; `fft` says by what spectrum it is judged."""

    def call(ns: Any, x: Any, fft: str = "", **options: Any) -> Any:
        return getattr(ns.spectro, name)(x, **options)

    return call


def bundle(ns: Any, x: Any, feature: str, fft: str = "", compiled: bool = False, **options: Any) -> Any:
    """One feature of `SpectralFeatureTransform` of all of them."""
    transform = ns.spectro.SpectralFeatureTransform(n_mels=20, **options)
    return (transform.get_compiled() if compiled else transform)(x)[feature]


def one_feature(ns: Any, x: Any, feature: str, fft: str = "", **options: Any) -> Any:
    """`spectral_features` of that feature and another."""
    return ns.spectro.spectral_features(x, include=[feature, "mfcc"], n_mels=20, **options)[feature]


def _magnitude(ns: Any, x: Any, fft: str, **stft: Any) -> Any:
    """The magnitude spectrogram [F, N] of x [T]."""
    if fft == "float32" and x.dtype == "float32":
        return power_spectrogram(ns, ns.torch.from_numpy(x), power=1.0, **stft).numpy()[0]
    n_fft, hop, center = stft["n_fft"], stft["hop_length"], stft.get("center", True)
    if center:
        # librosa reflects less than the signal where its end is shorter than half a frame.
        left = right = n_fft // 2
        if stft.get("center_tail_pad") == "minimal":
            right = max(0, (math.ceil(x.shape[-1] / hop) - 1) * hop + n_fft - left - x.shape[-1])
        x = ns.numpy.pad(x, (left, right), mode=stft.get("center_pad_mode", "reflect"))
    window, win_length = stft.get("window_fn", "hann"), stft.get("win_length")
    z = ns.librosa.stft(x, n_fft=n_fft, hop_length=hop, win_length=win_length, window=window, center=False)
    return ns.numpy.abs(z)


STFT = ("n_fft", "hop_length", "win_length", "window_fn", "center", "center_pad_mode", "center_tail_pad")


def by_librosa(name: str) -> Call:
    """Return the oracle of a native function: librosa, an example at a time, in the dtype of the audio."""

    def oracle(ns: Any, x: Any, sample_rate: int, fft: str = "", feature: str = "", **options: Any) -> Any:
        options.pop("compiled", None)
        if x.ndim == 2:
            given = {"fft": fft, "feature": feature, **options}
            return ns.numpy.stack([oracle(ns, example, sample_rate, **given) for example in x])
        stft = {key: options.pop(key) for key in STFT if key in options}
        s = _magnitude(ns, x, fft, **stft)
        y = FORMULAS[feature or name](ns, s, sample_rate, stft, options)
        return y.astype(x.dtype)

    return oracle


def _chroma(ns: Any, s: Any, sr: int, stft: Any, options: Any) -> Any:
    options = {"norm": 2, "tuning": 0.0, "n_chroma": 12} | options
    return ns.librosa.feature.chroma_stft(S=s**2, sr=sr, n_fft=stft["n_fft"], dtype=s.dtype, **options)


def _onsets(ns: Any, s: Any, sr: int, stft: Any, options: Any, **how: Any) -> Any:
    options = {"n_mels": 128, "f_min": 0.0, "f_max": None, "norm": "slaney", "mel_scale": "slaney"} | options
    lag, top_db = options.pop("lag", 1), options.pop("top_db", 80.0)
    mel = ns.librosa.feature.melspectrogram(
        S=s**2,
        sr=sr,
        n_fft=stft["n_fft"],
        n_mels=options["n_mels"],
        fmin=options["f_min"],
        fmax=options["f_max"] or sr / 2,
        norm=options["norm"],
        htk=options["mel_scale"] == "htk",
        dtype=s.dtype,
    )
    db = ns.librosa.power_to_db(mel, top_db=top_db)
    center = stft.get("center", True)
    size = {"n_fft": stft["n_fft"], "hop_length": stft["hop_length"]}
    return ns.librosa.onset.onset_strength_multi(S=db, lag=lag, center=center, **size, **how)


FORMULAS: dict[str, Any] = {
    "chroma_stft": _chroma,
    "spectral_centroid": lambda ns, s, sr, stft, o: ns.librosa.feature.spectral_centroid(
        S=s, sr=sr, n_fft=stft["n_fft"]
    ),
    "spectral_bandwidth": lambda ns, s, sr, stft, o: ns.librosa.feature.spectral_bandwidth(
        S=s, sr=sr, n_fft=stft["n_fft"], **o
    ),
    "spectral_rolloff": lambda ns, s, sr, stft, o: ns.librosa.feature.spectral_rolloff(
        S=s, sr=sr, n_fft=stft["n_fft"], **o
    ),
    "spectral_contrast": lambda ns, s, sr, stft, o: ns.librosa.feature.spectral_contrast(
        S=s, sr=sr, n_fft=stft["n_fft"], **o
    ),
    "onset_strength": lambda ns, s, sr, stft, o: _onsets(ns, s, sr, stft, o)[0],
    "onset_strength_multi": lambda ns, s, sr, stft, o: _onsets(ns, s, sr, stft, o, aggregate=False),
}


def _kinds(name: str, x: str, options: dict[str, Any]) -> tuple[str, ...]:
    """The kinds that are held to a float32 spectrum.

    Not float64 for onsets: they are differences of some -100 dB, whose last bit (in the truth too) is
    more than the bar, which knows only their own peak of a few dB. Not MLX where one quiet bin decides the
    largest error, in which one float32 FFT or the other happens to be closer (up to 1.6 times the bar).
    """
    far_from_centre = name == "spectral_bandwidth" and x in ("music", "batch", "faint")
    one_bin_decides = x == "long" or options["n_fft"] % 2 == 1 or options.get("n_bands") == 1
    other_fft = name.startswith(("spectral_contrast", "onset")) and one_bin_decides
    mlx = () if far_from_centre or other_fft else ("mlx",)
    return mlx if name.startswith("onset") else (*mlx, "numpy64", "torch64")


def _both(name: str, x: str, options: dict[str, Any]) -> list[Case]:
    """A case by librosa alone, and one with the spectrum in float32."""
    function, call, oracle = f"spectro.{name}", native(name), by_librosa(name)
    found = [Case(function, "librosa", call, signal(x), options, oracle, DIRECT)]
    kinds = _kinds(name, x, options)
    # A float32 spectrum of a constant is noise but for two bins, and so are bandwidth and contrast of it.
    if kinds and not (x == "dc" and name in ("spectral_bandwidth", "spectral_contrast")):
        found.append(Case(function, "librosa", call, signal(x), options | SINGLE, oracle, kinds))
    return found


def _spectral() -> list[Case]:
    every = {
        "chroma_stft": SMALL,
        "spectral_centroid": SMALL,
        "spectral_bandwidth": SMALL,
        "spectral_rolloff": SMALL,
        "spectral_contrast": BANDS,
        "onset_strength": MELS,
        "onset_strength_multi": MELS,
    }
    found: list[Case] = []

    def add(name: str, x: str, **options: Any) -> None:
        found.extend(_both(name, x, every[name] | options))

    for name in every:
        for x in SIGNALS:
            add(name, x)
        # Between the partials of music a contrast's valleys lie below what float32 spectra resolve.
        rich = "noise" if name == "spectral_contrast" else "music"
        add(name, "long", n_fft=512, hop_length=160)
        add(name, rich, center=False)
        add(name, rich, center_pad_mode="constant")
        add(name, rich, center_pad_mode="constant", center_tail_pad="minimal")
        add(name, rich, n_fft=125, hop_length=31)
        add(name, rich, sample_rate=11025)
        if not name.startswith("onset"):
            add(name, rich, win_length=100, window_fn="hamming")
    for norm in (None, 0, 0.5, 1, 3, math.inf, -math.inf):
        add("chroma_stft", "music", norm=norm)
    for n_chroma, tuning in ((1, 0.0), (7, -0.2), (24, 0.25), (36, 0.4)):
        add("chroma_stft", "music", n_chroma=n_chroma, tuning=tuning)
    for p in (0.5, 1.0, 3.0):
        add("spectral_bandwidth", "music", p=p)
    for share in (0.01, 0.5, 0.99):
        add("spectral_rolloff", "music", roll_percent=share)
    for quantile in (0.1, 0.3, 0.9):
        add("spectral_contrast", "noise", quantile=quantile)
    for n_bands in (1, 2, 3):
        add("spectral_contrast", "noise", n_bands=n_bands, fmin=500.0)
    for name in ("onset_strength", "onset_strength_multi"):
        add(name, "music", lag=3)
        add(name, "music", lag=200)
        add(name, "stereo", top_db=None)
        add(name, "stereo", top_db=20.0)
        add(name, "music", mel_scale="htk", norm=None)
        add(name, "music", f_min=200.0, f_max=5000.0)
    return found


def _bundles() -> list[Case]:
    small = SMALL | {"n_bands": 4, "contrast_fmin": 400.0}
    calls: list[tuple[str, Call, dict[str, Any]]] = [
        ("SpectralFeatureTransform", bundle, {}),
        ("SpectralFeatureTransform.get_compiled", bundle, {"compiled": True}),
        ("spectral_features", one_feature, {}),
    ]
    found = []
    for name in tuple(FORMULAS)[:5]:
        for x in ("music", "batch", "noise"):
            for function, call, extra in calls:
                for kinds, fft in ((DIRECT, {}), (_kinds(name, x, small), SINGLE)):
                    options = small | {"feature": name} | extra | fft
                    oracle = by_librosa_of_bundle(name)
                    found.append(
                        Case(f"spectro.{function}", "librosa", call, signal(x), options, oracle, kinds)
                    )
    return found


def by_librosa_of_bundle(name: str) -> Call:
    """Return the oracle of one feature of the bundle, whose options have longer names there."""
    plain = by_librosa(name)

    def oracle(ns: Any, x: Any, n_bands: int, contrast_fmin: float, **options: Any) -> Any:
        bands = {"n_bands": n_bands, "fmin": contrast_fmin} if name == "spectral_contrast" else {}
        return plain(ns, x, **options, **bands)

    return oracle


def _waveform() -> list[Case]:
    def padded(ns: Any, x: Any, frame_length: int, center: bool, pad_mode: str) -> Any:
        side = frame_length // 2 if center else 0
        return ns.numpy.pad(x, [(0, 0)] * (x.ndim - 1) + [(side, side)], mode=pad_mode)

    def rms(
        ns: Any, x: Any, frame_length: int, hop_length: int, center: bool = True, pad_mode: str = "reflect"
    ) -> Any:
        y = padded(ns, x, frame_length, center, pad_mode)
        return ns.librosa.feature.rms(
            y=y, frame_length=frame_length, hop_length=hop_length, center=False, dtype=x.dtype
        )

    def rate(
        ns: Any, x: Any, frame_length: int, hop_length: int, center: bool = True, pad_mode: str = "reflect"
    ) -> Any:
        y = padded(ns, x, frame_length, center, pad_mode)
        y = ns.librosa.feature.zero_crossing_rate(
            y, frame_length=frame_length, hop_length=hop_length, center=False
        )
        return y.astype(x.dtype)

    settings: Iterable[tuple[str, dict[str, Any]]] = [
        *((x, FRAMES) for x in SIGNALS),
        ("music", {"frame_length": 100, "hop_length": 33}),
        ("music", {"frame_length": 33, "hop_length": 50}),
        ("music", {"frame_length": 1, "hop_length": 1}),
        ("music", FRAMES | {"center": False}),
        *(("music", FRAMES | {"pad_mode": mode}) for mode in ("constant", "edge", "wrap")),
    ]
    return [
        Case(f"spectro.{name}", "librosa", native(name), signal(x), options, oracle)
        for name, oracle in (("rms", rms), ("zero_crossing_rate", rate))
        for x, options in settings
    ]


def cases() -> list[Case]:
    """Return the cases of the descriptors."""
    return _spectral() + _bundles() + _waveform()
