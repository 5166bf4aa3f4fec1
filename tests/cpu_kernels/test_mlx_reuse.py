"""Memory of large mx.arrays: used again when nobody holds it, and only then."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.kernels import cpu
from spectro.kernels.cpu import mlx_arrays, mlx_reuse

FLOAT, COMPLEX = np.dtype(np.float32), np.dtype(np.complex64)
SHAPE = (4, 300000)  # 4.8 MB of float32


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    before = mx.default_device()
    mx.set_default_device(mx.cpu)
    mlx_reuse.release()
    yield
    mlx_reuse.release()
    mx.set_default_device(before)


def made(value: float, shape: tuple[int, ...] = SHAPE, dtype: np.dtype[Any] = FLOAT) -> mx.array:
    values = np.full(shape, value, dtype)

    def fill(address: int) -> None:
        ctypes.memmove(address, values.ctypes.data, values.nbytes)

    return mlx_arrays.filled_again(shape, dtype, fill)


def where(x: mx.array) -> int:
    return np.array(x, copy=False).__array_interface__["data"][0]


def test_a_dropped_array_gives_its_memory_to_the_next() -> None:
    assert mlx_reuse.can_reuse()
    first = made(1)
    place = where(first)
    for shape, dtype in ((SHAPE, FLOAT), ((3, 300001), FLOAT), ((600000,), COMPLEX), (SHAPE, FLOAT)):
        del first
        first = made(2, shape, dtype)
        assert where(first) == place
        assert (first.shape, first.dtype) == (shape, mx.float32 if dtype == FLOAT else mx.complex64)
        assert np.array_equal(np.array(first), np.full(shape, 2, dtype))
        assert np.array_equal(np.array(first.T + 1), np.full(shape[::-1], 3, dtype))


@pytest.mark.parametrize(
    "hold",
    [
        lambda x: x,
        lambda x: x[1:],
        lambda x: x * 1,  # not computed before the next array is made
        lambda x: mx.stop_gradient(x),
        lambda x: np.array(x, copy=False),
        lambda x: np.from_dlpack(x),
        lambda x: memoryview(x),
        lambda x: {"an": [x.T]},
    ],
    ids=["itself", "part", "lazy", "alias", "numpy", "dlpack", "buffer", "transposed"],
)
def test_memory_that_somebody_needs_is_left_alone(hold: Callable[[mx.array], Any]) -> None:
    first = made(7)
    held, place = hold(first), where(first)
    del first
    gc.collect()
    second = made(8)
    assert where(second) != place
    assert np.array_equal(np.array(second), np.full(SHAPE, 8, FLOAT))
    held = held["an"][0] if isinstance(held, dict) else held
    assert (np.array(held) == 7).all()


@pytest.mark.parametrize("view", [np.asarray, memoryview, lambda x: np.array(x, copy=False)[1:]])
@pytest.mark.parametrize(
    "change", [lambda x: x.__iadd__(1), lambda x: x.__setitem__(0, 0)], ids=["add", "set"]
)
def test_a_view_of_what_an_array_held_before_is_left_alone(
    view: Callable[[mx.array], Any], change: Callable[[mx.array], Any]
) -> None:
    first = made(7)
    held = view(first)
    change(first)
    mx.eval(first)
    before = np.array(held)
    second = made(8)
    assert np.array_equal(np.array(held), before)
    assert (np.array(second) == 8).all()


def test_a_loop_may_hold_its_last_result() -> None:
    result, places = None, []
    for value in range(6):
        result = made(value)
        assert (np.array(result) == value).all()
        places.append(where(result))
    assert places[2:] == places[:2] * 2


def test_only_calls_that_are_repeated_keep_memory() -> None:
    x = mx.array(np.random.default_rng(0).standard_normal((2, 200000)).astype(np.float32))
    transform = spectro.SpectralTransform(512, 128)
    wanted = np.array(transform.stft(np.array(x)))
    for kept in (0, 1, 1):
        z = transform.stft(x)
        assert np.array_equal(np.array(z), wanted)
        assert len(mlx_reuse._kept) == kept
        del z


def test_changing_an_array_changes_no_other() -> None:
    first = made(1)
    first[0, 0] = 5
    second = made(2)
    first += second
    assert np.array(first)[0, 0] == 7
    assert (np.array(second) == 2).all()


@pytest.mark.parametrize("shape", [(8, 300000), (2, 400000)], ids=["larger", "less than half"])
def test_what_does_not_fit_is_let_go(shape: tuple[int, int]) -> None:
    first = made(1, (6, 300000))
    before = mx.get_active_memory() - first.nbytes
    del first
    second = made(3, shape)
    assert (np.array(second) == 3).all()
    assert mx.get_active_memory() < before + second.nbytes + (1 << 20)
    kept = mlx_reuse._kept[-1]
    assert (kept.address, kept.size) == (where(second), second.nbytes)


def test_memory_is_given_back_when_asked_for() -> None:
    before = mx.get_active_memory()
    made(1)
    assert mx.get_active_memory() > before + (4 << 20)
    cpu.release_memory()
    assert mx.get_active_memory() < before + (1 << 20)


def test_a_kernel_that_fails_spoils_nothing() -> None:
    def fail(address: int) -> None:
        raise MemoryError("no room")

    place = where(made(1))
    with pytest.raises(MemoryError, match="no room"):
        mlx_arrays.filled_again(SHAPE, FLOAT, fail)
    again = made(2)
    assert where(again) == place
    assert (np.array(again) == 2).all()


def test_too_much_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlx_reuse, "MOST", 4 << 20)
    made(1)
    assert not mlx_reuse._kept


def test_threads_pass_memory_on_and_share_none() -> None:
    def work(value: int) -> bool:
        return all((np.array(made(value)) == value).all() for _ in range(20))

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(12)))


def test_without_donation_arrays_are_made_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mx, "softmax", lambda x, **_: x + 0)
    mlx_reuse.can_reuse.cache_clear()
    try:
        assert not mlx_reuse.can_reuse()
        assert all((np.array(made(value)) == value).all() for value in range(3))
        assert not mlx_reuse._kept
    finally:
        mlx_reuse.can_reuse.cache_clear()


def test_no_more_is_kept_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlx_reuse, "MOST", 8 << 20)
    held = [made(value) for value in range(3)]  # 4.8 MB each
    assert [memory.address for memory in mlx_reuse._kept] == [where(held[-1])]
