"""`compat.librosa` where goldens do not reach: kinds, memory, warnings, gradients, identities."""

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
