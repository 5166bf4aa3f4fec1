"""The native API's options said in torch, torchaudio and librosa calls: what native cases are judged by.

`ns` holds the reference libraries. Nothing here computes a spectrum or a filterbank of its own.
"""

from __future__ import annotations

import math
from typing import Any

__all__ = [
    "librosa_mfcc",
    "make_window",
    "mel_spectrogram",
    "power_spectrogram",
    "to_db",
    "torch_istft",
    "torch_stft",
]

WINDOWS = {"hann": "hann_window", "hamming": "hamming_window", "blackman": "blackman_window"}


def _window(
    ns: Any, n_fft: int, win_length: int | None, window_fn: str, window: Any, periodic: bool
) -> dict[str, Any]:
    """Return `win_length` and `window` for torch: the window given, or torch's own of that name."""
    length = n_fft if win_length is None else win_length
    if window is not None:
        # The native API takes a window of the whole frame beside a shorter win_length.
        return {"win_length": n_fft if window.shape[0] == n_fft else length, "window": window}
    if window_fn == "rect":
        return {"win_length": length, "window": ns.torch.ones(length)}
    return {"win_length": length, "window": getattr(ns.torch, WINDOWS[window_fn])(length, periodic=periodic)}


def make_window(
    ns: Any, n_fft: int, win_length: int | None, window_fn: str, window: Any, periodic: bool
) -> Any:
    """The window [n_fft] that torch uses: centred in the frame, the odd zero to the right."""
    samples = _window(ns, n_fft, win_length, window_fn, window, periodic)["window"]
    missing = n_fft - samples.shape[0]
    return ns.torch.nn.functional.pad(samples, (missing // 2, missing - missing // 2))


def torch_stft(
    ns: Any,
    x: Any,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    window_fn: str = "hann",
    window: Any = None,
    periodic: bool = True,
    center: bool = True,
    center_pad_mode: str = "reflect",
    center_tail_pad: str = "symmetric",
    normalized: bool = False,
    output_layout: str = "bfn",
) -> Any:
    """`torch.stft` with the options of `SpectralTransform`: [B, F, N], or [B, N, F]."""
    options: dict[str, Any] = {
        "hop_length": hop_length,
        **_window(ns, n_fft, win_length, window_fn, window, periodic),
        "center": center,
        "pad_mode": center_pad_mode,
        "normalized": normalized,
        "return_complex": True,
    }
    x = x[None] if x.ndim == 1 else x
    if center and center_tail_pad == "minimal":
        # Zeros in front as torch centres, and behind just enough for ceil(T / hop) whole frames.
        left, length = n_fft // 2, x.shape[-1]
        right = (math.ceil(length / hop_length) - 1) * hop_length + n_fft - left - length
        x = ns.torch.nn.functional.pad(x, (left, max(0, right)))
        options["center"] = False
    z = ns.torch.stft(x, n_fft, **options)
    return z if output_layout == "bfn" else z.swapaxes(1, 2)


def torch_istft(
    ns: Any,
    z: Any,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    window_fn: str = "hann",
    window: Any = None,
    periodic: bool = True,
    center: bool = True,
    center_pad_mode: str = "reflect",
    center_tail_pad: str = "symmetric",
    normalized: bool = False,
    length: int | None = None,
    input_layout: str = "bfn",
    **how: Any,
) -> Any:
    """`torch.istft` with the options of `SpectralTransform`; `how` says who computes, not what."""
    return ns.torch.istft(
        z if input_layout == "bfn" else z.swapaxes(-1, -2),
        n_fft,
        hop_length=hop_length,
        **_window(ns, n_fft, win_length, window_fn, window, periodic),
        center=center,
        normalized=normalized,
        length=length,
    )


def power_spectrogram(ns: Any, x: Any, power: float = 2.0, **stft: Any) -> Any:
    """|STFT|^power as torchaudio computes it: [B, F, N]."""
    z = torch_stft(ns, x, **stft)
    return z.abs() if power == 1.0 else z.abs().pow(power)


def to_db(ns: Any, x: Any, top_db: float | None, together: bool, stype: str = "power") -> Any:
    """Decibels by torchaudio of x [B, F, N], the peak shared by the batch, or one for each example."""
    scale = ns.torchaudio.transforms.AmplitudeToDB(stype, top_db)
    return scale(x) if together else ns.torch.stack([scale(example) for example in x])


def mel_spectrogram(
    ns: Any,
    x: Any,
    sample_rate: int,
    n_fft: int,
    hop_length: int,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    power: float = 2.0,
    norm: str | None = None,
    mel_scale: str = "htk",
    top_db: float | None = 80.0,
    output_scale: str = "db",
    log_amin: float = 1e-5,
    log_mode: str = "clamp",
    log_scale: float = 1.0,
    mode: str = "mlx_native",
    to_db_alias: bool | None = None,
    **stft: Any,
) -> Any:
    """`MelSpectrogramTransform` by torch.stft, torchaudio's MelScale and a scale: [B, n_mels, N]."""
    spectrogram = power_spectrogram(ns, x, power, n_fft=n_fft, hop_length=hop_length, **stft)
    scale = ns.torchaudio.transforms.MelScale(
        n_mels, sample_rate, f_min, f_max, n_fft // 2 + 1, norm, mel_scale
    )
    mel = scale(spectrogram)
    if to_db_alias is not None:
        output_scale = "db" if to_db_alias else "linear"
    if output_scale == "linear":
        return mel
    if output_scale == "db":
        return to_db(ns, mel, top_db, together=mode == "torchaudio_compat")
    if log_mode == "clamp":
        return mel.clamp(min=log_amin).log()
    return (mel + log_amin).log() if log_mode == "add" else (log_scale * mel).log1p()


def librosa_mfcc(ns: Any, x: Any, **options: Any) -> Any:
    """`mfcc` by librosa: [..., n_mfcc, N].

    An example at a time, since librosa shares the peak of top_db in a batch.

    librosa transforms in float64 whatever the input, so its float32 answer shows no float32 error:
    the truth (float64) is librosa's alone, and in float32 it is given the spectrum of torch.stft.
    """
    if x.ndim == 2:
        return ns.numpy.stack([_librosa_mfcc(ns, example, **options) for example in x])
    return _librosa_mfcc(ns, x, **options)


def _librosa_mfcc(
    ns: Any,
    x: Any,
    sample_rate: int,
    n_fft: int,
    hop_length: int,
    n_mfcc: int = 20,
    win_length: int | None = None,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    norm: str | None = "slaney",
    mel_scale: str = "slaney",
    top_db: float | None = 80.0,
    window_fn: str = "hann",
    center: bool = True,
    center_pad_mode: str = "reflect",
    lifter: int = 0,
    dct_norm: str | None = "ortho",
) -> Any:
    stft: dict[str, Any] = {"n_fft": n_fft, "hop_length": hop_length, "win_length": win_length}
    if x.dtype == "float32":
        y = ns.torch.from_numpy(x)
        stft |= {"window_fn": window_fn, "center": center, "center_pad_mode": center_pad_mode}
        source = {"S": power_spectrogram(ns, y, **stft).numpy()[0], "n_fft": n_fft}
    else:
        if center and center_pad_mode == "reflect":
            # librosa reflects the last hop or so by itself, not the signal, where that is shorter
            # than half a frame; the native API reflects the signal.
            x, center = ns.numpy.pad(x, n_fft // 2, mode="reflect"), False
        source = {"y": x, **stft, "window": window_fn, "center": center, "pad_mode": center_pad_mode}
    mel = ns.librosa.feature.melspectrogram(
        **source,
        sr=sample_rate,
        n_mels=n_mels,
        fmin=f_min,
        fmax=f_max,
        norm=norm,
        htk=mel_scale == "htk",
        dtype=x.dtype,
    )
    return ns.librosa.feature.mfcc(
        S=ns.librosa.power_to_db(mel, top_db=top_db), n_mfcc=n_mfcc, norm=dct_norm, lifter=lifter
    )
