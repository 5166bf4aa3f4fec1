"""The entry points of `SpectralTransform` that `mx.compile` its two operations, and warm them up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import mlx.core as mx

from ..errors import ParameterError
from ..typing import Array, ISTFTBackendPolicy, STFTOutputLayout
from ..validation import check_choice, check_int
from .cache import Compiled

__all__ = ["CompiledEntryPoints"]

LAYOUTS = get_args(STFTOutputLayout)
Pair = tuple[Callable[[Array], Array], Callable[[Array], Array]]


class CompiledEntryPoints:
    """Compiled forms of `stft` and `istft`, each made once for its options."""

    stft: Callable[..., Array]
    istft: Callable[..., Array]
    n_fft: int
    istft_backend_policy: ISTFTBackendPolicy

    def __init__(self) -> None:
        self._compiled: dict[Any, Any] = {}

    def _cached(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._compiled:
            self._compiled[key] = make()
        return self._compiled[key]

    def get_compiled_stft(self, output_layout: STFTOutputLayout = "bfn") -> Callable[[Array], Array]:
        """Return `stft` compiled by `mx.compile`, cached."""
        check_choice("output_layout", output_layout, LAYOUTS)
        return self._cached(("stft", output_layout), lambda: Compiled(lambda x: self.stft(x, output_layout)))

    def get_compiled_istft(
        self,
        length: int | None = None,
        *,
        torch_like: bool = False,
        allow_fused: bool = True,
        safety: str = "auto",
        long_mode_strategy: str = "native",
        backend_policy: ISTFTBackendPolicy | None = None,
        input_layout: STFTOutputLayout = "bfn",
    ) -> Callable[[Array], Array]:
        """Return `istft` with these options compiled by `mx.compile`, cached.

        Raises
        ------
        ParameterError
            If the options ask for torch, which cannot be compiled.
        """
        options: dict[str, Any] = {
            "length": length,
            "torch_like": torch_like,
            "allow_fused": allow_fused,
            "safety": safety,
            "long_mode_strategy": long_mode_strategy,
            "backend_policy": backend_policy,
            "input_layout": input_layout,
        }
        if "torch_fallback" in (backend_policy or self.istft_backend_policy, long_mode_strategy):
            raise ParameterError("a compiled istft cannot use torch: backend_policy or long_mode_strategy")
        return self._cached(("istft", *options.items()), lambda: Compiled(lambda z: self.istft(z, **options)))

    def stft_compiled(self, x: Array, output_layout: STFTOutputLayout = "bfn") -> Array:
        """Call `get_compiled_stft(output_layout)` on `x`."""
        return self.get_compiled_stft(output_layout)(x)

    def istft_compiled(self, z: Array, length: int | None = None, **options: Any) -> Array:
        """Call `get_compiled_istft(length, **options)` on `z`."""
        return self.get_compiled_istft(length, **options)(z)

    def compiled_pair(
        self, length: int, layout: STFTOutputLayout = "bnf", warmup_batch: int | None = None
    ) -> Pair:
        """Return compiled ``(stft, istft)`` for signals of `length` samples.

        With `warmup_batch` both are run once on zeros of that batch size.
        """
        check_int("length", length, minimum=1)
        pair = (
            self.get_compiled_stft(layout),
            self.get_compiled_istft(length, input_layout=layout),
        )
        if warmup_batch is not None:
            x = mx.zeros((check_int("warmup_batch", warmup_batch, minimum=1), length))
            mx.eval(pair[1](pair[0](x)))
        return pair

    def compiled_pair_nd(
        self, length: int, leading_shape: tuple[int, ...], layout: STFTOutputLayout = "bnf"
    ) -> Pair:
        """Return compiled ``(stft, istft)`` for signals [*leading_shape, length], such as [B, C, T]."""
        check_int("length", length, minimum=1)
        leading = tuple(check_int("leading_shape", size, minimum=1) for size in leading_shape)
        if not leading:
            raise ParameterError("leading_shape must have at least one dimension, got ()")
        check_choice("layout", layout, LAYOUTS)

        def stft(x: Array) -> Array:
            z = self.stft(x.reshape(-1, length), layout)
            return z.reshape(*leading, *z.shape[1:])

        def istft(z: Array) -> Array:
            return self.istft(z.reshape(-1, *z.shape[-2:]), length, input_layout=layout).reshape(
                *leading, length
            )

        return self._cached(("pair_nd", length, leading, layout), lambda: (Compiled(stft), Compiled(istft)))

    def warmup(self, batch: int = 1, length: int = 4096) -> None:
        """Run both transforms once, so that kernels are built before the first real call."""
        length = max(check_int("length", length, minimum=1), self.n_fft)
        mx.eval(
            self.istft(self.stft(mx.zeros((check_int("batch", batch, minimum=1), length))), length=length)
        )

    def prewarm_kernels(self, batch: int = 1, length: int | None = None) -> None:
        """Build the kernels of the eager transforms, fused and plain."""
        length = max(length or 4096, self.n_fft)
        z = self.stft(mx.zeros((batch, length)))
        mx.eval(self.istft(z, length=length), self.istft(z, length=length, allow_fused=False))

    def prewarm_compiled(
        self, batch: int = 1, length: int | None = None, *, layout: STFTOutputLayout = "bnf"
    ) -> None:
        """Compile and run `compiled_pair` once."""
        self.compiled_pair(max(length or 4096, self.n_fft), layout, warmup_batch=batch)
