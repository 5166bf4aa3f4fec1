"""The runner fails what it should: each way in which a function can be wrong is tried."""

import numpy as np
import pytest

import spectro
from spectro.parity_tests import goldens, runner, table
from spectro.parity_tests.case import Case
from spectro.parity_tests.kinds import KINDS
from spectro.parity_tests.references import Answer
from spectro.parity_tests.signals import signal

NUMPY = KINDS["numpy32"]
TRUTH = signal("noise").values() * 2
GOOD = Answer(TRUTH.astype(np.float32), TRUTH)
FAILED = Answer(error="RuntimeError", bases=("RuntimeError", "Exception", "BaseException"))


def _case(call, **options):
    return Case("torch.double", "torch", lambda ns, x: call(x), signal("noise"), **options)


def _judge(call, answer=GOOD, kind=NUMPY, **options):
    return runner.judge(_case(call, **options), kind, answer).failure


def _raise(error):
    def call(x):
        raise error

    return call


@pytest.mark.parametrize("kind", ["numpy32", "numpy64", "mlx"])
def test_a_right_function_passes_with_every_kind_of_array(kind):
    assert _judge(lambda x: x * 2, kind=KINDS[kind]) == ""


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda x: x * 2 * (1 + 1e-6), "error"),
        (lambda x: x * 2 + np.float32(1e-5), "error"),
        (lambda x: x[:-1] * 2, "shape"),
        (lambda x: x[None] * 2, "shape"),
        (lambda x: x.astype(np.float64) * 2, "dtype"),
        (lambda x: (x * 2).tolist(), "list"),
        (lambda x: spectro.make_window(None, "hann", 720, 720, True), "array"),
        (_raise(ValueError("no")), "raised ValueError"),
    ],
)
def test_a_wrong_function_fails(call, word):
    assert word in _judge(call)


def test_float64_is_held_to_float64():
    assert _judge(lambda x: x.astype(np.float32).astype(x.dtype) * 2, kind=KINDS["numpy64"]) == ""  # exact
    third = TRUTH / 3
    answer = Answer(third.astype(np.float32), third)
    assert _judge(lambda x: x * 2 / 3, answer, KINDS["numpy64"]) == ""
    assert "error" in _judge(
        lambda x: (x * 2 / 3).astype(np.float32) * np.float64(1), answer, KINDS["numpy64"]
    )


def test_the_reference_s_exception_class_is_wanted():
    assert _judge(_raise(RuntimeError("no")), FAILED, bad=True) == ""
    assert _judge(_raise(spectro.NolaError("no")), FAILED, bad=True) == ""  # a RuntimeError too
    assert "ValueError" in _judge(_raise(ValueError("no")), FAILED, bad=True)
    assert "RuntimeError" in _judge(lambda x: x, FAILED, bad=True)


def test_native_bad_input_wants_a_spectro_error_that_names_the_argument():
    def judge(call):
        case = Case(
            "spectro.f", "torch", lambda ns, x: call(x), signal("noise"), bad=True, names=("hop", "0")
        )
        return runner.judge(case, NUMPY, None).failure

    assert judge(_raise(spectro.ParameterError("hop must be positive, got 0"))) == ""
    assert "names no hop" in judge(_raise(spectro.ParameterError("a number is wrong: 0")))
    assert "not a SpectroError" in judge(_raise(ValueError("hop 0")))
    assert "no error" in judge(lambda x: x)


def test_a_missing_golden_fails():
    assert goldens.load(_case(lambda x: x)) is None
    assert "no golden" in _judge(lambda x: x * 2, None)


def test_select():
    names = {case.function for case in runner.select(["torch.stft", "spectro.mfcc"])}
    assert names == {"torch.stft", "spectro.mfcc"}
    assert {case.function.split(".")[0] for case in runner.select(["torch"])} == {"torch"}
    assert all("istft" in case.function for case in runner.select(["*istft"]))
    assert len(runner.select()) > 500
    with pytest.raises(ValueError, match="torch\\.stft"):
        runner.select(["torch.sftf"])


def test_the_table_counts_failures():
    good, bad = _case(lambda x: x * 2), _case(lambda x: x * 3, kinds=("numpy64",))
    results = [
        runner.Result(good, NUMPY, runner.judge(good, NUMPY, GOOD)),
        runner.Result(bad, KINDS["numpy64"], runner.judge(bad, KINDS["numpy64"], GOOD)),
    ]
    (row,) = table.tabulate(results)
    assert (row.function, row.cases, row.runs, row.failed) == ("torch.double", 1, 2, 1)
    assert row.ratio == 0
    assert row.ratio64 > 1
    assert row.verdict == "1 of 2 FAILED"
    assert len(table.failures(results)) == 1
    report = table.as_json(results)
    assert report["passed"] is False
    assert [run["passed"] for run in report["runs"]] == [True, False]


def test_mlx_may_round_what_it_cannot_hold():
    third = TRUTH / 3
    answer = Answer(third, third)  # a reference that answers float32 audio in float64, as librosa does
    assert _judge(lambda x: x * 2 / 3, answer, KINDS["mlx"]) == ""
    assert "dtype" in _judge(lambda x: x * 2 / 3, answer, NUMPY)
    assert "error" in _judge(lambda x: x * 2 / 3 + 1e-6, answer, KINDS["mlx"])
