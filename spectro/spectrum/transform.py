"""`SpectralTransform`: the short-time Fourier transform and its inverse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal, get_args

import mlx.core as mx
import numpy as np

from ..arrays import Received
from ..backends import portable
from ..backends.dispatch import analyze, project, reduce, synthesize
from ..backends.repeats import Repeats, if_checked, repeatable
from ..callers import forbid_repeating, warn
from ..compiled.entry_points import CompiledEntryPoints
from ..diagnostics import register_lru
from ..errors import BackendError, NolaError, NolaWarning, ParameterError
from ..filterbanks.bank import Filterbank
from ..framing.rates import frames_at
from ..framing.windows import Window, resolve_window
from ..typing import (
    Array,
    CenterPadMode,
    CenterTailPad,
    ISTFTBackendPolicy,
    STFTOutputLayout,
    WindowLike,
)
from ..validation import check_audio, check_choice, check_int, check_spectrum
from .plan import NOLA_FLOOR, StftPlan
from .reductions import Reduction
from .scales import Scale

__all__ = ["SpectralTransform", "get_transform_mlx"]

POLICIES = get_args(ISTFTBackendPolicy)
LAYOUTS = get_args(STFTOutputLayout)
LONG_MODES = ("native", "numpy_fallback", "torch_fallback")


class SpectralTransform(CompiledEntryPoints, Repeats):
    """STFT and inverse STFT with one window, reusable and differentiable.

    Parameters
    ----------
    n_fft, hop_length : int
        Samples in a frame, and between the starts of frames.
    win_length : int, optional
        Length of the window, centred in the frame; default `n_fft`.
    window_fn : {"hann", "hamming", "blackman", "rect"}
    window : array [win_length] or [n_fft], optional
        Used instead of `window_fn`.
    periodic : bool
        Whether `window_fn` is periodic (for analysis) or symmetric.
    center : bool
        Whether frame i is centred on sample i * hop_length, the signal being padded by n_fft // 2.
    center_pad_mode : {"reflect", "constant"}
    center_tail_pad : {"symmetric", "minimal"}
        "minimal" pads the end just enough for ceil(T / hop_length) frames (constant padding only).
    normalized : bool
        Divide the spectrum by sqrt(n_fft).
    istft_backend_policy : {"auto", "mlx_fft", "metal", "torch_fallback"}, optional
        Default for `istft`: the best there is, plain FFT operations, the Metal kernel or an
        error, or `torch.istft`.
    onesided : bool
        Return the n_fft // 2 + 1 bins from 0 to Nyquist, or all n_fft.

    Raises
    ------
    ParameterError
        For a value out of range; `ArrayTypeError` for a wrong type.

    Examples
    --------
    >>> import mlx.core as mx
    >>> transform = SpectralTransform(512, 128)
    >>> z = transform.stft(mx.zeros((2, 4000)))
    >>> z.shape, transform.istft(z, length=4000).shape
    ((2, 257, 32), (2, 4000))
    """

    def __init__(
        self,
        n_fft: int,
        hop_length: int,
        win_length: int | None = None,
        window_fn: str = "hann",
        window: WindowLike = None,
        periodic: bool = True,
        center: bool = True,
        center_pad_mode: CenterPadMode = "reflect",
        center_tail_pad: CenterTailPad = "symmetric",
        normalized: bool = False,
        istft_backend_policy: ISTFTBackendPolicy | None = None,
        *,
        onesided: bool = True,
    ) -> None:
        self.n_fft = check_int("n_fft", n_fft, minimum=1)
        self.hop_length = check_int("hop_length", hop_length, minimum=1)
        self.win_length = self.n_fft if win_length is None else check_int("win_length", win_length, minimum=1)
        self.window_fn = window_fn
        self.periodic = bool(periodic)
        self.center = bool(center)
        self.center_pad_mode = check_choice("center_pad_mode", center_pad_mode, get_args(CenterPadMode))
        self.center_tail_pad = check_choice("center_tail_pad", center_tail_pad, get_args(CenterTailPad))
        self.normalized = bool(normalized)
        self.onesided = bool(onesided)
        self.istft_backend_policy = check_choice(
            "istft_backend_policy", istft_backend_policy or "auto", POLICIES
        )
        minimal = self.center and self.center_tail_pad == "minimal"
        if minimal and self.center_pad_mode == "reflect":
            raise ParameterError("center_tail_pad='minimal' needs center_pad_mode='constant', got 'reflect'")
        self._plan = StftPlan(
            self.n_fft,
            self.hop_length,
            pad=self.n_fft // 2 if self.center else 0,
            pad_mode=self.center_pad_mode,
            tail="minimal" if minimal else "symmetric",
            onesided=self.onesided,
            scale=1 / math.sqrt(self.n_fft) if self.normalized else 1.0,
        )
        self._inverse_plan = replace(self._plan, onesided=True)
        self._is_shared = False
        self._use_window(window)

    def __repr__(self) -> str:
        sizes = f"n_fft={self.n_fft}, hop_length={self.hop_length}, win_length={self.win_length}"
        return f"SpectralTransform({sizes})"

    # The window

    def _use_window(self, window: WindowLike) -> None:
        """Take `window`, and forget what was derived from another one."""
        samples = resolve_window(window, self.window_fn, self.win_length, self.n_fft, self.periodic)
        self._window = Window(samples)
        self._lowest_envelope = lru_cache(maxsize=64)(self._find_lowest_envelope)
        super().__init__()

    @property
    def window(self) -> mx.array:
        """The analysis window [n_fft], float32."""
        return mx.array(self._window.samples.astype(np.float32))

    def with_window(self, window: WindowLike) -> SpectralTransform:
        """Return a new transform with another `window` [win_length] or [n_fft], all else the same.

        None stands for `window_fn`.
        """
        other = copy(self)
        other._is_shared = False
        other._use_window(window)
        return other

    def set_window(self, window: WindowLike) -> None:
        """Replace the window by another [win_length] or [n_fft], or None for `window_fn`.

        Compiled functions hold the window they were made with: ask for them again.

        Raises
        ------
        ParameterError
            If the window does not fit, or `get_transform_mlx` made this transform and so
            others may hold it too: use `with_window`.
        """
        if self._is_shared:
            raise ParameterError("window of a shared transform cannot be set: use with_window(window)")
        self._use_window(window)

    @property
    def n_freqs(self) -> int:
        """Bins of a spectrum: n_fft // 2 + 1, or n_fft if it is two-sided."""
        return self._plan.bins

    # Forward

    @repeatable(finite=if_checked)
    def stft(self, x: Array, output_layout: STFTOutputLayout = "bfn") -> Array:
        """Transform real audio.

        Parameters
        ----------
        x : array [T] or [B, T]
            float32 or float64 (numpy, torch); float16 and bfloat16 are computed in float32.
        output_layout : {"bfn", "bnf"}

        Returns
        -------
        complex array [B, F, N], or [B, N, F]
            B is 1 for a single signal; F is `n_freqs`; complex128 for float64.

        Raises
        ------
        ParameterError
            If `x` is empty, of the wrong rank, not finite, or too short to be padded or framed.
        ArrayTypeError
            If `x` is not floating-point audio.
        """
        layout = check_choice("output_layout", output_layout, LAYOUTS)
        received = check_audio(x, autograd=True)
        return received.give_back(self.analyze(received, layout))

    def analyze(self, received: Received, layout: str = "bnf", starts: np.ndarray | None = None) -> Array:
        """Return the STFT of checked audio, in the namespace it was received in: see `dispatch.analyze`.

        With `starts` [N], frame i begins at sample starts[i], whatever the hop and the centring.
        """
        plan, batch = self._prepare(received, starts)
        return analyze(plan, self._window, batch, layout)

    def project(
        self,
        received: Received,
        power: float,
        bank: Filterbank,
        scale: Scale,
        starts: np.ndarray | None = None,
    ) -> Array:
        """Return scale(|STFT|^power @ bank), [B, M, N], of checked audio: see `dispatch.project`."""
        plan, batch = self._prepare(received, starts)
        return project(plan, self._window, batch, power, bank, scale)

    def reduce(
        self, received: Received, reductions: Sequence[Reduction], precision: Literal["auto", "double"]
    ) -> list[Array]:
        """Return each reduction [B, K, N] of the spectra of checked audio: see `dispatch.reduce`."""
        plan, batch = self._prepare(received, None)
        return reduce(replace(plan, precision=precision), self._window, batch, reductions)

    def _prepare(self, received: Received, starts: np.ndarray | None) -> tuple[StftPlan, Received]:
        x, plan = received.data, self._plan
        batch = x[None] if x.ndim == 1 else x
        if starts is not None:
            batch, hop = frames_at(received.xp, batch, starts, self.n_fft)
            plan = replace(plan, hop=hop, pad=0, tail="symmetric")
        if plan.frames(batch.shape[-1]) < 1:
            raise ParameterError(
                f"x has {batch.shape[-1]} samples, fewer than one frame of n_fft={self.n_fft}"
            )
        return plan, Received(received.xp, batch, received.give_back)

    # Inverse

    @repeatable()
    def istft(
        self,
        z: Array,
        length: int | None = None,
        validate: bool = False,
        *,
        torch_like: bool = False,
        allow_fused: bool = True,
        safety: str = "auto",
        long_mode_strategy: str = "native",
        backend_policy: ISTFTBackendPolicy | None = None,
        input_layout: STFTOutputLayout = "bfn",
    ) -> Array:
        """Invert a spectrogram by windowed overlap-add (Griffin & Lim 1984).

        Parameters
        ----------
        z : complex array [B, F, N] or [B, N, F]; without B, so is the result
            F is n_fft // 2 + 1, or n_fft for a two-sided spectrum.
        length : int, optional
            Samples to return; beyond the last frame they are zero. Needed with a minimal tail.
        validate : bool
            Compute a second time by plain operations and raise if the two differ.
        torch_like : bool
            Raise, rather than warn, where no window covers a sample, as `torch.istft` does.
        allow_fused : bool
            False keeps to plain operations.
        safety : {"auto", "always", "off"}
            Whether to look for samples that no window covers ("auto" remembers the answer).
        long_mode_strategy : {"native", "numpy_fallback", "torch_fallback"}
            Who computes when `length` reaches beyond the frames of a centred transform.
        backend_policy : {"auto", "mlx_fft", "metal", "torch_fallback"}, optional
            Overrides `istft_backend_policy` for this call.
        input_layout : {"bfn", "bnf"}

        Returns
        -------
        real array [B, T] or [T]

        Raises
        ------
        ParameterError
            For a wrong shape or option; `NolaError` with `torch_like` where NOLA is violated.
        BackendError
            If the backend asked for cannot serve the call.
        """
        layout = check_choice("input_layout", input_layout, LAYOUTS)
        check_choice("safety", safety, ("auto", "always", "off"))
        check_choice("long_mode_strategy", long_mode_strategy, LONG_MODES)
        policy = check_choice("backend_policy", backend_policy or self.istft_backend_policy, POLICIES)
        if policy != "auto" and long_mode_strategy != "native":
            raise ParameterError(
                f"long_mode_strategy must be 'native' with backend_policy={policy!r}, "
                f"got {long_mode_strategy!r}"
            )
        if length is not None:
            check_int("length", length, minimum=1)
        half = self._inverse_plan.bins
        received = check_spectrum(z, (half, self.n_fft), -2 if layout == "bfn" else -1, autograd=True)
        spectrum = received.data if received.data.ndim == 3 else received.data[None]
        bins = slice(half)  # the upper half of a two-sided spectrum adds nothing
        spectrum = spectrum[:, bins] if layout == "bfn" else spectrum[..., bins]
        frames = int(spectrum.shape[2 if layout == "bfn" else 1])
        target = self._target_length(length, frames)
        if safety != "off":
            self._check_nola(frames, target, torch_like, fresh=safety == "always")
        if long_mode_strategy != "native" and self.center and target > self._natural_length(frames):
            policy = "torch_fallback" if long_mode_strategy == "torch_fallback" else "mlx_fft"
        elif not allow_fused and policy == "auto":
            policy = "mlx_fft"
        batch = Received(received.xp, spectrum, received.give_back)
        x = synthesize(self._inverse_plan, self._window, batch, self._plan.pad, target, layout, policy)
        if validate:
            self._validate(batch, x, target, layout)
        return received.give_back(x if received.data.ndim == 3 else x[0])

    def _natural_length(self, frames: int) -> int:
        if self._plan.tail == "minimal":
            return self.hop_length * frames
        return self._plan.natural_length(frames)

    def _target_length(self, length: int | None, frames: int) -> int:
        if frames < 1:
            raise ParameterError("z has no frames")
        if length is not None:
            return length
        if self._plan.tail == "minimal":
            raise ParameterError("length is needed with center_tail_pad='minimal', got None")
        return self._natural_length(frames)

    def _find_lowest_envelope(self, frames: int, length: int) -> float:
        return portable.lowest_envelope(self._plan, self._window.samples, frames, self._plan.pad, length)

    def _check_nola(self, frames: int, length: int, strict: bool, fresh: bool) -> None:
        find = self._find_lowest_envelope if fresh else self._lowest_envelope
        if find(frames, length) > NOLA_FLOOR:
            return
        message = (
            f"hop_length={self.hop_length} and this window leave samples that no frame covers (NOLA is "
            "violated): they cannot be reconstructed. Use a smaller hop_length or another window"
        )
        if strict:
            raise NolaError(message)
        warn(message, NolaWarning)

    def _validate(self, batch: Received, x: Array, length: int, layout: str) -> None:
        forbid_repeating()
        plain = synthesize(self._inverse_plan, self._window, batch, self._plan.pad, length, layout, "mlx_fft")
        difference = float(abs(x - plain).max())
        if not difference <= 1e-5 * max(1.0, float(abs(plain).max())):
            raise BackendError(f"istft: the backends differ by {difference:.3e}")

    # Gradients

    def differentiable_stft(self, x: Array) -> Array:
        """Return `stft(x)` as [B, N, F], for `mx.grad` and `mx.value_and_grad`."""
        return self.stft(x, "bnf")

    def differentiable_istft(self, z: Array, length: int | None = None) -> Array:
        """Invert z [B, N, F] to [B, T], for `mx.grad` and `mx.value_and_grad`."""
        return self.istft(z, length, input_layout="bnf")


@lru_cache(maxsize=64)
def _shared(options: tuple[tuple[str, Any], ...]) -> SpectralTransform:
    transform = SpectralTransform(**dict(options))
    transform._is_shared = True
    return transform


register_lru("transform_cache", _shared)


def get_transform_mlx(
    *,
    n_fft: int,
    hop_length: int,
    win_length: int,
    window_fn: str,
    periodic: bool,
    center: bool,
    normalized: bool,
    window: WindowLike,
    center_pad_mode: CenterPadMode = "reflect",
    center_tail_pad: CenterTailPad = "symmetric",
    istft_backend_policy: ISTFTBackendPolicy | None = None,
    onesided: bool = True,
) -> SpectralTransform:
    """Return a `SpectralTransform`, the same one for the same options.

    With a concrete `window` array a new transform is made each time.
    """
    options: dict[str, Any] = {
        "n_fft": n_fft,
        "hop_length": hop_length,
        "win_length": win_length,
        "window_fn": window_fn,
        "periodic": periodic,
        "center": center,
        "normalized": normalized,
        "center_pad_mode": center_pad_mode,
        "center_tail_pad": center_tail_pad,
        "istft_backend_policy": istft_backend_policy,
        "onesided": onesided,
    }
    if window is not None:
        return SpectralTransform(**options, window=window)
    return _shared(tuple(options.items()))
