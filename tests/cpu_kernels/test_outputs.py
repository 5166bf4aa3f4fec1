"""Memory of large outputs: used again when nobody holds it, and only then."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import numpy as np
import pytest

from spectro.kernels.cpu import outputs

FLOAT = np.dtype(np.float32)
pytestmark = pytest.mark.skipif(outputs._FREE is None, reason="no MADV_FREE here")


@pytest.fixture(autouse=True)
def _kept_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "LEAST", 1 << 20)
    monkeypatch.setattr(outputs, "MOST", 1 << 23)
    outputs.release()


def where(x: np.ndarray) -> int:
    return x.__array_interface__["data"][0]


def test_a_dropped_output_gives_its_memory_to_the_next() -> None:
    first = outputs.empty((4, 300000), FLOAT)
    first[:] = 1
    place = where(first)
    del first
    second = outputs.empty((3, 300000), FLOAT)
    assert where(second) == place
    assert (second.shape, second.dtype, second.flags.c_contiguous) == ((3, 300000), FLOAT, True)
    assert second.flags.writeable


def test_an_output_that_is_held_is_left_alone() -> None:
    first = outputs.empty((1 << 20,), FLOAT)
    first[:] = 7
    view = first[::2].reshape(2, -1).T
    place = where(first)
    del first
    gc.collect()
    second = outputs.empty((1 << 20,), FLOAT)
    second[:] = 8
    assert where(second) != place
    assert (view == 7).all()
    del view
    assert where(outputs.empty((1 << 20,), FLOAT)) == place


def test_memory_that_does_not_fit_is_given_back() -> None:
    for wanted in (1 << 21, 1 << 18):  # larger than what is kept; less than half of it
        kept = outputs.empty((1 << 20,), FLOAT)
        del kept
        assert sum(map(len, outputs._kept)) == 1 << 22
        taken = outputs.empty((wanted,), FLOAT)
        assert not outputs._kept
        assert taken.nbytes == 4 * wanted
        del taken
        outputs.release()


def test_little_and_much_is_left_to_numpy() -> None:
    for count in (10, 1 << 22):
        assert outputs.empty((count,), FLOAT).flags.owndata
    assert not outputs._kept


ENDING = """
import mlx.core as mx, spectro
mx.set_default_device(mx.cpu)
z = spectro.SpectralTransform(1024, 256).stft(mx.zeros((8, 480000)))
mx.eval(z)
"""


def test_a_process_may_end_right_after_a_large_array(native: None) -> None:
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "PYTHONPATH": path}
    codes = [subprocess.run([sys.executable, "-c", ENDING], env=environment).returncode for _ in range(8)]
    assert codes == [0] * 8  # MLX's reading thread used to abort one in five


THREADS = """
import threading
import mlx.core as mx, spectro
mx.set_default_device(mx.cpu)
x, transform = mx.zeros((2, 16000)), spectro.SpectralTransform(1024, 256)
threads = [threading.Thread(target=lambda: [transform.stft(x) for _ in range(3)]) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_a_process_may_end_right_after_its_threads(native: None) -> None:
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "PYTHONPATH": path}
    codes = [subprocess.run([sys.executable, "-c", THREADS], env=environment).returncode for _ in range(12)]
    assert codes == [0] * 12  # MLX, letting go of what it had compiled for a thread, aborted one in four
