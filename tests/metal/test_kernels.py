"""Every kernel, in the text MLX would give Apple's compiler, against numpy in float64.

Each case runs in several schedules of its threads; they must agree to the bit. The runtime looks for races,
reads of unwritten memory and accesses out of bounds all the while.
"""

import emulated
import mlx.core as mx
import numpy as np
import pytest
import truth

from spectro.kernels import gpu
from spectro.kernels.gpu import launches, running
from spectro.kernels.gpu.geometry import Geometry, Scale, decibels
from spectro.kernels.gpu.plans import plans
from spectro.kernels.gpu.tables import Filterbank, Window

SCHEDULES = (0, 1, 7)
# every radix, even and odd counts of butterflies, two to five passes, one frame a group and many
SIZES = [
    (16, 4),
    (50, 10),
    (64, 16),
    (96, 33),
    (112, 28),
    (320, 100),
    (400, 160),
    (480, 120),
    (882, 441),
    (1024, 256),
]
TOLERANCE = 4e-7


def geometry(n, hop, mode="reflect", length=None):
    return Geometry(n, hop, length or 5 * n + 3, n // 2, n // 2, mode)


def audio(g, batch=2):
    return np.random.default_rng(g.n_fft).standard_normal((batch, g.length)).astype(np.float32)


def spectrum(g, batch=2):
    rng = np.random.default_rng(g.hop)
    shape = (batch, g.frames, g.bins)
    return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64)


def in_every_schedule(launch):
    results = [emulated.run(launch, schedule) for schedule in SCHEDULES]
    assert all(np.array_equal(r, results[0]) for r in results)
    return results[0]


def ring_plan(g, fold):
    return plans(g.n_fft, launches.ring_floats(g.n_fft, g.hop, fold), 128)[0]


@pytest.mark.parametrize(("n", "hop"), SIZES)
def test_stft(n, hop):
    g, window = geometry(n, hop), truth.hann(n)
    x = audio(g)
    z = in_every_schedule(launches.stft(mx.array(x), Window(window), g, plans(n)[0], True, (1.0, 1.0)))
    assert truth.relative(z, truth.stft(x, g, window)) < TOLERANCE


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
def test_padding(mode):
    g = Geometry(64, 20, 100, 40, 29, mode)
    x, window = audio(g), truth.hann(64)
    z = emulated.run(launches.stft(mx.array(x), Window(window), g, plans(64)[0], False, (0.5, 0.5)))
    assert truth.relative(z, 0.5 * truth.stft(x, g, window, onesided=False)) < TOLERANCE


@pytest.mark.parametrize("n", [4096, 8192])
def test_stft_of_long_frames_fits_the_memory(n):
    g, window = geometry(n, n // 4, length=n + 77), truth.hann(n)
    x = audio(g, 1)
    z = emulated.run(launches.stft(mx.array(x), Window(window), g, plans(n)[0], True, (1.0, 1.0)))
    assert truth.relative(z, truth.stft(x, g, window)) < TOLERANCE


@pytest.mark.parametrize(("n", "hop"), SIZES)
@pytest.mark.parametrize("tile", [8, 64])
def test_istft(n, hop, tile):
    g, window = geometry(n, hop), truth.hann(n) + 0.1
    z = spectrum(g)
    launch = launches.istft(
        mx.array(z), Window(window), g, ring_plan(g, False), (1 / n, 1 / n), 1e-11, tile_frames=tile
    )
    y = in_every_schedule(launch) if tile == 8 else emulated.run(launch, 1)
    assert truth.relative(y, truth.istft(z, hop, window, n // 2, g.length)) < TOLERANCE


def test_istft_ignores_the_imaginary_part_of_the_first_and_last_bin():
    g = geometry(64, 16)
    z, window = spectrum(g), Window(truth.hann(64) + 0.1)
    real = z.copy()
    real[..., [0, -1]] = real[..., [0, -1]].real
    plan = ring_plan(g, False)
    a, b = (emulated.run(launches.istft(mx.array(v), window, g, plan, (1.0, 1.0), 1e-11)) for v in (z, real))
    np.testing.assert_array_equal(a, b)


def test_istft_past_the_last_frame_is_zero():
    g = geometry(64, 16, length=100)
    z, window = spectrum(g), truth.hann(64) + 0.1
    longer = Geometry(64, 16, 400, 32, g.right - 300)
    y = emulated.run(
        launches.istft(mx.array(z), Window(window), longer, ring_plan(g, False), (1 / 64, 1 / 64), 1e-11)
    )
    assert np.all(y[:, (g.frames - 1) * 16 + 64 - 32 :] == 0)


@pytest.mark.parametrize(("n", "hop"), SIZES)
@pytest.mark.parametrize("mode", ["constant", "reflect"])
def test_adjoint_of_the_stft(n, hop, mode):
    g, window = geometry(n, hop, mode), truth.hann(n)
    z = spectrum(g)
    fold = mode == "reflect"
    launch = launches.istft(
        mx.array(z), Window(window), g, ring_plan(g, fold), (0.5, 1.0), None, fold=fold, tile_frames=8
    )
    assert truth.relative(in_every_schedule(launch), truth.stft_adjoint(z, g, window)) < TOLERANCE


@pytest.mark.parametrize("length", [513, 514, 700, 1024, 1025, 1151, 1152, 1153])
def test_reflected_ends_meet_at_any_length(length):
    g, window = geometry(1024, 128, length=length), truth.hann(1024)
    z = spectrum(g, 1)
    launch = launches.istft(
        mx.array(z), Window(window), g, ring_plan(g, True), (0.5, 1.0), None, fold=True, tile_frames=4
    )
    assert truth.relative(emulated.run(launch), truth.stft_adjoint(z, g, window)) < TOLERANCE


@pytest.mark.parametrize(("n", "hop"), SIZES)
@pytest.mark.parametrize("bands_first", [True, False])
def test_filtered(n, hop, bands_first):
    g, window = geometry(n, hop), truth.hann(n)
    x, bank = audio(g), truth.bank(g.bins, 12)
    launch = launches.filtered(
        mx.array(x), Window(window), Filterbank(bank), g, plans(n)[0], 2.0, Scale(), bands_first
    )
    y = in_every_schedule(launch) if bands_first else emulated.run(launch)
    expected = np.abs(truth.stft(x, g, window)) ** 2 @ bank
    assert truth.relative(y, expected.swapaxes(1, 2) if bands_first else expected) < TOLERANCE


@pytest.mark.parametrize("power", [1.0, 2.0, 0.5, 3.0])
def test_powers(power):
    g, window = geometry(64, 16), truth.hann(64)
    x, bank = audio(g), truth.bank(33, 8)
    y = emulated.run(
        launches.filtered(mx.array(x), Window(window), Filterbank(bank), g, plans(64)[0], power, Scale())
    )
    assert truth.relative(y, (np.abs(truth.stft(x, g, window)) ** power @ bank).swapaxes(1, 2)) < 2e-6


@pytest.mark.parametrize(
    ("scale", "formula"),
    [
        (decibels(1e-10, 2.0), lambda y: 10 * np.log10(np.maximum(y, 1e-10)) - 10 * np.log10(2.0)),
        (Scale("clamp", floor=1e-2), lambda y: np.log(np.maximum(y, 1e-2))),
        (Scale("add", base10=True, multiplier=3.0, floor=1.0), lambda y: np.log10(3 * y + 1)),
        (Scale("log1p", multiplier=1e-3), lambda y: np.log1p(1e-3 * y)),
    ],
)
def test_scales(scale, formula):
    g, window = geometry(64, 16), truth.hann(64)
    x, bank = audio(g), truth.bank(33, 8)
    y = emulated.run(
        launches.filtered(mx.array(x), Window(window), Filterbank(bank), g, plans(64)[0], 2.0, scale)
    )
    expected = formula(np.abs(truth.stft(x, g, window)) ** 2 @ bank).swapaxes(1, 2)
    np.testing.assert_allclose(y, expected, rtol=1e-6, atol=3e-6)


@pytest.mark.parametrize(("n", "hop"), [(64, 16), (50, 10), (400, 160), (1024, 256)])
@pytest.mark.parametrize("power", [2.0, 1.0, 1.5])
def test_adjoint_of_the_filtered_spectrogram(n, hop, power):
    g, window = geometry(n, hop), truth.hann(n)
    x, bank = audio(g), truth.bank(g.bins, 9)
    c = np.random.default_rng(1).standard_normal((2, 9, g.frames)).astype(np.float32)
    launch = launches.filtered_adjoint(
        mx.array(x),
        mx.array(c),
        Window(window),
        Filterbank(bank),
        g,
        ring_plan(g, True),
        power,
        tile_frames=8,
    )
    z = truth.stft(x, g, window)
    cotangent = (c.swapaxes(1, 2) @ bank.T) * power * np.abs(z) ** (power - 2) * z
    assert truth.relative(in_every_schedule(launch), truth.stft_adjoint(cotangent, g, window)) < 2e-6


@pytest.mark.parametrize(("size", "hop", "length"), [(40, 20, 100), (40, 13, 150), (12, 12, 70)])
def test_overlap_add_of_chunks(size, hop, length):
    x = np.random.default_rng(0).standard_normal((2, 5, size)).astype(np.float32)
    w = np.hanning(size + 2)[1:-1].astype(np.float32)
    y = in_every_schedule(launches.chunks(mx.array(x), Window(w), hop, length, 1e-8))
    extent = max(length, 4 * hop + size)
    total = truth.overlap_add(np.ones((1, 5, 1)) * w.astype(np.float64), hop, extent)
    expected = truth.overlap_add(x * w.astype(np.float64), hop, extent) / np.where(total > 1e-8, total, 1)
    assert truth.relative(y, expected[:, :length]) < TOLERANCE


@pytest.mark.parametrize(("rows", "depth", "columns"), [(5, 7, 3), (64, 16, 64), (130, 50, 70), (1, 200, 9)])
def test_product(rows, depth, columns):
    rng = np.random.default_rng(0)
    x, w = (rng.standard_normal(s).astype(np.float32) for s in ((rows, depth), (depth, columns)))
    y = in_every_schedule(launches.product(mx.array(x), mx.array(w)))
    assert truth.relative(y, x.astype(np.float64) @ w) < TOLERANCE


@pytest.mark.parametrize("loud", [0, 1])
def test_peaks(loud):
    g, window = geometry(64, 16), truth.hann(64)
    x, bank = audio(g), truth.bank(33, 8)
    x[loud] *= 10
    launch = launches.filtered(
        mx.array(x), Window(window), Filterbank(bank), g, plans(64)[0], 2.0, Scale(), True, True
    )
    y, peaks = emulated.run_all(launch)
    np.testing.assert_array_equal(peaks.max(1), y.max((1, 2)))


@pytest.mark.parametrize("shared", [True, False])
def test_in_range(shared):
    rng = np.random.default_rng(0)
    y = (10 ** rng.uniform(-10, 0, (3, 7, 301))).astype(np.float32)
    peaks = (10 ** rng.uniform(-3, 0, 8 if shared else (3, 8))).astype(np.float32)
    found = in_every_schedule(launches.in_range(mx.array(y), mx.array(peaks), decibels(), 40.0, shared))
    least = 10 * np.log10(peaks.max(-1)[..., None, None].astype(np.float64)) - 40
    np.testing.assert_allclose(
        found, np.maximum(10 * np.log10(y.astype(np.float64)), least), rtol=0, atol=2e-5
    )


G64 = geometry(64, 16)
HANN, BANK = Window(truth.hann(64)), Filterbank(truth.bank(33, 8))


class WithoutRules:
    """`mx.custom_function` without derivatives: MLX cannot write those down."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arrays):
        return self.function(*arrays)

    def vjp(self, rule):
        return rule

    jvp = vmap = vjp


@pytest.mark.parametrize(
    ("make", "shape", "dtype"),
    [
        (lambda: gpu.stft.__wrapped__(HANN, G64), (2, G64.length), mx.float32),
        (lambda: gpu.istft.__wrapped__(HANN, 64, 16, 20, 32, 300, 1.0, 1e-11), (2, 20, 33), mx.complex64),
        (lambda: gpu.filtered.__wrapped__(HANN, BANK, G64, 2.0, decibels()), (2, G64.length), mx.float32),
        (lambda: gpu.overlap_add.__wrapped__(HANN, 16, 5, 128, 1e-8), (2, 5, 64), mx.float32),
    ],
)
def test_a_call_is_one_launch_and_makes_no_other_array(monkeypatch, make, shape, dtype):
    """In the graph that MLX traces, nothing but the kernel lies between the caller's array and the result."""
    monkeypatch.setattr(running, "target", lambda: "metal")
    monkeypatch.setattr(running, "run_all", running.call)
    monkeypatch.setattr(mx, "custom_function", WithoutRules)
    graph = []
    mx.export_function(graph.append, make(), mx.zeros(shape, dtype))
    operations = [event for event in graph if event["type"] == "primitive"]
    assert [event["name"] for event in operations] == ["CustomKernel"]
    assert operations[0]["outputs"] == next(event["outputs"] for event in graph if event["type"] == "outputs")
    assert (
        operations[0]["inputs"][0] == next(event["inputs"] for event in graph if event["type"] == "inputs")[0]
    )
