"""Mel spectrograms and MFCCs against direct float64 computations of their definitions."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
import scipy.fft
from direct import hann, relative_error, stft

import spectro
from spectro.filterbanks.mel import hz_to_mel, mel_to_hz


def bank_by_loops(bins: int, low: float, high: float, count: int, rate: int, scale: str) -> np.ndarray:
    """Return the triangles one bin at a time."""
    edges = mel_to_hz(np.linspace(hz_to_mel(low, scale), hz_to_mel(high, scale), count + 2), scale)
    bank = np.zeros((bins, count))
    for k, f in enumerate(np.linspace(0, rate // 2, bins)):
        for m in range(count):
            if edges[m] < f <= edges[m + 1]:
                bank[k, m] = (f - edges[m]) / (edges[m + 1] - edges[m])
            elif edges[m + 1] < f < edges[m + 2]:
                bank[k, m] = (edges[m + 2] - f) / (edges[m + 2] - edges[m + 1])
    return bank


def power(x: np.ndarray, n: int = 400, hop: int = 160, exponent: float = 2.0) -> np.ndarray:
    """Return |STFT|^exponent [B, F, N] in float64."""
    return np.abs(stft(x, hann(n), hop, n // 2)) ** exponent


def test_mel_scales_at_points_known_in_closed_form() -> None:
    assert hz_to_mel(700.0) == pytest.approx(2595 * np.log10(2), rel=1e-15)
    assert hz_to_mel(1000.0, "slaney") == pytest.approx(15.0, rel=1e-15)
    assert hz_to_mel(6400.0, "slaney") == pytest.approx(42.0, rel=1e-15)
    hz = np.linspace(0, 11025, 400)
    for scale in ("htk", "slaney"):
        np.testing.assert_allclose(mel_to_hz(hz_to_mel(hz, scale), scale), hz, rtol=1e-13, atol=1e-10)


@pytest.mark.parametrize("scale", ["htk", "slaney"])
def test_filters_are_triangles_on_the_mel_scale(scale: str) -> None:
    got = spectro.melscale_fbanks(201, 60.0, 7600.0, 40, 16000, mel_scale=scale)
    truth = bank_by_loops(201, 60.0, 7600.0, 40, 16000, scale)
    np.testing.assert_allclose(got, truth, atol=1e-7)
    area = spectro.melscale_fbanks(4001, 60.0, 7600.0, 40, 16000, norm="slaney", mel_scale=scale)
    np.testing.assert_allclose(np.array(area).sum(axis=0) * 2.0, 1.0, rtol=1e-2)  # bins are 2 Hz apart


def test_filters_between_two_bins_are_warned_about() -> None:
    with pytest.warns(UserWarning, match="zero everywhere"):
        spectro.melscale_fbanks(33, 0.0, 8000.0, 64, 16000)


@pytest.mark.parametrize("exponent", [1.0, 2.0, 0.7])
def test_spectrogram_and_linear_mel(noise: np.ndarray, exponent: float) -> None:
    mel = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=40, power=exponent, output_scale="linear")
    truth = power(noise, exponent=exponent)
    assert relative_error(mel.spectrogram(noise), truth) < 1e-13
    expected = np.einsum("bfn,fm->bmn", truth, bank_by_loops(201, 0.0, 8000.0, 40, 16000, "htk"))
    assert relative_error(mel(noise), expected) < 1e-13
    assert relative_error(np.array(mel(mx.array(noise.astype(np.float32)))), expected) < 2e-6


def test_db_range_is_per_example_or_shared(noise: np.ndarray) -> None:
    x = noise * np.array([[1.0], [1e-3], [1e-6]])
    linear = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=40, output_scale="linear")(x)
    db = 10 * np.log10(np.maximum(linear, 1e-10))
    alone = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=40, top_db=30.0)(x)
    np.testing.assert_allclose(alone, np.maximum(db, db.max(axis=(1, 2), keepdims=True) - 30), rtol=1e-12)
    shared = spectro.MelSpectrogramTransform(
        16000, 400, 160, n_mels=40, top_db=30.0, mode="torchaudio_compat"
    )(x)
    np.testing.assert_allclose(shared, np.maximum(db, db.max() - 30), rtol=1e-12)
    assert spectro.MelSpectrogramTransform(mode="default").mode == "mlx_native"


@pytest.mark.parametrize(
    ("options", "formula"),
    [
        ({"log_mode": "clamp", "log_amin": 0.3}, lambda v: np.log(np.maximum(v, 0.3))),
        ({"log_mode": "add", "log_amin": 0.3}, lambda v: np.log(v + 0.3)),
        ({"log_mode": "log1p", "log_scale": 10.0}, lambda v: np.log(1 + 10 * v)),
    ],
)
def test_log_modes(noise: np.ndarray, options: dict, formula: object) -> None:
    log_mel = spectro.LogMelSpectrogramTransform(
        sample_rate=16000, n_fft=400, hop_length=160, n_mels=40, **options
    )
    linear = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=40, output_scale="linear")(noise)
    np.testing.assert_allclose(log_mel(noise), formula(linear), rtol=1e-12, atol=1e-12)


def test_output_scale_of_one_call(noise: np.ndarray) -> None:
    mel = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=40)
    np.testing.assert_array_equal(mel(noise, to_db=False), mel(noise, output_scale="linear"))
    np.testing.assert_array_equal(mel(noise), mel.mel_spectrogram(noise, to_db=True))
    with pytest.raises(spectro.ParameterError, match="not both"):
        mel(noise, output_scale="db", to_db=True)
    with pytest.raises(spectro.ParameterError, match="output_scale"):
        spectro.LogMelSpectrogramTransform(output_scale="db")


@pytest.mark.parametrize("norm", ["ortho", None])
def test_dct_matrix_is_scipys_dct(norm: str | None) -> None:
    truth = scipy.fft.dct(np.eye(40), type=2, norm=norm or "backward", axis=0)[:13]
    np.testing.assert_allclose(spectro.dct_matrix(13, 40, norm=norm), truth, atol=3e-7)


@pytest.mark.parametrize("lifter", [0, 22])
def test_mfcc_is_the_dct_of_the_db_mel_spectrogram(noise: np.ndarray, lifter: int) -> None:
    options = {"sample_rate": 16000, "n_fft": 400, "hop_length": 160, "n_mels": 40}
    mel = spectro.MelSpectrogramTransform(**options, norm="slaney", mel_scale="slaney")(noise)
    truth = scipy.fft.dct(mel, type=2, norm="ortho", axis=1)[:, :13]
    if lifter:
        truth = truth * (1 + lifter / 2 * np.sin(np.pi * np.arange(1, 14) / lifter))[:, None]
    transform = spectro.MFCCTransform(**options, n_mfcc=13, lifter=lifter)
    assert relative_error(transform(noise), truth) < 1e-13
    assert relative_error(np.array(transform(mx.array(noise.astype(np.float32)))), truth) < 1e-5
    single = spectro.mfcc(noise[0], **options, n_mfcc=13, lifter=lifter)
    assert relative_error(single, truth[0]) < 1e-13
    assert transform.dct_mat.shape == (13, 40)


def test_amplitude_to_db_options() -> None:
    x = np.array([[[1.0, 1e-3], [1e-12, 10.0]], [[1e-2, 1e-2], [1e-2, 1e-2]]])
    np.testing.assert_allclose(
        spectro.amplitude_to_db(x, top_db=None), 10 * np.log10(np.maximum(x, 1e-10)), rtol=1e-15
    )
    np.testing.assert_allclose(
        spectro.amplitude_to_db(x, stype="magnitude", amin=1e-5, ref_value=10.0, top_db=None),
        20 * np.log10(np.maximum(x, 1e-5)) - 20,
        rtol=1e-15,
    )
    assert spectro.amplitude_to_db(x, top_db=15.0)[1].max() == -5.0  # the batch's peak is 10 dB
    assert spectro.amplitude_to_db(x, top_db=15.0, mode="per_example")[1].max() == -20.0
    for bad in (
        {"amin": 0.0},
        {"top_db": -1.0},
        {"stype": "energy"},
        {"mode": "torch"},
        {"amin": float("nan")},
    ):
        with pytest.raises(spectro.ParameterError, match=next(iter(bad))):
            spectro.amplitude_to_db(x, **bad)
