"""Mel spectrograms: power spectrum, mel filterbank, then a linear, log or dB scale."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, get_args

import mlx.core as mx
import numpy as np

from ..arrays import Received
from ..backends.portable import power_spectrum
from ..backends.repeats import Repeats, if_checked, repeatable
from ..compiled.cache import Compiled
from ..errors import ParameterError
from ..filterbanks.bank import Filterbank
from ..filterbanks.mel import check_mel_range, mel_filterbank, warn_empty
from ..spectrum.scales import LINEAR, Scale, check_log_mode
from ..spectrum.transform import SpectralTransform, get_transform_mlx
from ..typing import (
    Array,
    CenterPadMode,
    CenterTailPad,
    LogMelMode,
    MelMode,
    MelNorm,
    MelOutputScale,
    MelScale,
)
from ..validation import check_audio, check_choice, check_int, check_number

__all__ = ["LogMelSpectrogramTransform", "MelSpectrogramTransform", "mel_bank", "power_spectrum"]


@lru_cache(maxsize=64)
def mel_bank(*arguments: Any) -> Filterbank:
    """Return `mel_filterbank` of these arguments, the same one for the same arguments."""
    return Filterbank(mel_filterbank(*arguments))


SCALES = get_args(MelOutputScale)


class MelSpectrogramTransform(Repeats):
    """Mel spectrogram of audio, reusable and compilable.

    Parameters
    ----------
    sample_rate : int
        Hz.
    n_fft, hop_length, win_length, window_fn, periodic, center, center_pad_mode, center_tail_pad, normalized
        As for `SpectralTransform`.
    n_mels : int
    f_min, f_max : float
        Range of the filters, Hz; `f_max` defaults to sample_rate // 2.
    power : float
        Exponent of the magnitude: 2 for power, 1 for magnitude.
    norm : {None, "slaney"}
    mel_scale : {"htk", "slaney"}
    top_db : float, optional
        Range of the dB scale below its peak.
    output_scale : {"linear", "log", "db"}
    log_amin, log_mode, log_scale
        The "log" scale: ln(max(x, log_amin)) for "clamp", ln(x + log_amin) for "add",
        ln(1 + log_scale x) for "log1p".
    mode : {"mlx_native", "torchaudio_compat"}
        Whether `top_db` looks at each example's peak or at the whole batch's, as torchaudio
        does ("default" means "mlx_native").

    Raises
    ------
    ParameterError
        For a value out of range.

    Examples
    --------
    >>> import mlx.core as mx
    >>> MelSpectrogramTransform(16000, 400, 160, n_mels=80)(mx.zeros((2, 16000))).shape
    (2, 80, 101)
    """

    def __init__(
        self,
        sample_rate: int = 24000,
        n_fft: int = 2048,
        hop_length: int = 240,
        win_length: int | None = None,
        n_mels: int = 128,
        f_min: float = 0.0,
        f_max: float | None = None,
        power: float = 2.0,
        norm: MelNorm = None,
        mel_scale: MelScale = "htk",
        top_db: float | None = 80.0,
        output_scale: MelOutputScale = "db",
        log_amin: float = 1e-5,
        log_mode: LogMelMode = "clamp",
        log_scale: float = 1.0,
        mode: MelMode = "mlx_native",
        window_fn: str = "hann",
        periodic: bool = True,
        center: bool = True,
        center_pad_mode: CenterPadMode = "reflect",
        center_tail_pad: CenterTailPad = "symmetric",
        normalized: bool = False,
    ) -> None:
        self.sample_rate = check_int("sample_rate", sample_rate, minimum=1)
        self.n_mels = check_int("n_mels", n_mels, minimum=1)
        self.f_min = float(f_min)
        self.f_max = float(self.sample_rate // 2 if f_max is None else f_max)
        check_mel_range(self.f_min, self.f_max)
        self.power = check_number("power", power, above=0)
        self.norm = check_choice("norm", norm, (None, "slaney"))
        self.mel_scale = check_choice("mel_scale", mel_scale, get_args(MelScale))
        self.top_db = None if top_db is None else check_number("top_db", top_db, minimum=0)
        self.output_scale = check_choice("output_scale", output_scale, SCALES)
        self.log_amin = check_number("log_amin", log_amin, above=0)
        self.log_mode = check_log_mode(log_mode)
        self.log_scale = check_number("log_scale", log_scale, above=0)
        self.mode = check_choice("mode", mode, get_args(MelMode))
        if self.mode == "default":
            self.mode = "mlx_native"
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
        self.bank = mel_bank(
            self.spectral.n_freqs,
            self.f_min,
            self.f_max,
            self.n_mels,
            self.sample_rate,
            self.norm,
            self.mel_scale,
        )
        warn_empty(self.bank.weights, "mel filters")
        self._compiled: dict[str, Compiled] = {}

    @property
    def mel_fb(self) -> mx.array:
        """The filterbank [F, n_mels], float32."""
        return mx.array(self.bank.weights.astype(np.float32))

    @property
    def scales(self) -> dict[str, Scale]:
        """The scales that `output_scale` names, with this transform's floors and ranges."""
        peak_axes = (-2, -1) if self.mode == "mlx_native" else (-3, -2, -1)
        return {
            "linear": LINEAR,
            "log": Scale(self.log_mode, amin=self.log_amin, slope=self.log_scale),
            "db": Scale("db", amin=1e-10, gain=10.0, top_db=self.top_db, peak_axes=peak_axes),
        }

    def spectrogram(self, x: Array) -> Array:
        """Return |STFT|^power of audio [T] or [B, T]: [B, F, N]."""
        received = check_audio(x)
        power = power_spectrum(received.xp, self.spectral.analyze(received), self.power)
        return received.give_back(power.swapaxes(1, 2))

    @repeatable(finite=if_checked)
    def mel_spectrogram(
        self, x: Array, output_scale: MelOutputScale | None = None, to_db: bool | None = None
    ) -> Array:
        """Return the mel spectrogram of audio [T] or [B, T]: [B, n_mels, N].

        `output_scale` overrides the transform's; ``to_db=True`` and ``False`` are other names
        for "db" and "linear".

        Raises
        ------
        ParameterError
            If both are given, and as for `SpectralTransform.stft`.
        """
        scale = self._resolve_scale(output_scale, to_db)
        received = check_audio(x)
        return received.give_back(self.compute(received, scale))

    __call__ = mel_spectrogram

    def compute(self, received: Received, scale: str) -> Array:
        """Return the mel spectrogram [B, n_mels, N] of checked audio, in the namespace it was received in."""
        return self.spectral.project(received, self.power, self.bank, self.scales[scale])

    def _resolve_scale(self, output_scale: str | None, to_db: bool | None) -> str:
        if output_scale is not None and to_db is not None:
            raise ParameterError(f"pass output_scale or to_db, not both: got {output_scale!r} and {to_db!r}")
        if to_db is not None:
            return "db" if to_db else "linear"
        return str(check_choice("output_scale", output_scale or self.output_scale, SCALES))

    def get_compiled(
        self, output_scale: MelOutputScale | None = None, to_db: bool | None = None
    ) -> Callable[[Array], Array]:
        """Return the transform compiled by `mx.compile` for one output scale, cached."""
        scale: Any = self._resolve_scale(output_scale, to_db)
        if scale not in self._compiled:
            self._compiled[scale] = Compiled(lambda x: self.mel_spectrogram(x, scale))
        return self._compiled[scale]


class LogMelSpectrogramTransform(MelSpectrogramTransform):
    """`MelSpectrogramTransform` on a natural-log scale.

    Takes the same keyword arguments but `output_scale`, which is "log".

    Examples
    --------
    >>> import numpy as np
    >>> log_mel = LogMelSpectrogramTransform(sample_rate=16000, n_fft=400, hop_length=160, n_mels=40)
    >>> log_mel(np.zeros(16000, np.float32)).shape
    (1, 40, 101)
    """

    def __init__(
        self,
        *,
        log_amin: float = 1e-5,
        log_mode: LogMelMode = "clamp",
        log_scale: float = 1.0,
        **options: Any,
    ) -> None:
        if "output_scale" in options:
            raise ParameterError(f"output_scale is 'log' here, got {options['output_scale']!r}")
        super().__init__(
            output_scale="log", log_amin=log_amin, log_mode=log_mode, log_scale=log_scale, **options
        )

    def get_compiled(self) -> Callable[[Array], Array]:  # type: ignore[override] # the seed API's narrower contract
        """Return the transform compiled by `mx.compile`, cached."""
        return super().get_compiled("log")
