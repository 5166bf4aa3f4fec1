"""Filtered spectrograms: |STFT|^power through any filterbank, then a linear, log or dB scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import get_args

import mlx.core as mx
import numpy as np

from ..arrays import as_numpy, is_traced, kind_of
from ..backends.repeats import Repeats, if_checked, repeatable
from ..compiled.cache import Compiled
from ..errors import ArrayTypeError, ParameterError
from ..filterbanks.bank import Filterbank
from ..framing.rates import FrameOrigin, FramingEnd, frame_starts_from_fps
from ..spectrum.scales import LINEAR, Scale, check_log_mode
from ..spectrum.transform import SpectralTransform, get_transform_mlx
from ..typing import (
    Array,
    CenterPadMode,
    CenterTailPad,
    FilteredOutputScale,
    LogMelMode,
)
from ..validation import check_audio, check_choice, check_int, check_number

__all__ = ["FilteredSpectrogramTransform", "check_filterbank", "filtered_spectrogram"]


class FilteredSpectrogramTransform(Repeats):
    """Spectrogram through an arbitrary filterbank, reusable and compilable.

    Parameters
    ----------
    filterbank : array [n_freqs, n_bands]
        One column a band, over the n_fft // 2 + 1 bins of the spectrum; with n_fft // 2 rows the
        Nyquist bin is left out. Inside `mx.grad` it stays in the graph, so gradients reach it.
    sample_rate : int
        Hz; kept for the caller and for `at_fps`.
    n_fft, hop_length, win_length, window_fn, periodic, center, center_pad_mode, center_tail_pad, normalized
        As for `SpectralTransform`.
    power : float
        Exponent of the magnitude: 1 for magnitude, 2 for power.
    output_scale : {"linear", "log", "db", "log10_plus_one"}
        v itself, its natural logarithm, decibels (20 log10 v of a magnitude, with power=1;
        10 log10 v otherwise; v at least 1e-10) or log10(1 + v).
    top_db : float, optional
        Range of the dB scale below each example's peak.
    log_amin, log_mode
        The "log" scale: ln(max(v, log_amin)) for "clamp", ln(v + log_amin) for "add",
        ln(1 + v) for "log1p".

    Raises
    ------
    ParameterError
        For a value out of range or a filterbank that does not fit n_fft.

    Examples
    --------
    >>> import mlx.core as mx
    >>> from spectro import log_triangular_fbanks
    >>> bank = log_triangular_fbanks(1024, 22050, 12, f_min=30, f_max=10000)
    >>> transform = FilteredSpectrogramTransform(bank, output_scale="log10_plus_one")
    >>> transform(mx.zeros((2, 22050))).shape
    (2, 82, 44)
    """

    def __init__(
        self,
        filterbank: mx.array | np.ndarray,
        sample_rate: int = 22050,
        n_fft: int = 2048,
        hop_length: int = 512,
        win_length: int | None = None,
        power: float = 1.0,
        output_scale: FilteredOutputScale = "linear",
        top_db: float | None = None,
        log_amin: float = 1e-5,
        log_mode: LogMelMode = "clamp",
        window_fn: str = "hann",
        periodic: bool = True,
        center: bool = True,
        center_pad_mode: CenterPadMode = "reflect",
        center_tail_pad: CenterTailPad = "symmetric",
        normalized: bool = False,
    ) -> None:
        self.sample_rate = check_int("sample_rate", sample_rate, minimum=1)
        self.power = check_number("power", power, above=0)
        self.output_scale = check_choice("output_scale", output_scale, get_args(FilteredOutputScale))
        self.top_db = None if top_db is None else check_number("top_db", top_db, minimum=0)
        self.log_amin = check_number("log_amin", log_amin, above=0)
        self.log_mode = check_log_mode(log_mode)
        self.spectral: SpectralTransform = get_transform_mlx(
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=n_fft if win_length is None else win_length,
            window_fn=window_fn,
            periodic=periodic,
            center=center,
            normalized=normalized,
            window=None,
            center_pad_mode=center_pad_mode,
            center_tail_pad=center_tail_pad,
        )
        self.n_fft = self.spectral.n_fft
        self.hop_length = self.spectral.hop_length
        self.win_length = self.spectral.win_length
        self._bank = Filterbank(check_filterbank(filterbank, self.spectral.n_freqs))
        self._scale = self._make_scale()
        self._compiled: Compiled | None = None

    def _make_scale(self) -> Scale:
        if self.output_scale == "log":
            return Scale(self.log_mode, amin=self.log_amin)
        if self.output_scale == "db":
            return Scale("db", amin=1e-10, gain=20.0 if self.power == 1.0 else 10.0, top_db=self.top_db)
        if self.output_scale == "log10_plus_one":
            return Scale("log1p", gain=1 / math.log(10))
        return LINEAR

    @property
    def n_bands(self) -> int:
        """Bands of the filterbank."""
        return self._bank.shape[1]

    @property
    def filterbank(self) -> mx.array:
        """The filterbank [n_fft // 2 + 1, n_bands], float32."""
        return self._bank.array(mx, mx.zeros(1))

    @repeatable(finite=if_checked)
    def filtered_spectrogram(self, x: Array) -> Array:
        """Return the filtered spectrogram [n_bands, N] of audio [T], or [B, n_bands, N] of [B, T].

        Raises
        ------
        ParameterError, ArrayTypeError
            As `SpectralTransform.stft`.
        """
        return self._compute(x, None)

    __call__ = filtered_spectrogram

    def at_starts(self, x: Array, starts: np.ndarray) -> Array:
        """Return the same from the frames that begin at samples `starts` [N], zeros outside the signal."""
        return self._compute(x, starts)

    def at_fps(
        self, x: Array, fps: float, *, origin: FrameOrigin = "offline", end: FramingEnd = "normal"
    ) -> Array:
        """Return the same at `fps` frames a second: see `frame_starts_from_fps`."""
        return self._compute(x, None, fps=fps, origin=origin, end=end)

    def _compute(self, x: Array, starts: np.ndarray | None, **rate: object) -> Array:
        received = check_audio(x)
        if rate:
            length = int(received.data.shape[-1])
            starts = frame_starts_from_fps(
                length, frame_size=self.n_fft, sample_rate=self.sample_rate, **rate  # type: ignore[arg-type]
            )  # fmt: skip
        bands = self.spectral.project(received, self.power, self._bank, self._scale, starts)
        return received.give_back(bands.squeeze(0) if received.data.ndim == 1 else bands)

    def get_compiled(self) -> Callable[[Array], Array]:
        """Return the transform compiled by `mx.compile`, cached."""
        if self._compiled is None:
            self._compiled = Compiled(self.filtered_spectrogram)
        return self._compiled


def check_filterbank(filterbank: mx.array | np.ndarray, n_freqs: int) -> np.ndarray | mx.array:
    """Return the filterbank with a row for each bin: float64, or an `mx.array` that MLX is following."""
    kind = kind_of(filterbank)
    if kind is None:
        raise ArrayTypeError(f"filterbank must be an array, got {type(filterbank).__name__}")
    follow = isinstance(filterbank, mx.array) and is_traced(filterbank)
    bank = filterbank if follow else as_numpy(filterbank, "filterbank")
    if bank.ndim != 2 or bank.shape[0] not in (n_freqs - 1, n_freqs) or bank.shape[1] == 0:
        raise ParameterError(
            f"filterbank must have shape [n_freqs, n_bands] with {n_freqs} or {n_freqs - 1} rows "
            f"for this n_fft, got {tuple(bank.shape)}"
        )
    missing = [(0, n_freqs - bank.shape[0]), (0, 0)]
    if isinstance(bank, mx.array):
        return mx.pad(bank.astype(mx.float32), missing) if bank.shape[0] < n_freqs else bank
    if bank.dtype.kind not in "fiu" or not np.isfinite(bank).all():
        raise ParameterError("filterbank must hold finite real numbers")
    return np.pad(bank.astype(np.float64), missing)


def filtered_spectrogram(
    x: Array,
    *,
    filterbank: mx.array | np.ndarray,
    sample_rate: int = 22050,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    power: float = 1.0,
    output_scale: FilteredOutputScale = "linear",
    top_db: float | None = None,
    log_amin: float = 1e-5,
    log_mode: LogMelMode = "clamp",
    window_fn: str = "hann",
    periodic: bool = True,
    center: bool = True,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
    normalized: bool = False,
) -> Array:
    """Return the spectrogram [n_bands, N] of audio [T] through `filterbank`, or [B, n_bands, N] of [B, T].

    See `FilteredSpectrogramTransform`, which does the preparation once for many calls.

    Examples
    --------
    >>> import numpy as np
    >>> filtered_spectrogram(np.zeros(4000, np.float32), filterbank=np.eye(1024)).shape
    (1024, 8)
    """
    options = {name: value for name, value in locals().items() if name != "x"}
    return FilteredSpectrogramTransform(**options)(x)
