"""The pytest plugin: ``pytest --spectro`` runs a test suite with the references' names served by spectro.

--spectro                    install the hook before anything is collected
--spectro-only LIBRARIES     some of torch, torchaudio, librosa, madmom
--spectro-fallback MODE      warn, silent or error, when a reference itself serves a spectral call
fixture `parity`             `spectro.testing.assert_parity`
"""

from __future__ import annotations

import os
from typing import Any

import pytest

__all__ = ["parity"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("spectro", "serve torch, torchaudio, librosa and madmom by spectro")
    group.addoption("--spectro", action="store_true", help="run the tests with the libraries swapped")
    group.addoption("--spectro-only", metavar="LIBRARIES", help="swap these alone, comma-separated")
    group.addoption(
        "--spectro-fallback",
        choices=("warn", "silent", "error"),
        help="when the reference itself serves a spectral call (implies --spectro)",
    )


def pytest_load_initial_conftests(early_config: Any) -> None:
    """Install the hook before conftests and tests import anything."""
    options = early_config.known_args_namespace
    if not (options.spectro or options.spectro_fallback or options.spectro_only):
        return
    from ..compat import hook
    from ..compat.hook import children
    from ..errors import ParameterError

    if children.VARIABLE in os.environ:
        return  # a worker of pytest-xdist, say: whoever started it is swapped, and so is it
    names = [name.strip() for name in (options.spectro_only or "").split(",") if name.strip()]
    try:
        hook.install(names or None, fallback=options.spectro_fallback, profile=True)
    except ParameterError as error:
        raise pytest.UsageError(f"--spectro-only: {error}") from error


def pytest_unconfigure() -> None:
    """Take the hook away."""
    import sys

    hook = sys.modules.get("spectro.compat.hook")
    if hook is not None:
        hook.uninstall()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was swapped."""
    options = terminalreporter.config.known_args_namespace
    if not (options.spectro or options.spectro_fallback or options.spectro_only):
        return
    from ..compat import hook

    counts = hook.report()
    if counts is not None:
        terminalreporter.section("spectro")
        terminalreporter.line(counts.text())


@pytest.fixture(name="parity")
def parity() -> Any:
    """Return `spectro.testing.assert_parity`."""
    from . import assert_parity

    return assert_parity
