"""`HybridCQTTransform`: CQT magnitudes, by the cheaper pseudo-CQT wherever filters are short."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..compiled.cache import Compiled
from ..errors import ParameterError
from ..typing import Array
from ..validation import check_audio
from .arguments import batch_of, make_options
from .plan import equal_frequencies, hybrid_stages
from .transform import hybrid_magnitude

__all__ = ["HybridCQTTransform", "hybrid_cqt"]


class HybridCQTTransform:
    """Hybrid constant-Q magnitudes of audio, as `librosa.hybrid_cqt`, reusable and compilable.

    Bins whose filters fit into two hops come from the magnitudes of one STFT (`pseudo_cqt`), the lower ones
    from the full transform (`cqt`). The filters are built once, here.

    Parameters
    ----------
    sr : int
        Sample rate, Hz.
    hop_length : int
        Samples between frames.
    fmin : float
        Frequency of the lowest bin, Hz.
    n_bins, bins_per_octave : int
    filter_scale : float
        Scales the filters' lengths.
    norm : float
        Norm that each filter is divided by.
    sparsity : float
        Share of each filter's magnitude that may be dropped, in [0, 1).

    Raises
    ------
    ParameterError
        For a value out of range, or bins beyond Nyquist.

    Examples
    --------
    >>> import mlx.core as mx
    >>> HybridCQTTransform()(mx.zeros(22050)).shape
    (84, 44)
    """

    def __init__(
        self,
        sr: int = 22050,
        hop_length: int = 512,
        fmin: float = 32.70319566257483,
        n_bins: int = 84,
        bins_per_octave: int = 12,
        filter_scale: float = 1.0,
        norm: float = 1.0,
        sparsity: float = 0.01,
    ) -> None:
        self._options = make_options(
            None,
            sr=sr,
            hop_length=hop_length,
            fmin=fmin,
            n_bins=n_bins,
            bins_per_octave=bins_per_octave,
            tuning=0.0,
            filter_scale=filter_scale,
            norm=norm,
            sparsity=sparsity,
        )
        highest = float(equal_frequencies(self._options)[-1])
        if highest >= sr / 2:
            raise ParameterError(
                f"n_bins={n_bins} reaches {highest:.1f} Hz, beyond the Nyquist frequency of sr={sr}: "
                "pass fewer bins or a lower fmin"
            )
        self.sr = sr
        self.hop_length = self._options.hop_length
        self.fmin = self._options.fmin
        self.n_bins = self._options.n_bins
        self.bins_per_octave = self._options.bins_per_octave
        self.filter_scale = self._options.filter_scale
        self.norm = norm
        self.sparsity = self._options.sparsity
        hybrid_stages(self._options)
        self._compiled: Compiled | None = None

    def hybrid_cqt(self, x: Array) -> Array:
        """Return magnitudes [n_bins, N] of audio [T], or [B, n_bins, N] of [B, T].

        The soxr library makes the lower sample rates where it is installed, for which an `mx.array` is
        evaluated. Inside `mx.compile` and `mx.grad`, and without soxr, array operations make them, within a
        few 1e-7 of the peak of soxr's (see `spectro.signal.octaves`).

        Raises
        ------
        ParameterError, ArrayTypeError
            If `x` is empty, of the wrong rank or type, not finite, or too short.
        GradientError
            For a torch tensor that requires grad.
        """
        received = check_audio(x)
        y = hybrid_magnitude(batch_of(received), self._options, "constant", "soxr_hq")
        return received.give_back(y[0] if received.data.ndim == 1 else y)

    __call__ = hybrid_cqt

    def get_compiled(self) -> Callable[[Array], Array]:
        """Return the transform compiled by `mx.compile`, cached."""
        if self._compiled is None:
            self._compiled = Compiled(self.hybrid_cqt)
        return self._compiled


@lru_cache(maxsize=32)
def _shared(options: tuple[tuple[str, Any], ...]) -> HybridCQTTransform:
    return HybridCQTTransform(**dict(options))


def hybrid_cqt(
    x: Array,
    *,
    sr: int = 22050,
    hop_length: int = 512,
    fmin: float = 32.70319566257483,
    n_bins: int = 84,
    bins_per_octave: int = 12,
    filter_scale: float = 1.0,
    norm: float = 1.0,
    sparsity: float = 0.01,
) -> Array:
    """Return hybrid constant-Q magnitudes of `x` in one call: see `HybridCQTTransform`.

    Examples
    --------
    >>> import numpy as np
    >>> hybrid_cqt(np.zeros((2, 22050), np.float32), n_bins=36).shape
    (2, 36, 44)
    """
    options: dict[str, Any] = {
        "sr": sr,
        "hop_length": hop_length,
        "fmin": fmin,
        "n_bins": n_bins,
        "bins_per_octave": bins_per_octave,
        "filter_scale": filter_scale,
        "norm": norm,
        "sparsity": sparsity,
    }
    return _shared(tuple(options.items()))(x)
