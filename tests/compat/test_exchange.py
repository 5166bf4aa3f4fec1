"""Mirrors of references that take numpy: strict mode, and bodies that are written for numpy alone.

The reference is a module made for the test, which says what it was given.
"""

import sys
import types

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.compat import registry
from spectro.compat.registry import mirrors


class Their:
    """The reference's class."""

    def __init__(self, x, gain=1.0):
        self.x, self.gain = x, gain


@pytest.fixture
def reference(monkeypatch):
    library = types.ModuleType("librosa")
    library.given = []

    def scale(x, gain=1.0, *, dtype=np.float32, then=None):
        library.given.append((x, dtype, then))
        return (np.asarray(x) * gain).astype(np.float64), 7

    library.scale, library.Thing = scale, Their
    monkeypatch.setitem(sys.modules, "librosa", library)
    monkeypatch.setattr(registry, "_mirrors", {})
    return library


@pytest.fixture
def scale(reference):
    @mirrors("librosa.scale", numpy=True)
    def scale(x, gain=1.0, *, dtype=np.float32, then=None):
        assert isinstance(x, (np.ndarray, float))
        return (np.asarray(x) * -gain).astype(np.float64), "ours"

    return scale


def test_numpy_body_answers_in_the_callers_arrays(scale):
    values, said = scale(mx.array([1.0, 2.0]), gain=3.0)
    assert isinstance(values, mx.array)
    assert values.dtype == mx.float32
    assert values.tolist() == [-3.0, -6.0]
    assert said == "ours"
    assert scale(np.ones(2, np.float32))[0].dtype == np.float64
    assert float(scale(2.0)[0]) == -2.0


def test_numpy_body_refuses_to_lose_a_gradient(scale):
    with pytest.raises(spectro.GradientError, match="scale"):
        mx.grad(lambda x: scale(x)[0].sum())(mx.ones(3))
    with pytest.raises(spectro.GradientError, match="scale"):
        mx.compile(lambda x: scale(x)[0])(mx.ones(3))


def test_strict_mode_asks_the_reference_in_numpy(scale, reference):
    with spectro.config(strict=True):
        values, count = scale(mx.array([1.0, 2.0]), dtype=mx.float16, then=scale)
    assert values.dtype == mx.float64
    assert (values.tolist(), count) == ([1.0, 2.0], 7)
    x, dtype, then = reference.given[0]
    assert type(x) is np.ndarray
    assert dtype == np.float16
    assert then is reference.scale


def test_strict_mode_says_what_mlx_does_not_have(reference):
    reference.spectrum = lambda x: np.ones(2, np.complex128)

    @mirrors("librosa.spectrum")
    def spectrum(x):
        return x

    with spectro.config(strict=True):
        assert spectrum(np.ones(1)).dtype == np.complex128
        with pytest.raises(spectro.BackendError, match="complex128"):
            spectrum(mx.ones(1))


def test_strict_mode_makes_the_references_objects(reference):
    @mirrors("librosa.Thing")
    class Thing:
        def __init__(self, x, gain=1.0):
            self.x, self.gain = x, gain

    class Mine(Thing):
        pass

    with spectro.config(strict=True):
        theirs = Thing(mx.ones(2), gain=2.0)
        assert isinstance(Mine(1), Mine)
    assert type(theirs) is Their
    assert type(theirs.x) is np.ndarray
    ours = Thing(3, gain=2.0)
    assert (type(ours), ours.x, ours.gain) == (Thing, 3, 2.0)


def test_strict_mode_makes_array_classes_too(reference):
    class Array(np.ndarray):
        def __new__(cls, data, order=None):
            return np.asarray(data, order=order).view(cls)

    @mirrors("librosa.Thing")
    class Thing(Array):
        def __new__(cls, data, order=None):
            return Array.__new__(cls, np.asarray(data) * 2)

    assert Thing([1, 2]).tolist() == [2, 4]
    assert type(Thing([1, 2])) is Thing
    with spectro.config(strict=True):
        assert type(Thing([1, 2])) is Their
