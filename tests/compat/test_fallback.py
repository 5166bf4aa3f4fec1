"""Names that are not mirrored: shown on a reference library made for the test."""

import importlib
import sys
import types
import warnings

import pytest

import spectro
from spectro.compat import fallback


@pytest.fixture
def namespace(monkeypatch, tmp_path):
    """A library `fakelib` with a package inside, and a compat namespace `fakespace` for it."""
    package = tmp_path / "fakelib" / "sub"
    package.mkdir(parents=True)
    (tmp_path / "fakelib" / "__init__.py").write_text("answer = 42\nname = 'fake'\n")
    (package / "__init__.py").write_text("depth = 1\n")
    (package / "deep.py").write_text("depth = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(fallback, "_namespaces", dict(fallback._namespaces))
    module = types.ModuleType("fakespace")
    module.__path__ = []
    module.__getattr__ = fallback.fall_through("fakespace", "fakelib")
    monkeypatch.setitem(sys.modules, "fakespace", module)
    yield module
    for loaded in [name for name in sys.modules if name.startswith(("fakelib", "fakespace."))]:
        del sys.modules[loaded]


def ask(module):
    return module.answer  # one call site


def test_name_comes_from_the_library_with_a_warning_that_names_the_line(namespace):
    with pytest.warns(spectro.FallbackWarning, match=r"fakespace .*'answer'.*fakelib\.answer") as caught:
        assert ask(namespace) == 42
    assert caught[0].filename == __file__
    assert caught[0].lineno == ask.__code__.co_firstlineno + 1


def test_each_call_site_warns_once(namespace):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            ask(namespace)
        assert len(caught) == 1
        assert namespace.answer == 42
        assert len(caught) == 2
        assert (namespace.answer, namespace.name) == (42, "fake")
        assert len(caught) == 4


def test_silent_and_error_modes(namespace):
    with spectro.config(fallback="silent"):
        assert namespace.answer == 42
    with spectro.config(fallback="error"), pytest.raises(fallback.NotMirroredError, match="answer"):
        _ = namespace.answer
    with spectro.config(fallback="error"):
        assert not hasattr(namespace, "answer")


def test_name_that_nobody_has(namespace):
    with pytest.raises(AttributeError, match="neither fakespace nor fakelib has an attribute 'nobody'"):
        _ = namespace.nobody
    assert getattr(namespace, "nobody", None) is None


def test_protocol_names_are_never_the_librarys(namespace):
    with pytest.raises(AttributeError) as caught:
        _ = namespace.__wrapped__
    assert caught.type is AttributeError


@pytest.mark.filterwarnings("ignore::spectro.FallbackWarning")
def test_imported_submodules_are_the_librarys_own(namespace):
    deep = importlib.import_module("fakespace.sub.deep")
    assert deep is importlib.import_module("fakelib.sub.deep")
    assert deep.__spec__.name == "fakelib.sub.deep"
    assert importlib.import_module("fakespace.sub") is sys.modules["fakelib.sub"]
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("fakespace.nothing")


def test_import_from_warns_the_importing_line_once(namespace):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        from fakespace import answer
    assert answer == 42
    assert [w.category for w in caught] == [spectro.FallbackWarning]
    assert caught[0].filename == __file__


@pytest.mark.parametrize("library", ["torch", "torchaudio"])
def test_absent_library_is_named_with_its_install_command(library, without_torch):
    module = importlib.import_module(f"spectro.compat.{library}")
    with pytest.raises(spectro.MissingLibraryError, match=f"pip install .*{library}"):
        _ = module.not_mirrored
    assert not hasattr(module, "not_mirrored")
    assert getattr(module, "not_mirrored", "default") == "default"
    with pytest.raises(ImportError, match="pip install") as caught:
        importlib.import_module(f"spectro.compat.{library}.utils")
    assert isinstance(caught.value, spectro.MissingLibraryError)


def test_mirrored_names_never_fall_through(without_torch):
    with spectro.config(fallback="error"):
        from spectro.compat.torch import stft
        from spectro.compat.torchaudio.transforms import MFCC

        assert callable(stft)
        assert callable(MFCC)
