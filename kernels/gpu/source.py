"""The text of the kernels: prelude + headers + body, as MLX wants them."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Literal

Target = Literal["metal", "cuda"]

ROOT = Path(__file__).resolve().parent.parent

_FFT = ("butterfly", "fft", "real", "frames")
HEADERS = {
    "stft": (*_FFT, "stft"),
    "istft": (*_FFT, "overlap_add", "istft"),
    "filtered": (*_FFT, "scaling", "filtered"),
    "filtered_peaks": (*_FFT, "scaling", "filtered"),
    "filtered_adjoint": (*_FFT, "scaling", "filtered", "overlap_add", "filtered_adjoint"),
    "chunks": ("chunks",),
    "in_range": ("scaling", "in_range"),
    "product": ("product",),
}


def _lean(text: str) -> str:
    """Without comments and blank lines: MLX copies and hashes the text at every call."""
    text = re.sub(r"//[^\n]*", "", text)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


@functools.cache
def header(kernel: str, target: Target) -> str:
    """Everything before the kernel's body."""
    parts = [ROOT / target / "prelude.h", *(ROOT / "common" / f"{name}.h" for name in HEADERS[kernel])]
    return "".join(_lean(path.read_text()) for path in parts)


@functools.cache
def body(kernel: str) -> str:
    """What goes between MLX's signature and its closing brace; the same text for both targets."""
    return _lean((ROOT / "common" / f"{kernel}.body.h").read_text())
