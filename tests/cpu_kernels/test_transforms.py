"""STFT and inverse against the definitions in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spectro.kernels import cpu

from . import definitions as truth

# Every kind of length: 1 and 2, each radix alone, mixed, odd, primes, twice a prime, and the usual ones of
# audio.
SIZES = [
    *(
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
        (5, 2),
        (6, 1),
        (7, 3),
        (8, 8),
        (9, 4),
        (10, 3),
        (11, 5),
        (14, 7),
        (16, 20),
    ),
    *((17, 4), (22, 5), (35, 6), (49, 10), (64, 16), (97, 10), (100, 33), (128, 1), (343, 50), (400, 160)),
    *((441, 147), (480, 120), (512, 128), (600, 150), (1000, 250), (1023, 100), (1024, 256), (1102, 441)),
    *((1536, 384), (2048, 512), (2205, 441), (997, 300), (4096, 1024)),
]
ERROR = {np.float32: 1e-6, np.float64: 1e-14}


def example(n_fft: int, hop: int, frames: int, dtype: type, batch: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n_fft * 1000 + hop)
    x = rng.standard_normal((batch, n_fft + frames * hop + 3)).astype(dtype)
    return x, np.hanning(n_fft + 2)[1:-1] + 0.1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n_fft", "hop"), SIZES)
def test_stft_is_the_definition(isa: str, n_fft: int, hop: int, dtype: type) -> None:
    for frames, mode in ((2, "edge"), (41, "reflect"), (150, "constant")):
        x, window = example(n_fft, hop, frames, dtype)
        left, right = n_fft // 2, n_fft // 2 + 1
        expected = truth.stft(x, window, hop, left, right, mode)
        plan = cpu.plan_for(n_fft, hop, window, dtype)
        padding = cpu.Padding(left, right, mode)
        found = cpu.stft(plan, x, padding=padding)
        assert found.dtype == plan.complex_dtype
        assert found.shape == expected.shape
        assert truth.relative_rms(found, expected) < ERROR[dtype]
        transposed = cpu.stft(plan, x, padding=padding, layout="bnf")
        np.testing.assert_array_equal(transposed.swapaxes(1, 2), found)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n_fft", "hop"), SIZES)
def test_istft_is_the_definition(isa: str, n_fft: int, hop: int, dtype: type) -> None:
    for frames in (3, 140):
        x, window = example(n_fft, hop, frames, dtype)
        plan = cpu.plan_for(n_fft, hop, window, dtype)
        spectrum = truth.stft(x, window, hop, n_fft // 2, n_fft // 2).astype(plan.complex_dtype)
        spectrum = spectrum + spectrum[..., ::-1] * 0.5j  # not the transform of any signal
        length = x.shape[1] + 2 * n_fft + 9  # past the last frame
        expected = truth.istft(spectrum, window, hop, n_fft // 2, length)
        found = cpu.istft(plan, np.ascontiguousarray(spectrum), start=n_fft // 2, length=length)
        assert found.dtype == np.dtype(dtype)
        # With a hop above n_fft, or at the very ends, the envelope is small and magnifies the spectrum's
        # rounding.
        assert truth.relative_rms(found, expected) < 3 * ERROR[dtype]
        transposed = np.ascontiguousarray(spectrum.swapaxes(1, 2))
        again = cpu.istft(plan, transposed, start=n_fft // 2, length=length, layout="bnf")
        np.testing.assert_array_equal(again, found)


@pytest.mark.parametrize(("batch", "frames"), [(1, 9011), (1, 8961), (3, 3001), (40, 209)])
@pytest.mark.parametrize(("dtype", "arithmetic"), [("f4", "f4"), ("f4", "f8"), ("f8", "f8")])
def test_large_outputs_are_written_past_the_cache_without_gaps(
    isa: str, batch: int, frames: int, dtype: str, arithmetic: str
) -> None:
    x = np.random.default_rng(11).standard_normal((batch, 256 + 64 * (frames - 1))).astype(dtype)
    plan = cpu.plan_for(256, 64, np.hanning(257)[:-1], dtype, arithmetic)
    by_bins, by_frames = cpu.stft(plan, x), cpu.stft(plan, x, layout="bnf")  # the second is never streamed
    assert by_bins.nbytes > 8 << 20
    np.testing.assert_array_equal(by_bins.swapaxes(1, 2), by_frames)
    expected = truth.stft(x[-1:, -896:], np.hanning(257)[:-1], 64)
    assert truth.relative_rms(by_bins[-1:, :, -expected.shape[2] :], expected) < 1e-6


@pytest.mark.parametrize("options", [{"quantity": "power"}, {"quantity": "magnitude"}, {"twosided": True}])
def test_large_outputs_of_every_kind(isa: str, options: dict[str, Any]) -> None:
    x = np.random.default_rng(12).standard_normal((1, 256 + 64 * 20010)).astype(np.float32)
    plan = cpu.plan_for(256, 64, np.hanning(257)[:-1])
    by_bins, by_frames = cpu.stft(plan, x, **options), cpu.stft(plan, x, layout="bnf", **options)
    assert by_bins.nbytes > 8 << 20
    np.testing.assert_allclose(
        by_bins.swapaxes(1, 2), by_frames, rtol=1e-4, atol=1e-6 * np.abs(by_frames).max()
    )


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
@pytest.mark.parametrize(("left", "right"), [(0, 0), (5, 0), (0, 70), (199, 3), (300, 300)])
def test_padding_modes(isa: str, mode: str, left: int, right: int) -> None:
    x, window = example(60, 13, 11, np.float64)  # 206 samples: the last pads are longer than the signal
    plan = cpu.plan_for(60, 13, window, np.float64)
    found = cpu.stft(plan, x, padding=cpu.Padding(left, right, mode))
    assert truth.relative_rms(found, truth.stft(x, window, 13, left, right, mode)) < 1e-14


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
@pytest.mark.parametrize("length", [1, 2, 3, 7])
@pytest.mark.parametrize("hop", [5, 16, 40])
def test_pads_many_times_as_long_as_the_signal(isa: str, mode: str, length: int, hop: int) -> None:
    rng = np.random.default_rng(length)
    x, window = rng.standard_normal((2, length)), np.hanning(18)[1:-1]
    plan = cpu.plan_for(16, hop, window, np.float64)
    padding = cpu.Padding(53, 38, mode)
    found = cpu.stft(plan, x, padding=padding)
    assert truth.relative_rms(found, truth.stft(x, window, hop, 53, 38, mode)) < 1e-14
    y = rng.standard_normal(found.shape) + 1j * rng.standard_normal(found.shape)
    back = cpu.stft_adjoint(plan, y, length=length, padding=padding)
    products = np.sum(found.real * y.real + found.imag * y.imag), np.sum(x * back)
    assert products[0] == pytest.approx(products[1], rel=1e-11, abs=1e-9)


def test_frames_beyond_the_signal_are_silent(isa: str) -> None:
    x, window = example(32, 8, 5, np.float32)
    plan = cpu.plan_for(32, 8, window)
    found = cpu.stft(plan, x, frames=40, padding=cpu.Padding(4, 4, "reflect"))
    assert truth.relative_rms(found, truth.stft(x, window, 8, 4, 4, "reflect", count=40)) < 1e-6
    assert not found[:, :, 20:].any()


@pytest.mark.parametrize("n_fft", [30, 45, 22])
@pytest.mark.parametrize("layout", ["bfn", "bnf"])
def test_two_sided(isa: str, n_fft: int, layout: str) -> None:
    x, window = example(n_fft, 7, 50, np.float64)
    plan = cpu.plan_for(n_fft, 7, window, np.float64)
    expected = truth.stft(x, window, 7, twosided=True)
    found = cpu.stft(plan, x, twosided=True, layout=layout)
    if layout == "bnf":
        found = found.swapaxes(1, 2)
    assert truth.relative_rms(found, expected) < 1e-14
    # An inverse takes the real part of a spectrum that is not Hermitian ..
    rng = np.random.default_rng(1)
    odd = expected + 1j * rng.standard_normal(expected.shape)
    frames = np.fft.ifft(odd.swapaxes(1, 2), axis=-1).real * window
    wanted = truth.overlap_add(frames, 7, 3, 200)
    given = np.ascontiguousarray(odd if layout == "bfn" else odd.swapaxes(1, 2))
    options = {"start": 3, "length": 200, "layout": layout, "normalised": False}
    assert truth.relative_rms(cpu.istft(plan, given, sides="two", **options), wanted) < 1e-14
    # .. or reads its lower half only.
    lower = truth.istft(odd[:, : n_fft // 2 + 1], window, 7, 3, 200, normalised=False)
    assert truth.relative_rms(cpu.istft(plan, given, sides="two_lower", **options), lower) < 1e-14


@pytest.mark.parametrize("layout", ["bfn", "bnf"])
@pytest.mark.parametrize("quantity", ["magnitude", "power"])
@pytest.mark.parametrize("n_fft", [63, 64])
def test_magnitude_and_power(isa: str, quantity: str, layout: str, n_fft: int) -> None:
    x, window = example(n_fft, 20, 77, np.float64)
    plan = cpu.plan_for(n_fft, 20, window, np.float64)
    expected = np.abs(0.25 * truth.stft(x, window, 20)) ** (1 if quantity == "magnitude" else 2)
    found = cpu.stft(plan, x, quantity=quantity, scale=0.25, layout=layout)
    assert found.dtype == np.float64
    assert truth.relative_rms(found if layout == "bfn" else found.swapaxes(1, 2), expected) < 1e-14


def test_rows_may_lie_apart(isa: str) -> None:
    x, window = example(64, 16, 30, np.float32, batch=6)
    plan = cpu.plan_for(64, 16, window)
    apart = np.concatenate([x, np.full_like(x, np.nan)], axis=1)[::2, : x.shape[1]]
    np.testing.assert_array_equal(cpu.stft(plan, apart), cpu.stft(plan, x[::2].copy()))
    np.testing.assert_array_equal(cpu.stft(plan, x[::-1]), cpu.stft(plan, x[::-1].copy()))
    np.testing.assert_array_equal(cpu.stft(plan, x[:, ::2]), cpu.stft(plan, x[:, ::2].copy()))


def test_a_loud_frame_leaves_silent_ones_silent(isa: str) -> None:
    x = np.zeros((1, 4096), np.float32)
    x[0, 2000] = 1e6
    x[0, 3000] = np.inf
    found = cpu.stft(cpu.plan_for(64, 64, np.ones(64)), x)
    touched = np.zeros(64, bool)
    touched[[2000 // 64, 3000 // 64]] = True
    assert not found[0][:, ~touched].any()
    assert found[0][:, touched].any(axis=0).all()


# Against pocketfft in float32. Rounding is chance, hence the 5 %. Without fused multiply-add every product
# is rounded by itself, and Bluestein's second transform costs more where pocketfft has a direct one (1102 =
# 2 * 19 * 29).
@pytest.mark.parametrize(
    ("n_fft", "allowed"), [(400, 1.05), (441, 1.0), (512, 1.05), (2048, 1.05), (997, 1.0), (1102, 1.5)]
)
def test_error_is_that_of_a_float32_fft(isa: str, n_fft: int, allowed: float) -> None:
    allowed *= 1.3 if isa == "baseline" else 1.0
    x, window = example(n_fft, n_fft // 4, 400, np.float32)
    window = np.hanning(n_fft + 1)[:-1].astype(np.float32).astype(np.float64)
    expected = truth.stft(x, window, n_fft // 4)
    found = cpu.stft(cpu.plan_for(n_fft, n_fft // 4, window), x)
    frames = truth.frames_of(x, n_fft, n_fft // 4, 0, 0, "constant").astype(np.float32)
    scipy_fft = pytest.importorskip("scipy.fft")
    single = scipy_fft.rfft(frames * window.astype(np.float32), axis=-1).swapaxes(1, 2)
    assert single.dtype == np.complex64
    assert truth.relative_rms(found, expected) <= allowed * truth.relative_rms(single, expected)


@pytest.mark.parametrize("layout", ["bfn", "bnf"])
@pytest.mark.parametrize(("n_fft", "hop"), [(16, 4), (45, 20), (97, 10), (128, 200), (400, 160)])
def test_double_arithmetic_on_float32_is_float64_rounded_once(
    isa: str, n_fft: int, hop: int, layout: str
) -> None:
    x, window = example(n_fft, hop, 77, np.float32)
    exact = cpu.plan_for(n_fft, hop, window, np.float64)
    plan = cpu.plan_for(n_fft, hop, window, np.float32, np.float64)
    options = {"padding": cpu.Padding(n_fft // 2, n_fft // 2, "reflect"), "layout": layout}
    for quantity, kind in (("complex", np.complex64), ("power", np.float32), ("magnitude", np.float32)):
        found = cpu.stft(plan, x, quantity=quantity, **options)
        wide = cpu.stft(exact, x.astype(np.float64), quantity=quantity, **options)
        assert found.dtype == kind
        np.testing.assert_array_equal(found, wide.astype(kind))
    z = cpu.stft(plan, x, **options)
    inverse = {"start": n_fft // 2, "length": x.shape[1] + 50, "layout": layout}
    back = cpu.istft(plan, z, **inverse)
    assert back.dtype == np.float32
    np.testing.assert_array_equal(back, cpu.istft(exact, z.astype(complex), **inverse).astype(np.float32))
    adjoint = {**options, "length": x.shape[1]}
    found, wide = cpu.stft_adjoint(plan, z, **adjoint), cpu.stft_adjoint(exact, z.astype(complex), **adjoint)
    assert truth.relative_rms(found, wide) < 1e-7


def test_wrong_arguments_are_named(native: None) -> None:
    plan = cpu.plan_for(16, 4, np.ones(16))
    with pytest.raises(TypeError, match="float32"):
        cpu.stft(plan, np.zeros((1, 64)))
    with pytest.raises(ValueError, match=r"\[batch, length\]"):
        cpu.stft(plan, np.zeros(64, np.float32))
    with pytest.raises(ValueError, match="hop=0"):
        cpu.plan_for(16, 0, np.ones(16))
    with pytest.raises(ValueError, match="n_fft=16"):
        cpu.plan_for(16, 4, np.ones(12))
    with pytest.raises(ValueError, match="9 bins"):
        cpu.istft(plan, np.zeros((1, 8, 5), np.complex64), start=0, length=10)
    with pytest.raises(ValueError, match="no float32 arithmetic for arrays of float64"):
        cpu.plan_for(16, 4, np.ones(16), np.float64, np.float32)
    with pytest.raises(ValueError, match="mirror"):
        cpu.Padding(1, 1, "mirror")
