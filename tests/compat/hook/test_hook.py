"""What the hook does to a library, whatever way its names are reached."""

import copy
import functools
import importlib
import pickle
import sys
import threading

import pytest

import spectro
from spectro.compat import hook
from spectro.compat.hook import children
from spectro.compat.hook.calls import is_swapped
from spectro.compat.hook.profile import Profile


def test_every_style_of_import_finds_ours(installed, user):
    styles = {
        "import fakelib": "fakelib.stft(1)",
        "import fakelib as f": "f.stft(1)",
        "from fakelib import stft": "stft(1)",
        "from fakelib import stft as transform": "transform(1)",
        "import fakelib.core": "fakelib.core.stft(1)",
        "from fakelib.core.spectrum import stft": "stft(1)",
        "import importlib": "importlib.import_module('fakelib').stft(1)",
        "import fakelib as g": "getattr(g, 'stft')(1)",
        "from fakelib import *": "stft(1)"
        if hasattr(installed, "__all__")
        else "__import__('fakelib').stft(1)",
    }
    for line, call in styles.items():
        assert user(f"{line}\nanswer = {call}").answer == ("ours", 1), line


def test_what_the_library_calls_itself_is_its_own(installed):
    assert installed.power(2) == ("power of", ("theirs", 2))
    assert installed.feature.tonnetz.__wrapped__(3) == ("tonnetz", ("theirs", 3))


def test_a_library_that_loads_late_is_not_loaded_for_a_call_that_is_ours(installed):
    assert installed.stft(1) == ("ours", 1)
    assert "fakelib.core.spectrum" not in sys.modules
    assert installed.power(1)[0] == "power of"
    assert is_swapped(sys.modules["fakelib.core.spectrum"].stft)


def test_names_imported_before_are_replaced(fakelib, user):
    module = user(
        "from fakelib.core import stft as s\nimport fakelib\ndef f(x): return s(x), fakelib.stft(x)"
    )
    assert module.f(1) == (("theirs", 1), ("theirs", 1))
    hook.install(inherit=False)
    assert module.f(1) == (("ours", 1), ("ours", 1))
    hook.uninstall()
    assert module.f(1) == (("theirs", 1), ("theirs", 1))


def test_what_cannot_be_replaced_is_named(fakelib, user):
    user(
        "from fakelib.core import stft\nimport functools\n"
        "TABLE = {'a': stft}\nhalf = functools.partial(stft, n_fft=4)\n"
        "def g(f=stft): pass\nclass C:\n    method = staticmethod(stft)\n"
    )
    with pytest.warns(spectro.FallbackWarning, match="held since before") as caught:
        hook.install(inherit=False)
    said = str(caught[0].message)
    for name in ("TABLE", "half", "g", "C"):
        assert f"users_module.{name}" in said
    assert caught[0].filename == __file__


def test_uninstall_puts_everything_back(fakelib, user):
    theirs = importlib.import_module("fakelib.core.spectrum")
    before = {name: dict(vars(m)) for name, m in sys.modules.items() if name.startswith("fakelib")}
    originals = theirs.stft, importlib.import_module("fakelib.nn").Scale.forward
    finders, environment = list(sys.meta_path), dict(hook.children.os.environ)
    hook.install(fallback="error")
    taken = user("from fakelib import stft").stft
    assert hook.is_installed()
    assert spectro.settings().fallback == "error"
    assert taken(1) == ("ours", 1)
    hook.uninstall()
    assert not hook.is_installed()
    assert (theirs.stft, sys.modules["fakelib.nn"].Scale.forward) == originals
    assert list(sys.meta_path) == finders
    assert dict(hook.children.os.environ) == environment
    assert spectro.settings().fallback == "warn"
    for name, names in before.items():
        now = vars(sys.modules[name])
        assert {k: v for k, v in names.items() if now.get(k) is not v and k != "__getattr__"} == {}
    assert taken(1) == ("theirs", 1)  # whoever still holds a wrapper has the reference's again
    assert sys.modules["users_module"].stft is theirs.stft
    hook.uninstall()  # nothing to do


def test_reload_of_the_library_and_of_the_user(installed, user, tmp_path):
    import fakelib.core.spectrum as spectrum

    importlib.reload(spectrum)
    assert is_swapped(spectrum.stft)
    assert spectrum.power(1) == ("power of", ("theirs", 1))
    importlib.reload(installed)
    assert installed.stft(1) == ("ours", 1)
    (tmp_path / "reloaded.py").write_text("from fakelib import stft\nanswer = stft(1)\n")
    module = importlib.import_module("reloaded")
    assert importlib.reload(module).answer == ("ours", 1)
    del sys.modules["reloaded"]


def test_a_library_imported_anew_is_swapped_again(installed):
    for name in [name for name in sys.modules if name.startswith("fakelib")]:
        del sys.modules[name]
    assert importlib.import_module("fakelib").stft(1) == ("ours", 1)


def test_threads_import_and_call(fakelib):
    hook.install(profile=True, inherit=False)
    answers, start = [], threading.Barrier(8)

    def work(i):
        start.wait()
        library = importlib.import_module("fakelib")
        answers.append((library.stft(i), library.power(i)))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(("ours", i), ("power of", ("theirs", i))) for i in range(8)]
    assert hook.report().as_json()["functions"][0]["calls"] == 8


def test_wrappers_look_like_functions_and_are_pickled_by_name(installed):
    taken = installed.stft
    assert (taken.__name__, taken.__module__, taken.__doc__) == ("stft", "fakelib", "Ours.")
    assert pickle.loads(pickle.dumps(taken)) is taken
    assert copy.deepcopy(taken) is taken
    assert list(map(taken, [1])) == [functools.partial(taken, 1)()] == [("ours", 1)]
    data = pickle.dumps(taken)
    hook.uninstall()
    assert pickle.loads(data)(1) == ("theirs", 1)


def test_errors_are_the_librarys_classes(installed):
    with pytest.raises(installed.ParameterError, match="n_fft is wrong") as caught:
        installed.stft(1, n_fft=0)
    assert isinstance(caught.value, spectro.ParameterError)


def test_modules_keep_their_class_and_compute_ours(installed):
    call = sys.modules["torch_machinery"].call
    scale = installed.nn.Scale(gain=2)
    assert type(scale) is installed.nn.Scale
    assert call(scale, 1) == ("ours", 2, 1)
    scale.gain = 5  # as anybody may
    assert call(scale, 1) == ("ours", 5, 1)
    for twin in (copy.deepcopy(scale), pickle.loads(pickle.dumps(scale))):
        assert vars(twin) == vars(scale)  # nothing of spectro in it
        assert call(twin, 1) == ("ours", 5, 1)
    hook.uninstall()
    assert call(scale, 1) == ("theirs", 5, 1)


def test_subclasses_of_a_swapped_class(installed):
    class Louder(installed.nn.Scale):
        def __init__(self):
            super().__init__(4)

        def forward(self, x):
            return ("louder", super().forward(x))

    louder = Louder()
    assert isinstance(louder, installed.nn.Scale)
    assert sys.modules["torch_machinery"].call(louder, 1) == ("louder", ("ours", 4, 1))


def test_a_module_inside_the_library_is_its_own(installed):
    assert sys.modules["torch_machinery"].call(installed.nn.Chain(), 1) == ("chain", ("theirs", 3, 1))


def test_a_spectral_function_that_is_not_mirrored_is_told_of(installed):
    with pytest.warns(
        spectro.FallbackWarning, match=r"fakelib\.feature\.spectral\.tonnetz.*not mirror it"
    ) as caught:
        assert installed.feature.tonnetz(1) == ("tonnetz", ("theirs", 1))
    assert caught[0].filename == __file__
    with spectro.config(fallback="error"), pytest.raises(spectro.FallbackError, match="tonnetz"):
        installed.feature.tonnetz(1)
    with spectro.config(fallback="silent"):
        assert installed.feature.spectral.Twist().forward(1) == ("twist", 1)
        assert installed.power(1)[0] == "power of"  # not in a spectral module: nobody's concern


def test_strict_mode_is_the_reference(installed):
    with spectro.config(strict=True, fallback="silent"):
        assert installed.stft(1) == ("theirs", 1)
    report = hook.report().as_json()
    assert report["passed_on"] == 1
    assert "config(strict=True)" in next(iter(report["functions"][0]["reasons"]))


def test_journals_are_summed_up_when_they_grow_long(monkeypatch, tmp_path):
    monkeypatch.setattr(children, "_LINES", 5)
    monkeypatch.setattr(children, "_counted", None)
    counts = Profile()
    children.join(counts, str(tmp_path))
    for i in range(13):
        counts.served("fakelib.stft", 0.5, [])
        counts.passed_on("fakelib.mel", 0.25, "it is odd")
        whole = children.gathered(Profile()).as_json()
        assert whole == counts.as_json()
        assert whole["served"] == whole["passed_on"] == i + 1
    [path] = tmp_path.iterdir()
    assert len(path.read_text().splitlines()) <= 5


def test_a_journal_without_its_folder_does_not_disturb(monkeypatch, tmp_path):
    monkeypatch.setattr(children, "_counted", None)
    counts = Profile()
    children.join(counts, str(tmp_path / "gone"))
    counts.served("fakelib.stft", 0.5, [])
    assert counts.as_json()["served"] == 1


def test_uninstall_leaves_the_settings_to_the_environment(fakelib, monkeypatch):
    monkeypatch.setattr(importlib.import_module("spectro.config"), "_process", ())
    hook.install(inherit=False, fallback="error")
    assert spectro.settings().fallback == "error"
    hook.uninstall()
    monkeypatch.setenv("SPECTRO_FALLBACK", "silent")
    assert spectro.settings().fallback == "silent"
    spectro.config(fallback="warn")
    hook.install(inherit=False, fallback="error")
    spectro.config(fallback="silent")  # as a program may say: it stays
    hook.uninstall()
    assert spectro.settings().fallback == "silent"
    hook.install(inherit=False, fallback="error")
    hook.uninstall()
    assert spectro.settings().fallback == "silent"


def test_only_and_twice_and_unknown(fakelib):
    with pytest.raises(spectro.ParameterError, match="numpy"):
        hook.install(["numpy"])
    with pytest.raises(spectro.ParameterError):
        hook.install([])
    hook.install(inherit=False)
    with pytest.raises(spectro.ParameterError, match="already"):
        hook.install()


def test_uninstall_leaves_no_wrapper_in_modules_that_loaded_meanwhile(fakelib):
    """They import names that are swapped already, as librosa's late modules do."""
    hook.install(inherit=False)
    library = importlib.import_module("fakelib")
    assert is_swapped(library.feature.spectral.stft)
    assert is_swapped(library.power.__globals__["stft"])
    hook.uninstall()
    left = [
        f"{name}.{attribute}"
        for name, module in sys.modules.items()
        if name.startswith("fakelib")
        for attribute, value in vars(module).items()
        if is_swapped(value)
    ]
    assert left == []
    assert library.feature.spectral.stft is sys.modules["fakelib.core.spectrum"].stft


def test_a_watched_function_imported_by_name_is_given_back(installed, user):
    taken = user("from fakelib.feature import tonnetz")
    assert is_swapped(taken.tonnetz)
    hook.uninstall()
    assert taken.tonnetz is sys.modules["fakelib.feature.spectral"].tonnetz
    assert not is_swapped(taken.tonnetz)


def test_what_is_held_deep_inside_is_named_once(fakelib, user):
    user(
        "from fakelib.core import stft\nimport functools\n"
        "TABLE = {'a': {'b': [stft]}}\nclass C:\n    def __init__(self): self.f = stft\n"
        "held = C()\ncached = functools.lru_cache(functools.partial(stft))\nlong = list(range(10**6))\n"
    )
    with pytest.warns(spectro.FallbackWarning, match="held since before") as caught:
        hook.install(inherit=False)
    names = str(caught[0].message).partition(": ")[2].split(", ")
    assert names == ["users_module.TABLE", "users_module.held", "users_module.cached"]


def test_a_class_that_is_reloaded_is_swapped_again(installed):
    import fakelib.nn as nn

    module = importlib.reload(nn)
    assert sys.modules["torch_machinery"].call(module.Scale(2), 1) == ("ours", 2, 1)


def test_a_decorated_wrapper_is_not_taken_for_one(installed):
    @functools.wraps(installed.stft)
    def moved(*args):
        return installed.stft(*args)

    assert is_swapped(installed.stft)
    assert not is_swapped(moved)
