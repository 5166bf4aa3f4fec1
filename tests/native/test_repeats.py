"""A call like an earlier one goes straight to the kernel, and still heeds whatever may have changed."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.backends.choices import listening
from spectro.backends.repeats import MOST_FORMS, kept_of
from spectro.errors import ArrayTypeError, BackendError, NolaWarning, ParameterError
from spectro.kernels import cpu

N_FFT, HOP, LENGTH = 64, 16, 800
KINDS: dict[str, Callable[[np.ndarray], Any]] = {"numpy": np.copy, "mlx": mx.array}


pytestmark = pytest.mark.skipif(not cpu.status().loaded, reason="no native kernels")


@pytest.fixture
def transform() -> spectro.SpectralTransform:
    return spectro.SpectralTransform(N_FFT, HOP)


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape or (2, LENGTH)).astype(np.float32)


def defined(x: np.ndarray, window: np.ndarray | None = None) -> np.ndarray:
    """The STFT by its definition in float64, [B, F, N]."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT) if window is None else window
    padded = np.pad(np.atleast_2d(x).astype(np.float64), ((0, 0), (N_FFT // 2, N_FFT // 2)), mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT, axis=1)[:, ::HOP]
    return np.fft.rfft(frames * window).swapaxes(1, 2)


def kept(thing: Any) -> int:
    return len(kept_of(thing))


def assert_close(found: Any, wanted: np.ndarray) -> None:
    assert found.shape == wanted.shape
    np.testing.assert_allclose(np.array(found), wanted, rtol=0, atol=1e-5 * np.abs(wanted).max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, LENGTH), (LENGTH,)])
def test_every_call_transforms_its_own_audio(
    transform: spectro.SpectralTransform, kind: str, shape: tuple[int, ...]
) -> None:
    for seed in range(3):
        x = noise(seed, *shape)
        z = transform.stft(KINDS[kind](x))
        assert_close(z, defined(x))
        assert_close(transform.istft(z, length=LENGTH), np.atleast_2d(x))
    assert kept(transform) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_checked_for_a_form_is_not_checked_again(
    transform: spectro.SpectralTransform, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    transform.stft(KINDS[kind](noise(0)))
    monkeypatch.setattr("spectro.spectrum.transform.check_audio", None)  # a call of it would raise
    assert_close(transform.stft(KINDS[kind](noise(1))), defined(noise(1)))


def test_layouts_forms_and_kinds_are_kept_apart(transform: spectro.SpectralTransform) -> None:
    for _ in range(2):
        for length in (LENGTH, LENGTH + 5):
            x = noise(length, 2, length)
            for make in KINDS.values():
                assert_close(transform.stft(make(x)), defined(x))
                assert_close(transform.stft(make(x), "bnf"), defined(x).swapaxes(1, 2))
            wide = transform.stft(x.astype(np.float64))
            assert wide.dtype == np.complex128
            np.testing.assert_allclose(wide, defined(x), rtol=0, atol=1e-13 * np.abs(wide).max())


def test_rows_that_lie_otherwise_are_transformed_as_they_lie(transform: spectro.SpectralTransform) -> None:
    x = noise(0)
    for given in (x, x, np.asfortranarray(x), x[:, ::-1], np.repeat(x, 2, axis=1)[:, ::2], x):
        assert_close(transform.stft(given), defined(given))
    turned = mx.array(np.ascontiguousarray(x.T)).T
    for given in (mx.array(x), mx.array(x), turned):
        assert_close(transform.stft(given), defined(x))


def test_what_is_not_finite_is_refused_every_time(transform: spectro.SpectralTransform) -> None:
    x = noise(0)
    transform.stft(x)
    transform.stft(x)
    x[1, 7] = np.nan
    for _ in range(2):
        with pytest.raises(ParameterError, match="NaN"):
            transform.stft(x)
    with spectro.config(check_finite=False):
        for _ in range(2):
            assert np.isnan(transform.stft(x)).any()
    with pytest.raises(ParameterError, match="NaN"):
        transform.stft(x)


def test_settings_hold_for_calls_that_are_kept(
    transform: spectro.SpectralTransform, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = noise(0)

    def backend() -> str:
        with listening() as heard:
            assert_close(transform.stft(x), defined(x))
        return heard[-1].backend

    def made_by_the_kernel() -> bool:
        with cpu.recording() as made:
            assert_close(transform.stft(x), defined(x))
        return bool(made)

    for _ in range(2):
        assert made_by_the_kernel()
        assert backend() == "cpu"
        with spectro.config(backend="portable"):
            assert not made_by_the_kernel()
            assert backend() == "portable"
        monkeypatch.setenv("SPECTRO_BACKEND", "portable")
        assert not made_by_the_kernel()
        monkeypatch.delenv("SPECTRO_BACKEND")


def test_another_instruction_set_is_used_at_once(
    transform: spectro.SpectralTransform, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = noise(0)
    transform.stft(x)
    monkeypatch.setenv("SPECTRO_CPU_ISA", "none of them")
    with cpu.recording() as made:
        assert_close(transform.stft(x), defined(x))
    assert not made


def test_a_new_window_or_option_forgets_what_was_kept(transform: spectro.SpectralTransform) -> None:
    x = noise(0)
    transform.stft(x)
    window = np.hamming(N_FFT)
    transform.set_window(window.astype(np.float32))
    assert_close(transform.stft(x), defined(x, window.astype(np.float32).astype(np.float64)))

    options = {"sample_rate": 8000, "n_fft": N_FFT, "hop_length": HOP, "n_mels": 8}
    mel = spectro.MelSpectrogramTransform(**options, output_scale="linear")
    of_power = mel(x)
    mel.power = 1.0
    assert_close(mel(x), spectro.MelSpectrogramTransform(**options, output_scale="linear", power=1.0)(x))
    mel.power = 2.0
    assert_close(mel(x), of_power)


def test_an_option_that_only_equals_an_earlier_one_is_refused(transform: spectro.SpectralTransform) -> None:
    z = transform.stft(noise(0))
    transform.istft(z, length=LENGTH)
    with pytest.raises(ArrayTypeError, match="length must be an integer"):
        transform.istft(z, length=float(LENGTH))  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="output_layout"):
        transform.stft(noise(0), ["bfn"])  # type: ignore[arg-type]


def test_a_warning_is_given_every_time() -> None:
    gaps = spectro.SpectralTransform(N_FFT, N_FFT, window_fn="hann")
    z = gaps.stft(noise(0))
    for _ in range(3):
        with pytest.warns(NolaWarning, match="NOLA"):
            gaps.istft(z, length=LENGTH)


def test_what_mlx_follows_is_followed_after_calls_that_were_kept(
    transform: spectro.SpectralTransform,
) -> None:
    x = mx.array(noise(0))
    for _ in range(2):
        mx.eval(transform.stft(x))

    def energy(y: mx.array) -> mx.array:
        return mx.square(mx.abs(transform.stft(y))).sum()

    # The energy is a quadratic form, so x . gradient = 2 energy (Euler).
    gradient = mx.grad(energy)(x)
    assert float((x * gradient).sum()) == pytest.approx(2 * float(energy(x)), rel=1e-5)
    assert_close(mx.compile(transform.stft)(x), defined(np.array(x)))
    rows = mx.vmap(lambda row: transform.stft(row)[0])(x)
    assert_close(rows, defined(np.array(x)))


SCALES = ["linear", "log", "db"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", [*SCALES, "log10_plus_one"])
def test_bands_are_the_same_the_third_time(kind: str, scale: str) -> None:
    bank = np.eye(N_FFT // 2 + 1)[:, 2:20]
    transforms: list[Any] = [
        spectro.FilteredSpectrogramTransform(
            filterbank=bank, sample_rate=8000, n_fft=N_FFT, hop_length=HOP, output_scale=scale
        )
    ]
    if scale in SCALES:
        options = {"sample_rate": 8000, "n_fft": N_FFT, "hop_length": HOP, "n_mels": 8}
        transforms.append(spectro.MelSpectrogramTransform(**options, output_scale=scale))
    for bands in transforms:
        first, again = KINDS[kind](noise(1)), KINDS[kind](noise(2))
        with spectro.config(backend="portable"):
            wanted = [np.array(bands(x)) for x in (first, again)]
        for x, y in zip((first, again, first), (*wanted, wanted[0]), strict=True):
            np.testing.assert_allclose(np.array(bands(x)), y, rtol=1e-4, atol=1e-4)


def test_one_transform_serves_many_threads(transform: spectro.SpectralTransform) -> None:
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            for i in range(40):
                x = noise(seed + i, 1 + i % 3, LENGTH)
                assert_close(transform.stft(x), defined(x))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(100 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_forms_that_do_not_come_back_do_not_pile_up(transform: spectro.SpectralTransform) -> None:
    for length in range(LENGTH, LENGTH + MOST_FORMS + 10):
        transform.stft(np.zeros(length, np.float32))
    assert 0 < kept(transform) <= MOST_FORMS


def test_a_subclass_computes_as_it_says_every_time() -> None:
    class Doubled(spectro.MelSpectrogramTransform):
        def compute(self, received: Any, scale: str) -> Any:
            y = super().compute(received, scale)
            y *= 2
            return y

    options = {"sample_rate": 8000, "n_fft": N_FFT, "hop_length": HOP, "n_mels": 8, "output_scale": "linear"}
    mel, doubled = spectro.MelSpectrogramTransform(**options), Doubled(**options)
    x = noise(0)
    for _ in range(3):
        np.testing.assert_array_equal(doubled(x), 2 * mel(x))


def test_a_method_replaced_on_the_object_is_called(transform: spectro.SpectralTransform) -> None:
    x = noise(0)
    transform.stft(x)
    transform.analyze = lambda *given: np.zeros((1, 2, 3))  # type: ignore[method-assign]
    assert transform.stft(x).shape == (1, 2, 3)
    del transform.analyze
    assert_close(transform.stft(x), defined(x))


def test_a_validated_inverse_is_validated_every_time(transform: spectro.SpectralTransform) -> None:
    z = transform.stft(noise(0))
    for _ in range(2):
        transform.istft(z, validate=True)
        with pytest.raises(BackendError, match="differ"):
            transform.istft(z * np.float32(np.nan), validate=True)


def test_what_changes_during_a_call_is_seen_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"sample_rate": 8000, "n_fft": N_FFT, "hop_length": HOP, "n_mels": 8, "output_scale": "linear"}
    x, mel = noise(0), spectro.MelSpectrogramTransform(**options)
    of_magnitude = spectro.MelSpectrogramTransform(**options, power=1.0)(x)
    compute = mel.compute

    def compute_slowly(*given: Any) -> Any:
        answer = compute(*given)
        mel.power = 1.0  # as another thread might
        return answer

    monkeypatch.setattr(mel, "compute", compute_slowly)
    mel(x)
    np.testing.assert_allclose(mel(x), of_magnitude, rtol=1e-6)


def test_bfloat16_is_computed_in_float32(transform: spectro.SpectralTransform) -> None:
    x = mx.array(noise(0)).astype(mx.bfloat16)
    for _ in range(2):
        assert_close(transform.stft(x), defined(np.array(x.astype(mx.float32))))


def test_copies_carry_no_calls_along() -> None:
    mel = spectro.MelSpectrogramTransform(sample_rate=8000, n_fft=N_FFT, hop_length=HOP, n_mels=8)
    mel(noise(0))
    assert kept(mel) == 1
    other = copy.copy(mel)
    assert kept(other) == 0
    np.testing.assert_array_equal(other(noise(0)), mel(noise(0)))
