"""What docs/traps.md says of the references, asked of the references themselves."""

import importlib
import inspect

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="asks torch")
torchaudio = pytest.importorskip("torchaudio", reason="asks torchaudio")
librosa = pytest.importorskip("librosa", reason="asks librosa")
pytest.importorskip("madmom", reason="asks madmom")

pytestmark = [pytest.mark.references, pytest.mark.filterwarnings("ignore")]
Y = np.random.default_rng(0).standard_normal(4096).astype(np.float32)
X = torch.from_numpy(Y)
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(64) / 64)


def default(function, name):
    return inspect.signature(function).parameters[name].default


@pytest.fixture
def madmom():
    """madmom's STFT of the noise, in frames of 64 samples every 16."""
    signal = importlib.import_module("madmom.audio.signal").Signal(Y, sample_rate=22050)
    stft = importlib.import_module("madmom.audio.stft")
    return stft.ShortTimeFourierTransform(signal, frame_size=64, hop_size=16)


def test_padding(madmom):
    centred = torch.stft(X, 64, center=True, return_complex=True)
    reflected = torch.from_numpy(np.pad(Y, 32, mode="reflect"))
    assert torch.equal(centred, torch.stft(reflected, 64, center=False, return_complex=True))
    assert default(librosa.stft, "pad_mode") == "constant"
    assert not madmom.frames[0][:32].any()
    assert np.array_equal(madmom.frames[0][32:], Y[:32])


def test_windows(madmom):
    rectangle = torch.stft(X, 64, window=torch.ones(64), return_complex=True)
    assert torch.equal(torch.stft(X, 64, return_complex=True), rectangle)
    np.testing.assert_allclose(torch.hann_window(64).numpy(), HANN, atol=1e-6)
    np.testing.assert_allclose(librosa.filters.get_window("hann", 64), HANN, atol=1e-12)
    np.testing.assert_allclose(madmom.fft_window, np.hanning(64), atol=1e-12)


def test_hops_bins_and_layout(madmom):
    assert torch.stft(X, 64, win_length=40, return_complex=True).shape == (33, 1 + 4096 // 16)
    assert torchaudio.transforms.Spectrogram(64, win_length=40).hop_length == 20
    assert librosa.stft(Y, n_fft=64, win_length=40).shape == (33, 1 + 4096 // 10)
    assert madmom.shape == (4096 // 16, 32)
    assert importlib.import_module("madmom.audio.signal").HOP_SIZE == 441


def test_mel():
    bank = torchaudio.functional.melscale_fbanks
    assert (default(bank, "mel_scale"), default(bank, "norm")) == ("htk", None)
    assert (default(librosa.filters.mel, "htk"), default(librosa.filters.mel, "norm")) == (False, "slaney")
    filters = importlib.import_module("madmom.audio.filters")
    np.testing.assert_allclose(filters.hz2mel(440.0), librosa.hz_to_mel(440.0, htk=True), rtol=1e-4)
    assert default(filters.MelFilterbank.__new__, "norm_filters") is True


def test_decibels():
    power = torch.rand(2, 3, 8, 5, generator=torch.Generator().manual_seed(0)) ** 12
    power[0] *= 1e-6
    db = torchaudio.functional.amplitude_to_DB(power, 10.0, 1e-20, 0.0, top_db=20.0)
    assert [round(float(part.max() - part.min()), 3) for part in db] == [20, 20]
    assert np.ptp(librosa.power_to_db(power.numpy(), amin=1e-20, top_db=20.0)) == pytest.approx(20)
    to_db = torchaudio.transforms.AmplitudeToDB()
    assert (to_db.amin, to_db.top_db) == (1e-10, None)
    floors = [default(f, "amin") for f in (librosa.power_to_db, librosa.amplitude_to_db)]
    assert floors == [1e-10, 1e-5]
    assert default(librosa.power_to_db, "top_db") == 80.0


def test_dtypes(madmom):
    assert torchaudio.functional.spectral_centroid(X, 16000, 0, torch.ones(64), 64, 16, 64).dtype == X.dtype
    assert librosa.feature.spectral_centroid(y=Y).dtype == np.float64
    assert librosa.feature.melspectrogram(y=Y).dtype == np.float32
    assert importlib.import_module("madmom.audio.spectrogram").Spectrogram(madmom).dtype == np.float32


def test_where_no_window_reaches():
    window = np.zeros(64, np.float32)
    window[:16] = 1
    options = {"hop_length": 32, "window": torch.from_numpy(window)}
    with pytest.raises(RuntimeError):
        torch.istft(torch.stft(X, 64, **options, return_complex=True), 64, **options)
    z = librosa.stft(Y, n_fft=64, hop_length=32, window=window)
    assert np.isfinite(librosa.istft(z, hop_length=32, window=window)).all()


def test_frames_of_librosas_features():
    assert default(librosa.feature.rms, "pad_mode") == "constant"
    assert default(librosa.feature.chroma_stft, "pad_mode") == "constant"
    level = librosa.feature.zero_crossing_rate(np.full(4096, -1.0))  # zeros beyond would be crossings
    assert not level.any()
    assert librosa.feature.chroma_stft(y=Y, tuning=0.0).max(axis=0) == pytest.approx(1.0)
