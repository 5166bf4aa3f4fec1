"""Plans, the autotuner and its file, on any machine: a clock that lies, broken files, two writers."""

import json
import multiprocessing
import os

import mlx.core as mx
import numpy as np
import pytest

from spectro.kernels.gpu import cache, launches, plans, running, tuning
from spectro.kernels.gpu.plans import Plan
from spectro.kernels.gpu.tuning import Choice

CANDIDATES = [Choice(p) for p in plans.plans(1024)[:3]]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SPEC_MLX_AUTOTUNE_CACHE_PATH", str(tmp_path / "folder" / "plans.json"))
    for name in ("SPEC_MLX_AUTOTUNE", "SPEC_MLX_TGX", "SPEC_MLX_AUTOTUNE_PERSIST"):
        monkeypatch.delenv(name, raising=False)
    tuning._cache.cache_clear()
    yield
    tuning._cache.cache_clear()


@pytest.fixture
def timed(monkeypatch):
    """The second candidate is the fastest; returns what was timed."""
    seen = []

    def time(choice):
        seen.append(choice)
        return {0: 3.0, 1: 1.0, 2: 2.0}[CANDIDATES.index(choice)]

    monkeypatch.setattr(tuning, "_built", lambda choice: choice)
    monkeypatch.setattr(tuning, "_time", time)
    return seen


def choose(samples=1 << 24, inputs=()):
    return tuning.choose("stft", (1024, 256), samples, CANDIDATES, lambda c: c, list(inputs))


def test_picks_the_fastest_once(timed):
    assert choose() == CANDIDATES[1]
    assert set(timed) == set(CANDIDATES)
    timed.clear()
    assert choose() == CANDIDATES[1]
    assert not timed


def test_a_kernel_that_does_not_build_is_not_chosen(timed, monkeypatch):
    monkeypatch.setattr(tuning, "_built", lambda choice: None if choice == CANDIDATES[1] else choice)
    assert choose() == CANDIDATES[2]


def test_result_outlives_the_process(timed):
    choose()
    timed.clear()
    tuning._cache.cache_clear()
    assert choose() == CANDIDATES[1]
    assert not timed


def test_small_calls_are_not_timed(timed):
    assert choose(samples=1 << 16) == CANDIDATES[0]
    assert not timed


def test_switched_off(timed, monkeypatch):
    monkeypatch.setenv("SPEC_MLX_AUTOTUNE", "0")
    assert choose() == CANDIDATES[0]
    assert not timed


@pytest.mark.parametrize("transformation", [mx.compile, mx.vmap])
def test_never_while_tracing(timed, transformation):
    def traced(x):
        assert choose(inputs=[x]) == CANDIDATES[0]
        return x

    transformation(traced)(mx.zeros((2, 3)))
    assert not timed


@pytest.mark.parametrize(
    ("text", "kernel", "expected"),
    [
        ("256", "stft", 256),
        ("istft:128", "istft", 128),
        ("istft:128", "stft", None),
        ("many", "stft", None),
        ("", "stft", None),
    ],
)
def test_forced_group_size(monkeypatch, text, kernel, expected):
    monkeypatch.setenv("SPEC_MLX_TGX", text)
    assert tuning.forced_threads(kernel) == expected


def test_forced_size_wins_over_timing(timed, monkeypatch):
    small = min(CANDIDATES, key=lambda c: c.plan.group_threads)
    monkeypatch.setenv("SPEC_MLX_TGX", str(small.plan.group_threads))
    assert choose() == small
    assert not timed


def test_without_persistence_no_file(timed, monkeypatch, tmp_path):
    monkeypatch.setenv("SPEC_MLX_AUTOTUNE_PERSIST", "0")
    assert choose() == CANDIDATES[1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"format": 1}', b'{"format": 1, "plans": 3}']
)
def test_broken_file_is_replaced(timed, content):
    path = cache.default_path()
    path.parent.mkdir()
    path.write_bytes(content)
    assert choose() == CANDIDATES[1]
    assert CANDIDATES[1].key() in json.loads(path.read_text())["plans"].values()


@pytest.mark.parametrize(
    "plan", ["", "8.8.8", "8.8.8/64/4/4/0@x", "9.9/1/1/1/1@32", "2.2/64/4/4/0@32", "8.8.8/64/999/4/0@32"]
)
def test_entry_that_is_no_plan_is_measured_again(timed, plan):
    choose()
    path = cache.default_path()
    content = json.loads(path.read_text())
    content["plans"] = dict.fromkeys(content["plans"], plan)
    path.write_text(json.dumps(content))
    tuning._cache.cache_clear()
    timed.clear()
    assert choose() == CANDIDATES[1]
    assert set(timed) == set(CANDIDATES)


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root writes anywhere")
def test_read_only_folder(timed):
    folder = cache.default_path().parent
    folder.mkdir()
    folder.chmod(0o500)
    assert choose() == CANDIDATES[1]


def test_folder_that_cannot_be_made(timed, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SPEC_MLX_AUTOTUNE_CACHE_PATH", str(tmp_path / "file" / "plans.json"))
    assert choose() == CANDIDATES[1]


def _write(path, name):
    mine = cache.PlanCache(path)
    for i in range(20):
        mine.put(f"{name}{i}", "plan")


def test_two_processes_write(tmp_path):
    path = tmp_path / "plans.json"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    entries = json.loads(path.read_text())["plans"]
    # each put merges with the file, so a writer's own entries are there after its last one
    assert {f"a{i}" for i in range(20)} <= set(entries) or {f"b{i}" for i in range(20)} <= set(entries)
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("n", [16, 50, 400, 882, 1024, 1200, 1536, 2048, 4096, 8192])
def test_plans_fit(n):
    found = plans.plans(n)
    assert found
    for plan in found:
        assert np.prod(plan.radices) == n // 2
        assert plan.work_bytes() <= 32768
        assert plan.group_threads <= 512
        assert Plan.parse(n // 2, plan.key()) == plan


@pytest.mark.parametrize("n", [7, 22, 34, 1025, 16384])
def test_sizes_the_kernels_leave_to_others(n):
    assert plans.plans(n) == ()


def test_tables_hold_the_turns_in_float64_rounded_once():
    table = plans.roots(200, (10, 4, 5))
    k = np.arange(200)
    np.testing.assert_array_equal(table[:200, 0], np.cos(-2 * np.pi * k / 400).astype(np.float32))
    turns = table[200 : 200 + 20].reshape(2, 10, 2)  # radix 4 over 10: rows r = 1, 2
    angle = -2 * np.pi * np.array([[1], [2]]) * np.arange(10) / 40
    np.testing.assert_array_equal(turns[..., 1], np.sin(angle).astype(np.float32))


def test_grids_cover_any_number_of_groups():
    launch = launches.Launch("stft", {}, {}, [], (32, 8), 3 * launches.GROUPS_X + 5)
    x, y, _ = launch.grid
    assert (x // 32) * (y // 8) >= launch.groups
    assert x < 2**31
    assert y // 8 < 65536


def test_a_kernel_first_met_while_tracing_is_built_on_zeros(monkeypatch):
    """What is traced has no values; the tables do, and the kernel reads addresses from them."""
    seen = []
    monkeypatch.setattr(running, "_built", set())
    monkeypatch.setattr(running, "_failed", {})

    def call(launch):
        seen.append(launch)
        return [launch.inputs["audio"] + launch.inputs["params"][0].astype(mx.float32)]

    monkeypatch.setattr(running, "call", call)

    def traced(x):
        inputs = {"audio": x, "params": mx.array([7] * 8)}
        return running.run(launches.Launch("stft", inputs, {}, [("N", 4)], (1, 1), 5))

    assert mx.array_equal(mx.compile(traced)(mx.ones((9,))), mx.full((9,), 8.0))
    assert [launch.groups for launch in seen] == [1, 5]
    assert not running.failed()


def test_no_gpu_says_so():
    if running.target() is None:
        with pytest.raises(running.KernelError, match="no GPU"):
            running.call(launches.Launch("stft", {}, {}, [], (1, 1), 1))
