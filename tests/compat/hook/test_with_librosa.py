"""The hook on librosa itself, which loads its modules late."""

import importlib
import sys
import types

import numpy as np
import pytest

from spectro.compat import hook
from spectro.compat.hook.calls import is_swapped

librosa = pytest.importorskip("librosa", reason="swaps librosa itself")

pytestmark = pytest.mark.references
STYLES = {
    "import librosa": "librosa.stft(y)",
    "import librosa as lb": "lb.stft(y)",
    "from librosa import stft": "stft(y)",
    "from librosa.core import stft as s": "s(y)",
    "import librosa.core.spectrum as S": "S.stft(y)",
    "from librosa import *": "stft(y)",
    "from librosa.feature import melspectrogram": "melspectrogram(y=y)",
    "import librosa.feature as F": "F.mfcc(y=y)",
    "from librosa.feature.spectral import spectral_centroid": "spectral_centroid(y=y)",
    "import importlib": "importlib.import_module('librosa.onset').onset_strength(y=y)",
    "import librosa as r, functools": "functools.partial(r.stft, n_fft=512)(y)",
    "import librosa as q": "list(map(q.amplitude_to_db, [np.abs(y)]))",
}


@pytest.fixture
def installed():
    hook.install(profile=True, fallback="error", inherit=False)
    yield
    hook.uninstall()


@pytest.fixture
def y():
    return np.random.default_rng(0).standard_normal(4000).astype(np.float32)


@pytest.mark.parametrize("line", STYLES)
def test_every_style_of_import_is_served(installed, y, line):
    before = hook.report().as_json()["served"]
    exec(f"{line}\n{STYLES[line]}", {"__name__": "users_module", "y": y, "np": np})
    assert hook.report().as_json()["served"] > before


def test_bad_input_raises_librosas_class(installed):
    with pytest.raises(librosa.ParameterError):
        librosa.stft(np.zeros(4000, int))


def library_names():
    """Return every attribute of librosa's modules and of the classes in them."""
    return {
        (name, attribute): value
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "librosa" and isinstance(module, types.ModuleType)
        for attribute, value in list(vars(module).items())
    }


def test_uninstall_restores_every_attribute(y):
    for name in ("core.spectrum", "feature.spectral", "onset", "effects", "util.utils", "segment"):
        importlib.import_module(f"librosa.{name}")
    before = library_names()
    hook.install(profile=True, inherit=False)
    assert sum(is_swapped(value) for value in library_names().values()) > 100
    librosa.feature.mfcc(y=y)
    librosa.effects.hpss(y)
    hook.uninstall()
    after = library_names()
    assert [key for key, value in before.items() if after.get(key) is not value] == []
    assert [key for key, value in after.items() if is_swapped(value)] == []
