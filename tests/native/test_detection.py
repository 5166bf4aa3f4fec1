"""Onset detection functions against their definitions, by loops and complex numbers in float64."""

from __future__ import annotations

from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest
import scipy.ndimage
from direct import relative_error
from test_transformations import check_gradient

import spectro
from spectro.arithmetic import extrema

RNG = np.random.default_rng(11)
MAGNITUDE = RNG.random((2, 14, 37)).astype(np.float32).astype(np.float64)
PHASE = RNG.uniform(-np.pi, np.pi, (2, 14, 37)).astype(np.float32).astype(np.float64)
BANK = np.zeros((37, 5))
for _band, (_begin, _end) in enumerate(((0, 2), (1, 4), (4, 5), (9, 30), (30, 37))):
    BANK[_begin:_end, _band] = 0.5


def rises(m: np.ndarray, lag: int, before: np.ndarray | None = None) -> np.ndarray:
    y = np.zeros_like(m)
    for i in range(lag, len(m)):
        y[i] = np.maximum(0, m[i] - (m if before is None else before)[i - lag])
    return y


def deviation(p: np.ndarray) -> np.ndarray:
    y = np.zeros_like(p)
    for i in range(2, len(p)):
        y[i] = np.abs(np.angle(np.exp(1j * (p[i] - 2 * p[i - 1] + p[i - 2]))))
    return y


def prediction_error(m: np.ndarray, p: np.ndarray) -> np.ndarray:
    z = m * np.exp(1j * p)
    y = np.abs(z)
    y[1] = np.abs(z[1] - m[0])
    for i in range(2, len(m)):
        y[i] = np.abs(z[i] - m[i - 1] * np.exp(1j * (2 * p[i - 1] - p[i - 2])))
    return y


def group_delay(p: np.ndarray) -> np.ndarray:
    y = np.zeros_like(p)
    y[:, :-1] = np.angle(np.exp(1j * (p[:, :-1] - p[:, 1:])))
    return y


def kullback_leibler(m: np.ndarray, lag: int) -> np.ndarray:
    y = np.zeros_like(m)
    y[lag:] = np.log(1 + m[lag:] / (m[:-lag] + np.finfo(float).eps))
    return y.mean(axis=1)


def complex_flux(m: np.ndarray, p: np.ndarray, frames: int, origin: int) -> np.ndarray:
    widened = scipy.ndimage.maximum_filter(m, size=(1, 3))
    delay = np.abs(group_delay(p)) / np.pi
    if frames:
        delay = scipy.ndimage.maximum_filter(delay, size=[frames, 1], origin=origin)
    weight = scipy.ndimage.minimum_filter(delay, size=[1, 3])
    return (rises(m, 2, widened) * weight).sum(axis=1)


MAGNITUDE_FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "high frequency content": (
        spectro.high_frequency_content_odf,
        lambda m: np.array([np.mean([k * v for k, v in enumerate(row)]) for row in m]),
    ),
    "spectral flux": (
        lambda m, **k: spectro.spectral_flux_odf(m, diff_frames=3, **k),
        lambda m: rises(m, 3).sum(axis=1),
    ),
    "spectral diff": (
        lambda m, **k: spectro.spectral_diff_odf(m, diff_frames=2, **k),
        lambda m: (rises(m, 2) ** 2).sum(axis=1),
    ),
    "superflux": (
        lambda m, **k: spectro.superflux_odf(m, diff_frames=2, diff_max_bins=5, **k),
        lambda m: rises(m, 2, scipy.ndimage.maximum_filter(m, size=(1, 5))).sum(axis=1),
    ),
    "Kullback-Leibler": (
        lambda m, **k: spectro.modified_kullback_leibler_odf(m, diff_frames=2, **k),
        lambda m: kullback_leibler(m, 2),
    ),
}
PHASE_FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "phase deviation": (
        lambda m, p, **k: spectro.phase_deviation(p, **k),
        lambda m, p: deviation(p).mean(axis=1),
    ),
    "weighted": (spectro.weighted_phase_deviation, lambda m, p: (deviation(p) * m).mean(axis=1)),
    "normalized": (
        spectro.normalized_weighted_phase_deviation,
        lambda m, p: (deviation(p) * m).mean(axis=1) / m.mean(axis=1),
    ),
    "complex domain": (spectro.complex_domain_odf, lambda m, p: prediction_error(m, p).sum(axis=1)),
    "rectified": (
        lambda m, p, **k: spectro.rectified_complex_domain_odf(m, p, diff_frames=2, **k),
        lambda m, p: (prediction_error(m, p) * (rises(m, 2) > 0)).sum(axis=1),
    ),
    "complex flux": (
        lambda m, p, **k: spectro.complex_flux_odf(m, p, diff_frames=2, **k),
        lambda m, p: complex_flux(m, p, 3, 0),
    ),
    "complex flux of the past": (
        lambda m, p, **k: spectro.complex_flux_odf(
            m, p, diff_frames=2, temporal_filter=4, temporal_origin=1, **k
        ),
        lambda m, p: complex_flux(m, p, 4, 1),
    ),
    "complex flux without a temporal filter": (
        lambda m, p, **k: spectro.complex_flux_odf(m, p, diff_frames=2, temporal_filter=0, **k),
        lambda m, p: complex_flux(m, p, 0, 0),
    ),
}
CASES = [(f, t, 1) for f, t in MAGNITUDE_FUNCTIONS.values()] + [
    (f, t, 2) for f, t in PHASE_FUNCTIONS.values()
]
NAMES = [*MAGNITUDE_FUNCTIONS, *PHASE_FUNCTIONS]


@pytest.mark.parametrize(("function", "definition", "inputs"), CASES, ids=NAMES)
def test_detection_functions_are_their_definitions(
    function: Callable, definition: Callable, inputs: int
) -> None:
    given = (MAGNITUDE, PHASE)[:inputs]
    truth = np.stack([definition(*(a[b] for a in given)) for b in range(2)])
    got = function(*given)
    assert got.dtype == np.float64
    assert relative_error(got, truth) < 1e-14
    assert relative_error(function(*(a[1] for a in given)), truth[1]) < 1e-14
    turned = function(*(a.swapaxes(1, 2) for a in given), time_axis=-1)
    assert relative_error(turned, truth) < 1e-14
    narrow = [a.astype(np.float32) for a in given]
    assert function(*narrow).dtype == np.float32
    lazy = [mx.array(a) for a in narrow]
    assert relative_error(np.array(function(*lazy)), truth) < 4e-7
    compiled = mx.compile(lambda *a: function(*a))(*lazy)
    assert relative_error(np.array(compiled), truth) < 4e-7


@pytest.mark.parametrize(("function", "definition", "inputs"), CASES, ids=NAMES)
def test_detection_functions_are_differentiable(
    function: Callable, definition: Callable, inputs: int
) -> None:
    m, p = MAGNITUDE[0, :6, :7] + 0.2, PHASE[0, :6, :7] / 8
    both = np.stack([m, p])
    weights = np.arange(1.0, 7.0)

    def loss(xp: object, v: object) -> object:
        w = mx.array(weights.astype(np.float32)) if xp is mx else weights
        return (function(*([v[0]] if inputs == 1 else [v[0], v[1]])) * w).sum()

    check_gradient(loss, both)


def test_complex_flux_of_bands_takes_the_least_delay_about_each() -> None:
    m = MAGNITUDE[0] @ BANK
    delay = scipy.ndimage.maximum_filter(np.abs(group_delay(PHASE[0])) / np.pi, size=[3, 1])
    reach = ((0, 3), (0, 5), (3, 6), (8, 31), (29, 37))
    weight = np.stack([delay[:, a:b].min(axis=1) for a, b in reach], axis=1)
    truth = (rises(m, 1, scipy.ndimage.maximum_filter(m, size=(1, 3))) * weight).sum(axis=1)
    assert relative_error(spectro.complex_flux_odf(m, PHASE[0], filterbank=BANK), truth) < 1e-14
    lazy = (mx.array(m.astype(np.float32)), mx.array(PHASE[0].astype(np.float32)))
    assert relative_error(np.array(spectro.complex_flux_odf(*lazy, filterbank=BANK)), truth) < 4e-7
    for bank in (BANK[1:], BANK * 0):
        with pytest.raises(spectro.ParameterError, match="filterbank"):
            spectro.complex_flux_odf(m, PHASE[0], filterbank=bank)


def test_group_delay_of_an_impulse_is_its_place() -> None:
    # An impulse at sample d of 64 has the phase -2 pi k d / 64, so it falls by 2 pi d / 64 each bin.
    phase = np.angle(np.fft.rfft(np.eye(64)[[3, 20]]))
    delay = spectro.local_group_delay(phase)
    np.testing.assert_allclose(
        delay[:, :-1], 2 * np.pi * np.array([[3], [20]]) / 64 + np.zeros(32), atol=1e-12
    )
    assert (delay[:, -1] == 0).all()
    np.testing.assert_array_equal(spectro.local_group_delay(phase.T, time_axis=-1), delay.T)


def test_silence_is_no_onset_and_has_finite_gradients() -> None:
    silence = np.zeros((5, 8))
    for function, _, inputs in CASES:
        np.testing.assert_array_equal(function(*[silence] * inputs), np.zeros(5))
    gradient = mx.grad(lambda m: spectro.complex_domain_odf(m, mx.zeros((5, 8))).sum())(mx.zeros((5, 8)))
    assert np.isfinite(np.array(gradient)).all()


def test_signals_shorter_than_the_lag() -> None:
    short = np.ones((2, 4))
    assert (spectro.spectral_flux_odf(short, diff_frames=5) == 0).all()
    assert (spectro.modified_kullback_leibler_odf(short, diff_frames=2) == 0).all()
    assert spectro.phase_deviation(short[:1]).tolist() == [0.0]
    assert spectro.complex_domain_odf(short[:1], short[:1]).tolist() == [4.0]


@pytest.mark.parametrize("time_axis", [-1, 0, 1])
def test_positive_spectral_diff(time_axis: int) -> None:
    x = RNG.standard_normal((3, 9, 20))
    moved = np.moveaxis(x, time_axis, 0)
    truth = np.moveaxis(rises(moved, 2), 0, time_axis)
    np.testing.assert_array_equal(spectro.positive_spectral_diff(x, lag=2, time_axis=time_axis), truth)
    lazy = spectro.positive_spectral_diff(mx.array(x.astype(np.float32)), lag=2, time_axis=time_axis)
    np.testing.assert_allclose(lazy, truth, atol=1e-6)
    assert (spectro.positive_spectral_diff(x, lag=50) == 0).all()
    np.testing.assert_array_equal(spectro.positive_spectral_diff(x), spectro.positive_spectral_diff(x, lag=1))


@pytest.mark.parametrize(
    ("size", "hop", "ratio", "lag"), [(2048, 441, 0.5, 1), (2048, 220.5, 0.5, 2), (2048, 100, 0.25, 7)]
)
def test_lag_from_the_overlap_of_hann_windows(size: int, hop: float, ratio: float, lag: int) -> None:
    # A Hann window is sin^2(pi t), which passes r at t = asin(sqrt(r)) / pi.
    distance = size * (0.5 - np.arcsin(np.sqrt(ratio)) / np.pi)
    assert round(distance / hop) == lag
    assert spectro.diff_frames_from_hann(frame_size=size, hop_size=hop, diff_ratio=ratio) == lag
    x = RNG.random((4, 30))
    np.testing.assert_array_equal(
        spectro.positive_spectral_diff(x, frame_size=size, hop_size=hop, diff_ratio=ratio),
        spectro.positive_spectral_diff(x, lag=lag),
    )


def test_wrong_arguments_are_refused() -> None:
    diff, m, p = spectro.positive_spectral_diff, MAGNITUDE[0], PHASE[0]
    for call, name in (
        (lambda: diff(m, lag=0), "lag"),
        (lambda: diff(m, lag=1, frame_size=2048, hop_size=441), "lag"),
        (lambda: diff(m, frame_size=2048), "hop_size"),
        (lambda: diff(m, time_axis=2), "time_axis"),
        (lambda: spectro.spectral_flux_odf(m, time_axis=0), "time_axis"),
        (lambda: spectro.spectral_flux_odf(m, diff_frames=0), "diff_frames"),
        (lambda: spectro.superflux_odf(m, diff_max_bins=0), "diff_max_bins"),
        (lambda: spectro.spectral_flux_odf(m[0]), "magnitude"),
        (lambda: spectro.complex_domain_odf(m[:, 1:], p), "bins"),
        (lambda: spectro.complex_domain_odf(m[1:], p), "frames"),
        (lambda: spectro.complex_flux_odf(m, p, temporal_origin=5), "origin"),
        (lambda: spectro.modified_kullback_leibler_odf(m, epsilon=0.0), "epsilon"),
        (lambda: spectro.onset_detection_function(np.zeros(100), "flux"), "method"),
    ):
        with pytest.raises(spectro.ParameterError, match=name):
            call()
    for call in (lambda: diff(m.astype(int)), lambda: spectro.complex_domain_odf(m, mx.array(p))):
        with pytest.raises(spectro.ArrayTypeError):
            call()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 12])
@pytest.mark.parametrize("origin", [-1, 0, 1])
def test_extrema_are_scipys(size: int, origin: int) -> None:
    if not 0 <= size // 2 + origin < size:
        with pytest.raises(spectro.ParameterError, match="origin"):
            extrema.maximum_filter(np, MAGNITUDE, size, -1, origin)
        return
    for axis in (-1, -2):
        for ours, theirs in (
            (extrema.maximum_filter, scipy.ndimage.maximum_filter1d),
            (extrema.minimum_filter, scipy.ndimage.minimum_filter1d),
        ):
            for x in (MAGNITUDE, MAGNITUDE[:, :3, :2]):
                truth = theirs(x, size, axis=axis, origin=origin)
                np.testing.assert_array_equal(ours(np, x, size, axis, origin), truth)
                lazy = ours(mx, mx.array(x.astype(np.float32)), size, axis, origin)
                np.testing.assert_array_equal(lazy, truth.astype(np.float32))


METHODS = (
    "high_frequency_content", "spectral_diff", "spectral_flux", "superflux", "complex_flux",
    "modified_kullback_leibler", "phase_deviation", "weighted_phase_deviation",
    "normalized_weighted_phase_deviation", "complex_domain", "rectified_complex_domain",
)  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_from_audio_to_onsets(noise: np.ndarray, method: str) -> None:
    options = {"sample_rate": 5000, "fps": 70.0, "frame_size": 128}
    z = np.swapaxes(spectro.stft_at_fps(noise, **options, circular_shift=True), 1, 2)
    lag = spectro.diff_frames_from_hann(frame_size=128, hop_size=5000 / 70)
    named = getattr(spectro, f"{method}_odf", None) or getattr(spectro, method)
    lags = (
        {}
        if "phase" in method or method in ("high_frequency_content", "complex_domain")
        else {"diff_frames": lag}
    )
    given = [np.angle(z)] if method == "phase_deviation" else [np.abs(z), np.angle(z)]
    given = given if "phase" in method or "complex" in method else given[:1]
    truth = named(*given, **lags)
    got = spectro.onset_detection_function(noise, method, **options)
    assert got.shape == (3, 21)
    assert relative_error(got, truth) < 1e-12
    single = spectro.onset_detection_function(noise[1], method, **options)
    assert relative_error(single, truth[1]) < 1e-12
    lazy = spectro.onset_detection_function(mx.array(noise.astype(np.float32)), method, **options)
    assert relative_error(np.array(lazy), truth) < 1e-5


@pytest.mark.parametrize("method", ["superflux", "complex_flux"])
def test_from_audio_through_a_filterbank(noise: np.ndarray, method: str) -> None:
    options = {"sample_rate": 5000, "fps": 70.0, "frame_size": 128}
    bank = np.array(spectro.log_triangular_fbanks(64, 5000, 6, f_min=100, f_max=2400)).astype(np.float64)
    z = np.swapaxes(spectro.stft_at_fps(noise, **options, circular_shift=True), 1, 2)
    m = np.log10(1 + 10 * (np.abs(z) @ bank))
    if method == "superflux":
        truth = spectro.superflux_odf(m)
    else:
        truth = spectro.complex_flux_odf(m, np.angle(z), filterbank=bank)
    got = spectro.onset_detection_function(noise, method, filterbank=bank, log=True, mul=10.0, **options)
    assert relative_error(got, truth) < 1e-12
    x = mx.array(noise.astype(np.float32))
    lazy = spectro.onset_detection_function(x, method, filterbank=bank, log=True, mul=10.0, **options)
    assert relative_error(np.array(lazy), truth) < 1e-5
