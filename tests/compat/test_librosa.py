"""`compat.librosa` where goldens do not reach: kinds, memory, warnings, gradients, identities."""

import sys
from types import SimpleNamespace

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.compat import librosa


@pytest.fixture
def tone():
    t = np.arange(8000) / 22050
    return np.sin(2 * np.pi * 440 * t).astype(np.float32)


def test_core_is_at_the_top_level_too():
    assert librosa.stft is librosa.core.stft is librosa.core.spectrum.stft
    assert librosa.feature.rms is librosa.feature.spectral.rms
    assert librosa.util.frame is librosa.util.utils.frame


def test_parameter_error_is_librosas_and_ours():
    with pytest.raises(librosa.ParameterError, match="hop_length"):
        librosa.stft(np.zeros(4000), hop_length=0)
    with pytest.raises(spectro.SpectroError):
        librosa.util.valid_audio(np.zeros(3, int))


def test_the_bins_of_a_frame_are_adjacent(tone):
    z = librosa.stft(tone)
    assert z.flags.f_contiguous
    assert np.abs(z).flags.f_contiguous


def test_out_is_filled_and_returned(tone):
    out = np.zeros((1025, 20), np.complex64)
    z = librosa.stft(tone, out=out)
    assert np.shares_memory(z, out)
    np.testing.assert_array_equal(out[:, :16], librosa.stft(tone))
    assert (out[:, 16:] == 0).all()
    y = np.empty(15 * 512, np.float32)
    assert librosa.istft(z, out=y) is y
    np.testing.assert_allclose(y, tone[: len(y)], atol=1e-6)


def test_mlx_stays_lazy_and_differentiable(tone):
    x = mx.array(tone)
    mel = librosa.feature.melspectrogram(y=x)
    assert isinstance(mel, mx.array)
    np.testing.assert_allclose(np.array(mel), librosa.feature.melspectrogram(y=tone), rtol=2e-5, atol=1e-5)
    gradient = mx.grad(lambda x: librosa.feature.melspectrogram(y=x).sum())(x)
    # A sum of energies is quadratic: x . grad is twice it (Euler).
    twice = float((x * gradient).sum())
    assert twice == pytest.approx(2 * float(mel.sum()), rel=1e-3)
    with pytest.raises(spectro.GradientError, match="tuning"):
        mx.grad(lambda x: librosa.feature.chroma_stft(y=x).sum())(x)


def test_channels_share_one_peak(tone):
    loud_and_quiet = np.stack([tone, tone * 1e-6])
    db = librosa.power_to_db(librosa.feature.melspectrogram(y=loud_and_quiet))
    assert db.min() == pytest.approx(db.max() - 80)
    coefficients = librosa.feature.mfcc(y=loud_and_quiet)
    np.testing.assert_allclose(coefficients[1, 1:], 0, atol=1e-3)  # all of it at the floor


def test_the_dtype_of_rms_is_float32_whatever_the_audio(tone):
    assert librosa.feature.rms(y=tone.astype(np.float64)).dtype == np.float32
    assert librosa.feature.spectral_centroid(y=tone).dtype == np.float64
    assert librosa.pcen(np.ones((3, 4), np.float32)).dtype == np.float64


def test_warnings(tone):
    with pytest.warns(UserWarning, match="n_fft=16384 is too large"):
        librosa.stft(tone, n_fft=16384)
    with pytest.warns(UserWarning, match="phase is ignored"):
        librosa.power_to_db(librosa.stft(tone))
    with pytest.warns(UserWarning, match="Empty filters"):
        librosa.filters.mel(sr=22050, n_fft=64, n_mels=128)
    with pytest.warns(spectro.NolaWarning, match="hop_length=3000"):
        librosa.istft(librosa.stft(tone, hop_length=3000), hop_length=3000)


def test_what_numpy_alone_computes_refuses_to_be_traced():
    with pytest.raises(spectro.GradientError, match="hz_to_mel"):
        mx.grad(lambda x: librosa.hz_to_mel(x).sum())(mx.array([440.0]))


@pytest.mark.parametrize("hop", [400, 600])
def test_the_tail_is_reflected_by_itself(hop):
    # 1000 samples, frames of 512: what stands behind the end mirrors the samples from the first frame that
    # reaches beyond it.
    y = np.random.default_rng(0).standard_normal(1000)
    first = (1000 + 256 - 512) // hop + 1
    tail = y[first * hop - 256 :]
    padded = np.concatenate(
        [np.pad(y, (256, 0), mode="reflect"), np.pad(tail, (0, 256), mode="reflect")[len(tail) :]]
    )
    window = np.hanning(513)[:-1]
    count = 1 + (len(padded) - 512) // hop
    frames = np.stack([padded[k * hop : k * hop + 512] * window for k in range(count)], axis=1)
    z = librosa.stft(y, n_fft=512, hop_length=hop, pad_mode="reflect")
    np.testing.assert_allclose(z, np.fft.rfft(frames, axis=0), atol=1e-12)


def test_the_options_of_librosa_1_are_its_own(tone):
    with pytest.raises(TypeError, match="axes"):
        librosa.power_to_db(tone, axes=None)
    with pytest.raises(TypeError, match="rng"):
        librosa.griffinlim(np.ones((9, 4)), rng=1)
    with spectro.config(librosa="1.0"):
        assert librosa.power_to_db(abs(tone), axes=None).shape == tone.shape
        with pytest.raises(TypeError, match="unknown"):
            librosa.note_to_hz("A4", unknown=1)


def test_channels_have_their_own_peaks_in_librosa_1(tone):
    loud_and_quiet = np.stack([tone, tone * 1e-6])
    power = librosa.feature.melspectrogram(y=loud_and_quiet)
    with spectro.config(librosa="1.0"):
        db = librosa.power_to_db(power, ref=np.max)
    np.testing.assert_allclose(db.max(axis=(-2, -1)), [0, 0], atol=1e-6)
    assert db.min() >= -80


def test_a_seed_is_numpys_in_librosa_1():
    s = np.abs(np.random.default_rng(0).standard_normal((33, 9)))
    with spectro.config(librosa="1.0"):
        by_seed = librosa.griffinlim(s, n_iter=1, rng=5)
        by_generator = librosa.griffinlim(s, n_iter=1, rng=np.random.default_rng(5))
        with pytest.warns(FutureWarning, match="rng"):
            by_old_name = librosa.griffinlim(s, n_iter=1, random_state=5)
    np.testing.assert_array_equal(by_seed, by_generator)
    np.testing.assert_array_equal(by_seed, by_old_name)
    assert not np.array_equal(by_seed, librosa.griffinlim(s, n_iter=1, random_state=5))


def test_a_constant_spectrogram_stays_constant_to_its_end_in_librosa_1():
    z = np.ones((5, 6), np.complex64)
    # 0.11 fades the last frame into silence.
    assert np.abs(librosa.phase_vocoder(z, rate=0.5))[0].tolist() == [1] * 11 + [0.5]
    with spectro.config(librosa="1.0"):
        assert np.abs(librosa.phase_vocoder(z, rate=0.5))[0].tolist() == [1] * 12
        single = librosa.phase_vocoder(z[:, :1], t_out=[0, 0.5])
    np.testing.assert_array_equal(single, z[:, :2])


def test_as_many_bins_as_there_are(tone):
    with spectro.config(librosa="1.0"):
        bins = len(librosa.cqt(tone, n_bins=None, fmin=1000.0))
        assert len(librosa.cqt(tone, n_bins=bins, fmin=1000.0)) == bins
        with pytest.raises(librosa.ParameterError, match=f"n_bins={bins + 1}"):
            librosa.cqt(tone, n_bins=bins + 1, fmin=1000.0)
    with pytest.raises(TypeError, match="n_bins"):
        librosa.cqt(tone, n_bins=None, fmin=1000.0)


def test_what_is_not_finite_is_refused_or_shows():
    s = np.ones((65, 3))
    s[4, 1] = np.nan
    for feature in (librosa.feature.spectral_centroid, librosa.feature.spectral_bandwidth):
        with pytest.raises(librosa.ParameterError, match="finite"):
            feature(S=s)
    for kind in (np.array, mx.array):
        found = np.array(librosa.feature.rms(S=kind(s), frame_length=128))
        assert np.isnan(found[0]).tolist() == [False, True, False]
    assert librosa.feature.spectral_rolloff(S=s)[0, 1] == 0


def test_rms_of_complex_audio_and_of_none():
    y = np.exp(1j * np.arange(4096)) * np.linspace(1, 2, 4096)
    values = librosa.feature.rms(y=y, frame_length=512, hop_length=512, center=False)[0]
    np.testing.assert_allclose(values, np.sqrt((abs(y.reshape(8, 512)) ** 2).mean(axis=1)), rtol=1e-6)
    assert librosa.feature.rms(y=np.zeros(0, np.float32)).tolist() == [[0.0]]


def test_mfccs_of_integers():
    s = np.random.default_rng(0).integers(-80, 0, (20, 4))
    y = librosa.feature.mfcc(S=s, n_mfcc=3)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y[0], s.sum(axis=0) / np.sqrt(20))


@pytest.mark.parametrize("call", [librosa.feature.chroma_stft, librosa.feature.chroma_cqt])
def test_silence_has_no_tuning(call):
    with pytest.warns(UserWarning, match="Trying to estimate tuning from empty frequency set"):
        assert not call(y=np.zeros(22050, np.float32)).any()


def test_chroma_is_where_librosa_defines_it(tone):
    assert librosa.feature.spectral.chroma_cqt is librosa.feature.chroma_cqt
    assert librosa.feature.tonnetz(y=tone, tuning=0.0).shape[0] == 6


def test_librosa_describes_the_files_that_soundfile_cannot_read(tmp_path, monkeypatch):
    pytest.importorskip("soundfile")
    theirs = SimpleNamespace(get_duration=lambda path: 2.5, get_samplerate=lambda path: 8000)
    monkeypatch.setitem(sys.modules, "librosa", theirs)
    file = tmp_path / "audio.mkv"
    file.write_bytes(bytes(100))
    assert librosa.get_duration(path=file) == 2.5
    assert librosa.get_samplerate(file) == 8000


def test_no_audio_stays_none():
    empty = np.zeros((2, 0), np.float32)
    y, interval = librosa.effects.trim(empty)
    assert y.shape == (2, 0)
    assert interval.tolist() == [0, 0]
    assert librosa.effects.split(empty).tolist() == [[0, 0]]
    assert librosa.effects.deemphasis(empty).shape == (2, 0)
    assert librosa.resample(empty, orig_sr=2, target_sr=1).shape == (2, 0)
    with pytest.raises(librosa.ParameterError):
        librosa.effects.trim(None)


def test_trim_hears_complex_audio():
    y = np.concatenate([np.zeros(4096), 1j * np.ones(4096), np.zeros(4096)])
    _, interval = librosa.effects.trim(y, frame_length=512, hop_length=512)
    assert interval.tolist() == [4096, 8704]


@pytest.mark.parametrize(("x", "result"), [("i2", "f4"), ("i8", "f8"), ("f4", "f4")])
def test_a_mask_has_the_dtype_of_what_it_masks(x, result):
    mask = librosa.util.softmask(np.array([1, 2], x), np.array([3.0, 6.0]))
    assert mask.dtype == result
    np.testing.assert_allclose(mask, 0.25, rtol=1e-3)
