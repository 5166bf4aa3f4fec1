"""The error rule: what it lets pass, and what not, by numbers worked out by hand."""

import numpy as np
import pytest

from spectro.parity_tests.rule import bar, compare, excuse

ULP32 = 2.0**-23  # at 1.0
ULP64 = 2.0**-52
TRUTH = np.array([1.0, -0.5, 0.25, 0.0])


def test_float32_may_err_twice_as_much_as_the_reference():
    reference = (TRUTH + np.array([0, 0, 5 * ULP32, 0])).astype(np.float32)
    assert bar(reference, TRUTH, 32) == 10 * ULP32
    for error, passes in ((9, True), (10, True), (11, False)):
        ours = (TRUTH + np.array([error * ULP32, 0, 0, 0])).astype(np.float32)
        verdict = compare(ours, reference, TRUTH, 32)
        assert (verdict.failure == "") is passes
        assert verdict.error == error * ULP32
        assert verdict.reference_error == 5 * ULP32
        assert verdict.ratio == pytest.approx(error / 10)


def test_float32_may_err_by_four_ulp_of_the_peak_where_the_reference_is_exact():
    reference = TRUTH.astype(np.float32)
    assert bar(reference, TRUTH, 32) == 4 * ULP32
    for error, passes in ((4, True), (5, False)):
        ours = (TRUTH - np.array([0, 0, 0, error * ULP32])).astype(np.float32)
        assert (compare(ours, reference, TRUTH, 32).failure == "") is passes


def test_the_peak_sets_the_ulp():
    for scale in (2.0**10, 2.0**-30):
        assert bar((scale * TRUTH).astype(np.float32), scale * TRUTH, 32) == 4 * ULP32 * scale


def test_float64_scales_the_reference_error_by_the_precision():
    assert bar(TRUTH.astype(np.float32), TRUTH, 64) == 32 * ULP64
    reference = (TRUTH + np.array([0, 0, 100 * ULP32, 0])).astype(np.float32)
    assert bar(reference, TRUTH, 64) == 400 * ULP64
    assert compare(TRUTH + np.array([400 * ULP64, 0, 0, 0]), reference, TRUTH, 64).failure == ""
    assert compare(TRUTH + np.array([402 * ULP64, 0, 0, 0]), reference, TRUTH, 64).failure


def test_a_float32_result_does_not_pass_for_float64():
    third = np.full(4, 1 / 3)
    narrow = third.astype(np.float32)
    assert compare(narrow.astype(np.float64), narrow, third, 64).failure


def test_complex_errors_are_distances():
    truth = TRUTH + 0j
    reference = truth.astype(np.complex64)
    ours = truth.copy()
    ours[0] += (3 + 3j) * ULP32  # 4.2 ulp, though each part is within 4
    assert compare(ours.astype(np.complex64), reference, truth, 32).failure


@pytest.mark.parametrize(
    ("ours", "word"),
    [
        (np.zeros((4, 1), np.float32), "shape"),
        (np.zeros(3, np.float32), "shape"),
        (TRUTH, "dtype"),
        (TRUTH.astype(np.complex64), "dtype"),
        (np.array([1, -0.5, 0.25, np.nan], np.float32), "NaN"),
        (np.array([np.inf, -0.5, 0.25, 0], np.float32), "NaN"),
    ],
)
def test_shape_dtype_and_nan_must_agree(ours, word):
    verdict = compare(ours, TRUTH.astype(np.float32), TRUTH, 32)
    assert word in verdict.failure
    assert verdict.ratio == np.inf


def test_nan_and_infinities_must_stand_in_place_with_their_signs():
    truth = np.array([np.nan, np.inf, -np.inf, 1.0])
    reference = truth.astype(np.float32)
    assert compare(reference, reference, truth, 32).failure == ""
    assert compare(reference + np.float32(3 * ULP32), reference, truth, 32).failure == ""
    assert compare(reference[[1, 0, 2, 3]], reference, truth, 32).failure
    assert compare(-reference, reference, truth, 32).failure


def test_a_complex_number_is_nan_as_a_whole():
    truth = np.array([complex(np.nan, 1), 1 + 0j])
    reference = truth.astype(np.complex64)
    other = np.array([complex(2, np.nan), 1 + 0j], np.complex64)
    assert compare(other, reference, truth, 32).failure == ""
    assert compare(other[::-1], reference, truth, 32).failure


def test_silence_must_stay_silent():
    zeros = np.zeros(5)
    assert compare(zeros.astype(np.float32), zeros.astype(np.float32), zeros, 32).failure == ""
    assert compare(np.full(5, 1e-30, np.float32), zeros.astype(np.float32), zeros, 32).failure


def test_empty_results_agree():
    nothing = np.zeros((0, 3))
    assert compare(nothing.astype(np.float32), nothing.astype(np.float32), nothing, 32).failure == ""


def test_what_float32_arithmetic_cannot_have_is_excused_up_to_what_could_be_seen():
    truth, reference = np.array([1.0, 2.0]), np.array([1.0, 2.0], np.float32)
    for error, failed, narrowed in ((1e-7, False, False), (1e-3, False, True), (0.03, True, False)):
        verdict = excuse(compare(np.array([1.0 + error, 2.0], np.float32), reference, truth, 32))
        assert (bool(verdict.failure), verdict.narrowed) == (failed, narrowed)
    wrong_shape = excuse(compare(np.ones(3, np.float32), reference, truth, 32))
    assert wrong_shape.failure
