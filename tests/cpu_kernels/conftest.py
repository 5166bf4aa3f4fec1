"""A test that asks for `isa` runs once for each instruction set of this machine; without, it is skipped."""

from __future__ import annotations

import pytest

from spectro.kernels import cpu
from spectro.kernels.cpu import library


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "isa" in metafunc.fixturenames:
        metafunc.parametrize("isa", library.machine_isas() or ("none",), indirect=True)


@pytest.fixture
def isa(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "none":
        pytest.skip(f"no native kernels: {cpu.status().reason}")
    monkeypatch.setenv("SPECTRO_CPU_ISA", request.param)
    return str(request.param)


@pytest.fixture
def native() -> None:
    if not cpu.status().loaded:
        pytest.skip(f"no native kernels: {cpu.status().reason}")
