"""The recipes: the same numbers everywhere, exact in float32."""

import hashlib

import numpy as np
import pytest

from spectro.parity_tests import goldens, signals
from spectro.parity_tests.cases import all_cases

RECIPES = sorted(
    {r.name: r for case in all_cases() if case.needs_golden for r in goldens.recipes_of(case)}.values(),
    key=str,
)


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_the_goldens_were_made_with_this_input(recipe):
    assert recipe.checksum() == goldens.recorded_inputs()[recipe.name]


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_float32_holds_the_values(recipe):
    values = recipe.values()
    if values.dtype.kind in "fc":
        narrow = values.astype(np.complex64 if values.dtype.kind == "c" else np.float32)
        np.testing.assert_array_equal(narrow, values)


def test_values_are_on_the_grid():
    for name in ("chirp", "noise", "music", "batch"):
        steps = signals.signal(name).values() * 2.0**20
        np.testing.assert_array_equal(steps, np.round(steps))


def test_recipes_do_not_depend_on_each_other():
    first = signals.SIGNALS["noise"].make()
    signals.SIGNALS["music"].make()
    np.testing.assert_array_equal(signals.SIGNALS["noise"].make(), first)


def test_the_checksum_is_of_values_and_shape():
    recipe = signals.Recipe("two", lambda: np.array([1.0, 2.0]))
    digest = hashlib.sha256(b"(2,)<f8" + np.array([1.0, 2.0]).tobytes()).hexdigest()
    assert recipe.checksum() == digest[:16]


def test_the_kinds_of_signal_that_matter_are_there():
    shapes = {name: recipe.values().shape for name, recipe in signals.SIGNALS.items()}
    assert {"chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch"} <= set(shapes)
    assert not signals.SIGNALS["silence"].values().any()
    assert np.ptp(signals.SIGNALS["dc"].values()) == 0
    assert np.count_nonzero(signals.SIGNALS["click"].values()) == 4
    assert shapes["short"][0] < 128
    assert shapes["stereo"][0] == 2
    assert shapes["batch"][0] == 3
