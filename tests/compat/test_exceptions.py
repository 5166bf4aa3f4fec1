"""Exceptions of a reference and ours: either is caught by either name, installed or not, early or late."""

import importlib
import pickle
import subprocess
import sys
import types
from pathlib import Path

import pytest

import spectro
from spectro.compat import exceptions, fallback, librosa, registry

THEIRS = """
class LibraryError(Exception):
    pass

class BadValue(LibraryError):
    pass
"""


@pytest.fixture
def namespace(monkeypatch, tmp_path):
    """A library `errlib` with exceptions of its own, and the namespace `errspace` that mirrors it."""
    (tmp_path / "errlib").mkdir()
    (tmp_path / "errlib" / "__init__.py").write_text(
        "from .errors import BadValue, LibraryError\ndef theirs():\n    raise BadValue('theirs')\n"
    )
    (tmp_path / "errlib" / "errors.py").write_text(THEIRS)
    monkeypatch.syspath_prepend(tmp_path)
    for module, name in ((fallback, "_namespaces"), (exceptions, "_declared"), (registry, "_mirrors")):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))
    module = types.ModuleType("errspace")
    stand_in = {"LibraryError": spectro.SpectroError, "BadValue": spectro.ParameterError}
    module.__getattr__ = fallback.fall_through("errspace", "errlib", exceptions=stand_in)

    @registry.mirrors("errlib.ours")
    def ours(error):
        raise error("ours", 3)

    @registry.mirrors("errlib.outer")
    def outer():
        ours(spectro.ParameterError)

    module.ours, module.outer = ours, outer
    yield module
    for loaded in [name for name in sys.modules if name.startswith("errlib")]:
        del sys.modules[loaded]


@pytest.fixture
def absent(namespace, monkeypatch):
    monkeypatch.setitem(sys.modules, "errlib", None)
    return namespace


def test_a_name_is_the_librarys_class_where_it_is_installed(namespace):
    assert "errlib" not in sys.modules
    assert namespace.BadValue is importlib.import_module("errlib").BadValue
    assert namespace.LibraryError is importlib.import_module("errlib.errors").LibraryError


def test_a_name_is_ours_where_the_library_is_absent(absent):
    assert absent.BadValue is spectro.ParameterError
    assert absent.LibraryError is spectro.SpectroError


@pytest.mark.filterwarnings("ignore::spectro.FallbackWarning")
def test_one_except_finds_what_either_raises(namespace):
    early = namespace.BadValue
    for call in (namespace.theirs, namespace.outer, lambda: namespace.ours(spectro.ParameterError)):
        with pytest.raises(early):
            call()
        with pytest.raises(namespace.LibraryError):
            call()


def test_what_is_mirrored_raises_ours_too(namespace):
    for expected in (spectro.ParameterError, ValueError):
        with pytest.raises(expected, match="ours") as caught:
            namespace.ours(spectro.ParameterError)
        assert caught.value.args == ("ours", 3)
        assert caught.value.__cause__ is None
        assert type(caught.value).__module__ == "errlib.errors"
        assert type(caught.value).__name__ == "BadValue"


def test_a_class_of_ours_without_a_name_there_becomes_that_of_its_base(namespace):
    with pytest.raises(namespace.BadValue) as caught:
        namespace.ours(spectro.NolaError)
    assert isinstance(caught.value, spectro.NolaError)
    for kind in (spectro.ArrayTypeError, spectro.GradientError, spectro.LibraryImportError):
        with pytest.raises(namespace.LibraryError) as caught:
            namespace.ours(kind)
        assert isinstance(caught.value, kind)
        assert not isinstance(caught.value, namespace.BadValue)


def test_errors_of_absent_libraries_are_ours_alone(absent):
    with pytest.raises(spectro.ParameterError) as caught:
        absent.ours(spectro.ParameterError)
    assert type(caught.value) is spectro.ParameterError


def test_other_errors_pass_untouched(namespace):
    with pytest.raises(ZeroDivisionError) as caught:
        namespace.ours(ZeroDivisionError)
    assert type(caught.value) is ZeroDivisionError
    assert "errlib" not in sys.modules


def test_it_is_pickled_as_the_librarys(namespace):
    with pytest.raises(spectro.ParameterError) as caught:
        namespace.ours(spectro.ParameterError)
    found = pickle.loads(pickle.dumps(caught.value))
    assert type(found) is namespace.BadValue
    assert found.args == ("ours", 3)


def test_the_same_class_is_made_once(namespace):
    found = []
    for _ in range(2):
        with pytest.raises(spectro.ParameterError) as caught:
            namespace.ours(spectro.ParameterError)
        found.append(type(caught.value))
    assert found[0] is found[1]


def test_librosas_are_at_both_of_their_places():
    assert librosa.ParameterError is librosa.util.exceptions.ParameterError
    assert issubclass(librosa.ParameterError, librosa.LibrosaError)


@pytest.mark.parametrize("absent", [False, True])
def test_librosas_are_found_with_librosa_and_without(absent):
    # In a process of its own, since librosa stays loaded. Without librosa, both runs are of the second kind.
    code = """
import sys
import warnings

if ABSENT:
    sys.modules["librosa"] = None
import numpy as np
import spectro
from spectro.compat import librosa
assert ABSENT or "librosa" not in sys.modules
from spectro.compat.librosa.util.exceptions import ParameterError as early

warnings.simplefilter("ignore", spectro.FallbackWarning)
calls = [
    lambda: librosa.stft(np.zeros(4000), hop_length=0),
    lambda: librosa.util.frame(np.zeros(3), frame_length=9, hop_length=1),
]
if sys.modules.get("librosa"):
    calls.append(lambda: librosa.sequence.dtw())  # falls through
for call in calls:
    for kind in (early, librosa.ParameterError, librosa.LibrosaError):
        try:
            call()
        except kind as error:
            continue
        raise AssertionError(kind)
"""
    root = Path(spectro.__file__).parents[1]
    code = f"ABSENT = {absent}{code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr
