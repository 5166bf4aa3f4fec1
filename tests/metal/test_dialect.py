"""The text of every kernel is MSL, by every rule clang can be made to check."""

import emulated
import mlx.core as mx
import msl
import pytest
import truth

from spectro.kernels.gpu import launches, source
from spectro.kernels.gpu.geometry import Geometry, Scale, decibels
from spectro.kernels.gpu.plans import plans
from spectro.kernels.gpu.tables import Filterbank, Window

N = 112  # radices with and without a middle, odd and even
G = Geometry(N, 28, 400, N // 2, N // 2, "reflect")
X, W, B = mx.zeros((1, 400)), Window(truth.hann(N)), Filterbank(truth.bank(N // 2 + 1, 8))
Z = mx.zeros((1, G.frames, G.bins), mx.complex64)
RING = plans(N, launches.ring_floats(N, 28, True), 128)[0]

CASES = {
    "stft": lambda: launches.stft(X, W, G, plans(N)[0], True, (1.0, 1.0)),
    "stft, two-sided": lambda: launches.stft(X, W, G, plans(N)[0], False, (1.0, 1.0)),
    "istft": lambda: launches.istft(Z, W, G, RING, (1.0, 1.0), 1e-11),
    "istft, odd hop": lambda: launches.istft(Z, W, Geometry(N, 27, 400, 56, 56), RING, (1.0, 1.0), 1e-11),
    "stft adjoint": lambda: launches.istft(Z, W, G, RING, (0.5, 1.0), None, fold=True),
    "filtered": lambda: launches.filtered(X, W, B, G, plans(N)[0], 1.5, decibels()),
    "filtered, linear": lambda: launches.filtered(X, W, B, G, plans(N)[0], 2.0, Scale(), False),
    "filtered adjoint": lambda: launches.filtered_adjoint(X, mx.zeros((1, 8, G.frames)), W, B, G, RING, 1.0),
    "filtered, peaks": lambda: launches.filtered(X, W, B, G, plans(N)[0], 2.0, decibels(), True, True),
    "in_range": lambda: launches.in_range(mx.zeros((2, 8, 9)), mx.zeros((2, 8)), decibels(), 80.0, False),
    "product": lambda: launches.product(mx.zeros((3, 20)), mx.zeros((20, 5))),
    "chunks": lambda: launches.chunks(mx.zeros((1, 4, 40)), W, 20, 100, 1e-8),
}


@pytest.mark.parametrize("case", CASES)
def test_is_msl(case):
    call = emulated.call_of(CASES[case]())
    msl.check(msl.text_of(call), call.template)


@pytest.mark.parametrize("kernel", source.HEADERS)
def test_text_uses_only_the_common_vocabulary(kernel):
    """Nothing of one target outside its prelude: the common headers name neither Metal nor CUDA."""
    text = "".join((source.ROOT / "common" / f"{name}.h").read_text() for name in source.HEADERS[kernel])
    text = source._lean(text + source.body(kernel))
    for word in (
        "__syncthreads",
        "threadIdx",
        "__shared__",
        "simd_",
        "threadgroup ",
        "device ",
        "metal::",
        "double",
    ):
        assert word not in text
