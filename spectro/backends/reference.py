"""The torch reference as a backend: strict mode, and torch tensors that carry gradients.

Takes and returns arrays of any kind. numpy and mlx arrays are converted (an
`mx.array` is evaluated); torch tensors stay what they are, on their device,
with autograd recording.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import as_numpy, kind_of, same_kind
from ..errors import BackendError, LibraryImportError
from ..spectrum.plan import StftPlan
from ..typing import Array

__all__ = ["istft", "stft", "torch"]

_TORCH_PAD_MODES = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}


def torch(why: str) -> Any:
    """Import torch, or say what needs it.

    Raises
    ------
    LibraryImportError
    """
    try:
        import torch as library
    except ImportError as error:
        raise LibraryImportError(f"{why} needs torch: pip install 'spectro-mlx[torch]'") from error
    return library


def _tensor(x: Array, why: str) -> Any:
    library = torch(why)
    return x if kind_of(x) == "torch" else library.from_numpy(np.array(as_numpy(x)))


def _window(samples: np.ndarray, like: Any) -> Any:
    library = torch("the torch backend")
    dtype = like.real.dtype
    if np.iscomplexobj(samples):
        dtype = library.complex128 if dtype == library.float64 else library.complex64
    return library.from_numpy(samples).to(dtype=dtype, device=like.device)


def stft(plan: StftPlan, x: Array, window: np.ndarray, layout: str) -> Array:
    """`torch.stft` of x [B, T], in the kind of `x`."""
    library = torch("the torch backend")
    signal = _tensor(x, "the torch backend")
    left, right = plan.pads(signal.shape[-1])
    padded = library.nn.functional.pad(signal[:, None], (left, right), mode=_TORCH_PAD_MODES[plan.pad_mode])
    z = library.stft(
        padded[:, 0],
        plan.n_fft,
        plan.hop,
        window=_window(window, signal),
        center=False,
        onesided=plan.onesided,
        return_complex=True,
    )
    z = z if plan.scale == 1.0 else z * plan.scale
    z = z if layout == "bfn" else z.transpose(1, 2)
    return same_kind(z, x) if kind_of(x) != "torch" else z


def istft(plan: StftPlan, z: Array, window: np.ndarray, start: int, length: int, layout: str) -> Array:
    """`torch.istft` of z, [B, length], in the kind of `z`.

    Raises
    ------
    BackendError
        Where `torch.istft` refuses the call, for instance a window that violates NOLA.
    """
    library = torch("the torch backend")
    spectrum = _tensor(z, "the torch backend")
    if start not in (0, plan.n_fft // 2):
        raise BackendError(f"torch.istft cuts n_fft // 2 samples or none from the start, not {start}")
    try:
        x = library.istft(
            (spectrum if layout == "bfn" else spectrum.transpose(1, 2)) / plan.scale,
            plan.n_fft,
            plan.hop,
            window=_window(window, spectrum),
            center=start > 0,
            onesided=plan.onesided,
            length=length,
        )
    except RuntimeError as error:
        raise BackendError(f"torch.istft refused the call: {error}") from error
    return same_kind(x, z) if kind_of(z) != "torch" else x
