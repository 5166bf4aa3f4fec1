"""Analysis windows, computed in float64.

A symmetric window of length M samples its formula at n / (M - 1); a periodic one
of length M is the symmetric window of length M + 1 without its last sample, so
that its repetition has no doubled end point (Harris 1978).
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType

import mlx.core as mx
import numpy as np

from ..arrays import as_numpy, constant, is_traced, kind_of
from ..errors import ArrayTypeError, ParameterError
from ..typing import Array, WindowLike
from ..validation import check_choice, check_int

__all__ = [
    "Window",
    "as_window",
    "bartlett",
    "center_window",
    "cosine",
    "exponential",
    "gaussian",
    "kaiser",
    "make_window",
    "resolve_window",
    "sine",
]

# Coefficients a of sum_k (-1)^k a_k cos(2 pi k n / (M - 1)).
COSINE_SUMS = {
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "rect": (1.0,),
}
NUTTALL = (0.3635819, 0.4891775, 0.1365995, 0.0106411)  # of four terms (Nuttall 1981)
ALIASES = {"boxcar": "rect", "ones": "rect"}


def cosine(length: int, coefficients: tuple[float, ...], periodic: bool = True) -> np.ndarray:
    """Return a cosine-sum window [length], float64 (hann, hamming, blackman, ...)."""
    if length <= 1:
        return np.ones(length)
    phase = 2 * np.pi * np.arange(length) / (length if periodic else length - 1)
    return sum(
        ((-1) ** k * a * np.cos(k * phase) for k, a in enumerate(coefficients)), start=np.zeros(length)
    )


def bartlett(length: int, periodic: bool = True) -> np.ndarray:
    """Return a triangular window [length] with zeros at its ends, float64."""
    if length <= 1:
        return np.ones(length)
    return np.bartlett(length + 1)[:-1] if periodic else np.bartlett(length)


def kaiser(length: int, beta: float, periodic: bool = True) -> np.ndarray:
    """Return a Kaiser window [length], I0(beta sqrt(1 - t^2)) / I0(beta), float64 (Kaiser & Schafer 1980)."""
    if length <= 1:
        return np.ones(length)
    return np.kaiser(length + 1, beta)[:-1] if periodic else np.kaiser(length, beta)


def _middle(length: int, periodic: bool) -> float:
    return (length if periodic and length > 1 else length - 1) / 2.0


def exponential(length: int, tau: float, periodic: bool = True, center: float | None = None) -> np.ndarray:
    """Return exp(-|n - center| / tau) [length], float64; the default centre is the middle."""
    middle = _middle(length, periodic) if center is None else center
    return np.exp(-abs(np.arange(length) - middle) / tau)


def gaussian(length: int, std: float, periodic: bool = True) -> np.ndarray:
    """Return a Gaussian window [length] about the middle, exp(-((n - middle) / std)^2 / 2), float64."""
    return np.exp(-(((np.arange(length) - _middle(length, periodic)) / std) ** 2) / 2)


def sine(length: int, periodic: bool = True) -> np.ndarray:
    """Return half a sine [length], sin(pi (n + 1/2) / M), float64; M is one more for a periodic window."""
    return np.sin(np.pi * (np.arange(length) + 0.5) / (length + 1 if periodic and length > 1 else length))


def center_window(window: Array, n_fft: int) -> Array:
    """Zero-pad `window` [win_length] to [n_fft], the odd sample going to the right."""
    left = (n_fft - window.shape[0]) // 2
    if left == 0 and window.shape[0] == n_fft:
        return window
    xp = mx if isinstance(window, mx.array) else np
    return xp.pad(window, [(left, n_fft - window.shape[0] - left)])


class Window:
    """An analysis window [n_fft], real or complex, in whatever form a backend needs.

    Made from float64 (or complex128) samples, it is a table that each namespace and precision gets a
    copy of once. Made from an `mx.array`, it stays part of the caller's graph where the signal is an
    `mx.array` too, so that gradients reach it.
    """

    def __init__(self, samples: np.ndarray | mx.array) -> None:
        self._source = samples
        self._tables: dict[tuple[str, str], Array] = {}

    @property
    def samples(self) -> np.ndarray:
        """The window in float64 (complex128 if it is complex), evaluated."""
        return _widest(as_numpy(self._source)) if isinstance(self._source, mx.array) else self._source

    @property
    def in_graph(self) -> bool:
        """Whether the window is an `mx.array` that gradients may be wanted of."""
        return isinstance(self._source, mx.array)

    def array(self, xp: ModuleType, like: Array) -> Array:
        """Return the window in namespace `xp` with the precision of the array `like`."""
        if xp is mx and isinstance(self._source, mx.array):
            return self._source if self._source.dtype == mx.complex64 else self._source.astype(mx.float32)
        key = (xp.__name__, str(like.dtype))
        if key not in self._tables:
            self._tables[key] = constant(self.samples, xp, like)
        return self._tables[key]


def _widest(values: np.ndarray) -> np.ndarray:
    return values.astype(np.complex128 if np.iscomplexobj(values) else np.float64, copy=False)


def as_window(window: Array, n_fft: int) -> Window:
    """Return a numpy or mlx array [win_length] as a `Window`, centred in `n_fft` samples.

    Arrays of equal values give the same object, so that what a backend derives from it is made
    once; only a window that `mx.grad` or another transformation is following stays in its graph.
    """
    if isinstance(window, mx.array):
        if is_traced(window):
            return Window(center_window(window, n_fft))
        window = as_numpy(window)
    return _shared_window(window.dtype.str, window.tobytes(), n_fft)


@lru_cache(maxsize=64)
def _shared_window(dtype: str, content: bytes, n_fft: int) -> Window:
    return Window(center_window(_widest(np.frombuffer(content, dtype)), n_fft))


def resolve_window(
    window: WindowLike, window_fn: str, win_length: int, n_fft: int, periodic: bool
) -> np.ndarray:
    """Return the analysis window [n_fft] in float64: see `make_window`."""
    check_int("n_fft", n_fft, minimum=1)
    check_int("win_length", win_length, minimum=1)
    if win_length > n_fft:
        raise ParameterError(f"win_length must be at most n_fft={n_fft}, got {win_length}")
    if window is None:
        name = check_choice("window_fn", window_fn, (*COSINE_SUMS, *ALIASES))
        samples = cosine(win_length, COSINE_SUMS[ALIASES.get(name, name)], periodic)
    else:
        if kind_of(window) is None:
            raise ArrayTypeError(f"window must be an array, got {type(window).__name__}")
        samples = as_numpy(window, "window").astype(np.float64)
        if samples.ndim != 1 or samples.shape[0] not in (win_length, n_fft):
            raise ParameterError(
                f"window must have shape [win_length={win_length}] or [n_fft={n_fft}], got {samples.shape}"
            )
        if not np.isfinite(samples).all():
            raise ParameterError("window holds NaN or infinity")
    return center_window(samples, n_fft)


def make_window(window: WindowLike, window_fn: str, win_length: int, n_fft: int, periodic: bool) -> mx.array:
    """Create a window by name, or validate the one given.

    Parameters
    ----------
    window : array [win_length] or [n_fft], or None
        A window to use instead of `window_fn`.
    window_fn : {"hann", "hamming", "blackman", "rect"}
        "boxcar" and "ones" are other names of "rect".
    win_length, n_fft : int
        The window is centred in `n_fft` samples, zeros around it.
    periodic : bool
        Whether `window_fn` is sampled for spectral analysis (True) or symmetrically.

    Returns
    -------
    mx.array [n_fft], float32

    Raises
    ------
    ParameterError
        For an unknown name or a length that does not fit.

    Examples
    --------
    >>> make_window(None, "hann", 4, 6, True).tolist()
    [0.0, 0.0, 0.5, 1.0, 0.5, 0.0]
    """
    return mx.array(resolve_window(window, window_fn, win_length, n_fft, periodic).astype(np.float32))
