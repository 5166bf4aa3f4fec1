"""What the README of mlx-spectro 0.7.0 shows in use runs here, the import changed; compiled is eager."""

from __future__ import annotations

from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro import (
    FilteredSpectrogramTransform,
    HybridCQTTransform,
    LogMelSpectrogramTransform,
    MelSpectrogramTransform,
    MFCCTransform,
    RepeatedShapeCompileCache,
    SpectralFeatureTransform,
    SpectralTransform,
)

SAMPLES = 24000


@pytest.fixture
def audio() -> mx.array:
    return mx.array(np.random.default_rng(0).standard_normal((1, SAMPLES)).astype(np.float32))


def log_mel_transform() -> LogMelSpectrogramTransform:
    return LogMelSpectrogramTransform(
        sample_rate=16000,
        n_fft=2048,
        hop_length=512,
        n_mels=256,
        f_min=30.0,
        f_max=8000.0,
        power=1.0,
        norm="slaney",
        mel_scale="htk",
        center_pad_mode="constant",
        log_amin=1e-5,
        log_mode="clamp",
    )


def test_there_and_back(audio: mx.array) -> None:
    transform = SpectralTransform(n_fft=2048, hop_length=512, window_fn="hann")
    spec = transform.stft(audio)
    assert spec.shape == (1, 1025, 1 + SAMPLES // 512)
    assert mx.allclose(transform.istft(spec, length=SAMPLES), audio, atol=1e-5)
    spec = transform.stft(audio, output_layout="bnf")
    assert spec.shape == (1, 1 + SAMPLES // 512, 1025)
    assert mx.allclose(transform.istft(spec, length=SAMPLES, input_layout="bnf"), audio, atol=1e-5)


def test_mel(audio: mx.array) -> None:
    mel = MelSpectrogramTransform(
        sample_rate=24000, n_fft=2048, hop_length=240, n_mels=128, top_db=80.0, mode="torchaudio_compat"
    )
    mel_db = mel(audio)
    assert mel_db.shape == (1, 128, 101)
    assert float(mel_db.max() - mel_db.min()) <= 80.001


def test_log_mel_and_mfcc(audio: mx.array) -> None:
    assert log_mel_transform()(audio).shape == (1, 256, 47)
    mfcc = MFCCTransform(sample_rate=16000, n_mfcc=13, n_fft=400, hop_length=160, n_mels=40)
    assert mfcc(audio).shape == (1, 13, 151)


def test_repeated_shapes(audio: mx.array) -> None:
    transform = log_mel_transform()
    shape_cache = RepeatedShapeCompileCache(
        lambda shape: transform.get_compiled(), min_hits=2, max_compiled_shapes=8
    )
    assert shape_cache.get(audio.shape) is None
    compiled = shape_cache.get(audio.shape)
    assert mx.allclose(compiled(audio), transform(audio), atol=1e-4)


def test_frames_as_torch_and_as_madmom_has_them(audio: mx.array) -> None:
    torch_like = SpectralTransform(
        n_fft=2048,
        hop_length=512,
        window_fn="hann",
        center=True,
        center_pad_mode="constant",
        center_tail_pad="symmetric",
    )
    assert torch_like.stft(audio).shape[-1] == 1 + SAMPLES // 512
    madmom_like = SpectralTransform(
        n_fft=8192,
        hop_length=4410,
        win_length=8192,
        window=mx.array(np.hanning(8192).astype(np.float32)),
        periodic=False,
        center=True,
        center_pad_mode="constant",
        center_tail_pad="minimal",
    )
    assert madmom_like.stft(audio).shape[-1] == -(-SAMPLES // 4410)
    with pytest.raises(spectro.ParameterError, match="length"):
        madmom_like.istft(madmom_like.stft(audio))


def test_compiled_pair() -> None:
    t = SpectralTransform(n_fft=1024, hop_length=256, window_fn="hann")
    stft, istft = t.compiled_pair(length=8192, warmup_batch=2)
    x = mx.array(np.random.default_rng(1).standard_normal((2, 8192)).astype(np.float32))
    assert mx.allclose(istft(stft(x)), x, atol=1e-5)
    stft, istft = t.compiled_pair_nd(length=8192, leading_shape=(1, 2))
    assert mx.allclose(istft(stft(x[None])), x[None], atol=1e-5)


TRANSFORMS: dict[str, Callable[[], object]] = {
    "mel": lambda: MelSpectrogramTransform(16000, n_fft=512, hop_length=128, n_mels=40),
    "log_mel": lambda: LogMelSpectrogramTransform(sample_rate=16000, n_fft=512, hop_length=128, n_mels=40),
    "mfcc": lambda: MFCCTransform(16000, n_fft=512, hop_length=128, n_mels=40),
    "filtered": lambda: FilteredSpectrogramTransform(np.eye(257, 9), n_fft=512, hop_length=128),
    "hybrid_cqt": lambda: HybridCQTTransform(hop_length=256, fmin=110.0, n_bins=36),
    "features": lambda: SpectralFeatureTransform(n_fft=512, hop_length=128, include=["spectral_centroid"]),
}


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("single", [True, False])
def test_compiled_is_eager(name: str, single: bool) -> None:
    transform = TRANSFORMS[name]()
    x = np.random.default_rng(2).standard_normal((2, 9000)).astype(np.float32)
    x = x[0] if single else x
    compiled = transform.get_compiled()
    assert compiled is transform.get_compiled()
    pick = (lambda y: y["spectral_centroid"]) if name == "features" else (lambda y: y)
    lazy = pick(compiled(mx.array(x)))
    assert isinstance(lazy, mx.array)
    eager = np.array(pick(transform(mx.array(x))))
    np.testing.assert_allclose(lazy, eager, atol=1e-5 * np.abs(eager).max(), rtol=1e-4)
    array = pick(compiled(x))
    assert isinstance(array, np.ndarray)
    np.testing.assert_array_equal(array, pick(transform(x)))
    np.testing.assert_allclose(array, eager, atol=1e-5 * np.abs(eager).max(), rtol=1e-4)
