"""spectro.SpectralTransform, by torch.stft and torch.istft; make_window and get_transform_mlx."""

from __future__ import annotations

from typing import Any

from ..case import ALL_KINDS, Call, Case
from ..signals import signal, spectrum, window
from .oracles import make_window, torch_istft, torch_stft

__all__ = ["cases", "native_istft", "native_stft"]

STFT = "spectro.SpectralTransform.stft"
ISTFT = "spectro.SpectralTransform.istft"
SIGNALS = ("chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch", "faint")
INVERSE_ONLY = (
    "length",
    "input_layout",
    "validate",
    "torch_like",
    "allow_fused",
    "safety",
    "long_mode_strategy",
    "backend_policy",
)


def native_stft(ns: Any, x: Any, output_layout: str = "bfn", **options: Any) -> Any:
    """`SpectralTransform(**options).stft`."""
    return ns.spectro.SpectralTransform(**options).stft(x, output_layout)


def native_istft(ns: Any, z: Any, **options: Any) -> Any:
    """`SpectralTransform(...).istft`, the options divided between the two."""
    inverse = {name: options.pop(name) for name in INVERSE_ONLY if name in options}
    return ns.spectro.SpectralTransform(**options).istft(z, **inverse)


def _stft(
    x: str, n_fft: int, hop: int, kinds: tuple[str, ...] = ALL_KINDS, call: Call = native_stft, **options: Any
) -> Case:
    options = {"n_fft": n_fft, "hop_length": hop} | options
    name = STFT if call is native_stft else f"spectro.SpectralTransform.{call.__name__}"
    return Case(name, "torch", call, signal(x), options, torch_stft, kinds)


def _stft_cases() -> list[Case]:
    constant: dict[str, Any] = {"center_pad_mode": "constant"}
    minimal: dict[str, Any] = constant | {"center_tail_pad": "minimal"}
    return [
        *(_stft(name, 64, 28) for name in SIGNALS),
        *(_stft(name, 120, 40, **constant) for name in ("chirp", "music", "short")),
        # Lengths: one, two, odd, prime, composite; hop above n_fft.
        _stft("noise", 1, 50, window_fn="rect"),
        _stft("noise", 2, 30),
        _stft("noise", 63, 16),
        _stft("noise", 61, 21, window_fn="hamming"),
        _stft("noise", 45, 20, **constant),
        _stft("noise", 32, 50),
        _stft("chirp", 400, 160),
        _stft("music", 441, 147),
        _stft("music", 512, 128),
        # Windows: by name, symmetric, shorter than the frame by even and odd numbers, given.
        *(_stft("music", 64, 35, window_fn=name) for name in ("hamming", "rect", "blackman")),
        *(
            _stft("music", 64, 35, window_fn=name, periodic=False)
            for name in ("hann", "hamming", "rect", "blackman")
        ),
        _stft("music", 64, 35, win_length=40),
        _stft("music", 64, 35, win_length=33, window_fn="hamming"),
        _stft("music", 63, 35, win_length=40, periodic=False),
        _stft("music", 64, 35, window=window("ramp", 64)),
        _stft("music", 64, 35, win_length=40, window=window("ramp", 40)),
        _stft("music", 63, 35, win_length=40, window=window("ramp", 63)),
        # Centre and tail.
        _stft("chirp", 64, 35, center=False),
        _stft("batch", 45, 25, center=False, center_pad_mode="constant"),
        *(_stft("chirp", 64, hop, **minimal) for hop in (7, 16, 24, 100)),
        *(_stft("stereo", 63, hop, **minimal) for hop in (20, 32)),
        _stft("short", 128, 16, **minimal),
        _stft("click", 64, 20, **minimal, normalized=True),
        # Scale and layout.
        _stft("noise", 64, 30, normalized=True),
        _stft("stereo", 63, 30, normalized=True, center=False),
        _stft("batch", 64, 30, output_layout="bnf"),
        _stft("noise", 64, 30, output_layout="bnf", normalized=True, window_fn="hamming", **minimal),
    ]


def _istft(
    z: Any,
    n_fft: int,
    hop: int,
    kinds: tuple[str, ...] = ALL_KINDS,
    call: Call = native_istft,
    **options: Any,
) -> Case:
    options = {"n_fft": n_fft, "hop_length": hop} | options
    name = ISTFT if call is native_istft else f"spectro.SpectralTransform.{call.__name__}"
    return Case(name, "torch", call, z, options, torch_istft, kinds)


def _istft_cases() -> list[Case]:
    music, noise, batch = (spectrum(name, 64, 16) for name in ("music", "noise", "batch"))
    random, odd, prime = (spectrum("random", n, 0) for n in (64, 63, 61))
    twosided = spectrum("noise", 64, 16, onesided=False)
    minimal: dict[str, Any] = {"center_pad_mode": "constant", "center_tail_pad": "minimal"}
    return [
        *(_istft(spectrum(name, 64, 16), 64, 16) for name in SIGNALS if name != "short"),
        _istft(spectrum("short", 64, 16), 64, 16, length=30),
        _istft(random, 64, 16),
        _istft(odd, 63, 16),
        _istft(prime, 61, 20, window_fn="hamming"),
        _istft(spectrum("random", 400, 0), 400, 160),
        _istft(spectrum("random", 441, 0), 441, 147),
        _istft(spectrum("chirp", 64, 48), 64, 48),
        _istft(spectrum("chirp", 64, 64), 64, 64, window_fn="rect"),
        *(_istft(random, 64, 16, window_fn=name, periodic=False) for name in ("hamming", "rect", "blackman")),
        _istft(random, 64, 16, win_length=40),
        _istft(random, 64, 16, win_length=33, window=window("ramp", 33)),
        _istft(random, 64, 16, window=window("ramp", 64)),
        _istft(noise, 64, 16, window_fn="hamming", center=False),
        _istft(odd, 63, 21, window_fn="rect", center=False, normalized=True),
        _istft(random, 64, 16, normalized=True),
        _istft(twosided, 64, 16),
        _istft(spectrum("random", 64, 0, layout="bnf"), 64, 16, input_layout="bnf"),
        *(_istft(music, 64, 16, length=length) for length in (1, 500, 928, 950, 1100)),
        _istft(noise, 64, 16, window_fn="hamming", center=False, length=300),
        _istft(noise, 64, 16, window_fn="hamming", center=False, length=900),
        _istft(music, 64, 16, length=900, **minimal),
        _istft(odd, 63, 16, length=120, **minimal),
        # Who computes does not change what is computed.
        _istft(batch, 64, 16, allow_fused=False),
        _istft(batch, 64, 16, safety="always", torch_like=True, validate=True, kinds=("numpy32", "mlx")),
        _istft(batch, 64, 16, safety="off", backend_policy="mlx_fft"),
        _istft(batch, 64, 16, istft_backend_policy="mlx_fft"),
        _istft(music, 64, 16, length=1100, long_mode_strategy="numpy_fallback"),
    ]


def stft_compiled(ns: Any, x: Any, output_layout: str = "bfn", **options: Any) -> Any:
    """`SpectralTransform.stft_compiled`, the second call's result."""
    transform = ns.spectro.SpectralTransform(**options)
    transform.stft_compiled(x, output_layout)
    return transform.stft_compiled(x, output_layout)


def istft_compiled(ns: Any, z: Any, **options: Any) -> Any:
    """`SpectralTransform.istft_compiled`."""
    inverse = {name: options.pop(name) for name in INVERSE_ONLY if name in options}
    return ns.spectro.SpectralTransform(**options).istft_compiled(z, **inverse)


def differentiable_stft(ns: Any, x: Any, output_layout: str, **options: Any) -> Any:
    """`SpectralTransform.differentiable_stft`, whose layout is "bnf"."""
    return ns.spectro.SpectralTransform(**options).differentiable_stft(x)


def differentiable_istft(ns: Any, z: Any, length: int, input_layout: str, **options: Any) -> Any:
    """`SpectralTransform.differentiable_istft`, whose layout is "bnf"."""
    return ns.spectro.SpectralTransform(**options).differentiable_istft(z, length)


def compiled_pair(ns: Any, x: Any, layout: str = "bnf", **options: Any) -> Any:
    """`SpectralTransform.compiled_pair`: there and back, with every other bin halved between."""
    length = x.shape[-1]
    forward, inverse = ns.spectro.SpectralTransform(**options).compiled_pair(length, layout, warmup_batch=1)
    z = forward(x)
    return inverse(z * 0.5)


def compiled_pair_nd(ns: Any, x: Any, layout: str = "bnf", **options: Any) -> Any:
    """`SpectralTransform.compiled_pair_nd` over the leading axes of `x`: there and back, halved."""
    transform = ns.spectro.SpectralTransform(**options)
    forward, inverse = transform.compiled_pair_nd(x.shape[-1], tuple(x.shape[:-1]), layout)
    return inverse(forward(x) * 0.5)


def _pair_oracle(ns: Any, x: Any, layout: str = "bnf", **options: Any) -> Any:
    length = x.shape[-1]
    z = torch_stft(ns, x.reshape(-1, length), **options)
    return torch_istft(ns, z * 0.5, length=length, **options).reshape(x.shape)


def get_transform_mlx(ns: Any, x: Any, **options: Any) -> Any:
    """`get_transform_mlx(...).stft`."""
    return ns.spectro.get_transform_mlx(**options).stft(x)


def _other_ways() -> list[Case]:
    layouts = ("bfn", "bnf")
    shape: dict[str, Any] = {"n_fft": 64, "hop_length": 16}
    pair, pair_nd = "spectro.SpectralTransform.compiled_pair", "spectro.SpectralTransform.compiled_pair_nd"
    all_options: dict[str, Any] = shape | {
        "win_length": 48,
        "window_fn": "hamming",
        "periodic": False,
        "center": True,
        "normalized": True,
        "window": None,
    }
    return [
        *(_stft("batch", 64, 30, call=stft_compiled, output_layout=layout) for layout in layouts),
        _stft("noise", 63, 30, call=stft_compiled, center=False, normalized=True),
        _stft("batch", 64, 30, call=differentiable_stft, output_layout="bnf"),
        *(
            _istft(spectrum("batch", 64, 16, layout=layout), 64, 16, call=istft_compiled, input_layout=layout)
            for layout in layouts
        ),
        _istft(spectrum("random", 63, 0), 63, 16, call=istft_compiled, length=100),
        _istft(
            spectrum("batch", 64, 16, layout="bnf"),
            64,
            16,
            call=differentiable_istft,
            length=300,
            input_layout="bnf",
        ),
        *(
            Case(pair, "torch", compiled_pair, signal("batch"), shape | {"layout": layout}, _pair_oracle)
            for layout in layouts
        ),
        *(
            Case(
                pair_nd,
                "torch",
                compiled_pair_nd,
                signal("surround"),
                shape | {"layout": layout},
                _pair_oracle,
            )
            for layout in layouts
        ),
        Case(
            "spectro.get_transform_mlx", "torch", get_transform_mlx, signal("music"), all_options, torch_stft
        ),
        Case(
            "spectro.get_transform_mlx",
            "torch",
            get_transform_mlx,
            signal("music"),
            all_options | {"window": window("ramp", 48), "center_pad_mode": "constant"},
            torch_stft,
        ),
    ]


def _window_cases() -> list[Case]:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return ns.spectro.make_window(**options)

    def case(
        n_fft: int, win_length: int, window_fn: str = "hann", periodic: bool = True, given: Any = None
    ) -> Case:
        options = {
            "window": given,
            "window_fn": window_fn,
            "win_length": win_length,
            "n_fft": n_fft,
            "periodic": periodic,
        }
        return Case(
            "spectro.make_window",
            "torch",
            call,
            None,
            options,
            lambda ns, x, **options: make_window(ns, **options),
            ("mlx",),
        )

    return [
        *(
            case(n_fft, win_length, name, periodic)
            for name in ("hann", "hamming", "blackman", "rect")
            for periodic in (True, False)
            for n_fft, win_length in ((400, 400), (63, 40), (7, 1))
        ),
        case(63, 40, given=window("ramp", 40)),
        case(40, 40, given=window("hamming", 40)),
    ]


def cases() -> list[Case]:
    """Return the cases of `SpectralTransform`."""
    return _stft_cases() + _istft_cases() + _other_ways() + _window_cases()
