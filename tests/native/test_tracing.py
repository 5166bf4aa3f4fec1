"""Whether MLX traces an array is known without computing it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import mlx.core as mx
import pytest

from spectro.arrays import is_traced

Follow = Callable[[Callable[[mx.array], mx.array]], object]
FOLLOWED: dict[str, Follow] = {
    "grad": lambda f: mx.grad(f)(mx.array(1.0)),
    "second grad": lambda f: mx.grad(mx.grad(f))(mx.array(1.0)),
    "vjp": lambda f: mx.vjp(f, [mx.array(1.0)], [mx.array(1.0)]),
    "jvp": lambda f: mx.jvp(f, [mx.array(1.0)], [mx.array(1.0)]),
    "vmap": lambda f: mx.vmap(f)(mx.ones(2)),
    "compile": lambda f: mx.compile(f)(mx.array(1.0)),
    "grad of checkpoint": lambda f: mx.grad(mx.checkpoint(f))(mx.array(1.0)),
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_what_mlx_follows_is_traced_and_nothing_after_it(name: str) -> None:
    found: list[bool] = []

    def function(x: mx.array) -> mx.array:
        found.extend([is_traced(x), is_traced(2 * x)])
        return x * x

    FOLLOWED[name](function)
    assert found
    assert all(found)
    assert not is_traced(mx.array(1.0))


def test_an_array_that_grad_follows_is_traced_once_it_is_evaluated_too() -> None:
    found = []

    def function(x: mx.array) -> mx.array:
        y = x * x
        mx.eval(y)
        found.append(is_traced(y))
        return y

    mx.grad(function)(mx.array(3.0))
    assert found == [True]


def test_without_compilation_it_is_still_known() -> None:
    mx.disable_compile()
    try:
        inside: list[bool] = []
        mx.grad(lambda x: (inside.append(is_traced(x)), x * x)[1])(mx.array(1.0))
        assert inside == [True]
        assert not is_traced(mx.array(1.0))
    finally:
        mx.enable_compile()


def test_to_ask_computes_nothing() -> None:
    is_traced(mx.zeros(4))
    lazy = mx.zeros(1 << 20) + 1.0
    held = mx.get_active_memory()
    assert not is_traced(lazy)
    mx.synchronize()
    assert mx.get_active_memory() < held + (1 << 20)


def test_threads_do_not_see_each_other_trace() -> None:
    wrong: list[str] = []

    def work(rank: int) -> None:
        for _ in range(50):
            if is_traced(mx.ones((1,) * rank)):
                wrong.append("an array outside is taken for traced")
            mx.grad(lambda x: x.sum() if is_traced(x) else wrong.append("not seen") or x.sum())(mx.ones(3))

    threads = [threading.Thread(target=work, args=(1 + k % 4,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
