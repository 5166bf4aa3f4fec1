"""Cases of functions that draw random numbers: seeded, and drawn in float32 whatever the run.

torch draws other numbers in float64 than in float32 from one seed, so that the two answers of a reference
would not be to the same question. Here its float64 run gets the numbers of the float32 one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ..case import Call
from ..references import Libraries

__all__ = ["SINGLE", "seeded"]

SINGLE = ("numpy32", "mlx", "torch32")


def seeded(call: Call) -> Call:
    """Return `call` after seeding with the option `seed`, for the kinds `SINGLE`."""

    def run(ns: Any, x: Any, seed: int, **options: Any) -> Any:
        ns.torch.manual_seed(seed)
        if not isinstance(ns, Libraries):
            return call(ns, x, **options)
        with _drawing_in_single(ns.torch):
            return call(ns, x, **options)

    return run


@contextmanager
def _drawing_in_single(torch: Any) -> Iterator[None]:
    rand = torch.rand

    def draw(*shape: Any, dtype: Any = None, device: Any = None) -> Any:
        wanted = torch.get_default_dtype() if dtype is None else dtype
        single = torch.complex64 if wanted.is_complex else torch.float32
        return rand(*shape, dtype=single, device=device).to(wanted)

    with mock.patch.object(torch, "rand", draw):
        yield
