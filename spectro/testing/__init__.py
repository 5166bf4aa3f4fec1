"""Parity for functions of one's own: spectro and the references, compared by the error rule.

    from spectro.testing import parity

    @parity(audio=waveforms)              # runs twice: swapped, and with the references themselves
    def test_my_features(audio):
        return my_package.log_mel(audio)

`pytest --spectro` runs a whole suite swapped (`testing/pytest_plugin.py`).
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ..compat import hook
from ..errors import ParameterError

__all__ = ["assert_parity", "parity"]


def assert_parity(
    function: Callable[..., Any], *args: Any, truth: Callable[..., Any] | None = None, **kwargs: Any
) -> Any:
    """Call `function` swapped and unswapped, and compare value, dtype, shape and exception.

    Parameters
    ----------
    function : callable
        Takes `args` and `kwargs`; returns an array, or a tuple, list or dict of arrays. What it
        imports from the references is served by spectro in the first call, not in the second.
    truth : callable, optional
        The same in float64, which makes the rule exact: our error may be twice the reference's own
        (parity_tests/rule.py). Without it the float32 reference stands for the truth, and ours may
        differ from it by 2^-20 of its peak, some 8 roundings.

    Returns
    -------
    array, or what holds them
        The swapped answer.

    Raises
    ------
    AssertionError
        With what differs.
    """
    with hook.swapped(True):
        ours, our_error = _outcome(function, args, kwargs)
    with hook.swapped(False):
        theirs, their_error = _outcome(function, args, kwargs)
        exact = None if truth is None or their_error else truth(*args, **kwargs)
    if our_error is not None or their_error is not None:
        wanted = type(their_error).__name__ if their_error else "no exception"
        raised = [base.__name__ for base in type(our_error).__mro__] if our_error else []
        if their_error is None or wanted not in raised:
            raise AssertionError(
                f"swapped raised {our_error!r}, the reference {their_error!r}"
            ) from our_error
        return None
    wrong = _differences(ours, theirs, exact, "result")
    if wrong:
        raise AssertionError("; ".join(wrong))
    return ours


def parity(
    function: Callable[..., Any] | None = None, *, truth: Callable[..., Any] | None = None, **inputs: Any
) -> Any:
    """Decorate a test so that it runs swapped and unswapped and what it returns is compared.

    Keyword arguments that the test takes are passed to it; the rest of its parameters stay pytest's.

    Examples
    --------
    >>> import numpy
    >>> @parity(x=numpy.ones(4))
    ... def test_sum(x):
    ...     return x + 1
    >>> test_sum()
    """

    def decorate(test: Callable[..., Any]) -> Callable[..., None]:
        parameters = inspect.signature(test).parameters
        if set(inputs) - set(parameters):
            raise ParameterError(
                f"{test.__name__} takes no {', '.join(sorted(set(inputs) - set(parameters)))}"
            )

        @functools.wraps(test)
        def run(*args: Any, **kwargs: Any) -> None:
            assert_parity(test, *args, truth=truth, **{**inputs, **kwargs})

        rest = [p for name, p in parameters.items() if name not in inputs]
        run.__signature__ = inspect.Signature(rest)  # type: ignore[attr-defined]
        return run

    return decorate if function is None else decorate(function)


def _outcome(function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Any, Exception | None]:
    try:
        return function(*args, **kwargs), None
    except Exception as error:  # whatever is raised is compared
        return None, error


def _differences(ours: Any, theirs: Any, exact: Any, where: str) -> list[str]:
    """Return what differs between two answers, by the places within them."""
    if type(ours) is not type(theirs):
        return [f"{where} is a {type(ours).__name__}, the reference's a {type(theirs).__name__}"]
    if isinstance(theirs, Mapping):
        if set(ours) != set(theirs):
            return [f"{where} has keys {sorted(ours)}, the reference's {sorted(theirs)}"]
        pairs = [(f"{where}[{key!r}]", ours[key], theirs[key], exact and exact[key]) for key in theirs]
    elif isinstance(theirs, (tuple, list)):
        if len(ours) != len(theirs):
            return [f"{where} has {len(ours)} parts, the reference's {len(theirs)}"]
        parts = exact if exact is not None else [None] * len(theirs)
        pairs = [(f"{where}[{i}]", *three) for i, three in enumerate(zip(ours, theirs, parts, strict=True))]
    else:
        return _array_difference(ours, theirs, exact, where)
    return [line for name, a, b, c in pairs for line in _differences(a, b, c, name)]


def _array_difference(ours: Any, theirs: Any, exact: Any, where: str) -> list[str]:
    import numpy as np

    # The cases' folder joins the package when it is imported.
    to_numpy: Any = importlib.import_module("spectro.parity_tests.kinds").to_numpy
    compare: Any = importlib.import_module("spectro.parity_tests.rule").compare
    if theirs is None or isinstance(theirs, (str, bytes, bool, int)):
        return [] if ours == theirs else [f"{where} is {ours!r}, the reference's {theirs!r}"]
    a, b = to_numpy(ours), to_numpy(theirs)
    if a.dtype != b.dtype:
        return [f"{where}: dtype {a.dtype}, not {b.dtype}"]
    if b.dtype.kind not in "fc":
        return [] if np.array_equal(a, b) else [f"{where}: the values differ"]
    bits = 64 if b.dtype.itemsize == (16 if b.dtype.kind == "c" else 8) else 32
    if exact is not None:
        failure = compare(a, b, to_numpy(exact), bits).failure
        return [f"{where}: {failure}"] if failure else []
    if a.shape != b.shape:
        return [f"{where}: shape {a.shape}, not {b.shape}"]
    finite = np.isfinite(b)
    if not np.array_equal(np.where(finite, 0, a), np.where(finite, 0, b), equal_nan=True):
        return [f"{where}: NaN or infinity stand elsewhere"]
    peak = float(np.abs(b[finite]).max(initial=0.0))
    error = float(np.abs(a[finite] - b[finite]).max(initial=0.0))
    allowed = peak * 2.0 ** (-20 if bits == 32 else -46)
    return [] if error <= allowed else [f"{where}: off by {error:.3g}, allowed are {allowed:.3g}"]
