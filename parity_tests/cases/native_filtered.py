"""Filtered spectrograms, two-sided spectra and chunks by torch; filterbanks by madmom and librosa."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import FLOAT, Call, Case
from ..signals import Recipe, signal
from .madmom_oracles import fft_frequencies
from .native_onsets import bands
from .oracles import torch_stft

__all__ = ["cases"]

SMALL: dict[str, Any] = {"n_fft": 64, "hop_length": 16}


def filtered(
    ns: Any,
    x: Any,
    filterbank: Any,
    sample_rate: int = 22050,
    power: float = 1.0,
    output_scale: str = "linear",
    top_db: float | None = None,
    log_amin: float = 1e-5,
    log_mode: str = "clamp",
    **options: Any,
) -> Any:
    """|torch.stft|^power through the filterbank, then the scale."""
    torch = ns.torch
    z = torch_stft(ns, x, **options).abs() ** power
    v = torch.einsum("bfn,fm->bmn", z[:, : filterbank.shape[0]], filterbank)
    if output_scale == "log":
        v = {"clamp": v.clamp(min=log_amin), "add": v + log_amin, "log1p": 1 + v}[log_mode].log()
    elif output_scale == "log10_plus_one":
        v = torch.log10(1 + v)
    elif output_scale == "db":
        v = (20 if power == 1.0 else 10) * torch.log10(v.clamp(min=1e-10))
        if top_db is not None:
            v = torch.maximum(v, v.amax(dim=(1, 2), keepdim=True) - top_db)
    return v[0] if x.ndim == 1 else v


def _function(ns: Any, x: Any, **options: Any) -> Any:
    return ns.spectro.filtered_spectrogram(x, **options)


def _transform(ns: Any, x: Any, **options: Any) -> Any:
    return ns.spectro.FilteredSpectrogramTransform(**options)(x)


def _compiled(ns: Any, x: Any, **options: Any) -> Any:
    return ns.spectro.FilteredSpectrogramTransform(**options).get_compiled()(x)


def _filtered_cases() -> list[Case]:
    minimal = {"center_pad_mode": "constant", "center_tail_pad": "minimal"}
    every: list[dict[str, Any]] = [
        {},
        {"power": 2.0},
        {"output_scale": "log"},
        {"output_scale": "log", "log_mode": "add", "log_amin": 1e-2},
        {"output_scale": "log", "log_mode": "log1p"},
        {"output_scale": "db", "top_db": 30.0},
        {"output_scale": "db", "power": 2.0},
        {"output_scale": "log10_plus_one"},
        {"filterbank": bands(33, 8), "sample_rate": 16000},
        {"win_length": 48, "window_fn": "hamming", "periodic": False, "normalized": True},
        {"center": False},
        minimal,
    ]
    names: dict[str, Call] = {
        "spectro.filtered_spectrogram": _function,
        "spectro.FilteredSpectrogramTransform": _transform,
        "spectro.FilteredSpectrogramTransform.get_compiled": _compiled,
    }
    return [
        Case(name, "torch", call, signal(source), SMALL | {"filterbank": bands(32, 8)} | options, filtered)
        for name, call in names.items()
        for source in ("music", "batch")
        for options in (every if call is _transform or source == "music" else every[:1])
    ]


def _two_sided() -> list[Case]:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return ns.spectro.SpectralTransform(**options).stft(x)

    def by_factory(ns: Any, x: Any, n_fft: int, hop_length: int, onesided: bool) -> Any:
        transform = ns.spectro.get_transform_mlx(
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=n_fft,
            window_fn="hann",
            periodic=True,
            center=True,
            normalized=False,
            window=None,
            onesided=onesided,
        )
        return transform.stft(x)

    def oracle(ns: Any, x: Any, n_fft: int, hop_length: int, onesided: bool) -> Any:
        batch = x[None] if x.ndim == 1 else x
        return ns.torch.stft(
            batch,
            n_fft,
            hop_length,
            window=ns.torch.hann_window(n_fft),
            onesided=onesided,
            return_complex=True,
        )

    stft = "spectro.SpectralTransform.stft"
    return [
        *(
            Case(
                stft, "torch", call, signal(source), {"n_fft": n, "hop_length": 16, "onesided": False}, oracle
            )
            for source in ("music", "batch")
            for n in (64, 63)
        ),
        Case(
            "spectro.get_transform_mlx",
            "torch",
            by_factory,
            signal("music"),
            SMALL | {"onesided": False},
            oracle,
        ),
    ]


def _chunks() -> list[Case]:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return ns.spectro.waveform_overlap_add(x, **options)

    def oracle(
        ns: Any,
        x: Any,
        step: int,
        total_samples: int | None = None,
        window: Any = None,
        normalized: bool = True,
        require_metal: bool = False,
    ) -> Any:
        count, size = x.shape[0], x.shape[-1]
        natural = (count - 1) * step + size
        weights = ns.torch.ones(size, dtype=x.dtype) if window is None else window

        def fold(y: Any) -> Any:
            columns = y.reshape(count, -1, size).permute(1, 2, 0)
            return ns.torch.nn.functional.fold(columns, (1, natural), (1, size), stride=(1, step))[:, 0, 0]

        y = fold(x * weights)
        if normalized:
            sums = fold(weights.expand(count, size))
            y = y / ns.torch.where(sums == 0, 1.0, sums)
        total = natural if total_samples is None else total_samples
        y = ns.torch.nn.functional.pad(y, (0, total - natural))  # a negative pad cuts
        return y.reshape(*x.shape[1:-1], total)

    def chunks(name: str, size: int, step: int) -> Recipe:
        def make() -> np.ndarray:
            x = signal(name).values()
            starts = range(0, x.shape[-1] - size + 1, step)
            return np.stack([x[..., start : start + size] for start in starts])

        return Recipe(f"{name}-chunks-{size}-{step}", make)

    taper = Recipe("taper-100", lambda: np.round(np.hanning(100) * 2**16) / 2**16)
    every: list[dict[str, Any]] = [
        {"step": 50},
        {"step": 40, "window": taper},
        {"step": 40, "window": taper, "normalized": False},
        {"step": 120, "total_samples": 900, "require_metal": False},
        {"step": 25, "window": taper, "total_samples": 111},
    ]
    return [
        Case("spectro.waveform_overlap_add", "torch", call, chunks(source, 100, 50), options, oracle)
        for source in ("music", "batch")
        for options in every
    ]


def _banks() -> list[Case]:
    def call(name: str) -> Call:
        def of_native(ns: Any, x: Any, **options: Any) -> Any:
            return getattr(ns.spectro, name)(**options)

        return of_native

    def log(ns: Any, x: Any, f_ref: float = 440.0, bands_per_octave: int = 12, **options: Any) -> Any:
        return made(ns.madmom.audio.filters.LogarithmicFilterbank, bands_per_octave, fref=f_ref, **options)

    def mel(ns: Any, x: Any, n_bands: int = 40, **options: Any) -> Any:
        return made(ns.madmom.audio.filters.MelFilterbank, n_bands, **options)

    def bark(ns: Any, x: Any, n_bands: str = "normal", unique_bins: bool = True, **options: Any) -> Any:
        # madmom takes unique_filters=False to mean unique bins here.
        bank = ns.madmom.audio.filters.BarkFilterbank
        return made(bank, n_bands, unique_bins=not unique_bins, **options)

    def rectangular(ns: Any, x: Any, crossover_frequencies: list[float], **options: Any) -> Any:
        return made(ns.madmom.audio.filters.RectangularFilterbank, crossover_frequencies, **options)

    def made(
        bank: Any, what: Any, n_freqs: int, sample_rate: int, include_nyquist: bool = False, **options: Any
    ) -> Any:
        names = {
            "f_min": "fmin",
            "f_max": "fmax",
            "norm_filters": "norm_filters",
            "unique_bins": "unique_filters",
            "fref": "fref",
        }
        said = {names[name]: value for name, value in options.items()}
        return np.array(bank(fft_frequencies(n_freqs, sample_rate, include_nyquist), what, **said))

    def case(name: str, oracle: Call, **options: Any) -> Case:
        sizes = {"n_freqs": 256, "sample_rate": 16000} | options
        return Case(f"spectro.{name}", "madmom", call(name), None, sizes, oracle, ("mlx",))

    logs: list[dict[str, Any]] = [
        {},
        {"f_ref": 442.0},
        {"bands_per_octave": 24, "norm_filters": False},
        {"unique_bins": False},
        {"n_freqs": 257, "include_nyquist": True},
        {"bands_per_octave": 3, "f_min": 27.5, "f_max": 8000.0},
    ]
    ranges = {"bands_per_octave": 12, "f_min": 60.0, "f_max": 7000.0}
    mels: list[dict[str, Any]] = [
        {},
        {"n_bands": 20, "f_min": 100.0},
        {"norm_filters": False, "unique_bins": False},
        {"n_freqs": 257, "include_nyquist": True},
    ]
    barks: list[dict[str, Any]] = [
        {},
        {"n_bands": "double", "f_min": 300.0, "f_max": 6000.0},
        {"norm_filters": False, "unique_bins": False},
        {"n_freqs": 257, "include_nyquist": True},
    ]
    splits: list[dict[str, Any]] = [
        {},
        {"f_min": 100.0, "norm_filters": False},
        {"unique_bins": False},
        {"n_freqs": 257, "include_nyquist": True},
    ]
    return [
        *(case("log_triangular_fbanks", log, **ranges | options) for options in logs),
        *(case("mel_triangular_fbanks", mel, **{"f_max": 7000.0} | options) for options in mels),
        *(case("bark_rectangular_fbanks", bark, **{"f_max": 7700.0} | options) for options in barks),
        *(
            case(
                "rectangular_fbanks",
                rectangular,
                crossover_frequencies=[270.0, 2000.0],
                **{"f_max": 7000.0} | options,
            )
            for options in splits
        ),
        *_librosa_banks(call("librosa_mel_fbanks")),
    ]


def _librosa_banks(call: Call) -> list[Case]:
    def oracle(
        ns: Any,
        x: Any,
        sample_rate: float,
        n_fft: int,
        n_mels: int = 128,
        f_min: float = 0.0,
        f_max: float | None = None,
        mel_scale: str = "slaney",
        norm: str | None = "slaney",
        precision: Any = None,
    ) -> Any:
        # librosa computes in float64 whatever it returns, so its answer in float64 is the truth for both.
        bank = ns.librosa.filters.mel(
            sr=sample_rate,
            n_fft=n_fft,
            n_mels=n_mels,
            fmin=f_min,
            fmax=f_max,
            htk=mel_scale == "htk",
            norm=norm,
            dtype=precision,
        )
        return bank.T

    def native(ns: Any, x: Any, precision: Any, **options: Any) -> Any:
        return call(ns, x, **options)

    every: list[dict[str, Any]] = [
        {"sample_rate": 22050, "n_fft": 1024},
        {"sample_rate": 16000, "n_fft": 511, "n_mels": 40, "norm": None, "mel_scale": "htk"},
        {"sample_rate": 16000, "n_fft": 512, "n_mels": 20, "f_min": 100.0, "f_max": 5000.0},
    ]
    return [
        Case(
            "spectro.librosa_mel_fbanks",
            "librosa",
            native,
            None,
            {"precision": FLOAT} | options,
            oracle,
            ("mlx",),
        )
        for options in every
    ]


def cases() -> list[Case]:
    """Return the cases."""
    return [*_filtered_cases(), *_two_sided(), *_chunks(), *_banks()]
