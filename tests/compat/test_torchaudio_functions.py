"""`compat.torchaudio.functional` without torchaudio: dtypes, layouts, empty input; values by numpy."""

import mlx.core as mx
import numpy as np
import pytest

from spectro.compat.torchaudio import functional

DOUBLE = np.float64(2.0)  # a scalar of numpy, not a Python float
RNG = np.random.default_rng(3)
POWER = RNG.random((33, 20), dtype=np.float32)
WINDOW = np.hanning(64).astype(np.float32)
FRAMES = {"window": WINDOW, "n_fft": 64, "hop_length": 16, "win_length": 64}


@pytest.mark.parametrize(
    "call",
    [
        lambda: functional.DB_to_amplitude(POWER, DOUBLE, DOUBLE),
        lambda: functional.spectrogram(POWER.reshape(-1), 0, power=DOUBLE, normalized=False, **FRAMES),
        lambda: functional.spectrogram(
            POWER.reshape(-1), 0, power=np.float64(1.3), normalized=False, **FRAMES
        ),
        lambda: functional.griffinlim(
            POWER, power=DOUBLE, n_iter=1, momentum=0.0, length=None, rand_init=False, **FRAMES
        ),
        lambda: functional.mu_law_decoding(POWER, np.float64(256.0)),
    ],
)
def test_a_double_precision_number_does_not_widen_the_result(call):
    assert call().dtype == np.float32


@pytest.mark.parametrize(("wide", "narrow"), [(0, 1), (1, 0)])
def test_fftconvolve_has_the_wider_dtype(wide, narrow):
    arrays = [RNG.standard_normal(30), RNG.standard_normal(9)]
    arrays[narrow] = arrays[narrow].astype(np.float32)
    y = functional.fftconvolve(*arrays)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y, np.convolve(*arrays), atol=1e-12)


@pytest.mark.parametrize("kind", [np.array, mx.array])
def test_complex_values_are_convolved_whole(kind):
    x, y = (RNG.standard_normal((n, 2)).astype(np.float32).view(np.complex64)[:, 0] for n in (40, 7))
    z = functional.convolve(kind(x), kind(y))
    assert "complex64" in str(z.dtype)
    np.testing.assert_allclose(np.array(z), np.convolve(x, y), atol=2e-5)
    with pytest.raises(RuntimeError, match="real"):
        functional.fftconvolve(kind(x), kind(y))


def test_shapes_are_checked_before_dtypes():
    with pytest.raises(ValueError, match="same dimension"):
        functional.convolve(POWER, np.ones(3))


@pytest.mark.parametrize(
    "call",
    [
        lambda: functional.resample(POWER[:, :0], 3, 2),
        lambda: functional.deemphasis(POWER[:, :0]),
        lambda: functional.compute_deltas(POWER[:, :0]),
        lambda: functional.sliding_window_cmn(POWER[:, :0]),
        lambda: functional.inverse_spectrogram(POWER[:, :0] + 0j, None, 0, normalized=False, **FRAMES),
        lambda: functional.phase_vocoder(POWER[:, :0] + 0j, 1.5, np.zeros((33, 1), np.float32)),
    ],
)
def test_no_samples_raise_torchs_class(call):
    with pytest.raises(RuntimeError, match="empty"):
        call()


def test_no_channels_stay_none():
    assert functional.deemphasis(np.zeros((0, 300), np.float32)).shape == (0, 300)


def test_deltas_of_integers_are_fractions():
    x = RNG.integers(-9, 9, (3, 12))
    y = functional.compute_deltas(x)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y[:, 4], x[:, 2:7] @ np.arange(-2, 3) / 10, rtol=1e-6)


def test_amplitudes_of_decibels_are_contiguous():
    assert functional.DB_to_amplitude(POWER.T, 1.0, 0.5).flags.c_contiguous
