"""Values of ``spectro features`` against direct float64 computations."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import scipy.fft
import soundfile
from direct import hann, relative_error, stft

from spectro.cli.extract import FEATURES, extractor
from spectro.cli.presets import PRESETS


def mel_edges(count: int, low: float, high: float, scale: str) -> np.ndarray:
    """Return count + 2 corners, Hz, each found by bisection of the scale's definition."""

    def mel(f: float) -> float:
        if scale == "htk":
            return 2595 * np.log10(1 + f / 700)
        return 3 * f / 200 if f < 1000 else 15 + 27 * np.log(f / 1000) / np.log(6.4)

    corners = []
    for wanted in np.linspace(mel(low), mel(high), count + 2):
        below, above = 0.0, 30000.0
        for _ in range(60):
            middle = (below + above) / 2
            below, above = (middle, above) if mel(middle) < wanted else (below, middle)
        corners.append(below)
    return np.array(corners)


def mel_bank(n_fft: int, rate: int, corners: np.ndarray, unit_area: bool) -> np.ndarray:
    """Return triangles [count, bins]."""
    bins = np.arange(n_fft // 2 + 1) * rate / n_fft
    rows = [np.interp(bins, corners[m : m + 3], [0, 1, 0]) for m in range(len(corners) - 2)]
    widths = (corners[2:] - corners[:-2])[:, None]
    return np.array(rows) * (2 / widths if unit_area else 1)


def power(x: np.ndarray, n_fft: int, hop: int, mode: str) -> np.ndarray:
    return np.abs(stft(x, hann(n_fft), hop, n_fft // 2, mode)) ** 2


def dct(x: np.ndarray, count: int) -> np.ndarray:
    return scipy.fft.dct(x, axis=-2, norm="ortho")[..., :count, :]


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_every_format_gives_the_frequencies_of_its_tone(spectro, write, tmp_path, suffix) -> None:
    t = np.arange(22050) / 22050
    path = write(f"tone.{suffix}", 0.5 * np.sin(2 * np.pi * 1000 * t))
    run = spectro("features", path, "--feature", "spectrogram,filtered", "--out", tmp_path / "out")
    assert run == (0, run.out, "")
    assert "spectrogram (1025, " in run.out
    with np.load(tmp_path / "out" / "tone.npz") as made:
        middle = made["times"].size // 2
        bin_width = 22050 / 2048
        assert abs(made["spectrogram_hz"][made["spectrogram"][:, middle].argmax()] - 1000) <= bin_width / 2
        assert abs(made["filtered_hz"][made["filtered"][:, middle].argmax()] - 1000) <= 60  # a semitone
        # A full-scale tone's power in its bin is (A n / 4)^2 under a Hann window, less at most 1.42 dB.
        peak = 10 * np.log10(made["spectrogram"][:, middle].max() / (0.5 * 2048 / 4) ** 2)
        assert -1.6 < peak < 0.2


def test_librosa_preset(spectro, write, music, tmp_path) -> None:
    path = write("x.wav", music)
    run = spectro("features", path, "--feature", "mel,logmel,mfcc", "--preset", "librosa", "--out", tmp_path)
    assert run.code == 0
    mel = mel_bank(2048, 22050, mel_edges(128, 0, 11025, "slaney"), True) @ power(
        music.mean(axis=1)[None], 2048, 512, "constant"
    )
    db = 10 * np.log10(np.maximum(mel, 1e-10))
    db = np.maximum(db, db.max() - 80)
    with np.load(tmp_path / "x.npz") as made:
        assert relative_error(made["mel"], mel[0]) < 1e-5
        assert np.abs(made["logmel"] - db[0]).max() < 1e-3
        assert np.abs(made["mfcc"] - dct(db, 20)[0]).max() < 5e-3
        np.testing.assert_allclose(made["logmel_hz"], mel_edges(128, 0, 11025, "slaney")[1:-1], rtol=1e-9)
        np.testing.assert_allclose(made["times"], np.arange(18) * 512 / 22050)
        assert (int(made["sample_rate"]), int(made["hop_length"]), int(made["n_fft"])) == (22050, 512, 2048)
        about = json.loads(str(made["about"]))
        assert about["parameters"]["name"] == "librosa"
        assert about["units"]["logmel"] == "dB"


def test_whisper_preset(spectro, write, music, tmp_path) -> None:
    path = write("x.wav", music, 16000)
    assert (
        spectro("features", path, "--feature", "logmel", "--preset", "whisper", "--out", tmp_path).code == 0
    )
    spectrum = power(music.mean(axis=1)[None], 400, 160, "reflect")[..., :-1]
    mel = mel_bank(400, 16000, mel_edges(80, 0, 8000, "slaney"), True) @ spectrum
    log = np.log10(np.maximum(mel, 1e-10))
    expected = (np.maximum(log, log.max() - 8) + 4) / 4
    with np.load(tmp_path / "x.npz") as made:
        assert made["logmel"].shape == (80, 8820 // 160)
        assert np.abs(made["logmel"] - expected[0]).max() < 1e-4


def test_torchaudio_preset_warns_of_its_empty_filters(spectro, write, music, tmp_path) -> None:
    path = write("x.flac", music, 16000)
    names = "spectrogram,logmel,mfcc"
    run = spectro("features", path, "--feature", names, "--preset", "torchaudio", "--out", tmp_path)
    assert run.code == 0
    assert "warning: " in run.err
    assert "mel filters are zero everywhere" in run.err
    spectrum = power(music.mean(axis=1)[None], 400, 200, "reflect")
    mel = mel_bank(400, 16000, mel_edges(128, 0, 8000, "htk"), False) @ spectrum
    db = 10 * np.log10(np.maximum(mel, 1e-10))
    with np.load(tmp_path / "x.npz") as made:
        assert relative_error(made["spectrogram"], spectrum[0]) < 1e-5
        # Linear values, since a filter with next to no weight magnifies float32's rounding in dB.
        assert relative_error(10 ** (made["logmel"].astype(np.float64) / 10), 10 ** (db[0] / 10)) < 1e-4
        assert np.abs(made["mfcc"] - dct(np.maximum(db, db.max() - 80), 40)[0]).max() < 2e-2


def test_madmom_like_preset(spectro, write, music, tmp_path) -> None:
    path = write("x.wav", music, 44100)
    names = "spectrogram,filtered"
    assert (
        spectro("features", path, "--feature", names, "--preset", "madmom-like", "--out", tmp_path).code == 0
    )
    x, frames = music.mean(axis=1), 20  # ceil(8820 / 441)
    padded = np.pad(x, (1024, 1024))
    magnitude = np.abs(
        np.fft.rfft([padded[i * 441 : i * 441 + 2048] * np.hanning(2048) for i in range(frames)])
    )[:, :1024].T
    notes = [440 * 2 ** (k / 12) for k in range(-200, 200)]
    corners = sorted({round(f * 2048 / 44100) for f in notes if 30 <= f <= 17000})
    bands = []
    for low, centre, high in zip(corners, corners[1:], corners[2:], strict=False):
        triangle = np.interp(np.arange(1024), [low, centre, high], [0, 1, 0])
        bands.append(triangle / triangle.sum() @ magnitude)
    with np.load(tmp_path / "x.npz") as made:
        assert relative_error(made["spectrogram"], magnitude) < 1e-5
        assert relative_error(made["filtered"], np.log10(1 + np.array(bands))) < 1e-5
        np.testing.assert_allclose(made["filtered_hz"], np.array(corners[1:-1]) * 44100 / 2048)


def test_channels_are_kept_when_asked(spectro, write, music, tmp_path) -> None:
    path = write("x.wav", music)
    assert (
        spectro("features", path, "--feature", "spectrogram", "--keep-channels", "--out", tmp_path).code == 0
    )
    with np.load(tmp_path / "x.npz") as made:
        assert relative_error(made["spectrogram"], power(music.T, 2048, 512, "reflect")) < 1e-5


def test_resampling_keeps_a_tone_and_its_level(spectro, write, tmp_path) -> None:
    t = np.arange(44100) / 44100
    path = write("x.wav", 0.5 * np.sin(2 * np.pi * 1000 * t), 44100)
    run = spectro("features", path, "--feature", "spectrogram", "--sample-rate", 16000, "--out", tmp_path)
    assert run.code == 0
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    expected = power(tone[None], 2048, 512, "reflect")[0]
    with np.load(tmp_path / "x.npz") as made:
        assert int(made["sample_rate"]) == 16000
        assert relative_error(made["spectrogram"][:, 4:-4], expected[:, 4:-4]) < 1e-3


def test_parameters_override_the_preset(spectro, write, music, tmp_path) -> None:
    path = write("x.wav", music)
    options = ("--n-fft", 512, "--hop-length", 100, "--n-mels", 30, "--n-mfcc", 7)
    assert spectro("features", path, "--feature", "mfcc,mel", *options, "--out", tmp_path).code == 0
    mel = mel_bank(512, 22050, mel_edges(30, 0, 11025, "slaney"), True) @ power(
        music.mean(axis=1)[None], 512, 100, "reflect"
    )
    db = 10 * np.log10(np.maximum(mel, 1e-10))
    with np.load(tmp_path / "x.npz") as made:
        assert relative_error(made["mel"], mel[0]) < 1e-5
        assert np.abs(made["mfcc"] - dct(np.maximum(db, db.max() - 80), 7)[0]).max() < 5e-3


def test_npy_and_json_hold_the_same_as_npz(spectro, write, music, tmp_path) -> None:
    path = write("x.wav", music)
    common = ("features", path, "--feature", "spectrogram,mfcc", "--out", tmp_path)
    assert spectro(*common).code == 0
    assert spectro(*common, "--format", "npy").code == 0
    axes = json.loads((tmp_path / "x.json").read_text())
    with np.load(tmp_path / "x.npz") as made:
        for name in ("spectrogram", "mfcc"):
            np.testing.assert_array_equal(np.load(tmp_path / f"x.{name}.npy"), made[name])
        np.testing.assert_array_equal(axes["spectrogram_hz"], made["spectrogram_hz"])
        np.testing.assert_array_equal(axes["times"], made["times"])
        assert axes["about"] == json.loads(str(made["about"]))
    assert (axes["sample_rate"], axes["hop_length"], axes["n_fft"]) == (22050, 512, 2048)


def test_device_cpu_is_float32_and_gpu_is_refused_without_one(
    spectro, write, music, tmp_path, monkeypatch
) -> None:
    path = write("x.wav", music)
    assert spectro("features", path, "--feature", "logmel", "--device", "cpu", "--out", tmp_path).code == 0
    with np.load(tmp_path / "x.npz") as made:
        assert made["logmel"].dtype == np.float32
    monkeypatch.setattr("spectro.cli.features.devices", lambda: ["cpu"])
    run = spectro("features", path, "--feature", "logmel", "--device", "gpu", "--force", "--out", tmp_path)
    assert run.code == 1
    assert "no GPU" in run.err


def test_mlx_arrays_give_what_numpy_arrays_give(music) -> None:
    # What --device gpu computes with, here on MLX's CPU device.
    audio = music.T.astype(np.float32)
    for name, preset in PRESETS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torchaudio's empty filters
            of_mlx = extractor(preset, 44100)(FEATURES, audio, gpu=True)
            of_numpy = extractor(preset, 44100)(FEATURES, audio.astype(np.float64))
        for feature, made in of_mlx.items():
            assert made.values.dtype == np.float32
            bar = 1e-3 if feature in ("logmel", "mfcc") else 1e-5
            if name != "torchaudio" or feature != "logmel":  # its logmel has no floor
                assert relative_error(made.values, of_numpy[feature].values) < bar, (name, feature)


def test_a_file_at_the_presets_rate_is_not_resampled(spectro, write, music, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "soxr", None)  # importing it now fails
    same, other = write("same.wav", music, 16000), write("other.wav", music, 22050)
    run = spectro("features", same, other, "--feature", "logmel", "--preset", "whisper", "--out", tmp_path)
    assert run.code == 1
    assert (tmp_path / "same.npz").exists()
    assert "resampling 22050 Hz to 16000 Hz needs soxr" in run.err
    assert "pip install 'spectro-mlx[cli]'" in run.err


def test_float_and_24_bit_files_read_alike(spectro, tmp_path, music) -> None:
    values = []
    for subtype in ("PCM_16", "PCM_24", "FLOAT"):
        path: Path = tmp_path / f"{subtype}.wav"
        soundfile.write(path, music, 22050, subtype=subtype)
        assert spectro("features", path, "--feature", "mel", "--out", tmp_path).code == 0
        with np.load(tmp_path / f"{subtype}.npz") as made:
            values.append(made["mel"])
    np.testing.assert_array_equal(values[0], values[1])
    np.testing.assert_array_equal(values[0], values[2])
