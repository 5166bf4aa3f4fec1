"""torchaudio.transforms beyond the mel spectrograms: inverses, phases, masks, features, filters."""

from __future__ import annotations

from typing import Any

from ..case import ALL_KINDS, FLOAT, Call, Case
from ..signals import Recipe, power, signal, spectrum
from .seeded import SINGLE, seeded
from .torchaudio_functional import NOISE

__all__ = ["cases"]

SIGNALS = ("chirp", "noise", "click", "music", "short", "stereo", "batch", "faint")


def _transform(name: str) -> Call:
    """Return a call that makes transform `name` and applies it, with the options of `forward` to the call.

    A window function is named in the options. For float64 input the transform is converted.
    """

    def call(ns: Any, x: Any, forward: dict[str, Any] | None = None, **options: Any) -> Any:
        def resolve(given: dict[str, Any]) -> dict[str, Any]:
            found = {key: resolve(value) if key == "speckwargs" else value for key, value in given.items()}
            if "window_fn" in given:
                found["window_fn"] = getattr(ns.torch, given["window_fn"])
            return found

        made = getattr(ns.torchaudio.transforms, name)(**resolve(options))
        wide = str(x.dtype).endswith(("float64", "complex128"))
        y = (made.double() if wide else made)(x, **(forward or {}))
        return y.detach() if hasattr(y, "detach") else y  # PitchShift's kernel is a parameter in torchaudio

    return call


def _case(name: str, x: Any, kinds: tuple[str, ...] = ALL_KINDS, **options: Any) -> Case:
    source = signal(x) if isinstance(x, str) else x
    call = seeded(_transform(name)) if "seed" in options else _transform(name)
    kinds = SINGLE if "seed" in options else kinds
    return Case(f"torchaudio.transforms.{name}", "torchaudio", call, source, options, kinds=kinds)


def _inverses() -> list[Case]:
    def inverse(x: Recipe, **options: Any) -> Case:
        return _case("InverseSpectrogram", x, **{"n_fft": 64, "hop_length": 16} | options)

    def mel(x: Recipe, **options: Any) -> Case:
        return _case("InverseMelScale", x, **{"n_stft": 65, "n_mels": 12} | options)

    music = spectrum("music", 64, 16)
    bands = {name: _bands(name, 12) for name in ("music", "noise", "chirp", "batch", "surround")}
    return [
        *(inverse(spectrum(name, 64, 16)) for name in ("chirp", "noise", "batch", "stereo")),
        inverse(music, forward={"length": 500}),
        inverse(music, pad=9, forward={"length": 500}),
        inverse(music, win_length=40, window_fn="hamming_window", wkwargs={"periodic": False}),
        inverse(music, normalized=True, pad_mode="constant"),
        inverse(music, center=False, window_fn="hamming_window"),
        inverse(spectrum("noise", 64, 16, onesided=False), onesided=False),
        *(mel(x) for x in bands.values()),
        mel(bands["music"], sample_rate=22050, f_min=50.0, f_max=9000.0),
        mel(bands["music"], norm="slaney", mel_scale="slaney"),
        mel(bands["noise"], driver="gelsd"),
    ]


def _bands(source: str, count: int) -> Recipe:
    """Return the lowest rows of a power spectrogram, as if they were mel bands."""
    whole = power(source, 64, 20)
    return Recipe(f"{whole.name}-rows-{count}", lambda: whole.values()[..., :count, :])


def _cepstra() -> list[Case]:
    def case(x: str, spec: dict[str, Any] | None = None, **options: Any) -> Case:
        given: dict[str, Any] = {"n_filter": 20, "n_lfcc": 10}
        given["speckwargs"] = {"n_fft": 128, "hop_length": 40} | (spec or {})
        return _case("LFCC", x, **given | options)

    return [
        *(case(name) for name in SIGNALS),
        _case("LFCC", "long"),
        case("surround"),
        case("music", norm=None, dct_type=2),
        case("music", log_lf=True),
        case("music", sample_rate=22050, f_min=100.0, f_max=9000.0),
        case("noise", {"power": 1.0, "window_fn": "hamming_window", "normalized": True, "pad": 5}),
    ]


def _phases() -> list[Case]:
    def lim(x: Recipe, **options: Any) -> Case:
        given = {"n_fft": 64, "hop_length": 16, "n_iter": 4, "rand_init": False}
        return _case("GriffinLim", x, **given | options)

    def stretch(x: Recipe, **options: Any) -> Case:
        return _case("TimeStretch", x, **{"n_freq": 33, "hop_length": 16} | options)

    def shift(x: str, **options: Any) -> Case:
        given = {"sample_rate": 4000, "n_steps": 4, "n_fft": 64, "window_fn": "hann_window"}
        return _case("PitchShift", x, SINGLE, **given | options)

    music, stereo = spectrum("music", 64, 16), spectrum("stereo", 64, 16)
    return [
        *(lim(power(name, 64, 16)) for name in ("chirp", "music", "stereo")),
        lim(power("music", 64, 16), power=1.0, momentum=0.0, length=940),
        lim(power("noise", 64, 10), win_length=40, hop_length=10, window_fn="hamming_window", momentum=0.5),
        lim(power("noise", 64, 16), window_fn="hamming_window", wkwargs={"alpha": 0.6, "periodic": True}),
        *(lim(power(name, 64, 16), rand_init=True, seed=1) for name in ("chirp", "batch")),
        *(stretch(music, fixed_rate=rate) for rate in (0.5, 0.9, 1.0, 1.3)),
        *(stretch(x, forward={"overriding_rate": 1.7}) for x in (music, stereo)),
        stretch(music, fixed_rate=0.9, forward={"overriding_rate": 1.25}),
        stretch(spectrum("batch", 64, 16), hop_length=None, fixed_rate=1.1),
        *(shift(name) for name in ("chirp", "music", "stereo", "batch")),
        *(shift("music", n_steps=n) for n in (-5, 12, 0)),
        shift("chirp", n_steps=7, bins_per_octave=24, sample_rate=2000),
        shift("noise", win_length=40, hop_length=10, window_fn="hamming_window", wkwargs={"periodic": False}),
    ]


def _masks() -> list[Case]:
    batch, music = power("batch", 64, 20), power("music", 64, 20)

    def augment(x: Recipe, seed: int, **options: Any) -> Case:
        sizes = {"n_time_masks": 2, "time_mask_param": 6, "n_freq_masks": 2, "freq_mask_param": 8}
        return _case("SpecAugment", x, **sizes | {"seed": seed} | options)

    return [
        *(_case("FrequencyMasking", batch, freq_mask_param=10, seed=seed) for seed in range(3)),
        *(_case("FrequencyMasking", batch, freq_mask_param=9, iid_masks=True, seed=n) for n in range(3)),
        _case("FrequencyMasking", music, freq_mask_param=20, seed=7, forward={"mask_value": -2.0}),
        _case("FrequencyMasking", power("surround", 64, 20), freq_mask_param=20, iid_masks=True, seed=8),
        *(_case("TimeMasking", batch, time_mask_param=10, seed=seed) for seed in range(3)),
        *(_case("TimeMasking", batch, time_mask_param=9, iid_masks=True, seed=seed) for seed in range(3)),
        _case("TimeMasking", music, time_mask_param=30, p=0.2, seed=7, forward={"mask_value": 3.0}),
        _case("TimeMasking", power("surround", 64, 20), time_mask_param=6, iid_masks=True, p=0.5, seed=8),
        *(augment(batch, seed) for seed in range(3)),
        *(augment(batch, seed, iid_masks=False) for seed in range(2)),
        augment(music, 5, zero_masking=True),
        augment(batch, 6, zero_masking=True, p=0.3),
        augment(batch, 7, n_time_masks=0),
    ]


def _features() -> list[Case]:
    def centroid(x: str, **options: Any) -> Case:
        return _case("SpectralCentroid", x, **{"sample_rate": 16000, "n_fft": 64} | options)

    small = power("music", 64, 20)
    return [
        *(centroid(name) for name in SIGNALS),
        centroid("music", win_length=40, hop_length=30, pad=7),
        centroid("music", window_fn="hamming_window", wkwargs={"periodic": False}),
        *(_case("ComputeDeltas", power(name, 64, 20)) for name in ("music", "noise", "batch", "surround")),
        *(_case("ComputeDeltas", small, win_length=n) for n in (3, 8)),
        *(_case("ComputeDeltas", small, mode=mode) for mode in ("reflect", "constant")),
        *(_case("SlidingWindowCmn", power(name, 64, 20)) for name in ("music", "noise", "batch", "surround")),
        *(_case("SlidingWindowCmn", NOISE, cmn_window=12, center=center) for center in (False, True)),
        _case("SlidingWindowCmn", NOISE, cmn_window=12, min_cmn_window=7, norm_vars=True),
        _case("SlidingWindowCmn", small, cmn_window=9, min_cmn_window=20),
    ]


def _waveforms() -> list[Case]:
    def rate(x: str, orig: int, new: int, **options: Any) -> Case:
        return _case("Resample", x, orig_freq=orig, new_freq=new, **options)

    return [
        *(rate(name, 16000, 8000) for name in SIGNALS),
        rate("music", 8000, 11025),
        rate("long", 44100, 16000),
        rate("music", 16000, 16000),
        rate("noise", 5, 6, resampling_method="sinc_interp_kaiser", beta=9.0),
        rate("noise", 6, 5, lowpass_filter_width=12, rolloff=0.9, dtype=FLOAT),
        *(_case("Preemphasis", name) for name in SIGNALS),
        _case("Preemphasis", "music", coeff=0.5),
        *(_case("Deemphasis", name) for name in SIGNALS),
        _case("Deemphasis", "music", coeff=0.5),
        *(_case("MuLawEncoding", name) for name in SIGNALS),
        _case("MuLawEncoding", "music", quantization_channels=32),
        *(_case("MuLawDecoding", name) for name in SIGNALS),
        _case("MuLawDecoding", "music", quantization_channels=32),
    ]


def cases() -> list[Case]:
    """Return the cases of the other `torchaudio.transforms`."""
    return [*_inverses(), *_cepstra(), *_phases(), *_masks(), *_features(), *_waveforms()]
