"""Mirrors that repeat an earlier call of the same form heed everything that may have changed since."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.backends import repeats
from spectro.backends.choices import listening
from spectro.backends.repeats import kept_of
from spectro.compat import librosa, torch, torchaudio
from spectro.kernels import cpu

KINDS: dict[str, Callable[[np.ndarray], Any]] = {"numpy": np.copy, "mlx": mx.array}
N_FFT, HOP = 64, 16


@pytest.fixture(autouse=True)
def on_cpu() -> Any:
    if not cpu.status().loaded:
        pytest.skip(f"no native kernels: {cpu.status().reason}")
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    yield
    mx.set_default_device(before)


@pytest.fixture
def repeated(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the calls of a form that is kept were repeated."""
    seen, repeat = [], repeats._repeat

    def watched(*args: Any) -> Any:
        answer = repeat(*args)
        seen.append(answer is not None)
        return answer

    monkeypatch.setattr(repeats, "_repeat", watched)
    return seen


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape or (2, 500)).astype(np.float32)


def hann(n: int = N_FFT) -> np.ndarray:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)).astype(np.float32)


def defined(x: np.ndarray, window: np.ndarray, mode: str = "reflect") -> np.ndarray:
    """The STFT by its definition in float64, [..., F, N]."""
    pads = [(0, 0)] * (x.ndim - 1) + [(N_FFT // 2, N_FFT // 2)]
    padded = np.pad(x.astype(np.float64), pads, mode=mode)  # type: ignore[call-overload]
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT, axis=-1)[..., ::HOP, :]
    return np.fft.rfft(frames * window.astype(np.float64)).swapaxes(-1, -2)


def assert_close(found: Any, wanted: np.ndarray, atol: float = 1e-5) -> None:
    assert tuple(found.shape) == wanted.shape
    np.testing.assert_allclose(np.array(found), wanted, rtol=0, atol=atol * np.abs(wanted).max())


def kernel_calls(function: Callable[[], Any]) -> int:
    with cpu.recording() as made:
        function()
    return len(made)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 500), (500,)])
def test_torch_stft_and_back(kind: str, shape: tuple[int, ...], repeated: list[bool]) -> None:
    make, window = KINDS[kind], hann()
    for seed in range(3):
        x = noise(seed, *shape)
        z = torch.stft(make(x), N_FFT, HOP, window=make(window), return_complex=True)
        assert_close(z, defined(x, window))
        assert_close(torch.istft(z, N_FFT, HOP, window=make(window), length=500), x)
    assert repeated[-2:] == [True, True]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("shape", [(20, 20), (1, 20, 20), (2, 20, 31), (2, 3, 20, 7)])
def test_answers_have_their_shape_whatever_lies_side_by_side(
    kind: str, turned: bool, shape: tuple[int, ...]
) -> None:
    objects = [torchaudio.transforms.AmplitudeToDB(top_db=60.0) for _ in range(2)]  # one function inside both
    with spectro.config(arrays="numpy"):
        mel = torchaudio.transforms.MelScale(5, 8000, n_stft=20)
    bands = np.asarray(mel.fb, np.float64)
    for seed in range(3):
        p = noise(seed, *shape) ** 2
        values = p if not turned else np.ascontiguousarray(p.swapaxes(-1, -2)).swapaxes(-1, -2)
        x = KINDS[kind](values)
        assert_close(mel(x), np.einsum("...fn,fm->...mn", p.astype(np.float64), bands))
        db = 10 * np.log10(np.maximum(p.astype(np.float64), 1e-10))
        peaks = db.max(axis=tuple(range(-min(p.ndim, 3), 0)), keepdims=True)
        for decibels in objects:
            assert_close(decibels(x), np.maximum(db, peaks - 60))
            assert_close(
                torchaudio.functional.amplitude_to_DB(x, 10.0, 1e-10, 0.0, 60.0), np.maximum(db, peaks - 60)
            )
    assert [len(kept_of(thing)) for thing in (mel, *objects)] == [1, 1, 1]


def test_a_window_changed_in_place_is_seen() -> None:
    x, window = noise(0), hann()
    for _ in range(2):
        assert_close(torch.stft(x, N_FFT, HOP, window=window, return_complex=True), defined(x, window))
    window *= np.linspace(1, 2, N_FFT, dtype=np.float32)
    assert_close(torch.stft(x, N_FFT, HOP, window=window, return_complex=True), defined(x, window))
    other = mx.array(window)
    y = mx.array(x)
    for _ in range(2):
        assert_close(torch.stft(y, N_FFT, HOP, window=other, return_complex=True), defined(x, window))
    other[3:9] = 0.0
    window[3:9] = 0.0
    assert_close(torch.stft(y, N_FFT, HOP, window=other, return_complex=True), defined(x, window))


def test_the_memory_of_a_spectrum_is_torchs_each_time() -> None:
    strides = {
        torch.stft(noise(seed), N_FFT, HOP, window=hann(), return_complex=True).strides for seed in range(3)
    }
    bins = N_FFT // 2 + 1
    assert strides == {(8 * bins * (500 // HOP + 1), 8, 8 * bins)}


def test_a_transform_follows_its_attributes_and_buffers() -> None:
    x = noise(0)
    transform = torchaudio.transforms.Spectrogram(N_FFT, hop_length=HOP, window_fn=lambda n: hann(n))
    power = np.abs(defined(x, hann())) ** 2
    for _ in range(2):
        assert_close(transform(x), power)
    transform.power = 1.0
    assert_close(transform(x), np.sqrt(power))
    transform.power = 2.0
    transform.window[:] *= 2
    assert_close(transform(x), 4 * power)
    transform.load_state_dict({"window": hann()})
    assert_close(transform(x), power)


def test_part_of_a_transform_may_change() -> None:
    x = noise(0)
    options: dict[str, Any] = {"n_fft": N_FFT, "hop_length": HOP, "n_mels": 8}
    with spectro.config(arrays="numpy"):
        mel = torchaudio.transforms.MelSpectrogram(8000, **options)
    bands = np.asarray(mel.mel_scale.fb, np.float64)
    spectrum = defined(x, hann())
    for _ in range(2):
        assert_close(mel(x), np.einsum("bfn,fm->bmn", np.abs(spectrum) ** 2, bands))
    mel.spectrogram.power = 1.0
    assert_close(mel(x), np.einsum("bfn,fm->bmn", np.abs(spectrum), bands))
    mel.mel_scale.fb[:] *= 3
    assert_close(mel(x), 3 * np.einsum("bfn,fm->bmn", np.abs(spectrum), bands))


@pytest.mark.parametrize("kind", KINDS)
def test_decibels_of_every_array_have_its_own_peak(kind: str) -> None:
    transform = torchaudio.transforms.AmplitudeToDB(top_db=20.0)
    for seed in range(3):
        s = (seed + 1) * noise(seed, 1, 9, 40) ** 2
        db = 10 * np.log10(np.maximum(s.astype(np.float64), 1e-10))
        wanted = np.maximum(db, db.max() - 20.0)
        assert_close(transform(KINDS[kind](s)), wanted)
        reference = librosa.power_to_db(s, ref=np.max, top_db=None)
        assert_close(reference, db - db.max())


def test_settings_and_listeners_are_heeded() -> None:
    x, window = noise(0), hann()

    def transform() -> np.ndarray:
        return torch.stft(x, N_FFT, HOP, window=window, return_complex=True)

    assert kernel_calls(transform) == kernel_calls(transform) == 1
    with spectro.config(backend="portable"):
        assert kernel_calls(transform) == 0
    with listening() as heard:
        transform()
    assert heard[-1].backend == "cpu"
    assert kernel_calls(transform) == 1


def test_librosa_refuses_what_is_not_finite_every_time() -> None:
    y = noise(0, 500)
    for _ in range(2):
        assert_close(librosa.stft(y, n_fft=N_FFT, hop_length=HOP), defined(y, hann(), "constant"))
    y[10] = np.inf
    for _ in range(2):
        with pytest.raises(librosa.ParameterError):
            librosa.stft(y, n_fft=N_FFT, hop_length=HOP)


def test_keywords_and_the_array_filled_are_told_apart() -> None:
    y = noise(0, 500)
    wanted = defined(y, hann(), "constant")
    for _ in range(2):
        assert_close(librosa.stft(y=y, n_fft=N_FFT, hop_length=HOP), wanted)
        assert_close(librosa.stft(y, hop_length=HOP, n_fft=N_FFT), wanted)
        out = np.zeros(wanted.shape, np.complex64)
        found = librosa.stft(y, n_fft=N_FFT, hop_length=HOP, out=out)
        assert np.shares_memory(found, out)
        assert_close(out, wanted)
    wide = librosa.stft(y, n_fft=N_FFT, hop_length=HOP, dtype=np.complex128)
    assert wide.dtype == np.complex128


def test_callable_windows_are_asked_every_time() -> None:
    y, asked = noise(0, 500), []

    def window(n: int) -> np.ndarray:
        asked.append(n)
        return len(asked) * hann(n)

    for times in (1, 2, 3):
        z = librosa.stft(y, n_fft=N_FFT, hop_length=HOP, window=window)
        assert_close(z, times * defined(y, hann(), "constant"))


def test_gradients_follow_a_call_that_was_repeated() -> None:
    x, window = mx.array(noise(0)), mx.array(hann())

    def energy(y: mx.array) -> mx.array:
        z = torch.stft(y, N_FFT, HOP, window=window, return_complex=True)
        return mx.square(mx.abs(z)).sum()

    before = [float(energy(x)) for _ in range(2)]
    gradient = mx.grad(energy)(x)
    # The energy is a quadratic form, so x . gradient = 2 energy (Euler).
    assert float((x * gradient).sum()) == pytest.approx(2 * before[0], rel=1e-5)
    of_window = mx.grad(
        lambda w: mx.square(mx.abs(torch.stft(x, N_FFT, HOP, window=w, return_complex=True))).sum()
    )
    assert float((window * of_window(window)).sum()) == pytest.approx(2 * before[0], rel=1e-4)


def test_transforms_are_copied_and_pickled_without_their_calls() -> None:
    x = noise(0)
    with spectro.config(arrays="numpy"):
        mel = torchaudio.transforms.MelSpectrogram(8000, n_fft=N_FFT, hop_length=HOP, n_mels=8)
    wanted = mel(x)
    assert kept_of(mel)
    for other in (copy.copy(mel), copy.deepcopy(mel), pickle.loads(pickle.dumps(mel))):
        assert not kept_of(other)
        np.testing.assert_array_equal(other(x), wanted)


def test_a_subclass_with_slots_is_copied_whole() -> None:
    class Marked(torchaudio.transforms.Spectrogram):
        __slots__ = ("mark",)
        mark: int

    transform = Marked(N_FFT)
    transform.mark = 5
    transform(noise(0))
    assert copy.copy(transform).mark == 5


def test_axes_of_one_lie_as_they_did() -> None:
    transform = torchaudio.transforms.Spectrogram(N_FFT)
    strides = {transform(noise(seed, 3, 1, 500)).strides for seed in range(3)}
    assert len(strides) == 1


def test_windows_in_bfloat16() -> None:
    x, window = noise(0), mx.ones(N_FFT, mx.bfloat16)
    for _ in range(2):
        found = torch.stft(mx.array(x), N_FFT, HOP, window=window, return_complex=True)
        assert_close(found, defined(x, np.ones(N_FFT)))


def test_an_empty_batch_has_empty_spectra() -> None:
    none = np.zeros((0, 500), np.float32)
    assert librosa.stft(none, n_fft=N_FFT).shape == (0, 33, 32)
    assert librosa.istft(np.zeros((0, 33, 5), np.complex64)).shape == (0, 64)
    assert librosa.feature.melspectrogram(y=none, n_fft=N_FFT, n_mels=4).shape[:2] == (0, 4)
