"""Phase vocoder, Griffin-Lim, sinc resampling and small operations on signals, by their definitions."""

import math

import mlx.core as mx
import numpy as np
import pytest

from spectro.signal import companding, convolution, emphasis, sinc
from spectro.spectrograms import deltas, masking, mean_normalization
from spectro.spectrum import phase

XP = {"numpy": (np, np.asarray), "mlx": (mx, mx.array)}
pytestmark = pytest.mark.parametrize("kind", XP)


def given(kind, values):
    """Return the namespace, the array and the largest error that its precision allows, for a peak of 1."""
    xp, make = XP[kind]
    if kind == "numpy":
        return xp, values, 1e-12
    return xp, make(values.astype(np.complex64 if np.iscomplexobj(values) else np.float32)), 1e-5


def noise(*shape):
    return np.random.default_rng(7).standard_normal(shape)


@pytest.mark.parametrize("rate", [0.37, 0.8, 1.0, 1.9])
def test_phase_vocoder_turns_from_frame_to_frame(kind, rate):
    z = noise(2, 5, 9) + 1j * noise(2, 5, 9)[::-1]
    xp, x, error = given(kind, z)
    steps = phase.vocoder_steps(9, rate)
    y = np.array(phase.phase_vocoder(xp, x, steps))
    assert y.shape == (2, 5, math.ceil(9 / rate))
    padded = np.pad(z, [(0, 0), (0, 0), (0, 2)])
    turned = np.angle(z[..., 0])
    for k, t in enumerate(steps):
        i = int(t)
        size = (1 - t + i) * abs(padded[..., i]) + (t - i) * abs(padded[..., i + 1])
        np.testing.assert_allclose(y[..., k], size * np.exp(1j * turned), atol=20 * error)
        turned = turned + np.angle(padded[..., i + 1]) - np.angle(padded[..., i])


def test_griffin_lim_keeps_a_consistent_spectrogram(kind):
    # Of a two-tap "STFT" [x[n] + x[n - 1], x[n] - x[n - 1]] with its exact inverse the signal is a fixed
    # point.
    xp, x, error = given(kind, noise(1, 12))

    def analyze(x):
        late = xp.pad(x[:, :-1], [(0, 0), (1, 0)])
        return xp.stack([x + late, x - late], axis=1) + 0j

    def synthesize(z):
        return xp.real(z[:, 0] + z[:, 1]) / 2

    z = analyze(x)
    for momentum in (0.0, 0.9):
        sign = z / xp.abs(z)
        y = phase.griffin_lim(xp, xp.abs(z), sign, synthesize, analyze, 5, momentum, 1e-16)
        np.testing.assert_allclose(np.array(y), np.array(x), atol=10 * error)
    y = phase.griffin_lim(xp, xp.abs(z), None, synthesize, analyze, 0, 0.0, 1e-16)
    np.testing.assert_allclose(np.array(y), np.array(xp.abs(z)).mean(axis=1), atol=10 * error)


@pytest.mark.parametrize("rates", [(3, 2), (2, 3), (1, 50), (50, 1), (441, 160), (479, 441)])
@pytest.mark.parametrize("options", [{}, {"beta": 9.0}, {"width": 3, "rolloff": 0.8}])
def test_sinc_resampling_is_its_sum(kind, rates, options):
    orig, new = rates
    x = noise(2, 200)
    xp, given_x, error = given(kind, x)
    y = np.array(sinc.resample(xp, given_x, orig, new, **options))
    assert y.shape == (2, math.ceil(200 * new / orig))
    width, rolloff, beta = options.get("width", 6), options.get("rolloff", 0.99), options.get("beta")
    cutoff = rolloff * min(orig, new)
    m, i = np.arange(y.shape[1])[:, None], np.arange(200)
    t = cutoff * (i / orig - m / new)
    ratio = np.clip(t / width, -1, 1)
    window = (
        np.cos(np.pi / 2 * ratio) ** 2 if beta is None else np.i0(beta * np.sqrt(1 - ratio**2)) / np.i0(beta)
    )
    kernel = np.where(abs(t) < width, cutoff / orig * np.sinc(t) * window, 0)
    np.testing.assert_allclose(y, x @ kernel.T, atol=10 * error)


def test_polyphase_filters_from_their_dense_kernel(kind):
    xp, x, error = given(kind, noise(1, 300))
    filters = sinc.sinc_filters(5, 3)
    kernel = filters.dense(11, 27)
    again = sinc.Polyphase.from_dense(kernel, 11, 5)
    y = np.array(again.apply(xp, x, 180))
    np.testing.assert_allclose(y, np.array(filters.apply(xp, x, 180)), atol=error)
    padded = np.pad(np.array(x), [(0, 0), (11, 40)])
    blocks = np.stack([padded[0, n * 5 : n * 5 + 27] for n in range(60)])
    np.testing.assert_allclose(y[0], (blocks @ kernel.T).reshape(-1), atol=10 * error)


def test_emphasis_there_and_back(kind):
    x = noise(3, 1000)
    xp, given_x, error = given(kind, x)
    y = np.array(emphasis.deemphasis(xp, given_x, 0.9))
    expected = np.zeros(3)
    for n in range(1000):
        expected = x[:, n] + 0.9 * expected
        np.testing.assert_allclose(y[:, n], expected, atol=20 * error)
    back = np.array(emphasis.preemphasis(xp, XP[kind][1](y), 0.9))
    np.testing.assert_allclose(back, x, atol=20 * error)


@pytest.mark.parametrize("taps", [1, 7, 200, 3000])
def test_convolution_is_its_sum(kind, taps):
    x, h = noise(2, 2500), noise(1, taps)
    xp, given_x, error = given(kind, x)
    y = np.array(convolution.convolve(xp, given_x, given(kind, h)[1]))
    expected = np.stack([np.convolve(row, h[0]) for row in x])
    np.testing.assert_allclose(y, expected, atol=10 * error * np.sqrt(taps))


def test_fast_length_has_no_large_factor(kind):
    for n in (1, 2, 7, 11, 13, 97, 1000, 1025, 4097):
        size = convolution.fast_length(n)
        smooth = sorted(2**a * 3**b * 5**c for a in range(14) for b in range(9) for c in range(6))
        assert size == next(s for s in smooth if s >= n)


def test_deltas_are_a_regression(kind):
    x = noise(4, 30)
    xp, given_x, error = given(kind, x)
    y = np.array(deltas.deltas(xp, given_x, 3, "reflect"))
    padded = np.pad(x, [(0, 0), (3, 3)], mode="reflect")
    slopes = [np.polyfit(np.arange(7), padded[:, t : t + 7].T, 1)[0] for t in range(30)]
    np.testing.assert_allclose(y, np.array(slopes).T, atol=10 * error)


def test_sliding_mean_and_variance(kind):
    x = noise(2, 40, 3) + 5
    xp, given_x, error = given(kind, x)
    for center, least in ((True, 1), (False, 6), (False, 100)):
        start, end = mean_normalization.cmn_windows(40, 12, least, center)
        assert (start >= 0).all()
        assert (end <= 40).all()
        y = np.array(mean_normalization.normalize_over(xp, given_x, start, end, variance=True))
        for t in range(40):
            part = x[:, start[t] : end[t]]
            alone = part.shape[1] == 1
            expected = 0 if alone else (x[:, t] - part.mean(axis=1)) / part.std(axis=1)
            np.testing.assert_allclose(y[:, t], expected, atol=100 * error)


def test_companding_there_and_back(kind):
    xp, x, error = given(kind, np.linspace(-1, 1, 101))
    y = companding.mu_compress(xp, x, 255.0)
    expected = np.sign(np.array(x)) * np.log1p(255 * abs(np.array(x))) / np.log(256)
    np.testing.assert_allclose(np.array(y), expected, atol=error)
    np.testing.assert_allclose(np.array(companding.mu_expand(xp, y, 255.0)), np.array(x), atol=error)


def test_masks(kind):
    xp, x, error = given(kind, noise(2, 4, 6))
    own, each = masking.Run(2, 4, -2), masking.Run(np.array([1, 0]), np.array([3, 0]), -1)
    y = np.array(masking.mask_runs(xp, x, [each], 9.0))
    assert (y[0, :, 1:3] == 9).all()
    np.testing.assert_array_equal(y[1], np.array(x)[1])
    y = np.array(masking.mask_runs(xp, x, [own, each], None))
    np.testing.assert_allclose(y[:, 2:], np.array(x).mean(), atol=error)
    np.testing.assert_allclose(y[0, :, 1:3], np.array(x).mean(), atol=error)
    np.testing.assert_array_equal(y[1, :2], np.array(x)[1, :2])
