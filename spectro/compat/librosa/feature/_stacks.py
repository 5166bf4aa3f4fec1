"""`librosa.feature.delta` and `stack_memory`: features of features."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....errors import ParameterError
from ....typing import Array
from ... import fallback
from ...registry import mirrors

__all__ = ["delta", "stack_memory"]


@mirrors("librosa.feature.delta", tier=1, numpy=True)
def delta(
    data: Array, *, width: int = 9, order: int = 1, axis: int = -1, mode: str = "interp", **kwargs: Any
) -> np.ndarray:
    """Return smoothed derivatives (Savitzky & Golay 1964): mirrors `librosa.feature.delta`.

    Parameters
    ----------
    data : array [..., n, ...]
    width : int
        Odd, of frames that a polynomial is fitted to.
    order : int
        Of the derivative.
    axis : int
    mode : str
        How the ends are continued, as for `scipy.signal.savgol_filter`, which must be installed.
    **kwargs
        As for that.

    Returns
    -------
    array, shape of `data`

    Raises
    ------
    ParameterError
        For an option out of range, or fewer frames than `width` with mode "interp".
    """
    data = np.atleast_1d(data)
    if mode == "interp" and width > data.shape[axis]:
        raise ParameterError(
            f"width={width} must be at most the {data.shape[axis]} frames with mode='interp'"
        )
    if width < 3 or width % 2 != 1:
        raise ParameterError(f"width must be an odd integer of at least 3, got {width}")
    if order <= 0 or not isinstance(order, (int, np.integer)):
        raise ParameterError(f"order must be a positive integer, got {order}")
    options = {"polyorder": order} | {name: value for name, value in kwargs.items() if name != "deriv"}
    smooth = fallback.load("scipy.signal").savgol_filter
    return smooth(data, width, deriv=order, axis=axis, mode=mode, **options)


@mirrors("librosa.feature.stack_memory", tier=1, numpy=True)
def stack_memory(data: Array, *, n_steps: int = 2, delay: int = 1, **kwargs: Any) -> np.ndarray:
    """Put the frames before each frame above it: mirrors `librosa.feature.stack_memory`.

    Parameters
    ----------
    data : array [..., d, N]
    n_steps : int
        Frames that stand together.
    delay : int
        Between them; negative for those that follow.
    **kwargs
        How the start is continued, as for `numpy.pad`; zeros by default.

    Returns
    -------
    array [..., n_steps d, N]

    Raises
    ------
    ParameterError
        For an option out of range, or no frames.
    """
    if n_steps < 1:
        raise ParameterError(f"n_steps must be a positive integer, got {n_steps}")
    if delay == 0:
        raise ParameterError("delay must not be 0")
    data = np.atleast_2d(data)
    frames = data.shape[-1]
    if frames < 1:
        raise ParameterError(f"data has no frames: shape {data.shape}")
    kwargs.setdefault("mode", "constant")
    if kwargs["mode"] == "constant":
        kwargs.setdefault("constant_values", [0])
    reach = int((n_steps - 1) * abs(delay))
    ends = (reach, 0) if delay > 0 else (0, reach)
    padded = np.pad(data, [(0, 0)] * (data.ndim - 1) + [ends], **kwargs)
    height = data.shape[-2]
    history = np.empty_like(padded, shape=(*data.shape[:-2], height * n_steps, frames))
    for step in range(n_steps):
        first = (reach if delay > 0 else 0) - step * delay
        history[..., step * height : (step + 1) * height, :] = padded[..., first : first + frames]
    return history
