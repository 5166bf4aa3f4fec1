"""Does the checker catch what it claims to? Each test plants one fault in a kernel otherwise sound."""

import emulated
import mlx.core as mx
import msl
import numpy as np
import pytest
import truth

from spectro.kernels.gpu import launches
from spectro.kernels.gpu.geometry import Geometry
from spectro.kernels.gpu.plans import Plan
from spectro.kernels.gpu.tables import Window

G = Geometry(512, 128, 2000, 256, 256, "reflect")
PLAN = Plan(256, (8, 8, 4), 32, 4, 4)  # one frame a simdgroup
WIDE = Plan(256, (8, 4, 8), 64, 2, 4)  # one frame in two simdgroups: needs group barriers
X = np.random.default_rng(0).standard_normal((1, 2000)).astype(np.float32)


def planted(old="", new="", plan=PLAN, where="header", count=1, extra_source="", extra_header=""):
    call = emulated.call_of(launches.stft(mx.array(X), Window(truth.hann(512)), G, plan, True, (1.0, 1.0)))
    text = getattr(call, where)
    assert old in text, "the kernel no longer holds the text this fault replaces"
    setattr(call, where, text.replace(old, new, count))
    call.header = extra_header + call.header
    call.source += extra_source
    return call


def checked(call):
    msl.check(msl.text_of(call), call.template)


def test_sound_kernel_passes():
    call = planted()
    checked(call)
    assert truth.relative(msl.run(call, 3)[0], truth.stft(X, G, truth.hann(512))) < 4e-7


FRONT = {
    "pointer without an address space": (
        {
            "old": "FN void run(THREAD float2* v) {\nconst float2 a",
            "new": "FN void run(float2* v) {\nconst float2 a",
        },
        "no address space|no matching|cannot initialize|changes address space",
    ),
    "reference without an address space": (
        {
            "old": "float2 v[Transform::points];",
            "new": "float2 v[Transform::points]; float q = 0.0f; float& r = q; r = 1.0f;",
        },
        "no address space",
    ),
    "device memory passed as thread memory": (
        {
            "old": "GLOBAL float2* spectrum,\nSHARED float2* work",
            "new": "GLOBAL float2* spectrum,\nTHREAD float2* work",
        },
        "no matching|cannot initialize|changes address space",
    ),
    "double": ({"old": "const float outer = gains[0]", "new": "const double outer = gains[0]"}, "double"),
    "literal without f": ({"old": "2.0f * conj_(pair", "new": "2.0 * conj_(pair"}, "double"),
    "write to an input": ({"extra_source": "params[0] = 1;\n"}, "read-only|const"),
    "variable at program scope": ({"extra_header": "float counter = 0;\n"}, "address space"),
    "lambda": ({"extra_source": "auto f = [](float a) { return a; };\n(void)f(1.0f);\n"}, "lambda"),
    "virtual function": ({"extra_header": "struct V { virtual float f() { return 1.0f; } };\n"}, "virtual"),
    "recursion": (
        {
            "extra_header": "inline int down(int n) { return n > 0 ? down(n - 1) : 0; }\n",
            "extra_source": "if (down(slot) > 0) work[0].x = 1.0f;\n",
        },
        "recursion",
    ),
    "printf": ({"extra_source": 'printf("x");\n'}, "printf"),
    "CUDA word": ({"extra_source": "__syncthreads();\n"}, "__syncthreads"),
    "function that Metal has not": ({"extra_source": "(void)metal::cbrt_(1.0f);\n"}, "cbrt_"),
}


@pytest.mark.parametrize("fault", FRONT)
def test_refuses(fault):
    change, words = FRONT[fault]
    with pytest.raises(msl.Rejected, match=words):
        checked(planted(**change))


RUN = {
    "no barrier after a pass's writes": (
        {"old": "Here::write(v, work, t);\nframe_sync<T>();", "new": "Here::write(v, work, t);"},
        "data race|nobody wrote",
    ),
    "no barrier before a pass's writes": (
        {"old": "if (P > 1) frame_sync<T>();", "new": "", "plan": WIDE},
        "data race",
    ),
    "simdgroup barrier for a frame of two simdgroups": (
        {"old": "if (32 % T == 0)", "new": "if (true)", "plan": WIDE},
        "data race|nobody wrote",
    ),
    "reads past the signal": (
        {"old": "i = i < length ? i : 2 * (length - 1) - i;", "new": ""},
        "reads outside every buffer",
    ),
    "writes past the spectrum": (
        {"old": "out[N - k] = x.high;", "new": "out[N - k + 100000] = x.high;"},
        "writes outside",
    ),
    "writes to another group's frames": (
        {"old": "out[N - k] = x.high;", "new": "out[N - k + 100] = x.high;"},
        "two groups touch|writes outside",
    ),
    "reads threadgroup memory nobody wrote": (
        {
            "old": "FN void read(THREAD float2* v, const SHARED float2* work, int t) {",
            "new": "FN void read(THREAD float2* v, const SHARED float2* work, int t) { ++work;",
        },
        "nobody wrote|data race",
    ),
    "group barrier that some threads skip": (
        {
            "old": "const float outer = gains[0]",
            "new": "if (t < 7) group_sync();\nconst float outer = gains[0]",
        },
        "barrier|deadlock",
    ),
    "return before a barrier": (
        {
            "old": "const float outer = gains[0]",
            "new": "if (t > 3) return;\nconst float outer = gains[0]",
            "plan": WIDE,
        },
        "has returned|deadlock",
    ),
    "simdgroup exchange that some lanes skip": (
        {
            "old": "const float outer = gains[0]",
            "new": "if (t < 16) (void)metal::simd_shuffle_xor(1.0f, ushort(16));\nconst float outer = gains[0]",  # noqa: E501
        },
        "deadlock|diverge|no part",
    ),
    "40 KB of threadgroup memory": (
        {"old": "FRAMES * WORDS", "new": "FRAMES * WORDS * 5", "where": "source"},
        "over 32 KB",
    ),
}


def in_schedules(call):
    for schedule in (0, 1, 5):
        msl.run(call, schedule)


@pytest.mark.parametrize("fault", RUN)
def test_catches(fault):
    change, words = RUN[fault]
    call = planted(**change)
    with pytest.raises(msl.Fault, match=words):
        in_schedules(call)


def test_catches_wrong_arithmetic():
    """What no rule forbids, the comparison with numpy finds."""
    call = planted(old="times_minus_i(z.low - m)", new="times_i(z.low - m)")
    assert truth.relative(msl.run(call)[0], truth.stft(X, G, truth.hann(512))) > 1e-2


def test_grid_must_be_whole_groups():
    call = planted()
    call.grid = (call.grid[0] + 1, *call.grid[1:])
    with pytest.raises(msl.Fault, match="multiple"):
        msl.run(call)
