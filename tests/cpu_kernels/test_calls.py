"""What a native call is handed: where arrays lie, whatever numpy lets be done with them."""

from __future__ import annotations

import numpy as np
import pytest

from spectro.kernels import cpu
from spectro.kernels.cpu.calls import address

GRID = np.arange(12, dtype=np.float32).reshape(3, 4)
FORMS = {
    "writable": GRID,
    "read-only": np.broadcast_to(GRID, GRID.shape),
    "turned": GRID.T,
    "strided": GRID[:, ::2],
    "from the second row": GRID[1:],
    "empty": GRID[:0],
}


@pytest.mark.parametrize("name", FORMS)
def test_an_array_lies_where_numpy_says(name: str) -> None:
    assert address(FORMS[name]) == FORMS[name].ctypes.data


def test_one_prepared_call_serves_every_signal_of_its_form(native: None) -> None:
    n = 16
    plan = cpu.plan_for(n, 4, np.ones(n), np.float64)
    signals = np.random.default_rng(0).standard_normal((2, 1, 40))
    call = cpu.prepare_stft(plan, cpu.form_of(signals[0]))
    for x in signals:
        frames = np.lib.stride_tricks.sliding_window_view(x[0], n)[::4]
        np.testing.assert_allclose(call(x)[0], np.fft.rfft(frames).T, atol=1e-13)
