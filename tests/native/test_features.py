"""The bundle of features: one STFT, the same values, compiled, differentiated; and the cache of shapes."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest
from direct import relative_error
from test_transformations import check_gradient

import spectro
from spectro import diagnostics
from spectro.backends import portable
from spectro.features.several import FEATURES

OPTIONS = {"sample_rate": 8000, "n_fft": 256, "hop_length": 64}
BUNDLE = {**OPTIONS, "n_bands": 3, "n_mels": 20, "n_mfcc": 10}


def test_the_bundle_is_its_functions(noise: np.ndarray) -> None:
    for x in (noise, noise[0], noise.astype(np.float32), mx.array(noise.astype(np.float32))):
        features = spectro.spectral_features(x, **BUNDLE)
        assert tuple(features) == FEATURES
        for name, value in features.items():
            extra = {
                "spectral_contrast": {"n_bands": 3},
                "mfcc": {"n_mels": 20, "n_mfcc": 10},
            }.get(name, {})
            alone = getattr(spectro, name)(x, **OPTIONS, **extra)
            assert value.shape == alone.shape
            assert value.dtype == alone.dtype
            assert relative_error(value, np.array(alone, np.float64)) < 1e-5


def test_include_keeps_the_order_asked_for(noise: np.ndarray) -> None:
    wanted = ["mfcc", "chroma_stft", "spectral_rolloff"]
    assert list(spectro.SpectralFeatureTransform(include=wanted)(np.tile(noise, 2))) == wanted


@pytest.mark.parametrize("block", [2**21, 500])
@pytest.mark.parametrize("kind", ["numpy", "mlx"])
def test_one_stft_a_call(noise: np.ndarray, kind: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    transformed = []
    stft = portable.stft

    def counted(*arguments: object) -> object:
        z = stft(*arguments)
        transformed.append(z.shape[0] * z.shape[1])
        return z

    x = noise.astype(np.float32) if kind == "numpy" else mx.array(noise.astype(np.float32))
    transform = spectro.SpectralFeatureTransform(**BUNDLE)
    whole = {name: np.array(value) for name, value in transform(x).items()}
    monkeypatch.setattr(portable, "stft", counted)
    monkeypatch.setattr("spectro.backends.portable.BLOCK", block)  # 500 elements: a frame of each example
    monkeypatch.setattr("spectro.backends.portable.CACHED", block)
    with spectro.config(backend="portable"):
        features = transform(x)
    assert sum(transformed) == 3 * 24  # every frame once
    assert len(transformed) == (24 if (kind, block) == ("numpy", 500) else 1)
    for name, value in features.items():
        np.testing.assert_allclose(value, whole[name], rtol=1e-5, atol=1e-5)


def test_compiled_equals_eager(noise: np.ndarray) -> None:
    x = mx.array(noise.astype(np.float32))
    transform = spectro.SpectralFeatureTransform(**BUNDLE)
    compiled = transform.get_compiled()
    assert compiled is transform.get_compiled()
    eager, traced = transform(x), compiled(x)
    assert list(traced) == list(eager)
    for name in eager:
        np.testing.assert_allclose(traced[name], eager[name], rtol=1e-4, atol=1e-3)
    for name, options in (
        ("rms", {}),
        ("zero_crossing_rate", {}),
        ("onset_strength", OPTIONS),
        ("onset_strength_multi", OPTIONS),
    ):
        function = getattr(spectro, name)
        options = options or {"frame_length": 256, "hop_length": 64}
        traced = mx.compile(lambda v, f=function, o=options: f(v, **o))(x)
        np.testing.assert_allclose(traced, function(x, **options), rtol=1e-4, atol=1e-4)
    assert isinstance(compiled(noise)["mfcc"], np.ndarray)


def test_mlx_results_are_lazy(noise: np.ndarray) -> None:
    def everything(v: mx.array) -> list[mx.array]:
        return [*spectro.spectral_features(v, **BUNDLE).values(), spectro.rms(v), spectro.onset_strength(v)]

    # While MLX traces, evaluating raises.
    outputs = mx.compile(everything)(mx.array(np.tile(noise, 2).astype(np.float32)))
    assert all(np.isfinite(np.array(y)).all() for y in outputs)


SMALL = {"sample_rate": 8000, "n_fft": 64, "hop_length": 16}
SMOOTH: dict[str, Callable[..., object]] = {
    "centroid": lambda v: spectro.spectral_centroid(v, **SMALL),
    "bandwidth": lambda v: spectro.spectral_bandwidth(v, **SMALL),
    "bandwidth, p = 3": lambda v: spectro.spectral_bandwidth(v, **SMALL, p=3.0),
    "contrast": lambda v: spectro.spectral_contrast(v, **SMALL, n_bands=2, fmin=500.0, quantile=0.3),
    "chroma": lambda v: spectro.chroma_stft(v, **SMALL),
    "chroma, norm = 3": lambda v: spectro.chroma_stft(v, **SMALL, norm=3),
    "chroma, norm = inf": lambda v: spectro.chroma_stft(v, **SMALL, norm=np.inf),
    "chroma, norm = None": lambda v: spectro.chroma_stft(v, **SMALL, norm=None),
    "rms": lambda v: spectro.rms(v, frame_length=32, hop_length=12),
    "onsets": lambda v: spectro.onset_strength_multi(v, **SMALL, n_mels=5, lag=2),
}


@pytest.mark.parametrize("name", sorted(SMOOTH))
def test_gradients(name: str) -> None:
    x = np.random.default_rng(6).standard_normal((2, 90))
    scale = 1.0 / float(np.abs(SMOOTH[name](x)).max())
    # The 4th power, since a sum of powers that the chroma are normalised by is constant.
    check_gradient(lambda xp, v: ((SMOOTH[name](v) * scale) ** 4).sum(), x)


def test_gradients_of_silence_are_finite() -> None:
    for name, function in SMOOTH.items():
        gradient = mx.grad(lambda v, f=function: f(v).sum())(mx.zeros((2, 90)))
        assert np.isfinite(np.array(gradient)).all(), name


def test_gradients_of_what_moves_in_steps_are_zero() -> None:
    x = mx.array(np.random.default_rng(6).standard_normal(400).astype(np.float32))
    for function in (
        lambda v: spectro.spectral_rolloff(v, **SMALL),
        lambda v: spectro.zero_crossing_rate(v, frame_length=32),
    ):
        assert not np.array(mx.grad(lambda v, f=function: f(v).sum())(x)).any()


def test_functions_and_bundle_agree_on_defaults() -> None:
    renamed = {
        "chroma_norm": ("chroma_stft", "norm"),
        "bandwidth_p": ("spectral_bandwidth", "p"),
        "contrast_fmin": ("spectral_contrast", "fmin"),
        "contrast_quantile": ("spectral_contrast", "quantile"),
        "mel_norm": ("mfcc", "norm"),
    }
    bundle = inspect.signature(spectro.spectral_features).parameters
    transform = inspect.signature(spectro.SpectralFeatureTransform).parameters
    assert list(bundle) == ["x", *transform]
    assert all(transform[name].default == bundle[name].default for name in transform)
    for name, parameter in bundle.items():
        for feature in FEATURES:
            there, other = renamed.get(name, (feature, name))
            theirs = inspect.signature(getattr(spectro, there)).parameters
            if other in theirs and other != "x":
                assert theirs[other].default == parameter.default, (there, other)


BAD = {
    "unknown feature": ({"include": ["loudness"]}, "include.*loudness"),
    "no feature": ({"include": []}, r"include.*\[\]"),
    "feature twice": ({"include": ["mfcc", "mfcc"]}, "include.*each once"),
    "one name": ({"include": "mfcc"}, "include.*'mfcc'"),
    "no frequency": ({"sample_rate": 0}, "sample_rate.*0"),
    "n_fft of one": ({"n_fft": 1}, "n_fft.*1"),
    "negative p": ({"bandwidth_p": -1.0}, "p must.*-1"),
    "whole rolloff": ({"roll_percent": 1.0}, "roll_percent.*1.0"),
    "quantile of 0": ({"contrast_quantile": 0}, "quantile.*0"),
    "bands beyond Nyquist": ({"n_bands": 7}, "n_bands=7.*sample_rate / 2"),
    "band without bins": ({"n_fft": 64, "contrast_fmin": 100.0}, "no bin.*n_fft=64"),
    "negative norm": ({"chroma_norm": -2}, "norm.*-2"),
    "norm by name": ({"chroma_norm": "l2"}, "norm.*'l2'"),
    "no chroma": ({"n_chroma": 0}, "n_chroma.*0"),
    "infinite tuning": ({"tuning": np.inf}, "tuning.*inf"),
    "more coefficients than bands": ({"n_mfcc": 200}, "n_mfcc.*200"),
}


@pytest.mark.parametrize("case", sorted(BAD))
def test_bad_options_are_named(case: str) -> None:
    options, message = BAD[case]
    with pytest.raises(spectro.SpectroError, match=message):
        spectro.SpectralFeatureTransform(**options)


def test_other_bad_input_is_named(noise: np.ndarray) -> None:
    x = noise[0]
    for call, message in (
        (lambda: spectro.rms(x, frame_length=0), "frame_length.*0"),
        (lambda: spectro.rms(x, hop_length=1.5), "hop_length.*1.5"),
        (lambda: spectro.rms(x, pad_mode="mirror"), "pad_mode.*mirror"),
        (lambda: spectro.rms(x, frame_length=4000), "x has 1500 samples"),
        (lambda: spectro.rms(x, frame_length=4000, center=False), "x has 1500 samples.*4000"),
        (lambda: spectro.zero_crossing_rate(x[:0]), "x is empty"),
        (lambda: spectro.spectral_centroid(x[:500]), "x has 500 samples"),
        (lambda: spectro.spectral_centroid(x[:500], center=False), "x has 500 samples"),
        (lambda: spectro.spectral_centroid(x * np.nan), "x holds NaN"),
        (lambda: spectro.onset_strength(x, lag=0), "lag.*0"),
        (lambda: spectro.onset_strength(x, f_min=9000.0, f_max=100.0), "f_min.*9000"),
        (lambda: spectro.onset_strength(x, norm="area"), "norm.*area"),
        (lambda: spectro.onset_strength(x, mel_scale="bark"), "mel_scale.*bark"),
        (lambda: spectro.onset_strength(x, top_db=-1.0), "top_db.*-1"),
    ):
        with pytest.raises(spectro.SpectroError, match=message):
            call()


def test_a_shape_is_compiled_when_it_comes_again() -> None:
    made = []
    cache = spectro.RepeatedShapeCompileCache(
        lambda shape: made.append(shape) or shape, min_hits=3, max_compiled_shapes=2
    )
    assert [cache.get([2, 400]) for _ in range(4)] == [None, None, (2, 400), (2, 400)]
    for length in (500, 600):
        assert [cache.get((length,)) for _ in range(3)] == [None, None, (length,)]
    assert cache.cache_info() == {
        "min_hits": 3,
        "max_compiled_shapes": 2,
        "max_pending_shapes": 16,
        "pending_shapes": 0,
        "compiled_shapes": 2,
        "compiled_shape_keys": [(500,), (600,)],
    }
    cache.get((500,))  # now 600 is the one that was not used for longest
    [cache.get((700,)) for _ in range(3)]
    assert cache.cache_info()["compiled_shape_keys"] == [(500,), (700,)]
    assert made == [(2, 400), (500,), (600,), (700,)]
    cache.clear()
    assert cache.get((500,)) is None


def test_shapes_that_come_once_are_forgotten() -> None:
    cache = spectro.RepeatedShapeCompileCache(lambda shape: shape, max_pending_shapes=2)
    assert [cache.get((n,)) for n in (1, 2, 3, 1)] == [None] * 4
    assert cache.get((3,)) == (3,)
    assert spectro.RepeatedShapeCompileCache(lambda shape: shape, min_hits=1).get((5,)) == (5,)
    for bad in ({"min_hits": 0}, {"max_compiled_shapes": 0}, {"max_pending_shapes": 0}, {"min_hits": 1.5}):
        with pytest.raises(spectro.SpectroError, match=next(iter(bad))):
            spectro.RepeatedShapeCompileCache(lambda shape: shape, **bad)
    with pytest.raises(spectro.ArrayTypeError, match="compile_factory"):
        spectro.RepeatedShapeCompileCache(3)  # type: ignore[arg-type]


def test_cache_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    spectro.reset_cache_debug_stats()
    for _ in range(3):
        spectro.MelSpectrogramTransform(n_fft=398, hop_length=17, n_mels=20)
    stats = spectro.get_cache_debug_stats(reset=True)["transform_cache"]
    assert (stats["hits"], stats["misses"]) == (2, 1)
    assert spectro.get_cache_debug_stats()["transform_cache"]["hits"] == 0
    monkeypatch.setenv("SPEC_MLX_CACHE_STATS", "0")
    diagnostics.count("event")
    assert spectro.get_cache_debug_stats()["counts"] == {}
    monkeypatch.setenv("SPEC_MLX_CACHE_STATS", "1")
    diagnostics.count("event")
    stats = spectro.get_cache_debug_stats(reset=True)
    assert (stats["enabled"], stats["counts"]) == (True, {"event": 1})
    assert spectro.get_cache_debug_stats()["counts"] == {}
    assert "cpu" in spectro.spec_mlx_device_key()
