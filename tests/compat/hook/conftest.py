"""A reference library made for the tests, `fakelib`, with a mirror of some of its names.

It has what makes a swap hard: a function defined deep inside and shown at the top, modules that load
late (librosa's way), calls of its own functions from inside, and modules as torch has them.
"""

from __future__ import annotations

import importlib
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from spectro import callers, errors
from spectro.compat import exceptions, fallback, hook, registry
from spectro.compat.hook import children, spectral

FILES = {
    "__init__.py": """
import importlib

class ParameterError(Exception):
    pass

def __getattr__(name):  # as lazy_loader does it, keeping what it found
    if name in ("stft", "power"):
        found = getattr(importlib.import_module("fakelib.core.spectrum"), name)
    elif name in ("core", "feature", "nn"):
        return importlib.import_module(f"fakelib.{name}")
    else:
        raise AttributeError(name)
    globals()[name] = found
    return found

def __dir__():
    return ["ParameterError", "stft", "power", "core", "feature", "nn"]
""",
    "core/__init__.py": "from .spectrum import power, stft\n",
    "core/spectrum.py": """
def stft(x, n_fft=8):
    if n_fft < 1:
        raise ValueError("theirs")
    return ("theirs", x)

def power(x):
    return ("power of", stft(x))
""",
    "feature/__init__.py": "from .spectral import mel, tonnetz\n",
    "feature/spectral.py": """
from ..core.spectrum import stft
import fakelib

def mel(x):
    return ("theirs", stft(x), fakelib.stft(x))

def tonnetz(x):
    return ("tonnetz", stft(x))

class Twist:
    def forward(self, x):
        return ("twist", x)
""",
    "nn.py": """
class Scale:
    def __init__(self, gain=1.0):
        self.gain = gain
        self.mask = [0.0]

    def named_children(self):
        return ()

    def forward(self, x):
        return ("theirs", self.gain, x)

class Chain(Scale):
    def forward(self, x):
        return ("chain", call(Scale(3), x))

from torch_machinery import call
""",
}


@pytest.fixture
def fakelib(monkeypatch, tmp_path):
    """Write `fakelib` where imports find it; mirror fakelib.stft, fakelib.feature.mel, fakelib.nn.Scale."""
    for name, text in FILES.items():
        path = tmp_path / "fakelib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    machinery = types.ModuleType("torch_machinery")
    exec(
        "def call(module, x):\n    return module.forward(x)\n",
        {"__name__": "torch.nn.modules.module"},
        vars(machinery),
    )
    monkeypatch.setitem(sys.modules, "torch_machinery", machinery)

    namespace = types.ModuleType("spectro.compat.fakelib")
    namespace.__path__ = []
    namespace.__spec__ = ModuleSpec(namespace.__name__, None, is_package=True)
    monkeypatch.setitem(sys.modules, namespace.__name__, namespace)
    monkeypatch.setattr(registry, "_mirrors", dict(registry._mirrors))
    monkeypatch.setattr(fallback, "_namespaces", dict(fallback._namespaces))
    monkeypatch.setattr(exceptions, "_declared", dict(exceptions._declared))
    namespace.__getattr__ = fallback.fall_through(
        namespace.__name__, "fakelib", exceptions={"ParameterError": errors.ParameterError}
    )
    monkeypatch.setattr(callers, "_INSIDE", callers._INSIDE | {"fakelib"})
    monkeypatch.setattr(callers, "_known", {})
    monkeypatch.setattr(hook, "LIBRARIES", ("fakelib",))
    monkeypatch.setattr(spectral, "_MODULES", ("fakelib.feature.",))
    monkeypatch.setattr(fallback, "_told", set())

    @registry.mirrors("fakelib.stft")
    def stft(x, n_fft=8):
        """Ours."""
        if n_fft < 1:
            raise errors.ParameterError("n_fft is wrong")
        return ("ours", x)

    @registry.mirrors("fakelib.feature.mel")
    def mel(x):
        return ("ours", x)

    @registry.mirrors("fakelib.nn.Scale")
    class Scale:
        def __init__(self, gain=1.0):
            self.gain = gain

        def adopt(self, theirs):
            self.gain, self.mask = theirs.gain, theirs.mask
            return [self.mask]

        def buffers(self):
            return (self.mask,)

        def forward(self, x):
            return ("ours", self.gain, x)

    namespace.stft = stft
    yield namespace
    hook.uninstall()
    for name in [name for name in sys.modules if name.partition(".")[0] == "fakelib"]:
        del sys.modules[name]


@pytest.fixture
def installed(fakelib):
    """`fakelib` with the hook installed, counting."""
    hook.install(profile=True, inherit=False)
    return importlib.import_module("fakelib")


@pytest.fixture
def user(monkeypatch):
    """Return a function that makes a module of the user's own from its source."""

    def make(source: str, name: str = "users_module") -> types.ModuleType:
        module = types.ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        exec(source, module.__dict__)
        return module

    return make


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    monkeypatch.delenv(children.VARIABLE, raising=False)


ROOT = Path(__file__).resolve().parents[3]
