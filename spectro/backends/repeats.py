"""A call like an earlier one goes straight to the native kernel.

Between a public method and a kernel stand checks, the choice of a backend and the making of plans. What
they come to depends on the array's kind, dtype, shape and strides, on the options, on the settings, and
beyond that only on whether the values are finite. For a short clip they take as long as its transform. So
where a method answered with what one native call had made of its argument, that call is kept, and made again
for the next array of the same form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import mlx.core as mx
import numpy as np

from ..arrays import is_traced
from ..callers import warnings_given
from ..config import Settings, settings
from ..kernels import cpu as native
from ..kernels.cpu import mlx_arrays
from .choices import someone_listens

__all__ = ["Repeats", "repeatable"]

# Forms kept of one object; then all are forgotten. Clips of ever another length do not come back.
MOST_FORMS = 128
Method = TypeVar("Method", bound=Callable[..., Any])


class _Kept(NamedTuple):
    call: native.Call
    strides: tuple[int, ...]
    settings: Settings
    library: object


class Repeats:
    """Base of a class with `repeatable` methods: setting an attribute forgets the calls that are kept."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        self.__dict__.pop("_kept", None)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_kept"}


def repeatable(method: Method) -> Method:
    """Let `method(self, x, ...)` of a subclass of `Repeats` keep its native calls.

    It must depend on nothing but its arguments, the attributes of `self`, and the settings.
    """

    @wraps(method)
    def call(self: Repeats, x: Any, *args: Any, **options: Any) -> Any:
        kind = type(x)
        if (kind is not np.ndarray and kind is not mx.array) or someone_listens():
            return method(self, x, *args, **options)
        # The types too, since 512.0 equals 512 and is refused.
        key = (kind, x.dtype, x.shape, args, *map(type, args), *options.items(), *map(type, options.values()))
        try:
            kept = self.__dict__.setdefault("_kept", {}).get(key)
        except TypeError:  # an option without a hash
            return method(self, x, *args, **options)
        if kept is not None:
            answer = _repeat(kept, x)
            if answer is not None:
                return answer
        said = warnings_given()
        with native.recording() as made:
            answer = method(self, x, *args, **options)
        if len(made) == 1 and warnings_given() == said:
            _keep(self.__dict__["_kept"], key, x, answer, *made[0])
        return answer

    return call  # type: ignore[return-value]


def _repeat(kept: _Kept, x: np.ndarray | mx.array) -> Any:
    """Return what the call that is kept makes of x, or None if it is not for x as things are now."""
    if kept.settings is not settings() or kept.library is not native.current():
        return None
    if isinstance(x, np.ndarray):
        looked_at = kept.settings.check_finite and x.dtype.kind == "f"  # audio is, spectra are not
        usable = x.strides == kept.strides and (not looked_at or native.all_finite(x))
        return kept.call(x) if usable else None
    if mx.default_device().type != mx.DeviceType.cpu or is_traced(x):
        return None
    values = mlx_arrays.view(x)
    return kept.call(values, mlx_arrays.filled) if values.strides == kept.strides else None


def _keep(
    known: dict[Any, _Kept], key: Any, x: Any, answer: Any, call: native.Call, source: int, made: Any
) -> None:
    """Keep the native call that made `made` of what lies at `source`, if it took x and gave the answer."""
    if isinstance(x, mx.array):
        if is_traced(x) or answer is not made:
            return
        x = mlx_arrays.view(x)
    elif answer is not made:
        # It may be the same with other axes: [T] where the kernel has [1, T].
        whole = answer.flags.c_contiguous and answer.dtype == made.dtype and answer.size == made.size
        if not whole or native.address(answer) != native.address(made):
            return
        call = replace(call, shape=answer.shape)
    if not x.flags.c_contiguous or native.address(x) != source:
        return
    if len(known) >= MOST_FORMS:
        known.clear()
    known[key] = _Kept(call, x.strides, settings(), native.current())
