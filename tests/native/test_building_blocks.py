"""Windows, padding, frames, plans and settings by themselves."""

from __future__ import annotations

import threading

import mlx.core as mx
import numpy as np
import pytest
import scipy.signal.windows
from hypothesis import given
from hypothesis import strategies as st

import spectro
from spectro.framing import frames, padding, windows
from spectro.spectrum.plan import StftPlan


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("length", [1, 2, 3, 64, 401])
def test_windows_are_scipys(length: int, periodic: bool) -> None:
    for name, coefficients in windows.COSINE_SUMS.items():
        scipy_name = {"rect": "boxcar"}.get(name, name)
        truth = scipy.signal.windows.get_window(scipy_name, length, fftbins=periodic)
        np.testing.assert_allclose(windows.cosine(length, coefficients, periodic), truth, atol=4e-16)
    truth = scipy.signal.windows.bartlett(length, sym=not periodic)
    np.testing.assert_allclose(windows.bartlett(length, periodic), truth, atol=1e-15)
    truth = scipy.signal.windows.kaiser(length, 12.0, sym=not periodic)
    np.testing.assert_allclose(windows.kaiser(length, 12.0, periodic), truth, atol=1e-14)


@given(
    length=st.integers(2, 12),
    left=st.integers(0, 30),
    right=st.integers(0, 30),
    mode=st.sampled_from(["constant", "reflect", "edge", "wrap"]),
)
def test_padding_is_numpys_even_beyond_the_signal(length: int, left: int, right: int, mode: str) -> None:
    x = np.arange(2.0 * length).reshape(2, length)
    truth = np.pad(x, ((0, 0), (left, right)), mode=mode)
    np.testing.assert_array_equal(padding.pad(np, x, left, right, mode), truth)
    np.testing.assert_array_equal(padding.pad(mx, mx.array(x), left, right, mode), truth)


@pytest.mark.parametrize(
    "turn", [lambda x: x, lambda x: x[:, ::-1], lambda x: x[::-1], lambda x: x[:, ::2], lambda x: x[:, 3:]]
)
def test_frames_of_an_mlx_array_however_it_lies(turn) -> None:
    x = np.arange(60, dtype=np.float32).reshape(2, 30)
    wanted = frames.frame(np, turn(x), 5, 2)
    np.testing.assert_array_equal(frames.frame(mx, turn(mx.array(x)), 5, 2), wanted)


@given(size=st.integers(1, 12), hop=st.integers(1, 15), extra=st.integers(0, 40), seed=st.integers(0, 9))
def test_frames_and_overlap_add_are_adjoint(size: int, hop: int, extra: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2, size + extra))
    y = frames.frame(np, x, size, hop)
    assert y.shape == (2, 1 + extra // hop, size)
    np.testing.assert_array_equal(y[1, -1], x[1, extra // hop * hop :][:size])
    weights = rng.standard_normal(y.shape)
    back = frames.overlap_add(np, weights, hop)
    assert np.sum(y * weights) == pytest.approx(np.sum(x[:, : back.shape[1]] * back), abs=1e-9)
    joined = frames._join_hops(mx.array(x), y.shape, hop)
    np.testing.assert_array_equal(joined, y.astype(np.float32))
    np.testing.assert_allclose(
        frames.overlap_add(mx, mx.array(weights), hop), back.astype(np.float32), atol=1e-5
    )


@given(n_fft=st.integers(1, 20), hop=st.integers(1, 25), length=st.integers(21, 90), centre=st.booleans())
def test_plan_counts_frames_as_framing_does(n_fft: int, hop: int, length: int, centre: bool) -> None:
    plan = StftPlan(n_fft, hop, pad=n_fft // 2 if centre else 0)
    left, right = plan.pads(length)
    x = padding.pad(np, np.zeros((1, length)), left, right, "reflect")
    assert plan.frames(length) == frames.frame(np, x, n_fft, hop).shape[1]


def test_make_window_validates() -> None:
    np.testing.assert_array_equal(
        spectro.make_window(mx.ones(5), "hann", 5, 8, True), [0, 1, 1, 1, 1, 1, 0, 0]
    )
    for arguments in (
        (None, "hann", 9, 8, True),
        (None, "hat", 8, 8, True),
        (mx.ones(4), "hann", 5, 8, True),
        (mx.ones((2, 4)), "hann", 4, 8, True),
        (np.array([1.0, np.nan]), "hann", 2, 8, True),
        (None, "hann", 0, 8, True),
        ([1.0] * 8, "hann", 8, 8, True),
    ):
        with pytest.raises(spectro.SpectroError):
            spectro.make_window(*arguments)


def test_resolve_fft_params_defaults_and_limits() -> None:
    assert spectro.resolve_fft_params(512, 128, 400, 0) == (512, 128, 400)
    assert spectro.resolve_fft_params(100, None, None, 5) == (110, 25, 100)
    for arguments in (
        (0, None, None, 0),
        (512, 0, None, 0),
        (512, None, 513, 0),
        (512, None, None, -1),
        (3, None, None, 0),
    ):
        with pytest.raises(spectro.ParameterError):
            spectro.resolve_fft_params(*arguments)


def test_transforms_are_shared_by_their_options() -> None:
    options = {
        "n_fft": 256, "hop_length": 64, "win_length": 256, "window_fn": "hann", "periodic": True,
        "center": True, "normalized": False,
    }  # fmt: skip
    assert spectro.get_transform_mlx(**options, window=None) is spectro.get_transform_mlx(
        **options, window=None
    )
    window = mx.ones(256)
    assert spectro.get_transform_mlx(**options, window=window) is not spectro.get_transform_mlx(
        **options, window=window
    )


def test_settings_in_a_block_stay_in_their_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    with spectro.config(fallback="error"):
        assert spectro.settings().fallback == "error"
        thread = threading.Thread(target=lambda: seen.append(spectro.settings().fallback))
        thread.start()
        thread.join()
        with spectro.config(strict=True):
            assert spectro.settings().fallback == "error"
            assert spectro.settings().strict
    assert seen == ["warn"]
    assert not spectro.settings().strict
    monkeypatch.setenv("SPECTRO_STRICT", "1")
    assert spectro.settings().strict
    monkeypatch.setenv("SPECTRO_FALLBACK", "sometimes")
    with pytest.raises(spectro.ParameterError, match="SPECTRO_FALLBACK"):
        spectro.settings()
    with pytest.raises(spectro.ParameterError, match="SPECTRO_FALLBACK"), spectro.config(strict=True):
        pass
    monkeypatch.undo()
    assert not spectro.settings().strict
    spectro.config(fallback="silent")
    assert spectro.settings().fallback == "silent"
    spectro.config(fallback="warn")
    for bad in ({"speed": 11}, {"strict": "very"}):
        with pytest.raises(spectro.ParameterError):
            spectro.config(**bad)


def test_explain_names_the_backend_and_the_reason() -> None:
    x = np.zeros(100, np.float32)
    assert spectro.explain(mx.array(x)).split(":")[0] in ("cpu", "portable")
    with spectro.config(strict=True):
        assert spectro.explain(x) == "torch: config(strict=True)"
    with spectro.config(backend="portable"):
        assert spectro.explain(x) == "portable: config(backend='portable')"
    assert spectro.explain(x, "torch_fallback").startswith("torch")
