"""A library that is not installed: the mirror stands in for it."""

import importlib
import importlib.util
import sys

import numpy as np
import pytest

import spectro
from spectro.compat import hook
from spectro.compat.hook.finder import Finder


@pytest.fixture
def alone(monkeypatch):
    """Install the hook where neither torch nor torchaudio can be found."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("torch", "torchaudio")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(Finder, "_ask", lambda self, fullname, path, target: None)
    hook.install(profile=True, inherit=False)
    yield
    hook.uninstall()


def test_the_mirror_serves_alone(alone):
    import torch
    from torchaudio.transforms import MelSpectrogram

    x = np.random.default_rng(0).standard_normal(800)
    assert not isinstance(x, torch.Tensor)
    window = torch.hann_window(64, dtype=float)
    np.testing.assert_allclose(window, 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(64) / 64), atol=1e-15)
    z = torch.stft(x, 64, 32, window=window, center=False, return_complex=True)
    np.testing.assert_allclose(z[:, 3], np.fft.rfft(x[96:160] * window), atol=1e-12)
    assert MelSpectrogram(8000, 64, n_mels=8)(x.astype(np.float32)).shape == (8, 26)
    assert importlib.import_module("torchaudio").transforms is importlib.import_module(
        "torchaudio.transforms"
    )
    names = [line["name"] for line in hook.report().as_json()["functions"]]
    assert names == ["torch.hann_window", "torch.stft", "torchaudio.transforms.MelSpectrogram"]


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is there")
def test_who_asks_for_the_library_hears_that_it_is_not_there(alone):
    assert importlib.util.find_spec("torch") is None
    importlib.import_module("torch")
    assert importlib.util.find_spec("torchaudio") is None


def test_what_is_not_mirrored_says_what_to_install(alone):
    import torch

    assert spectro.arrays.loaded_torch() is None
    with pytest.raises(AttributeError, match="pip install 'spectro-mlx"):
        torch.nn.Linear(1, 1)
    with pytest.raises(ImportError, match="pip install"):
        importlib.import_module("torch.nn.functional")


def test_the_stand_in_goes_with_the_hook(alone):
    importlib.import_module("torchaudio.transforms")
    hook.uninstall()
    assert not [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]
    with pytest.raises(ImportError):
        importlib.import_module("torchaudio_that_nobody_has")
