"""Threads: the same numbers with any number of them, from many callers at once, and after a fork."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from spectro.kernels import cpu
from spectro.kernels.cpu import library


@pytest.fixture(autouse=True)
def _default_threads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPECTRO_NUM_THREADS", raising=False)
    yield
    cpu.set_num_threads(None)


def work(x: np.ndarray) -> list[np.ndarray]:
    plan = cpu.plan_for(256, 64, np.hanning(257)[:-1])
    z = cpu.stft(plan, x, padding=cpu.Padding(128, 128, "reflect"))
    return [z, cpu.istft(plan, z, start=128, length=x.shape[1])]


@pytest.mark.parametrize("samples", [1000, 16000, 200000])
def test_results_do_not_depend_on_the_number_of_threads(isa: str, samples: int) -> None:
    x = np.random.default_rng(0).standard_normal((2, samples)).astype(np.float32)
    cpu.set_num_threads(1)
    alone = work(x)
    for threads in (2, 3, 8):
        cpu.set_num_threads(threads)
        for found, expected in zip(work(x), alone, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_number_of_threads(native: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        cpu.num_threads() == len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count()
    )
    monkeypatch.setenv("SPECTRO_NUM_THREADS", "3")
    assert cpu.num_threads() == 3
    cpu.set_num_threads(5)
    assert cpu.num_threads() == cpu.status().threads == 5
    with pytest.raises(ValueError, match="0"):
        cpu.set_num_threads(0)


def test_many_python_threads_at_once(native: None) -> None:
    cpu.set_num_threads(4)
    signals = np.random.default_rng(1).standard_normal((12, 2, 30000)).astype(np.float32)
    expected = [work(x) for x in signals]
    wrong: list[int] = []

    def run(i: int) -> None:
        for _ in range(10):
            found = work(signals[i])
            if not all(np.array_equal(f, e) for f, e in zip(found, expected[i], strict=True)):
                wrong.append(i)

    callers = [threading.Thread(target=run, args=(i,)) for i in range(len(signals))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=120)
        assert not caller.is_alive()
    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_computes_too(native: None) -> None:
    cpu.set_num_threads(3)
    x = np.random.default_rng(2).standard_normal((2, 50000)).astype(np.float32)
    expected = work(x)  # the pool has threads now
    child = os.fork()
    if child == 0:
        ok = all(np.array_equal(f, e) for f, e in zip(work(x), expected, strict=True))
        os._exit(0 if ok else 1)
    done: list[int] = []
    waiter = threading.Thread(target=lambda: done.append(os.waitpid(child, 0)[1]), daemon=True)
    waiter.start()
    waiter.join(timeout=60)
    if not done:
        os.kill(child, 9)
    assert done == [0]
    for found, again in zip(work(x), expected, strict=True):
        np.testing.assert_array_equal(found, again)


def test_the_best_instruction_set_is_chosen(native: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPECTRO_CPU_ISA", raising=False)
    assert cpu.status().isa == library.machine_isas()[0]
    for isa in library.machine_isas():
        monkeypatch.setenv("SPECTRO_CPU_ISA", isa)
        assert cpu.status().isa == isa
    monkeypatch.setenv("SPECTRO_CPU_ISA", "abacus")
    assert not cpu.status().loaded
    assert "abacus" in cpu.status().reason
    with pytest.raises(cpu.NativeUnavailableError, match="abacus"):
        cpu.plan_for(16, 4, np.ones(16))
