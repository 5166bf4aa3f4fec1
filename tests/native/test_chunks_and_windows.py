"""Overlap-add of chunks, two-sided spectra, and transforms whose window changes."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from direct import dft_matrix, frames, hann, relative_error
from test_transformations import check_gradient

import spectro


def joined(chunks: np.ndarray, step: int, window: np.ndarray, total: int, normalized: bool) -> np.ndarray:
    """Return the weighted sum of chunks one sample at a time."""
    y, w = np.zeros((*chunks.shape[1:-1], total)), np.zeros(total)
    for c, chunk in enumerate(chunks):
        for k in range(chunks.shape[-1]):
            if c * step + k < total:
                y[..., c * step + k] += window[k] * chunk[..., k]
                w[c * step + k] += window[k]
    return y / np.where(w == 0, 1.0, w) if normalized else y


@pytest.mark.parametrize("normalized", [True, False])
@pytest.mark.parametrize(("step", "total"), [(4, None), (3, 17), (12, 50), (10, None), (7, 60)])
def test_chunks_are_joined(step: int, total: int | None, normalized: bool) -> None:
    rng = np.random.default_rng(0)
    chunks = rng.standard_normal((5, 2, 3, 10)).astype(np.float32).astype(np.float64)
    length = 4 * step + 10 if total is None else total
    for window in (None, np.hanning(10), rng.random(10)):
        truth = joined(chunks, step, np.ones(10) if window is None else window, length, normalized)
        got = spectro.waveform_overlap_add(chunks, step, total, window, normalized=normalized)
        np.testing.assert_allclose(got, truth, atol=1e-14)
        narrow = None if window is None else mx.array(window.astype(np.float32))
        lazy = spectro.waveform_overlap_add(
            mx.array(chunks.astype(np.float32)), step, total, narrow, normalized=normalized
        )
        assert relative_error(np.array(lazy), truth) < 4e-7
        np.testing.assert_allclose(
            spectro.waveform_overlap_add(chunks[:, 0, 0], step, total, window, normalized=normalized),
            truth[0, 0],
            atol=1e-14,
        )


def test_cutting_and_joining_gives_the_signal_back(noise: np.ndarray) -> None:
    chunks = np.moveaxis(frames(noise, 300, 100), 1, 0)
    window = np.hamming(300)
    np.testing.assert_allclose(spectro.waveform_overlap_add(chunks, 100, window=window), noise, atol=1e-13)


def test_gradients_of_chunks_and_their_window() -> None:
    rng = np.random.default_rng(1)
    chunks, window = rng.standard_normal((3, 2, 6)), rng.random(6) + 0.5
    check_gradient(lambda xp, v: (spectro.waveform_overlap_add(v, 4, window=window) ** 3).sum(), chunks)

    def loss(xp: object, w: object) -> object:
        x = mx.array(chunks.astype(np.float32)) if xp is mx else chunks
        return (spectro.waveform_overlap_add(x, 4, window=w) ** 3).sum()

    check_gradient(loss, window)


def test_chunks_that_cannot_be_joined_are_refused() -> None:
    x = np.ones((3, 8))
    for call, name in (
        (lambda: spectro.waveform_overlap_add(x, 0), "step"),
        (lambda: spectro.waveform_overlap_add(x[0], 4), "frames"),
        (lambda: spectro.waveform_overlap_add(x, 4, 0), "total_samples"),
        (lambda: spectro.waveform_overlap_add(x, 4, window=np.ones(7)), "window"),
    ):
        with pytest.raises(spectro.ParameterError, match=name):
            call()
    with pytest.raises(spectro.ArrayTypeError, match="frames"):
        spectro.waveform_overlap_add(x.astype(int), 4)
    with pytest.raises(RuntimeError, match="require_metal"):
        spectro.waveform_overlap_add(x, 4, require_metal=True)


@pytest.mark.parametrize("n_fft", [64, 65])
def test_two_sided_spectra(noise: np.ndarray, n_fft: int) -> None:
    transform = spectro.SpectralTransform(n_fft, 16, center=False, onesided=False)
    truth = (frames(noise, n_fft, 16) * hann(n_fft)) @ dft_matrix(n_fft, n_fft)
    assert transform.n_freqs == n_fft
    z = transform.stft(noise, "bnf")
    assert relative_error(z, truth) < 1e-13
    lazy = transform.stft(mx.array(noise.astype(np.float32)), "bnf")
    assert relative_error(np.array(lazy), truth) < 1e-6
    whole = spectro.SpectralTransform(n_fft, 16, onesided=False)
    for x, tolerance in ((noise, 1e-13), (mx.array(noise.astype(np.float32)), 1e-6)):
        for layout in ("bfn", "bnf"):
            back = whole.istft(whole.stft(x, layout), length=1500, input_layout=layout)
            assert np.abs(np.array(back) - noise).max() < tolerance * 10


def test_with_window_leaves_the_old_transform_alone(noise: np.ndarray) -> None:
    old = spectro.SpectralTransform(
        64, 16, 48, "hamming", None, False, center_pad_mode="constant", normalized=True
    )
    window = np.random.default_rng(2).random(64)
    new = old.with_window(window)
    direct = spectro.SpectralTransform(
        64, 16, 48, "hamming", window, False, center_pad_mode="constant", normalized=True
    )
    np.testing.assert_array_equal(new.stft(noise), direct.stft(noise))
    assert not np.allclose(new.stft(noise), old.stft(noise))
    np.testing.assert_array_equal(new.with_window(None).stft(noise), old.stft(noise))


def test_set_window_reaches_compiled_functions_and_checks(noise: np.ndarray) -> None:
    x = mx.array(noise.astype(np.float32))
    transform = spectro.SpectralTransform(64, 64)
    with pytest.warns(spectro.NolaWarning):  # a Hann window's zero is covered by no other frame
        transform.istft(transform.stft(x), length=1400)
    before = np.array(transform.stft_compiled(x))
    transform.set_window(mx.ones(64))
    truth = np.array(spectro.SpectralTransform(64, 64, window_fn="rect").stft(x))
    np.testing.assert_allclose(transform.stft(x), truth, atol=1e-6)
    np.testing.assert_allclose(transform.stft_compiled(x), truth, atol=1e-5)
    assert np.abs(truth - before).max() > 1
    np.testing.assert_allclose(transform.istft(transform.stft(x), length=1400), x[:, :1400], atol=1e-5)
    transform.set_window(None)
    np.testing.assert_allclose(transform.stft_compiled(x), before, atol=1e-5)
    with pytest.raises(spectro.ParameterError, match="window"):
        transform.set_window(np.ones(63))


def test_a_shared_window_cannot_be_set() -> None:
    mel = spectro.MelSpectrogramTransform(16000, 400, 160, n_mels=20)
    with pytest.raises(spectro.ParameterError, match="with_window"):
        mel.spectral.set_window(np.ones(400))
    assert mel.spectral.with_window(np.ones(400)).window.tolist() == [1.0] * 400
