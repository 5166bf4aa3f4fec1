"""torch.stft, torch.istft and torch's windows."""

from __future__ import annotations

from typing import Any

from ..case import FLOAT, Case
from ..signals import signal, spectrum, window

__all__ = ["cases", "istft", "stft"]

STFT_SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch", "faint")
WINDOWS = ("hann_window", "hamming_window", "blackman_window", "bartlett_window", "kaiser_window")


def stft(ns: Any, x: Any, **options: Any) -> Any:
    """`torch.stft`."""
    return ns.torch.stft(x, **options)


def istft(ns: Any, x: Any, **options: Any) -> Any:
    """`torch.istft`."""
    return ns.torch.istft(x, **options)


def _stft(name: str, n_fft: int, hop: int | None = None, **options: Any) -> Case:
    steps: dict[str, Any] = {"n_fft": n_fft} if hop is None else {"n_fft": n_fft, "hop_length": hop}
    if options.get("return_complex", True):
        options["return_complex"] = True
    return Case("torch.stft", "torch", stft, signal(name), steps | options)


def _stft_cases() -> list[Case]:
    hann, hamming = window("hann", 64), window("hamming", 64)
    cases = [_stft(name, 64, 28, window=hann) for name in STFT_SIGNALS]
    cases += [_stft(name, 120, 40, window=window("hann", 120)) for name in ("chirp", "noise", "music")]
    cases += [
        # Lengths: powers of two, composite, odd, prime; hop by default, odd, above n_fft.
        _stft("chirp", 64),
        _stft("chirp", 400, 160, window=window("hann", 400)),
        _stft("noise", 63, 16, window=window("hann", 63)),
        _stft("noise", 61, 21, window=window("hamming", 61)),
        _stft("chirp", 1, 50),
        _stft("chirp", 2, 31),
        _stft("noise", 32, 50, window=window("hann", 32)),
        _stft("music", 512, 128, window=window("hann", 512)),
        # Windows: none, shorter than the frame by an even and an odd number, not symmetric.
        _stft("music", 64, 28),
        _stft("music", 64, 28, win_length=40),
        _stft("music", 64, 28, win_length=40, window=window("hann", 40)),
        _stft("music", 64, 28, win_length=33, window=window("hamming", 33)),
        _stft("music", 63, 20, win_length=40, window=window("ramp", 40)),
        _stft("music", 64, 28, window=window("ramp", 64)),
        # Padding, with sides of even and odd frames.
        *(
            _stft(name, n_fft, 28, window=window("hann", n_fft), pad_mode=mode)
            for mode in ("reflect", "constant", "replicate", "circular")
            for name, n_fft in (("short", 64), ("noise", 45))
        ),
        _stft("chirp", 64, 28, window=hann, center=False),
        _stft("stereo", 64, 28, window=hann, center=False, pad_mode="constant"),
        _stft("short", 70, 20, center=False),
        _stft("noise", 64, 28, window=hann, center=False, align_to_window=True, win_length=64),
        _stft("noise", 64, 28, window=window("hann", 40), win_length=40, center=False, align_to_window=True),
        _stft("noise", 64, 28, window=window("hann", 40), win_length=40, center=False, align_to_window=False),
        # Sides and scale.
        _stft("chirp", 64, 28, window=hann, normalized=True),
        _stft("stereo", 48, 20, window=window("hann", 48), normalized=True, onesided=False),
        _stft("noise", 64, 40, window=hann, onesided=False),
        _stft("noise", 63, 40, window=window("hann", 63), onesided=False),
        _stft("chirp", 64, 28, window=hamming, onesided=True),
        _stft("complex", 64, 40, window=hann),
        _stft("complex", 64, 40, window=hann, onesided=False, normalized=True, pad_mode="constant"),
        _stft("complex", 45, 40, center=False),
        # The real view that torch is leaving behind.
        _stft("stereo", 64, 28, window=hann, return_complex=False),
        _stft("chirp", 64, 28, return_complex=False, onesided=False),
    ]
    return cases


def _istft(x: Any, n_fft: int, hop: int | None = None, **options: Any) -> Case:
    steps: dict[str, Any] = {"n_fft": n_fft} if hop is None else {"n_fft": n_fft, "hop_length": hop}
    return Case("torch.istft", "torch", istft, x, steps | options)


def _istft_cases() -> list[Case]:
    hann, hamming = window("hann", 64), window("hamming", 64)
    cases = [_istft(spectrum(name, 64, 16), 64, 16, window=hann) for name in STFT_SIGNALS if name != "short"]
    cases += [
        _istft(spectrum("short", 64, 16), 64, 16, window=hann, length=30),
        _istft(spectrum("random", 64, 0), 64, 16, window=hann),
        _istft(spectrum("random", 63, 0), 63, 16, window=window("hann", 63)),
        _istft(spectrum("random", 61, 0), 61, 20, window=window("hamming", 61)),
        _istft(spectrum("random", 400, 0), 400, 160, window=window("hann", 400)),
        _istft(spectrum("music", 512, 128), 512, 128, window=window("hann", 512)),
        _istft(spectrum("chirp", 64, 16), 64),
        _istft(spectrum("chirp", 64, 64), 64, 64),
        _istft(spectrum("chirp", 120, 40), 120, 40, window=window("hann", 120)),
        # Window shorter than the frame; none.
        _istft(spectrum("noise", 64, 16), 64, 16, win_length=40, window=window("hann", 40)),
        _istft(spectrum("noise", 64, 16), 64, 16, win_length=33, window=window("ramp", 33)),
        _istft(spectrum("noise", 64, 16), 64, 16, win_length=48),
        # Without centring the window must not be 0 at the ends.
        _istft(spectrum("noise", 64, 16), 64, 16, window=hamming, center=False),
        _istft(spectrum("random", 48, 0), 48, 12, center=False, normalized=True),
        _istft(spectrum("chirp", 64, 16), 64, 16, window=hann, normalized=True),
        # Sides.
        _istft(spectrum("noise", 64, 16, onesided=False), 64, 16, window=hann, onesided=False),
        _istft(spectrum("noise", 64, 16), 64, 16, window=hann, onesided=True),
        _istft(spectrum("random", 45, 0, onesided=False), 45, 15, window=window("hann", 45), onesided=False),
        _istft(
            spectrum("random", 48, 0, onesided=False),
            48,
            12,
            window=window("hann", 48),
            onesided=False,
            return_complex=True,
        ),
        # Length: inside, at the natural end, in the last half frame, beyond everything.
        *(_istft(spectrum("music", 64, 16), 64, 16, window=hann, length=n) for n in (1, 500, 928, 950, 1100)),
        _istft(spectrum("stereo", 64, 16), 64, 16, window=hamming, center=False, length=300),
        _istft(spectrum("stereo", 64, 16), 64, 16, window=hamming, center=False, length=600),
    ]
    return cases


def _window_cases() -> list[Case]:
    cases = []
    for name in WINDOWS:

        def call(ns: Any, x: Any, length: int, name: str = name, **options: Any) -> Any:
            return getattr(ns.torch, name)(length, **options)

        parameters: list[dict[str, Any]] = [{"length": n} for n in (0, 1, 2, 7, 64, 400, 1023)]
        parameters += [{"length": n, "periodic": False} for n in (1, 2, 7, 64)]
        parameters += [{"length": 64, "periodic": True}]
        if name == "hamming_window":
            parameters += [
                {"length": 64, "periodic": True, "alpha": 0.6},
                {"length": 33, "periodic": True, "alpha": 0.5, "beta": 0.3},
                {"length": 33, "alpha": 0.42, "beta": 0.5, "periodic": False},
            ]
        if name == "kaiser_window":
            parameters += [
                {"length": 64, "beta": beta, "periodic": periodic}
                for beta in (0.0, 0.5, 8.6, 14.0, 30.0)
                for periodic in (True, False)
            ]
        cases += [
            Case(f"torch.{name}", "torch", call, None, options | {"dtype": FLOAT}) for options in parameters
        ]
        # Without a dtype the window is float32, like torch's default.
        single = ("numpy32", "mlx", "torch32")
        cases.append(Case(f"torch.{name}", "torch", call, None, {"length": 65}, kinds=single))
    return cases


def cases() -> list[Case]:
    """Return the cases of `torch`."""
    return _stft_cases() + _istft_cases() + _window_cases()
