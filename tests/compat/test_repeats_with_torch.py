"""Mirrors that repeat an earlier call, on tensors: torch still sees what only torch can do."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import spectro
from spectro.compat import hook
from spectro.compat import torch as ours
from spectro.compat import torchaudio as our_transforms

torch = pytest.importorskip("torch", reason="compares with torch itself")
torchaudio = pytest.importorskip("torchaudio", reason="compares with torchaudio itself")

pytestmark = pytest.mark.references
OPTIONS: dict[str, Any] = {"n_fft": 64, "hop_length": 16, "return_complex": True}


def noise(seed: int, *shape: int) -> Any:
    return torch.randn(*(shape or (2, 500)), generator=torch.Generator().manual_seed(seed))


def close(found: Any, wanted: Any) -> bool:
    assert type(found) is type(wanted)
    assert (found.dtype, found.shape, found.stride()) == (wanted.dtype, wanted.shape, wanted.stride())
    return bool(torch.allclose(found, wanted, rtol=1e-5, atol=1e-5 * wanted.abs().max().item()))


@pytest.mark.parametrize("shape", [(2, 500), (500,), (1, 500)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_stft_and_back(shape: tuple[int, ...], dtype: Any) -> None:
    window = torch.hann_window(64, dtype=dtype)
    for seed in range(3):
        x = noise(seed, *shape).to(dtype)
        z = ours.stft(x, window=window, **OPTIONS)
        assert close(z, torch.stft(x, window=window, **OPTIONS))
        back = ours.istft(z, 64, 16, window=window, length=500)
        assert close(back, torch.istft(z, 64, 16, window=window, length=500))


def test_a_window_changed_in_place_or_through_numpy_is_seen() -> None:
    x, window = noise(0), torch.hann_window(64)
    for change in (lambda: None, lambda: None, lambda: window.mul_(2.0), lambda: window.numpy().fill(1.0)):
        change()
        assert close(ours.stft(x, window=window, **OPTIONS), torch.stft(x, window=window, **OPTIONS))


def test_gradients_are_torchs_after_calls_without() -> None:
    x, window = noise(0), torch.hann_window(64)
    for _ in range(2):
        ours.stft(x, window=window, **OPTIONS)
    followed = x.clone().requires_grad_()
    ours.stft(followed, window=window, **OPTIONS).abs().square().sum().backward()
    assert followed.grad is not None
    of_window = window.clone().requires_grad_()
    assert ours.stft(x, window=of_window, **OPTIONS).requires_grad
    with torch.no_grad():
        z = ours.stft(followed, window=window, **OPTIONS)
    assert close(z, torch.stft(x, window=window, **OPTIONS))


def test_strict_is_heeded_after_calls_that_were_not() -> None:
    x, window = noise(0), torch.hann_window(64)
    for _ in range(2):
        ours.stft(x, window=window, **OPTIONS)
    with spectro.config(strict=True):
        assert torch.equal(ours.stft(x, window=window, **OPTIONS), torch.stft(x, window=window, **OPTIONS))


def test_lazily_conjugate_and_half_tensors() -> None:
    window = torch.hann_window(64)
    z = torch.stft(noise(0), window=window, **OPTIONS)
    for given in (z, z, z.conj(), z.conj().resolve_conj()):
        found = ours.istft(given, 64, 16, window=window, length=500)
        assert close(found, torch.istft(given, 64, 16, window=window, length=500))
    decibels = our_transforms.transforms.AmplitudeToDB(top_db=30.0)
    theirs = torchaudio.transforms.AmplitudeToDB(top_db=30.0)
    for seed in range(3):
        for dtype in (torch.float32, torch.float16, torch.float64):
            s = (noise(seed, 1, 9, 40) ** 2).to(dtype)
            found = decibels(s)
            assert found.dtype == dtype
            assert torch.allclose(found, theirs(s), rtol=1e-3, atol=2e-2 if dtype == torch.float16 else 1e-4)


def test_the_module_whose_place_is_taken_may_change() -> None:
    x = noise(0)
    theirs = torchaudio.transforms.Spectrogram(64, hop_length=16)
    expected = [theirs(x)]
    theirs.power = 1.0
    expected.append(theirs(x))
    theirs.window.mul_(2.0)
    expected.append(theirs(x))
    theirs.power = 2.0
    theirs.window.div_(2.0)
    hook.install(fallback="silent", inherit=False)
    try:
        for wanted, change in zip(
            [expected[0], expected[0], *expected[1:]],
            [
                lambda: None,
                lambda: None,
                lambda: setattr(theirs, "power", 1.0),
                lambda: theirs.window.mul_(2.0),
            ],
            strict=True,
        ):
            change()
            assert close(theirs(x), wanted)
    finally:
        hook.uninstall()


def test_torch_may_be_told_to_warn_always() -> None:
    x = noise(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            ours.stft(x, **OPTIONS)
    torch.set_warn_always(True)
    try:
        for _ in range(2):
            with pytest.warns(UserWarning, match="window"):
                ours.stft(x, **OPTIONS)
    finally:
        torch.set_warn_always(False)
